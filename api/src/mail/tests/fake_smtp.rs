//! A mail server that says what a test wants to hear.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// How the server behaves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    Accepts,
    /// 421 as greeting.
    Closed,
    /// 554 as greeting.
    Unwelcoming,
    /// 451 after the mail.
    TryLater,
    /// 550 to the recipient, over several lines with odd characters.
    NoSuchMailbox,
    /// 535 to the login.
    WrongPassword,
    /// Says nothing after the mail.
    Silent,
    /// Hangs up in the middle of the mail.
    HangsUp,
    /// 421 to the second mail over a connection.
    OneMailEach,
}

pub struct FakeSmtp {
    pub port: u16,
    pub connections: Arc<AtomicUsize>,
    pub mails: Arc<Mutex<Vec<String>>>,
    pub commands: Arc<Mutex<Vec<String>>>,
}

impl FakeSmtp {
    pub async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            connections: Arc::default(),
            mails: Arc::default(),
            commands: Arc::default(),
        };
        let (connections, mails, commands) = (
            server.connections.clone(),
            server.mails.clone(),
            server.commands.clone(),
        );
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                // A client that goes away is not this server's trouble.
                tokio::spawn(talk(stream, manner, mails.clone(), commands.clone()));
            }
        });
        server
    }
}

async fn talk(
    stream: TcpStream,
    manner: Manner,
    mails: Arc<Mutex<Vec<String>>>,
    commands: Arc<Mutex<Vec<String>>>,
) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let greeting: &[u8] = match manner {
        Manner::Closed => b"421 busy, come back\r\n",
        Manner::Unwelcoming => b"554 no service for you\r\n",
        _ => b"220 mail.example\r\n",
    };
    stream.write_all(greeting).await?;
    let mut accepted = 0;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let line = line.trim_end().to_owned();
        commands.lock().unwrap().push(line.clone());
        let verb = line
            .split([' ', ':'])
            .next()
            .unwrap_or_default()
            .to_uppercase();
        let answer: String = match verb.as_str() {
            "EHLO" => "250-mail.example\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME\r\n".into(),
            "AUTH" if manner == Manner::WrongPassword => "535 5.7.8 no\r\n".into(),
            "AUTH" => "235 yes\r\n".into(),
            "MAIL" if manner == Manner::OneMailEach && accepted > 0 => "421 enough\r\n".into(),
            "RCPT" if manner == Manner::NoSuchMailbox => {
                "550-5.1.1 no such\u{202e} mailbox\r\n550 bye\r\n".into()
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let mut mail = String::new();
                while !mail.ends_with("\r\n.\r\n") {
                    if stream.read_line(&mut mail).await? == 0 || manner == Manner::HangsUp {
                        return Ok(());
                    }
                }
                match manner {
                    Manner::TryLater => "451 4.3.0 try later\r\n".into(),
                    Manner::Silent => std::future::pending().await,
                    _ => {
                        accepted += 1;
                        mails.lock().unwrap().push(mail);
                        "250 2.0.0 queued as 42\r\n".into()
                    }
                }
            }
            "QUIT" => {
                stream.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => "250 ok\r\n".into(),
        };
        stream.write_all(answer.as_bytes()).await?;
    }
}
