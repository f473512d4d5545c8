//! Load by `wrk`: calls that may be repeated.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use takedown_tests::paths::{Scratch, root};

use crate::Failed;

/// What `wrk` measured.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Answers a second.
    pub rate: f64,
    /// Half of the answers came within so many milliseconds.
    pub p50_ms: f64,
}

/// A `GET` to be sent: path, and further headers as `name: value`.
#[derive(Debug, Clone)]
pub struct Get {
    pub path: String,
    pub headers: Vec<String>,
}

/// Sends these calls, one after the other and from the beginning again, over so many connections for so many seconds.
/// An answer above 399 fails the measurement.
pub fn run(url: &str, connections: usize, seconds: u64, calls: &[Get]) -> Result<Load, Failed> {
    let scratch = Scratch::new("wrk");
    let list = scratch.join("calls");
    let mut lines = String::new();
    for call in calls {
        writeln!(lines, "{}\t{}", call.path, call.headers.join("\t"))?;
    }
    std::fs::write(&list, lines)?;
    let script: &Path = &root().join("tests/bench/calls.lua");
    let done = Command::new("wrk")
        .args(["--threads", "1", "--timeout", "10", "--connections"])
        .arg(connections.to_string())
        .args(["--duration", &seconds.to_string(), "--script"])
        .arg(script)
        .args([url, "--"])
        .arg(&list)
        .output()?;
    let told = String::from_utf8_lossy(&done.stdout);
    let field = |name: &str| -> Result<f64, Failed> {
        let value = told
            .split_whitespace()
            .find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
            .ok_or_else(|| format!("wrk: {told}{}", String::from_utf8_lossy(&done.stderr)))?;
        Ok(value.parse()?)
    };
    if field("bad")? > 0.0 {
        return Err(format!("wrk was answered with errors: {told}").into());
    }
    Ok(Load {
        rate: field("requests")? / (field("us")? / 1e6),
        p50_ms: field("p50")? / 1e3,
    })
}
