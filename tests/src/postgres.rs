//! PostgreSQL servers of a story's own: a primary, and replicas that follow it.

use crate::database::psql;
use crate::paths::Scratch;
use crate::wait;
use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const PASSWORD: &str = "for-this-story-only";

/// A running server. Ends, by its pid, with this value.
#[derive(Debug)]
pub struct Postgres {
    child: Option<Child>,
    port: u16,
    options: Vec<String>,
    // Dropped after the process has ended.
    directory: Scratch,
}

impl Postgres {
    /// A fresh one, as Debian's package makes it.
    pub fn primary() -> Postgres {
        let directory = owned();
        let password = directory.join("password");
        std::fs::write(&password, PASSWORD).expect("a file");
        run(command("initdb").args([
            "--username=takedown",
            "--no-sync",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            &format!("--pwfile={}", password.display()),
            &format!("--pgdata={}", directory.join("data").display()),
        ]));
        Postgres::started(directory, &[])
    }

    /// A streaming replica of this one that answers queries, with further settings.
    pub fn replica(&self, options: &[&str]) -> Postgres {
        let directory = owned();
        run(command("pg_basebackup").args([
            "--write-recovery-conf",
            "--checkpoint=fast",
            "--wal-method=stream",
            "--no-sync",
            &format!("--dbname={}", self.url("postgres")),
            &format!("--pgdata={}", directory.join("data").display()),
        ]));
        Postgres::started(directory, options)
    }

    /// The connection URL of a database on it.
    pub fn url(&self, database: &str) -> String {
        format!(
            "postgres://takedown:{PASSWORD}@127.0.0.1:{}/{database}",
            self.port
        )
    }

    /// Ends it without warning.
    pub fn kill(&mut self) {
        let mut child = self.child.take().expect("it is running");
        // QUIT, so that its children go with it.
        crate::server::signal("QUIT", child.id());
        child.wait().expect("a child of ours");
    }

    /// Starts it again where it was.
    pub fn restart(&mut self) {
        assert!(self.child.is_none(), "it is running");
        assert!(self.start(), "PostgreSQL does not start: {}", self.log());
    }

    fn started(directory: Scratch, options: &[&str]) -> Postgres {
        let mut server = Postgres {
            child: None,
            port: 0,
            options: options.iter().map(|&option| option.to_owned()).collect(),
            directory,
        };
        // A port that was free can be taken by somebody else before the server has it.
        for _ in 0..5 {
            let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
            server.port = free.local_addr().expect("bound").port();
            drop(free);
            if server.start() {
                return server;
            }
        }
        panic!("PostgreSQL does not start: {}", server.log());
    }

    /// Whether it started. Returns once it answers.
    fn start(&mut self) -> bool {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.directory.join("log"))
            .expect("a log");
        let mut server = command("postgres");
        server
            .args(["-D", &self.directory.join("data").display().to_string()])
            .args(["-c", "listen_addresses=127.0.0.1"])
            .args(["-c", &format!("port={}", self.port)])
            .args([
                "-c",
                &format!(
                    "unix_socket_directories={}",
                    self.directory.path().display()
                ),
            ])
            .args(["-c", "shared_buffers=16MB"]);
        for option in &self.options {
            server.args(["-c", option]);
        }
        let mut child = server
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a log"))
            .stderr(log)
            .spawn()
            .expect("postgres starts");
        let url = self.url("postgres");
        let answers = wait::until_blocking("PostgreSQL to answer", || {
            if child.try_wait().expect("a child of ours").is_some() {
                return Some(false);
            }
            let asked = Command::new("psql")
                .args(["-qAtXc", "SELECT 1", &url])
                .output();
            asked.expect("psql runs").status.success().then_some(true)
        });
        self.child = answers.then_some(child);
        answers
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.directory.join("log")).unwrap_or_default()
    }

    /// Runs one statement on one of its databases.
    pub fn psql(&self, database: &str, statement: &str) -> String {
        psql(&self.url(database), statement)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if self.child.is_some() {
            self.kill();
        }
    }
}

/// PostgreSQL refuses to run as root.
fn is_root() -> bool {
    let own = std::fs::metadata("/proc/self").expect("a process");
    std::os::unix::fs::MetadataExt::uid(&own) == 0
}

/// A directory that belongs to whom the server runs as.
fn owned() -> Scratch {
    let directory = Scratch::new("postgres");
    if is_root() {
        run(Command::new("chown").arg("postgres").arg(directory.path()));
    }
    directory
}

/// One of PostgreSQL's programs, which ends with whoever started it.
fn command(program: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL"]);
    if is_root() {
        command.args([
            "--reuid",
            "postgres",
            "--regid",
            "postgres",
            "--init-groups",
        ]);
    }
    command.arg("--").arg(programs().join(program));
    command.current_dir("/");
    command
}

/// Where Debian puts them: the newest version.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL is installed");
    let newest = versions
        .filter_map(|version| Some(version.ok()?.path().join("bin")))
        .filter(|bin| bin.join("initdb").is_file())
        .max_by_key(|bin| version(bin));
    newest.expect("PostgreSQL is installed: scripts/setup test")
}

fn version(bin: &Path) -> u32 {
    let name = bin.parent().and_then(Path::file_name);
    name.and_then(|name| name.to_str()?.parse().ok())
        .unwrap_or(0)
}

fn run(command: &mut Command) {
    let done = command.output().expect("it runs");
    assert!(
        done.status.success(),
        "{command:?}: {}{}",
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr)
    );
}
