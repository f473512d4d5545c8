//! `make bench`: the speed that was promised, each figure beside what the same machine does without us.
//!
//! Unlike the stories this links the product, for the rows of its tables and for its token verifier; what is measured
//! over HTTP is the release binary in a process of its own.

mod anchors;
mod asking;
mod beside;
mod crowd;
mod export;
mod load;
mod log;
mod parties;
mod pgbench;
mod polling;
mod reading;
mod report;
mod site;
mod statements;
mod stored;
mod token;
mod waiting;
mod webhooks;
mod wire;
mod writing;
mod wrk;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use report::Report;
use takedown_tests::paths::root;

/// Why there is no measurement.
type Failed = Box<dyn std::error::Error + Send + Sync>;

/// A platform's decision about everything it was asked.
const DECISION: &str =
    r#"{"decisions":[{"all_undecided":true,"outcome":"removed","basis":"terms"}]}"#;

/// How much is measured.
struct Plan {
    /// Less than the page shows.
    quick: bool,
    /// What is stored stays here.
    directory: PathBuf,
    /// Where a sync takes longer, if there is such a place (`slow_sync.c`).
    slow_directory: Option<PathBuf>,
    /// How long each measurement takes.
    round: Duration,
    /// How often ours and the anchor take turns.
    rounds: usize,
    /// So many requests are stored.
    stored: usize,
    runtime: tokio::runtime::Runtime,
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let done = match (arguments.next().as_deref(), arguments.next()) {
        (Some("answer-from-memory"), Some(file)) => anchors::answer_from_memory(Path::new(&file)),
        (only, _) => measure(only),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(only: Option<&str>) -> Result<(), Failed> {
    let quick = std::env::var("QUICK").is_ok_and(|v| !v.is_empty());
    let plan = Plan {
        quick,
        directory: std::env::var_os("TMPDIR").map_or_else(std::env::temp_dir, PathBuf::from),
        slow_directory: std::env::var_os("BENCH_SLOW_DIR").map(PathBuf::from),
        round: Duration::from_secs(if quick { 1 } else { 3 }),
        rounds: if quick { 1 } else { 3 },
        stored: if quick { 20_000 } else { 1_000_000 },
        runtime: tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?,
    };
    let wanted = |part: &str| only.is_none_or(|only| only == part);
    let machine = machine();
    let started = Instant::now();
    let mut report = Report::default();
    if wanted("token") {
        token::measure(&mut report, &plan.runtime)?;
    }
    if wanted("sqlite") {
        writing::sqlite(&plan, &mut report)?;
    }
    if wanted("postgres") {
        writing::postgres(&plan, &mut report)?;
    }
    if wanted("log") {
        log::measure(&plan, &mut report)?;
    }
    if wanted("webhooks") {
        webhooks::measure(&plan, &mut report)?;
    }
    if wanted("polling") {
        polling::measure(&plan, &mut report)?;
    }
    if wanted("waiting") {
        waiting::measure(&plan, &mut report)?;
    }
    if wanted("reading") {
        reading::measure(&plan, &mut report)?;
    }
    println!(
        "{} of the targets not reached; {:.0} s",
        report.missed(),
        started.elapsed().as_secs_f64()
    );
    if !quick && only.is_none() {
        std::fs::write(root().join("docs/benchmarks.md"), report.page(&machine)?)?;
    }
    Ok(())
}

/// What was measured on, in a sentence.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let model = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = model
        .lines()
        .find_map(|l| l.strip_prefix("model name")?.split_once(": ").map(|p| p.1))
        .unwrap_or("unknown processor");
    let at = chrono::Utc::now().format("%Y-%m-%d");
    format!("Measured on {at} with {cores} cores ({model}){}.", load())
}

/// How busy the machine was before anything was measured, and whether the bench was given a better place than others.
fn load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let minute = load.split(' ').next().unwrap_or("unknown").to_owned();
    let nice = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Behind the name in brackets, which may hold spaces: state is field 3, nice field 19 (proc_pid_stat(5)).
    let nice = nice
        .rsplit_once(") ")
        .and_then(|(_, rest)| rest.split(' ').nth(16))
        .unwrap_or("unknown")
        .to_owned();
    format!("; load average {minute} before the first measurement, nice {nice}")
}
