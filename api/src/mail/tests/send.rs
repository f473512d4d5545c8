//! Sending: what each answer of a mail server means, and files.

use std::sync::atomic::Ordering;
use std::time::Duration;

use secrecy::SecretString;

use super::build::mail_to;
use super::fake_smtp::{FakeSmtp, Manner};
use super::*;
use crate::app::tests::patience::until;

fn to(server: &FakeSmtp, change: fn(&mut SmtpSettings)) -> Transport {
    let mut settings = SmtpSettings::new("127.0.0.1", server.port, SmtpTls::None);
    settings.hello = Some("exchange.example".into());
    change(&mut settings);
    Transport::Smtp(Box::new(Smtp::new(settings).unwrap()))
}

#[tokio::test]
async fn an_accepted_mail_arrives_as_composed_and_connections_are_used_again() {
    let server = FakeSmtp::start(Manner::Accepts).await;
    let transport = to(&server, |_| ());
    let mail = mail_to("abuse@paste.example");
    for _ in 0..3 {
        assert_eq!(
            transport.send(&mail).await,
            Delivery::Sent("250 2.0.0 queued as 42".into())
        );
    }
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
    let mails = server.mails.lock().unwrap().clone();
    assert_eq!(mails.len(), 3);
    let arrived = mails[0]
        .strip_suffix("\r\n.\r\n")
        .unwrap()
        .replace("\r\n..", "\r\n.");
    assert_eq!(arrived.as_bytes(), mail.bytes());
    transport.close().await;
    assert_eq!(
        server.commands.lock().unwrap().last().map(String::as_str),
        Some("QUIT")
    );
}

