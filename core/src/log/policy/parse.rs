//! Reading a policy file: every mistake with its line.

use std::collections::BTreeMap;
use std::fmt;

use thiserror::Error;

use super::{Kind, MOST, Member, MemberName, Policy, Witness};
use crate::log::{
    found,
    note::{SignatureType, VerifierKey, VerifierKeyError},
};

/// A log that is trusted, or witnessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// Its key, of type 0x01; the key's name is the log's origin.
    pub key: VerifierKey,
    /// Where it is, when the file says so.
    pub url: Option<String>,
}

/// Everything that is wrong with a file, by line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistakes(pub Vec<Mistake>);

/// One thing that is wrong. `line` counts from 1; what is missing from the whole file stands at the line behind its last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The line.
    pub line: usize,
    /// What is wrong, and what would be right.
    pub reason: Reason,
}

/// What is wrong with a line of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Reason {
    /// A byte that a policy does not hold.
    #[error(
        "this line holds the byte 0x{0:02x}; control characters other than tab are not allowed (a file with Windows line ends has 0x0d)"
    )]
    Control(u8),
    /// An unknown first word.
    #[error("\"{found}\" begins no line here; known are {}", known.join(", "))]
    Keyword {
        /// The first word.
        found: String,
        /// What a line of such a file begins with.
        known: &'static [&'static str],
    },
    /// Words are missing or too many.
    #[error("this line is not of the form \"{0}\"")]
    Form(&'static str),
    /// The key.
    #[error(transparent)]
    Key(#[from] VerifierKeyError),
    /// A key of the other kind.
    #[error("this key is of type 0x{:02x}; {wanted}", found.byte())]
    KeyType {
        /// Its type.
        found: SignatureType,
        /// What belongs here.
        wanted: &'static str,
    },
    /// The same key twice.
    #[error(
        "this key is in line {0} already, under whichever name; each log and each witness has a key of its own"
    )]
    SameKey(usize),
    /// The address.
    #[error("the address is not text in UTF-8")]
    Url,
    /// A name that stands for something else.
    #[error("\"none\" stands for a quorum without witnesses and cannot be a name")]
    None,
    /// A name twice.
    #[error(
        "\"{name}\" is the name of what line {line} defines; witnesses and groups share their names"
    )]
    SameName {
        /// The name.
        name: MemberName,
        /// Where it was defined.
        line: usize,
    },
    /// A name that is not defined above.
    #[error("\"{0}\" is not defined above this line")]
    Unknown(MemberName),
    /// One member in two groups, or twice in one.
    #[error(
        "\"{name}\" is a member of a group in line {line} already; each witness and group counts in one way only"
    )]
    Twice {
        /// The member.
        name: MemberName,
        /// Where it was listed.
        line: usize,
    },
    /// The threshold of a group.
    #[error(
        "\"{found}\" of {members} members cannot be asked for; write any, all, or a number from 1 to {members}"
    )]
    Threshold {
        /// What was written.
        found: String,
        /// Members of the group.
        members: usize,
    },
    /// Two quorum lines.
    #[error("line {0} says what the quorum is already; there is one such line")]
    SecondQuorum(usize),
    /// No quorum line.
    #[error(
        "no line says what the quorum is; write \"quorum NAME\" with a witness or a group, or \"quorum none\""
    )]
    NoQuorum,
    /// No log.
    #[error("no line names a log; write \"log VKEY\"")]
    NoLog,
    /// More than is taken.
    #[error("there are more than {MOST} {0}")]
    TooMany(&'static str),
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, mistake) in self.0.iter().enumerate() {
            let before = if at == 0 { "" } else { "\n" };
            write!(f, "{before}line {}: {}", mistake.line, mistake.reason)?;
        }
        Ok(())
    }
}

impl std::error::Error for Mistakes {}

const LOG: &str = "log VKEY [URL]";
const WITNESS: &str = "witness NAME VKEY [URL]";
const GROUP: &str = "group NAME any|all|NUMBER MEMBER...";
const QUORUM: &str = "quorum NAME|none";

