//! Keys that are taken and keys that are not. That the signatures hold is for a foreign library to say: the story `dkim`.
#![allow(clippy::unwrap_used)]

use super::*;

/// The private key of RFC 8463, appendix A.2.
const ED25519: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";

fn opened(pem: &str, mode: u32) -> Result<Dkim, DkimError> {
    let name = format!(
        "takedown-dkim-{}-{mode:o}-{}",
        std::process::id(),
        pem.len()
    );
    let path = std::env::temp_dir().join(name);
    fs::write(&path, pem).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    let opened = Dkim::open(&config::Dkim {
        key: path.clone(),
        selector: "brisbane".to_owned(),
        domain: "football.example".to_owned(),
    });
    fs::remove_file(path).unwrap();
    opened
}

#[test]
fn the_record_is_the_one_of_the_standard() {
    let (name, text) = opened(ED25519, 0o600).unwrap().record().unwrap();
    assert_eq!(name, "brisbane._domainkey.football.example");
    assert_eq!(
        text,
        "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
    );
}

#[test]
fn a_mail_is_signed_over_what_is_there_and_the_same_every_time() {
    let dkim = opened(ED25519, 0o600).unwrap();
    let mail = b"From: a@football.example\r\nSubject: x\r\n\r\nbody\r\n";
    let at = "2026-03-14T11:00:00Z".parse().unwrap();
    let signed = dkim.signed(mail, at).unwrap();
    assert_eq!(dkim.signed(mail, at).unwrap(), signed);
    assert!(signed.ends_with(mail));
    let text = String::from_utf8(signed).unwrap();
    assert!(text.starts_with("DKIM-Signature: v=1;\r\n a=ed25519-sha256;\r\n c=relaxed/relaxed;\r\n d=football.example;"), "{text}");
    assert!(
        text.contains(" h=from:from:reply-to:to:subject:subject:date:"),
        "{text}"
    );
    assert!(text.lines().all(|line| line.len() < 300), "{text}");
    assert!(dkim.signed(b"no mail", at).is_none());
}

#[test]
fn what_is_no_key_or_open_to_others_is_refused() {
    assert!(matches!(opened(ED25519, 0o644), Err(DkimError::Open(_))));
    for (pem, why) in [
        ("", "no private key in PEM form"),
        (
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
            "no private key",
        ),
        (
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
            "passphrase",
        ),
        (
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            "neither an RSA key",
        ),
        (
            "-----BEGIN RSA PRIVATE KEY-----\n!\n-----END RSA PRIVATE KEY-----\n",
            "no private key",
        ),
    ] {
        let said = opened(pem, 0o600).unwrap_err().to_string();
        assert!(said.contains(why), "{said}");
    }
}
