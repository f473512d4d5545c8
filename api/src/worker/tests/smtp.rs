//! A mail server that answers each mail as the test says, and counts what it accepted.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::mail::{Smtp, SmtpSettings, SmtpTls, Transport};

#[derive(Default)]
pub struct Seen {
    /// Answers to recipients still to be given; `250` when there are none.
    pub answers: VecDeque<&'static str>,
    /// Recipients as they were named.
    pub recipients: Vec<String>,
    /// Mails accepted.
    pub mails: Vec<String>,
    /// Mails being received now, and the most there ever were.
    pub now: usize,
    pub most: usize,
}

pub struct Server {
    pub port: u16,
    pub seen: Arc<Mutex<Seen>>,
}

impl Server {
    pub async fn start(answers: &[&'static str], slow: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let seen = Arc::new(Mutex::new(Seen {
            answers: answers.iter().copied().collect(),
            ..Seen::default()
        }));
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            seen: seen.clone(),
        };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, seen.clone(), slow));
            }
        });
        server
    }

    pub fn transport(&self) -> Transport {
        let mut settings = SmtpSettings::new("127.0.0.1", self.port, SmtpTls::None);
        settings.hello = Some("exchange.example".into());
        settings.send_timeout = Duration::from_secs(5);
        Transport::Smtp(Box::new(Smtp::new(settings).unwrap()))
    }

    /// Waits until somebody has named a recipient.
    pub async fn begun(&self) {
        while self.recipients().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    pub fn mails(&self) -> Vec<String> {
        self.seen.lock().unwrap().mails.clone()
    }

    pub fn recipients(&self) -> Vec<String> {
        self.seen.lock().unwrap().recipients.clone()
    }
}

async fn talk(stream: TcpStream, seen: Arc<Mutex<Seen>>, slow: Duration) -> std::io::Result<()> {
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
            "RCPT" => {
                let mut seen = seen.lock().unwrap();
                seen.recipients.push(line.trim_end()[8..].to_owned());
                let answer = seen.answers.pop_front().unwrap_or("250");
                format!("{answer} as you like")
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                {
                    let mut seen = seen.lock().unwrap();
                    seen.now += 1;
                    seen.most = seen.most.max(seen.now);
                }
                let mut mail = String::new();
                while !mail.ends_with("\r\n.\r\n") && stream.read_line(&mut mail).await? > 0 {}
                tokio::time::sleep(slow).await;
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