impl Policy {
    /// Reads a policy file, which is a file of bytes.
    ///
    /// # Errors
    /// [`Mistakes`] has all of them.
    pub fn parse(file: &[u8]) -> Result<Self, Mistakes> {
        let mut reader = Reader::default();
        let last = reader.read(file, |reader, line, words| match words {
            [b"log", rest @ ..] => reader.log(line, rest),
            [b"witness", rest @ ..] => reader.witness(line, rest),
            [b"group", rest @ ..] => reader.group(line, rest),
            [b"quorum", rest @ ..] => reader.quorum(line, rest),
            other => Err(unknown(other, &["log", "witness", "group", "quorum"])),
        });
        if reader.quorum.is_none() {
            reader.mistake(last, Reason::NoQuorum);
        }
        let quorum = reader.quorum.and_then(|(_, quorum)| quorum);
        reader.finish(|logs, members| Self {
            logs,
            members,
            quorum,
        })
    }
}

/// Reads a file of `log` lines only: the logs that a witness signs for.
///
/// # Errors
/// [`Mistakes`] has all of them; a file without a log is one.
pub fn parse_logs(file: &[u8]) -> Result<Vec<LogEntry>, Mistakes> {
    let mut reader = Reader::default();
    let last = reader.read(file, |reader, line, words| match words {
        [b"log", rest @ ..] => reader.log(line, rest),
        other => Err(unknown(other, &["log"])),
    });
    if reader.logs.is_empty() && reader.mistakes.is_empty() {
        reader.mistake(last, Reason::NoLog);
    }
    reader.finish(|logs, _| logs)
}

fn unknown(words: &[&[u8]], known: &'static [&'static str]) -> Reason {
    let first = words.first().copied().unwrap_or_default();
    Reason::Keyword {
        found: found(&String::from_utf8_lossy(first)),
        known,
    }
}

#[derive(Default)]
struct Reader {
    mistakes: Vec<Mistake>,
    logs: Vec<LogEntry>,
    members: Vec<Member>,
    /// Where keys were seen; a log's key is no witness's either.
    keys: BTreeMap<[u8; 32], usize>,
    /// Where names were defined, and as which member; none where the line has a mistake of its own.
    names: BTreeMap<MemberName, (usize, Option<usize>)>,
    grouped: BTreeMap<MemberName, usize>,
    quorum: Option<(usize, Option<usize>)>,
}

impl Reader {
    /// Goes through the lines and says which would be the next.
    fn read(
        &mut self,
        file: &[u8],
        mut take: impl FnMut(&mut Self, usize, &[&[u8]]) -> Result<(), Reason>,
    ) -> usize {
        let file = file.strip_suffix(b"\n").unwrap_or(file);
        let mut next = 1;
        for (bytes, line) in file.split(|byte| *byte == b'\n').zip(1..) {
            next = line + 1;
            let allowed = |byte: &&u8| **byte == b'\t' || (**byte >= b' ' && **byte != 0x7f);
            if let Some(control) = bytes.iter().find(|byte| !allowed(byte)) {
                self.mistake(line, Reason::Control(*control));
                continue;
            }
            let words: Vec<&[u8]> = bytes
                .split(|byte| matches!(byte, b' ' | b'\t'))
                .filter(|word| !word.is_empty())
                .collect();
            match words.first() {
                None => {}
                Some(first) if first.starts_with(b"#") => {}
                Some(_) => {
                    if let Err(reason) = take(self, line, &words) {
                        self.mistake(line, reason);
                    }
                }
            }
        }
        next
    }

    fn mistake(&mut self, line: usize, reason: Reason) {
        self.mistakes.push(Mistake { line, reason });
    }

    fn finish<T>(self, made: impl FnOnce(Vec<LogEntry>, Vec<Member>) -> T) -> Result<T, Mistakes> {
        if self.mistakes.is_empty() {
            Ok(made(self.logs, self.members))
        } else {
            Err(Mistakes(self.mistakes))
        }
    }

    fn log(&mut self, line: usize, words: &[&[u8]]) -> Result<(), Reason> {
        let (key, url) = match words {
            [key] => (key, None),
            [key, url] => (key, Some(text(url)?)),
            _ => return Err(Reason::Form(LOG)),
        };
        let wanted = "the key of a log is of type 0x01";
        let key = self.key(line, key, SignatureType::Ed25519, wanted)?;
        if self.logs.len() >= MOST {
            return Err(Reason::TooMany("logs"));
        }
        self.logs.push(LogEntry { key, url });
        Ok(())
    }

