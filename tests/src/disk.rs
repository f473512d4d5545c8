//! A small disk of a server's own, which can be filled.

use crate::Server;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// From the next start on its data directory lies on a file system of this size (`6m`), in a mount namespace that ends with it.
pub fn small(server: &mut Server, size: &str) {
    let script = r#"mkdir "$0.small" && mount -t tmpfs -o size="$1" tmpfs "$0.small" && cp -a "$0/." "$0.small" &&
        mount --bind "$0.small" "$0" && cd "$0" && shift && exec "$@""#;
    let data = server.data().to_owned();
    server.wrap(&[
        "unshare",
        "--mount",
        "--map-root-user",
        "sh",
        "-c",
        script,
        data.to_str().expect("a path of text"),
        size,
    ]);
}

/// The data directory as the running server sees it.
pub fn inside(server: &Server) -> PathBuf {
    let root = PathBuf::from(format!("/proc/{}/root", server.pid()));
    root.join(server.data().strip_prefix("/").expect("an absolute path"))
}

/// Fills what is left, to the last block; a file that is removed makes room again.
pub fn fill(directory: &Path) -> PathBuf {
    let filler = directory.join("filler");
    let mut file = std::fs::File::create(&filler).expect("a file");
    for size in [64 * 1024, 4096, 512] {
        while file.write_all(&vec![0; size]).is_ok() {}
    }
    filler
}

/// Fills it until so many mebibytes are left.
pub fn leave(directory: &Path, mebibytes: usize) -> PathBuf {
    let filler = directory.join("filler");
    let mut file = std::fs::File::create(&filler).expect("a file");
    while free(directory) > mebibytes {
        file.write_all(&vec![0; 1 << 20]).expect("there is room");
    }
    filler
}

/// Mebibytes that are free. `df` would look at the mounts of its own namespace, not at those of the server.
fn free(directory: &Path) -> usize {
    let asked = Command::new("stat")
        .args(["--file-system", "--format=%a %S"])
        .arg(directory)
        .output()
        .expect("stat runs");
    let said = String::from_utf8_lossy(&asked.stdout).into_owned();
    let free = said.trim().split_once(' ').and_then(|(blocks, size)| {
        Some(blocks.parse::<usize>().ok()? * size.parse::<usize>().ok()?)
    });
    free.unwrap_or_else(|| panic!("{asked:?}")) >> 20
}
