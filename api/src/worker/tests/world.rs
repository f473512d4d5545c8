//! The mail job over a test's store, and where its mails go.

use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::watch;

use crate::app::Cx;
pub use crate::app::tests::fixture::World;
use crate::mail::{Directory, Schedule, Sender, Transport};
use crate::worker::jobs::{Mail, Post};
use crate::worker::{Job, Next, Stop};

impl World {
    pub fn mail_folder(&self) -> PathBuf {
        self.folder.join("mail")
    }

    pub fn files(&self) -> Vec<String> {
        let mut files: Vec<PathBuf> = std::fs::read_dir(self.mail_folder())
            .map(|entries| entries.map(|e| e.unwrap().path()).collect())
            .unwrap_or_default();
        files.sort();
        let read = |file| std::fs::read_to_string(file).unwrap();
        files.into_iter().map(read).collect()
    }

    pub fn to_files(&self) -> Transport {
        Transport::Directory(Directory::open(self.mail_folder()).unwrap())
    }
}

pub fn job(cx: &Cx, transport: Transport) -> Mail {
    job_with(cx, transport, vec![Duration::from_secs(60); 2])
}

pub fn job_with(cx: &Cx, transport: Transport, pauses: Vec<Duration>) -> Mail {
    job_from(cx, sender(), transport, pauses)
}

pub fn sender() -> Sender {
    let from = "Exchange <exchange@exchange.example>";
    Sender::new(from, None, "exchange.example").unwrap()
}

pub fn job_from(cx: &Cx, sender: Sender, transport: Transport, pauses: Vec<Duration>) -> Mail {
    let schedule = Schedule::new(pauses);
    Mail::new(
        cx.clone(),
        Post {
            sender,
            transport,
            schedule,
        },
    )
}

pub fn going_on() -> (watch::Sender<bool>, Stop) {
    let stop = watch::Sender::new(false);
    let stopping = Stop::of(stop.subscribe());
    (stop, stopping)
}

/// Runs a job until it has nothing more to do.
pub async fn run(job: &impl Job) {
    let (_going, stop) = going_on();
    while job.run(&stop).await.unwrap() == Next::Again {}
}