#[tokio::test]
async fn a_4xx_is_for_now_and_a_5xx_for_ever() {
    for (manner, for_ever, said) in [
        (Manner::TryLater, false, "451"),
        (Manner::Closed, false, "421"),
        (Manner::Unwelcoming, false, "554"),
        (Manner::HangsUp, false, "incomplete response"),
        (Manner::Silent, false, "no complete answer"),
        (Manner::NoSuchMailbox, true, "550"),
    ] {
        let server = FakeSmtp::start(manner).await;
        let patience: fn(&mut SmtpSettings) = match manner {
            Manner::Silent => impatient,
            _ => |_| (),
        };
        let reason = match to(&server, patience)
            .send(&mail_to("abuse@paste.example"))
            .await
        {
            Delivery::Transient(reason) if !for_ever => reason,
            Delivery::Permanent(reason) if for_ever => reason,
            other => panic!("{said}: {other:?}"),
        };
        assert!(reason.contains(said), "{reason}");
        assert!(!reason.contains(['\u{202e}', '\r', '\n']), "{reason}");
        assert!(server.mails.lock().unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_connection_that_the_server_finds_used_enough_is_replaced_at_once() {
    let server = FakeSmtp::start(Manner::OneMailEach).await;
    let transport = to(&server, |_| ());
    for _ in 0..3 {
        let delivery = transport.send(&mail_to("abuse@paste.example")).await;
        assert!(matches!(delivery, Delivery::Sent(_)), "{delivery:?}");
    }
    assert_eq!(server.connections.load(Ordering::SeqCst), 3);
}

fn impatient(settings: &mut SmtpSettings) {
    settings.send_timeout = Duration::from_millis(300);
}

#[tokio::test]
async fn a_mail_given_up_half_way_never_runs_into_the_next() {
    let server = FakeSmtp::start(Manner::Silent).await;
    let transport = to(&server, impatient);
    let greetings_and_mails = || {
        let commands = server.commands.lock().unwrap();
        let verbs = commands.iter().map(|said| said[..4].to_owned());
        verbs
            .filter(|verb| verb == "EHLO" || verb == "DATA")
            .collect::<Vec<_>>()
    };
    // On a machine that dawdles a try may be given up before its mail is half way; then it proves nothing.
    until("two mails half way", async || {
        let delivery = transport.send(&mail_to("abuse@paste.example")).await;
        assert!(matches!(delivery, Delivery::Transient(_)), "{delivery:?}");
        greetings_and_mails()
            .iter()
            .filter(|said| *said == "DATA")
            .count()
            >= 2
    })
    .await;
    let said = greetings_and_mails();
    for (before, mail) in said.iter().zip(said.iter().skip(1)) {
        assert!(
            mail == "EHLO" || before == "EHLO",
            "each over a connection of its own: {said:?}"
        );
    }
}

#[tokio::test]
async fn a_login_that_fails_is_the_operators_to_mend() {
    let server = FakeSmtp::start(Manner::WrongPassword).await;
    let transport = to(&server, |settings| {
        settings.login = Some(("exchange".into(), SecretString::from("secret")));
    });
    let delivery = transport.send(&mail_to("abuse@paste.example")).await;
    assert!(
        matches!(&delivery, Delivery::Transient(reason) if reason.contains("535")),
        "{delivery:?}"
    );
    assert!(!format!("{transport:?}").contains("secret"));
    assert!(transport.probe().await.unwrap_err().contains("535"));
}

#[tokio::test]
async fn without_starttls_nothing_is_said_to_the_server() {
    let server = FakeSmtp::start(Manner::Accepts).await;
    let transport = to(&server, |settings| settings.tls = SmtpTls::StartTls);
    let delivery = transport.send(&mail_to("abuse@paste.example")).await;
    assert!(
        matches!(&delivery, Delivery::Transient(reason) if reason.contains("STARTTLS")),
        "{delivery:?}"
    );
    let commands = server.commands.lock().unwrap().clone();
    assert!(
        commands
            .iter()
            .all(|said| !said.starts_with("MAIL") && !said.starts_with("AUTH")),
        "{commands:?}"
    );
}

#[tokio::test]
async fn nobody_listening_is_for_now() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let smtp = Smtp::new(SmtpSettings::new("127.0.0.1", port, SmtpTls::None)).unwrap();
    let delivery = Transport::Smtp(Box::new(smtp))
        .send(&mail_to("abuse@paste.example"))
        .await;
    assert!(
        matches!(&delivery, Delivery::Transient(reason) if reason.contains("127.0.0.1")),
        "{delivery:?}"
    );
}

#[test]
fn a_password_is_not_sent_in_clear_to_another_machine() {
    let mut settings = SmtpSettings::new("mail.example", 25, SmtpTls::None);
    settings.login = Some(("exchange".into(), SecretString::from("secret")));
    assert!(matches!(
        Smtp::new(settings.clone()),
        Err(SmtpError::PasswordInClear)
    ));
    settings.tls = SmtpTls::StartTls;
    assert!(Smtp::new(settings).is_ok());
}

#[tokio::test]
async fn a_directory_gets_whole_files_that_only_the_owner_reads() {
    let path = std::env::temp_dir().join(format!("takedown-mail-{}", uuid::Uuid::now_v7()));
    let directory = Directory::open(path.join("mail")).unwrap();
    let transport = Transport::Directory(directory.clone());
    assert!(transport.probe().await.unwrap().contains("mail"));
    let mail = mail_to("abuse@paste.example");
    let Delivery::Sent(file) = transport.send(&mail).await else {
        panic!("not written")
    };
    assert_eq!(
        transport.send(&mail).await,
        Delivery::Sent(file.clone()),
        "a repeat is the same file"
    );
    assert!(
        file.ends_with("/20260314T110005000Z-7K3F9-QMD2A-X-out_01kkr0000000000000000001.eml"),
        "{file}"
    );
    assert_eq!(std::fs::read(&file).unwrap(), mail.bytes());
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    std::fs::remove_dir_all(&path).unwrap();
    assert!(matches!(
        transport.send(&mail).await,
        Delivery::Transient(_)
    ));
    assert!(transport.probe().await.is_err());
}
