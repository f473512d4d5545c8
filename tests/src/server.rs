//! A real server process: started, stopped, killed, started again.

use crate::database::{Database, Db};
use crate::paths::Scratch;
use crate::{seams, wait};
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, RwLock};

/// A running `takedown serve`, or `takedown sandbox`. Ends, by its pid, with this value.
#[derive(Debug)]
pub struct Server {
    child: Option<Child>,
    address: Arc<RwLock<String>>,
    settings: Vec<(String, String)>,
    wrapper: Vec<String>,
    verb: &'static str,
    flags: Vec<String>,
    data: PathBuf,
    log: PathBuf,
    // Dropped in this order: the process is gone before its database and its directory are.
    database: Arc<Database>,
    _scratch: Arc<Scratch>,
}

impl Server {
    /// Starts one on a fresh database.
    pub fn start(db: Db) -> Server {
        Server::with(db, &[])
    }

    /// Starts one on a fresh database with further settings (environment variables).
    pub fn with(db: Db, settings: &[(String, String)]) -> Server {
        Server::prepare(db, settings).started()
    }

    /// Everything a server needs, but not running yet.
    pub fn prepare(db: Db, settings: &[(String, String)]) -> Server {
        Server::on(Arc::new(Database::fresh(db)), settings)
    }

    /// The same on a database that another server may share.
    pub fn on(database: Arc<Database>, settings: &[(String, String)]) -> Server {
        let scratch = Scratch::new("server");
        let data = scratch.join("data");
        std::fs::create_dir(&data).expect("a data directory");
        let log = scratch.join("log");
        let settings = settings.to_vec();
        let address = Arc::default();
        Server {
            child: None,
            address,
            settings,
            wrapper: Vec::new(),
            verb: "serve",
            flags: Vec::new(),
            data,
            log,
            database,
            _scratch: Arc::new(scratch),
        }
    }

    /// A second node beside this one: its own data directory and port, the same database.
    pub fn another_node(&self) -> Server {
        assert!(
            self.database.url().is_some(),
            "nodes share PostgreSQL, not an embedded file"
        );
        Server::on(self.database.clone(), &self.settings).started()
    }

    /// Starts what was prepared.
    pub fn started(mut self) -> Server {
        self.restart();
        self
    }

    /// Changes a setting before the next start.
    pub fn set(&mut self, (name, value): (String, String)) {
        self.settings.retain(|(known, _)| *known != name);
        self.settings.push((name, value));
    }

    /// Leaves a setting out from the next start on.
    pub fn unset(&mut self, name: &str) {
        self.settings.retain(|(known, _)| known != name);
    }

    /// From the next start on it is a sandbox.
    pub fn as_sandbox(&mut self) {
        self.verb = "sandbox";
    }

    /// Gives `serve` these flags from the next start on.
    pub fn serve_with(&mut self, flags: &[&str]) {
        self.flags = flags.iter().map(|&flag| flag.to_owned()).collect();
    }

    /// From the next start on, starts it through another program, which must become the server process (`exec`).
    pub fn wrap(&mut self, program_and_arguments: &[&str]) {
        self.wrapper = program_and_arguments
            .iter()
            .map(|&word| word.to_owned())
            .collect();
    }

    /// Starts it (again) on the same data. Returns once it accepts connections.
    pub fn restart(&mut self) {
        let mut command = self.command(&[self.verb]);
        command.args(&self.flags);
        if let Some((program, arguments)) = self.wrapper.split_first() {
            let mut wrapped = Command::new(program);
            wrapped
                .args(arguments)
                .arg(command.get_program())
                .args(command.get_args());
            for (name, value) in command.get_envs() {
                match value {
                    Some(value) => wrapped.env(name, value),
                    None => wrapped.env_remove(name),
                };
            }
            command = wrapped;
        }
        assert!(self.child.is_none(), "it is running");
        let told_before = self.log().len();
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.log)
            .expect("a log file");
        let errors = log.try_clone().expect("a log file");
        let child = command
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .spawn()
            .expect("takedown serve starts");
        self.child = Some(child);
        let address = wait::until_blocking("the server to listen", || {
            let told = self.log();
            let address = told.get(told_before..).and_then(address_in);
            if address.is_none() {
                let ended = self
                    .child
                    .as_mut()
                    .and_then(|child| child.try_wait().expect("a child of ours"));
                assert!(
                    ended.is_none(),
                    "the server ended instead of starting ({ended:?}):\n{told}"
                );
            }
            address
        });
        *self.address.write().expect("no story panicked here") = address;
    }

    /// `takedown <arguments>` on this server's data and database, with its settings.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = seams::takedown(&self.data, &self.database, arguments);
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        self.address.read().expect("no story panicked here").clone()
    }

    /// The same, followed through restarts.
    pub fn address(&self) -> Arc<RwLock<String>> {
        self.address.clone()
    }

    /// Its data directory.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The database it works on.
    pub fn database(&self) -> &Arc<Database> {
        &self.database
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.as_ref().expect("it is running").id()
    }

    /// All it wrote to its standard output and error, over all its lives.
    pub fn log(&self) -> String {
        std::fs::read(&self.log)
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    /// Ends it without warning, as the loss of the process would.
    pub fn kill9(&mut self) {
        let mut child = self.child.take().expect("it is running");
        child.kill().expect("a child of ours");
        child.wait().expect("a child of ours");
    }

    /// Asks it to end (SIGTERM) and waits; it must end well.
    pub fn stop(&mut self) {
        let mut child = self.child.take().expect("it is running");
        signal("TERM", child.id());
        let ended = wait::until_blocking("the server to end", || {
            child.try_wait().expect("a child of ours")
        });
        assert!(
            ended.success(),
            "after SIGTERM it ended with {ended}:\n{}",
            self.log()
        );
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.child.is_some() {
            self.kill9();
        }
        if std::thread::panicking() {
            let log = self.log();
            let lines: Vec<_> = log.lines().collect();
            eprintln!(
                "the server's last words:\n{}",
                lines[lines.len().saturating_sub(30)..].join("\n")
            );
        }
    }
}

/// Sends a signal to one process.
pub fn signal(name: &str, pid: u32) {
    let sent = Command::new("kill")
        .arg(format!("-{name}"))
        .arg(pid.to_string())
        .status()
        .expect("kill runs");
    assert!(sent.success(), "no process {pid}");
}

pub(crate) fn address_in(told: &str) -> Option<String> {
    // Only a whole line: the server may be in the middle of writing it.
    let (_, rest) = told.split_once(seams::LISTENING)?;
    let (line, _) = rest.split_once('\n')?;
    let end = line
        .find(|c: char| c.is_whitespace() || c == '"')
        .unwrap_or(line.len());
    line.get(..end)
        .filter(|url| url.starts_with("http://"))
        .map(str::to_owned)
}
