//! Where things are: the repository, the binary under test, the tools, a scratch directory per story.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests/ lies in the repository")
        .to_path_buf()
}

/// The `takedown` binary, built beside the running test.
///
/// Cargo does not build another package's binary for a test, so `make test` does it first.
pub fn binary() -> PathBuf {
    let test = std::env::current_exe().expect("a running program has a path");
    // target/<profile>/deps/<test>, or target/<profile>/takedown-bench
    let beside = |level| test.ancestors().nth(level).map(|d| d.join("takedown"));
    let binary = beside(1)
        .filter(|binary| binary.is_file())
        .or_else(|| beside(2))
        .expect("a running program has a directory");
    assert!(
        binary.is_file(),
        "{} is not there. Run `make test` (or `scripts/build` once, then again what you ran).",
        binary.display()
    );
    binary
}

/// A tool that `scripts/setup test` installed, such as `venv/bin/schemathesis`.
pub fn tool(path: &str) -> PathBuf {
    let tool = root().join("target/tools").join(path);
    assert!(
        tool.exists(),
        "{} is not there. Run `scripts/setup test` (`make test` does).",
        tool.display()
    );
    tool
}

/// A name that no other story, process or run uses at this time.
pub fn unique() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let nanos = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970")
        .as_nanos();
    format!(
        "{}_{}_{:x}",
        std::process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed),
        nanos
    )
}

/// A directory that goes when the story ends well, and stays, named, when it fails.
#[derive(Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// Makes an empty one.
    pub fn new(what: &str) -> Scratch {
        let path = std::env::temp_dir().join(format!("takedown-{what}-{}", unique()));
        std::fs::create_dir_all(&path).expect("a scratch directory");
        Scratch(path)
    }

    /// An empty one in another place than the system's.
    pub fn in_(place: &Path, what: &str) -> Scratch {
        let path = place.join(format!("takedown-{what}-{}", unique()));
        std::fs::create_dir_all(&path).expect("a scratch directory");
        Scratch(path)
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A path inside it.
    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("kept for looking: {}", self.0.display());
        } else {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}
