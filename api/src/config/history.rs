//! The sealed history.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use takedown_core::log::Policy;
use url::{Host, Url};

use super::key::{Key, Preset, Privacy};
use super::reader::Reader;

/// So many witnesses can be asked: programs that read checkpoints take at least 16 signatures (c2sp.org/signed-note), and one is
/// the log's.
const MOST_WITNESSES: usize = 15;
/// So large a policy file can be, in bytes.
const MAX_BYTES: u64 = 256 << 10;

pub(super) const KEYS: &[&Key] = &[&KEY, &ORIGIN, &POLICY];

static KEY: Key = Key {
    name: "history.key",
    preset: Preset::Unset,
    accepts: "a file; the directory it is in must be there",
    about: "The private key that signs the history. Without it `history.key` in the data directory, made at the first start. Nodes that share a database need copies of one key: a node without it serves and stores, and the others sign.",
    privacy: Privacy::Open,
};
static ORIGIN: Key = Key {
    name: "history.origin",
    preset: Preset::Unset,
    accepts: "a name without spaces and without +, such as takedown.example/log",
    about: "The name of the log, for a key that is made. Without it the host of `server.public_url` and `/log`. It is part of the key and stays with it.",
    privacy: Privacy::Open,
};

static POLICY: Key = Key {
    name: "history.policy",
    preset: Preset::Unset,
    accepts: "a file as c2sp.org/tlog-policy describes it: `witness NAME VKEY URL`, `group NAME any|all|NUMBER MEMBER...`, `quorum NAME`",
    about: "Which witnesses are asked to sign the history, and how many of them must have. Without it none is asked. Read at the start; give every node the same file.",
    privacy: Privacy::Open,
};

/// The sealed history.
#[derive(Debug, Clone)]
pub struct History {
    /// Where the private key is; `None`: in the data directory.
    pub key: Option<PathBuf>,
    /// The name of a log that begins; `None`: from the public address.
    pub origin: Option<String>,
    /// Which witnesses are asked; `None`: none.
    pub policy: Option<Policy>,
}

pub(super) fn read(reader: &mut Reader) -> Option<History> {
    let key = reader.optional(&KEY, |text| {
        let path = PathBuf::from(text);
        match path.parent() {
            Some(folder) if folder.as_os_str().is_empty() || folder.is_dir() => Ok(path),
            _ => Err(Some("its directory is not there".to_owned())),
        }
    });
    let origin = reader.optional(&ORIGIN, |text| {
        let name = text.parse::<takedown_core::log::note::KeyName>();
        name.map(|name| name.as_str().to_owned())
            .map_err(|error| Some(error.to_string()))
    });
    let policy = reader.optional(&POLICY, |text| policy(Path::new(text)).map_err(Some));
    Some(History {
        key: key?,
        origin: origin?,
        policy: policy?,
    })
}

fn policy(path: &Path) -> Result<Policy, String> {
    let mut file = Vec::new();
    File::open(path)
        .and_then(|opened| opened.take(MAX_BYTES + 1).read_to_end(&mut file))
        .map_err(|error| error.to_string())?;
    if file.len() as u64 > MAX_BYTES {
        return Err(format!("it is larger than {MAX_BYTES} bytes"));
    }
    let policy = Policy::parse(&file).map_err(|error| error.to_string().replace('\n', "; "))?;
    if !policy.asks_for_witnesses() {
        return Err(
            "its quorum is none, so that no witness would be waited for; name a quorum, or leave history.policy out"
                .to_owned(),
        );
    }
    let mut asked = 0;
    for (name, witness) in policy.witnesses() {
        if let Some(url) = &witness.url {
            submission(url)
                .map_err(|why| format!("line {}: {why}", line_of(&file, &name.to_string())))?;
            asked += 1;
        }
    }
    if asked > MOST_WITNESSES {
        return Err(format!(
            "{asked} witnesses have an address; at most {MOST_WITNESSES} can be asked"
        ));
    }
    match policy.unmet_by(|witness| witness.url.is_some()) {
        None => Ok(policy),
        Some(unmet) => Err(format!(
            "its quorum could never be met by the witnesses that have an address: {unmet}; give the others theirs, as witness NAME VKEY URL"
        )),
    }
}

/// In which line a witness is defined.
fn line_of(file: &[u8], name: &str) -> usize {
    let text = String::from_utf8_lossy(file);
    let defines = |line: &str| {
        let mut words = line.split_ascii_whitespace();
        words.next() == Some("witness") && words.next() == Some(name)
    };
    text.split('\n').position(defines).map_or(0, |at| at + 1)
}

/// Where a witness takes checkpoints: `<prefix>/add-checkpoint` (c2sp.org/tlog-witness).
///
/// What is sent is public and what comes back is signed, but not a size that a witness names and not a refusal: whoever
/// stands in between could raise a false alarm with them. So HTTP without TLS is for addresses that do not leave the own network.
///
/// # Errors
/// In words, when it is no address for that.
pub fn submission(prefix: &str) -> Result<Url, String> {
    let wrong = |why: &str| format!("\"{prefix}\" is not the address of a witness: {why}");
    let mut url = Url::parse(prefix).map_err(|error| wrong(&error.to_string()))?;
    let named = !url.username().is_empty() || url.password().is_some();
    if named || url.query().is_some() || url.fragment().is_some() {
        return Err(wrong(
            "it is given as https://host[:port][/prefix], without name, password, query or fragment",
        ));
    }
    match url.scheme() {
        "https" => {}
        "http" if stays_inside(&url) => {}
        "http" => {
            return Err(wrong(
                "it is plain http; use https, or http to a loopback or private IP address",
            ));
        }
        _ => return Err(wrong("it begins with https://")),
    }
    match url.path_segments_mut() {
        Ok(mut path) => {
            path.pop_if_empty().push("add-checkpoint");
        }
        Err(()) => return Err(wrong("it has no host")),
    }
    Ok(url)
}

/// Whether an address is of this machine, or written as a private IP address (RFC 1918, RFC 4193).
fn stays_inside(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback() || address.is_private(),
        Some(Host::Ipv6(address)) => address.is_loopback() || address.is_unique_local(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_witness_is_asked_under_its_prefix() {
        let at = |prefix: &str| submission(prefix).unwrap().to_string();
        for prefix in ["https://w.example", "https://w.example/"] {
            assert_eq!(at(prefix), "https://w.example/add-checkpoint");
        }
        assert_eq!(
            at("https://w.example:8443/a/b/"),
            "https://w.example:8443/a/b/add-checkpoint"
        );
    }

    #[test]
    fn without_tls_only_inside() {
        for inside in [
            "http://127.0.0.1:8087",
            "http://localhost:8087/",
            "http://10.1.2.3/w",
            "http://192.168.0.9",
            "http://[::1]:1",
            "http://[fd00::1]/",
        ] {
            submission(inside).unwrap();
        }
        for outside in [
            "http://w.example",
            "http://192.0.2.1",
            "http://[2001:db8::1]/",
            "http://169.254.169.254/",
            "http://localhost.example/",
            "ftp://w.example",
            "w.example",
            "https://user:x@w.example",
            "https://w.example/?a=b",
            "mailto:a@w.example",
        ] {
            let said = submission(outside).unwrap_err();
            assert!(said.contains("is not the address of a witness"), "{said}");
        }
    }
}
