//! Whom one trusts (c2sp.org/tlog-policy): which logs, which witnesses, and how many of the witnesses must have signed.

mod judge;
mod parse;

use std::fmt;

use super::VerifierKey;

pub use judge::{Judgement, Rejected, Unmet, Witnessed};
pub use parse::{LogEntry, Mistake, Mistakes, Reason, parse_logs};

/// The most logs, witnesses and groups that a file may name, of each.
pub const MOST: usize = 256;

/// A policy as its file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    logs: Vec<LogEntry>,
    /// Witnesses and groups in the order of the file, so that a group comes behind all its members.
    members: Vec<Member>,
    /// Which of `members`; none for `quorum none`.
    quorum: Option<usize>,
}

/// What a quorum can be made of.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Member {
    name: MemberName,
    is: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Witness(Box<Witness>),
    Group { needs: usize, of: Vec<usize> },
}

/// A witness of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// Its key, of type 0x04.
    pub key: VerifierKey,
    /// Where a log asks it, when the file says so: best the prefix before `/add-checkpoint`.
    pub url: Option<String>,
}

/// What a policy calls a witness or a group: any bytes but spaces, tabs and control characters, compared byte by byte.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberName(Vec<u8>);

impl fmt::Display for MemberName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::text::visible(&String::from_utf8_lossy(&self.0)))
    }
}

impl fmt::Debug for MemberName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemberName({self})")
    }
}

impl Policy {
    /// A policy that trusts this log by itself, without any witness.
    #[must_use]
    pub fn of_log(key: VerifierKey) -> Self {
        Self {
            logs: vec![LogEntry { key, url: None }],
            members: Vec::new(),
            quorum: None,
        }
    }

    /// Trusts one more log, for a policy that is used where the log is known from elsewhere.
    #[must_use]
    pub fn with_log(mut self, key: VerifierKey) -> Self {
        self.logs.push(LogEntry { key, url: None });
        self
    }

    /// The logs, in the order of the file.
    #[must_use]
    pub fn logs(&self) -> &[LogEntry] {
        &self.logs
    }

    /// Whether any witness is asked for: not with `quorum none`.
    #[must_use]
    pub const fn asks_for_witnesses(&self) -> bool {
        self.quorum.is_some()
    }

    /// The witnesses with their names, in the order of the file.
    pub fn witnesses(&self) -> impl Iterator<Item = (&MemberName, &Witness)> + Clone {
        self.members.iter().filter_map(|member| match &member.is {
            Kind::Witness(witness) => Some((&member.name, witness.as_ref())),
            Kind::Group { .. } => None,
        })
    }
}

#[cfg(test)]
mod tests;
