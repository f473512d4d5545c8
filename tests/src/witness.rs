//! A real witness process: started, killed, started again on the same directory.

use crate::paths::{self, Scratch};
use crate::server::{address_in, signal};
use crate::wait;
use std::fs::OpenOptions;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// This machine, on whatever port is free.
pub const ANY_PORT: &str = "127.0.0.1:0";

/// A running `takedown witness`. Ends, by its pid, with this value.
#[derive(Debug)]
pub struct Witness {
    child: Option<Child>,
    address: String,
    name: String,
    logs: Vec<String>,
    scratch: Scratch,
    http: reqwest::Client,
}

/// What a witness answered.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The media type, with its parameters.
    pub media_type: String,
    /// The body.
    pub body: String,
}

impl Answer {
    /// Panics, showing what was answered, unless it has this status.
    #[track_caller]
    pub fn is(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "{self:?}");
        self
    }
}

impl Witness {
    /// Starts one on an empty directory that signs for the logs with these vkeys.
    pub fn start(name: &str, logs: &[&str]) -> Witness {
        let mut witness = Witness {
            child: None,
            address: String::new(),
            name: name.to_owned(),
            logs: logs.iter().map(|&log| log.to_owned()).collect(),
            scratch: Scratch::new("witness"),
            http: reqwest::Client::builder()
                .no_proxy()
                .build()
                .expect("a client"),
        };
        witness.restart();
        witness
    }

    /// The directory it keeps everything in.
    pub fn directory(&self) -> PathBuf {
        self.scratch.join("kept")
    }

    /// All it wrote, over all its lives.
    pub fn told(&self) -> String {
        std::fs::read_to_string(self.scratch.join("told")).unwrap_or_default()
    }

    /// `takedown witness` on its directory, ready to be run.
    pub fn command(&self, listen: &str) -> Command {
        let mut command = Command::new(paths::binary());
        command
            .args(["witness", "--listen", listen, "--name", &self.name])
            .arg("--data-dir")
            .arg(self.directory())
            .current_dir(self.scratch.path())
            .stdin(Stdio::null());
        for log in &self.logs {
            command.args(["--log", log]);
        }
        command
    }

    /// Starts it (again). Returns once it accepts connections.
    pub fn restart(&mut self) {
        assert!(self.child.is_none(), "it is running");
        let before = self.told().len();
        let told = OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.scratch.join("told"))
            .expect("a file");
        let errors = told.try_clone().expect("a file");
        let child = self.command(ANY_PORT).stdout(told).stderr(errors).spawn();
        self.child = Some(child.expect("takedown witness starts"));
        self.address = wait::until_blocking("the witness to listen", || {
            let told = self.told();
            let address = told.get(before..).and_then(address_in);
            if address.is_none() {
                let child = self.child.as_mut().expect("it was started");
                let ended = child.try_wait().expect("a child of ours");
                assert!(ended.is_none(), "it ended instead of starting:\n{told}");
            }
            address
        });
    }

    /// Where it listens: `127.0.0.1:PORT`. Another port after each start.
    pub fn place(&self) -> String {
        self.address.trim_start_matches("http://").to_owned()
    }

    /// The key that it printed when it started.
    pub fn vkey(&self) -> String {
        let told = self.told();
        let vkey = told
            .lines()
            .rev()
            .find_map(|line| line.strip_prefix("vkey "));
        vkey.expect("it printed its key").to_owned()
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.as_ref().expect("it is running").id()
    }

    /// Ends it without warning.
    pub fn kill9(&mut self) {
        let mut child = self.child.take().expect("it is running");
        child.kill().expect("a child of ours");
        child.wait().expect("a child of ours");
    }

    /// Asks it to end (SIGTERM) and waits; it must end well.
    pub fn stop(&mut self) {
        let mut child = self.child.take().expect("it is running");
        signal("TERM", child.id());
        let ended = child.wait().expect("a child of ours");
        assert!(ended.success(), "it ended with {ended}:\n{}", self.told());
    }

    /// Asks for its signature.
    pub async fn add(&self, body: &str) -> Answer {
        let answer = self.try_add(body).await;
        answer.expect("the witness answers")
    }

    /// The same, where it may be killed meanwhile.
    pub async fn try_add(&self, body: &str) -> Result<Answer, reqwest::Error> {
        let url = format!("{}/add-checkpoint", self.address);
        read(self.http.post(url).body(body.to_owned())).await
    }

    /// What it shows at a path.
    pub async fn get(&self, path: &str) -> Answer {
        let url = format!("{}{path}", self.address);
        read(self.http.get(url)).await.expect("the witness answers")
    }
}

async fn read(request: reqwest::RequestBuilder) -> Result<Answer, reqwest::Error> {
    let response = request.send().await?;
    let media_type = response.headers().get("content-type").map(|value| {
        let text = value.to_str();
        text.expect("a media type is ASCII").to_owned()
    });
    Ok(Answer {
        status: response.status().as_u16(),
        media_type: media_type.unwrap_or_default(),
        body: response.text().await?,
    })
}

impl Drop for Witness {
    fn drop(&mut self) {
        if self.child.is_some() {
            self.kill9();
        }
        if std::thread::panicking() {
            eprintln!("the witness's last words:\n{}", self.told());
        }
    }
}