    fn witness(&mut self, line: usize, words: &[&[u8]]) -> Result<(), Reason> {
        let (name, key, url) = match words {
            [name, key] => (name, key, None),
            [name, key, url] => (name, key, Some(text(url)?)),
            _ => return Err(Reason::Form(WITNESS)),
        };
        let name = self.name(line, name)?;
        let wanted = "the key of a witness is of type 0x04";
        let key = self.key(line, key, SignatureType::Cosignature, wanted)?;
        self.member(name, Kind::Witness(Box::new(Witness { key, url })))
    }

    fn group(&mut self, line: usize, words: &[&[u8]]) -> Result<(), Reason> {
        let [name, threshold, listed @ ..] = words else {
            return Err(Reason::Form(GROUP));
        };
        if listed.is_empty() {
            return Err(Reason::Form(GROUP));
        }
        let name = self.name(line, name)?;
        let members = listed.len();
        let needs = match *threshold {
            b"any" => Some(1),
            b"all" => Some(members),
            number => std::str::from_utf8(number)
                .ok()
                .and_then(crate::log::decimal)
                .and_then(|number| usize::try_from(number).ok())
                .filter(|number| (1..=members).contains(number)),
        };
        let needs = needs.ok_or_else(|| Reason::Threshold {
            found: found(&String::from_utf8_lossy(threshold)),
            members,
        })?;
        let mut of = Vec::with_capacity(members);
        for member in listed {
            let member = MemberName(member.to_vec());
            let index = self.defined(&member, line)?;
            if let Some(line) = self.grouped.insert(member.clone(), line) {
                return Err(Reason::Twice { name: member, line });
            }
            of.extend(index);
        }
        self.member(name, Kind::Group { needs, of })
    }

    fn quorum(&mut self, line: usize, words: &[&[u8]]) -> Result<(), Reason> {
        let [name] = words else {
            return Err(Reason::Form(QUORUM));
        };
        if let Some((line, _)) = self.quorum {
            return Err(Reason::SecondQuorum(line));
        }
        self.quorum = Some((line, None));
        if *name != b"none" {
            let index = self.defined(&MemberName(name.to_vec()), line)?;
            self.quorum = Some((line, index));
        }
        Ok(())
    }

    /// Which member a name is that was defined above `line`; none when its definition has a mistake that was said there.
    fn defined(&self, name: &MemberName, line: usize) -> Result<Option<usize>, Reason> {
        match self.names.get(name) {
            Some((above, index)) if *above < line => Ok(*index),
            _ => Err(Reason::Unknown(name.clone())),
        }
    }

    fn name(&mut self, line: usize, name: &[u8]) -> Result<MemberName, Reason> {
        if name == b"none" {
            return Err(Reason::None);
        }
        let name = MemberName(name.to_vec());
        if let Some((line, _)) = self.names.get(&name) {
            return Err(Reason::SameName { name, line: *line });
        }
        self.names.insert(name.clone(), (line, None));
        Ok(name)
    }

    fn member(&mut self, name: MemberName, is: Kind) -> Result<(), Reason> {
        if self.members.len() >= 2 * MOST {
            return Err(Reason::TooMany("witnesses and groups"));
        }
        if let Some((_, index)) = self.names.get_mut(&name) {
            *index = Some(self.members.len());
        }
        self.members.push(Member { name, is });
        Ok(())
    }

    fn key(
        &mut self,
        line: usize,
        key: &[u8],
        signature_type: SignatureType,
        wanted: &'static str,
    ) -> Result<VerifierKey, Reason> {
        let key = match std::str::from_utf8(key) {
            Ok(key) => key.parse::<VerifierKey>()?,
            Err(_) => String::from_utf8_lossy(key).parse::<VerifierKey>()?,
        };
        if key.signature_type() != signature_type {
            return Err(Reason::KeyType {
                found: key.signature_type(),
                wanted,
            });
        }
        if let Some(known) = self.keys.insert(*key.key().as_bytes(), line) {
            return Err(Reason::SameKey(known));
        }
        Ok(key)
    }
}

fn text(bytes: &[u8]) -> Result<String, Reason> {
    String::from_utf8(bytes.to_vec()).map_err(|_| Reason::Url)
}
