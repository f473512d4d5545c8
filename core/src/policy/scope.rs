//! What credentials were made for.

use std::fmt;

use crate::text::{UnknownCode, coded_enum};

coded_enum! {
    /// One thing that credentials may be made for.
    pub enum Scope, "a scope" {
        /// Read requests, their history and their messages.
        RequestsRead => "requests:read",
        /// File, answer, decide, close, withdraw, reopen.
        RequestsWrite => "requests:write",
        /// Poll the inbox.
        InboxRead => "inbox:read",
        /// Export.
        ExportRead => "export:read",
        /// Read who takes part and how that was verified.
        RegistryRead => "registry:read",
        /// Register, verify and suspend.
        RegistryWrite => "registry:write",
        /// Say where events are sent.
        WebhooksWrite => "webhooks:write",
    }
}

/// A set of scopes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Scopes(u8);

impl Scopes {
    /// No scope.
    pub const fn none() -> Self {
        Self(0)
    }

    /// Every scope.
    pub fn all() -> Self {
        Scope::ALL.iter().copied().collect()
    }

    const fn bit(scope: Scope) -> u8 {
        1 << scope as u8
    }

    /// With one more.
    #[must_use]
    pub const fn with(self, scope: Scope) -> Self {
        Self(self.0 | Self::bit(scope))
    }

    /// Whether it is in the set.
    pub const fn contains(self, scope: Scope) -> bool {
        self.0 & Self::bit(scope) != 0
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those in both sets: what a client asks for, cut to what it may have.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The scopes in the order of their declaration.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL
            .iter()
            .copied()
            .filter(move |scope| self.contains(*scope))
    }

    /// Reads a list separated by spaces, as in RFC 6749 section 3.3. An empty text is the empty set.
    ///
    /// # Errors
    /// The first word that is no scope.
    pub fn parse(text: &str) -> Result<Self, UnknownCode> {
        text.split_ascii_whitespace().map(str::parse).collect()
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        scopes.into_iter().fold(Self::none(), Self::with)
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, scope) in self.iter().enumerate() {
            if position > 0 {
                f.write_str(" ")?;
            }
            f.write_str(scope.as_str())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scopes({self})")
    }
}
