//! A mail server that answers each mail as the test says, when the test says, and counts what it accepted.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use crate::app::tests::patience::{PATIENCE, until};
use crate::mail::{Smtp, SmtpSettings, SmtpTls, Transport};

#[derive(Default)]
pub struct Seen {
    /// Answers to recipients still to be given; `250` when there are none.
    pub answers: VecDeque<&'static str>,
    /// Where mails come back to, as their senders said.
    pub senders: Vec<String>,
    /// Recipients as they were named.
    pub recipients: Vec<String>,
    /// Mails accepted.
    pub mails: Vec<String>,
    /// Mails that are there and not yet accepted, and the most there ever were.
    pub now: usize,
    pub most: usize,
}

pub struct Server {
    pub port: u16,
    pub seen: Arc<Mutex<Seen>>,
    /// A permit for each mail that may be accepted.
    gate: Arc<Semaphore>,
}

impl Server {
    /// One that accepts at once.
    pub async fn start(answers: &[&'static str]) -> Self {
        let server = Self::holding(answers).await;
        server.let_in(Semaphore::MAX_PERMITS);
        server
    }

    /// One that takes mails and keeps their senders waiting until [`Server::let_in`].
    pub async fn holding(answers: &[&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let seen = Arc::new(Mutex::new(Seen {
            answers: answers.iter().copied().collect(),
            ..Seen::default()
        }));
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            seen: seen.clone(),
            gate: Arc::new(Semaphore::new(0)),
        };
        let gate = server.gate.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, seen.clone(), gate.clone()));
            }
        });
        server
    }

    pub fn transport(&self) -> Transport {
        let mut settings = SmtpSettings::new("127.0.0.1", self.port, SmtpTls::None);
        settings.hello = Some("exchange.example".into());
        settings.connect_timeout = PATIENCE;
        settings.send_timeout = PATIENCE * 2;
        Transport::Smtp(Box::new(Smtp::new(settings).unwrap()))
    }

    /// Accepts this many mails more.
    pub fn let_in(&self, mails: usize) {
        self.gate.add_permits(mails);
    }

    /// Waits until this many mails are there and not yet accepted, after `accepted` that were.
    pub async fn holds(&self, mails: usize, accepted: usize) {
        until("mails on their way", async || {
            let seen = self.seen.lock().unwrap();
            (seen.now, seen.mails.len()) == (mails, accepted)
        })
        .await;
    }

    pub fn mails(&self) -> Vec<String> {
        self.seen.lock().unwrap().mails.clone()
    }

    pub fn recipients(&self) -> Vec<String> {
        self.seen.lock().unwrap().recipients.clone()
    }
}

async fn talk(
    stream: TcpStream,
    seen: Arc<Mutex<Seen>>,
    gate: Arc<Semaphore>,
) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 mail.example\r\n").await?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let verb = line.get(..4).unwrap_or_default().to_uppercase();
        let answer: String = match verb.as_str() {
            "EHLO" => "250-mail.example\r\n250 8BITMIME".into(),
            "MAIL" => {
                let from = line.split(['<', '>']).nth(1).unwrap_or_default();
                seen.lock().unwrap().senders.push(from.to_owned());
                "250 ok".into()
            }
            "RCPT" => {
                let mut seen = seen.lock().unwrap();
                seen.recipients.push(line.trim_end()[8..].to_owned());
                let answer = seen.answers.pop_front().unwrap_or("250");
                format!("{answer} as you like")
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let mut mail = String::new();
                while !mail.ends_with("\r\n.\r\n") && stream.read_line(&mut mail).await? > 0 {}
                {
                    let mut seen = seen.lock().unwrap();
                    seen.now += 1;
                    seen.most = seen.most.max(seen.now);
                }
                if let Ok(permit) = gate.acquire().await {
                    permit.forget();
                }
                let mut seen = seen.lock().unwrap();
                seen.now -= 1;
                seen.mails.push(mail);
                "250 taken".into()
            }
            "QUIT" => "221 bye".into(),
            _ => "250 ok".into(),
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
}
