#![allow(clippy::unwrap_used)]

use std::os::unix::fs::PermissionsExt;

use super::*;

struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("takedown-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn at(days: i64) -> At {
    At::from_timestamp(1_700_000_000 + days * 86_400, 0).unwrap()
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_key_is_made_once_kept_private_and_replaced_after_ninety_days() {
    let scratch = Scratch::new("keys");
    let directory = scratch.0.join("data/keys");
    let first = SigningKey::load_or_create(&directory, at(0)).unwrap();
    let files = key_files(&directory).unwrap();
    assert_eq!(files.len(), 1);
    assert_eq!((mode(&directory), mode(&files[0].1)), (0o700, 0o600));
    let again = SigningKey::load_or_create(&directory, at(89)).unwrap();
    assert_eq!(again.public(), first.public());
    let next = SigningKey::load_or_create(&directory, at(91)).unwrap();
    assert_ne!(next.public(), first.public());
    assert_eq!(std::fs::read_dir(&directory).unwrap().count(), 1);
}

#[test]
fn a_key_that_others_may_read_or_that_is_damaged_is_refused_by_name() {
    let scratch = Scratch::new("loose");
    SigningKey::load_or_create(&scratch.0, at(0)).unwrap();
    let (_, path) = key_files(&scratch.0).unwrap().remove(0);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    let error = SigningKey::load_or_create(&scratch.0, at(0)).unwrap_err();
    assert!(error.to_string().contains("chmod 600"), "{error}");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::write(&path, "no key").unwrap();
    assert!(matches!(
        SigningKey::load_or_create(&scratch.0, at(0)),
        Err(SigningKeyError::Form(_))
    ));
}

#[test]
fn what_is_signed_verifies_and_the_key_itself_is_never_printed() {
    let key = SigningKey::generate().unwrap();
    let token = key.sign(&serde_json::json!({"a": 1}), &serde_json::json!({"b": 2}));
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let signature = BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap();
    assert!(key.public().verifies(signed.as_bytes(), &signature));
    assert!(!key.public().verifies(b"other", &signature));
    let pem = key.to_pem().unwrap();
    assert_eq!(SigningKey::from_pem(&pem).unwrap().public(), key.public());
    assert_eq!(
        format!("{key:?}"),
        format!("SigningKey({})", key.public().thumbprint())
    );
}

/// A key as `openssl genpkey -algorithm ed25519` writes it (RFC 8410 section 10.3).
#[test]
fn a_key_of_another_tool_is_read() {
    let pem = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";
    let key = SigningKey::from_pem(pem).unwrap();
    assert_eq!(
        key.public().to_jwk()["x"],
        "Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE"
    );
}
