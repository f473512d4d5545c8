//! Scopes: what a token may be used for. The role of the client bounds it further.

use std::fmt;
use std::str::FromStr;

/// One scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Read requests and their history.
    RequestsRead,
    /// File, acknowledge, decide, close, withdraw, write messages.
    RequestsWrite,
    /// Poll the inbox.
    InboxRead,
    /// Export.
    ExportRead,
    /// See agencies, platforms and clients.
    RegistryRead,
    /// Register, verify, suspend, rotate.
    RegistryWrite,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 6] = [
        Self::RequestsRead,
        Self::RequestsWrite,
        Self::InboxRead,
        Self::ExportRead,
        Self::RegistryRead,
        Self::RegistryWrite,
    ];

    /// Its name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RequestsRead => "requests:read",
            Self::RequestsWrite => "requests:write",
            Self::InboxRead => "inbox:read",
            Self::ExportRead => "export:read",
            Self::RegistryRead => "registry:read",
            Self::RegistryWrite => "registry:write",
        }
    }
}

/// A set of scopes; written with spaces between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scopes(u8);

impl Scopes {
    /// All there are.
    #[must_use]
    pub fn all() -> Self {
        Scope::ALL.into_iter().collect()
    }

    /// Whether the scope is in the set.
    #[must_use]
    pub const fn contains(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u8) != 0
    }

    /// Whether every scope of the other set is in this one.
    #[must_use]
    pub const fn covers(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The scopes that are in both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The scopes in the order of their declaration.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL
            .into_iter()
            .filter(move |scope| self.contains(*scope))
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(
            scopes
                .into_iter()
                .fold(0, |bits, scope| bits | 1 << scope as u8),
        )
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.iter().map(Scope::as_str).collect();
        f.write_str(&names.join(" "))
    }
}

/// A word that is no scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no such scope; the scopes are requests:read requests:write inbox:read export:read registry:read registry:write"
)]
pub struct UnknownScope;

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        Self::ALL
            .into_iter()
            .find(|scope| scope.as_str() == text)
            .ok_or(UnknownScope)
    }
}

impl FromStr for Scopes {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        text.split(' ')
            .filter(|word| !word.is_empty())
            .map(Scope::from_str)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn scopes_are_read_and_written() {
        let scopes: Scopes = "inbox:read  requests:read".parse().unwrap();
        assert_eq!(scopes.to_string(), "requests:read inbox:read");
        assert!(Scopes::all().covers(scopes) && !scopes.covers(Scopes::all()));
        assert!(scopes.contains(Scope::InboxRead) && !scopes.contains(Scope::ExportRead));
        assert!("".parse::<Scopes>().unwrap().is_empty());
        assert!("Inbox:read".parse::<Scopes>().is_err());
        assert_eq!(Scopes::all().iter().count(), 6);
    }
}
