//! The stage itself: what the stories stand on must be right before they mean anything.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use takedown_tests::database::{Database, psql};
use takedown_tests::smtp::{Demands, Smtp};
use takedown_tests::{Db, link::Link};

/// Speaks SMTP by hand and returns the last reply's code.
fn send(port: u16, to: &str) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let mut replies = BufReader::new(stream.try_clone().unwrap()).lines();
    let mut last = move || {
        replies
            .by_ref()
            .map_while(Result::ok)
            .find(|line| line.as_bytes().get(3) == Some(&b' '))
    };
    last()?;
    for line in [
        "EHLO story",
        "MAIL FROM:<a@exchange.example>",
        &format!("RCPT TO:<{to}>"),
        "DATA",
    ] {
        write!(stream, "{line}\r\n").unwrap();
        last()?;
    }
    write!(
        stream,
        "Subject: =?utf-8?q?gr=C3=BC=C3=9Fe?=\r\n\r\nhello\r\n.\r\n"
    )
    .unwrap();
    last().map(|reply| reply[..3].to_owned())
}

#[tokio::test]
async fn the_mail_server_accepts_defers_refuses_and_hangs_up_as_told() {
    let smtp = Smtp::start(Demands::Nothing);
    assert_eq!(send(smtp.port(), "a@paste.example").as_deref(), Some("250"));
    smtp.answer("a@paste.example", "451");
    assert_eq!(send(smtp.port(), "a@paste.example").as_deref(), Some("451"));
    assert_eq!(send(smtp.port(), "b@paste.example").as_deref(), Some("250"));
    smtp.answer("*", "550");
    assert_eq!(send(smtp.port(), "b@paste.example").as_deref(), Some("550"));
    smtp.answer("*", "drop");
    assert_eq!(send(smtp.port(), "b@paste.example"), None);

    let mails = smtp.mails_to("a@paste.example", 1).await;
    assert_eq!(
        (mails.len(), mails[0]["subject"].as_str()),
        (1, Some("grüße"))
    );
    assert_eq!(mails[0]["text"].as_str().map(str::trim_end), Some("hello"));
    assert_eq!(smtp.attempts().len(), 5);
}

#[tokio::test]
async fn the_strict_mail_server_wants_tls_first() {
    let smtp = Smtp::start(Demands::StartTlsAndLogin);
    assert!(smtp.authority().is_file());
    send(smtp.port(), "a@paste.example");
    assert!(smtp.mails().is_empty() && smtp.attempts().is_empty());
}

#[tokio::test]
async fn each_story_has_a_postgresql_database_of_its_own_with_real_durability() {
    let (one, other) = (Database::fresh(Db::Postgres), Database::fresh(Db::Postgres));
    psql(&one.url().unwrap(), "CREATE TABLE seen ()");
    assert_eq!(
        psql(&other.url().unwrap(), "SELECT to_regclass('seen') IS NULL"),
        "t"
    );
    assert_eq!(psql(&one.url().unwrap(), "SHOW fsync"), "on");
    assert_eq!(psql(&one.url().unwrap(), "SHOW synchronous_commit"), "on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_wire_carries_nothing_until_it_is_mended() {
    let smtp = Smtp::start(Demands::Nothing);
    let link = Link::to(format!("127.0.0.1:{}", smtp.port())).await;
    let through = || {
        tokio::task::spawn_blocking({
            let port = link.port();
            move || send(port, "a@paste.example")
        })
    };
    assert_eq!(through().await.unwrap().as_deref(), Some("250"));
    link.cut();
    assert_eq!(through().await.unwrap(), None);
    link.mend();
    assert_eq!(through().await.unwrap().as_deref(), Some("250"));
}
