//! What can go wrong between us and the database.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// A failure of the database or of what it holds.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// More work is waiting than the store accepts; nothing was done.
    #[error("the store is busy: its queue is full")]
    Busy,
    /// A statement waited or ran longer than the database allows; its work was rolled back.
    #[error("the database took too long: {0}")]
    Slow(String),
    /// The database cannot be reached or does not answer; nothing was done.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The disk of the database is full; nothing was done.
    #[error("the database's disk is full: {0}")]
    Full(String),
    /// The database lost what was promised of it: nothing is written any more until the operator has looked.
    #[error("the store only reads: {0}")]
    ReadOnly(String),
    /// Somebody else changed the same row in between; the change was rolled back and may be tried again.
    #[error("the row was changed by somebody else in between")]
    Stale,
    /// A unique constraint refused the row.
    #[error("a row with this {0:?} exists")]
    Exists(Constraint),
    /// A row does not mean what the code expects: a defect or a foreign hand.
    #[error("the database holds something unexpected: {0}")]
    Inconsistent(String),
    /// Anything else the database said.
    #[error("the database refused a statement: {0}")]
    Statement(DieselError),
}

/// The unique constraints a caller can run into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constraint {
    /// One filing for each of an agency's own references.
    AgencyReference,
    /// One answer for each idempotency key of a client.
    IdempotencyKey,
    /// A host belongs to one platform.
    PlatformHost,
    /// A party's saved texts have names of their own.
    SavedTextName,
    /// A client assertion is used once.
    ClientAssertion,
    /// The history of a request is dense: another change came first.
    HistoryVersion,
    /// One operation for each label of an agency.
    OperationLabel,
    /// A request is in one operation.
    OperationRequest,
    /// A unit uses each `jti` once.
    Statement,
    /// Any other.
    Other,
}

impl Constraint {
    /// PostgreSQL names the constraint, SQLite the columns: both are recognised.
    fn named(message: &str) -> Self {
        const KNOWN: [(&str, &str, Constraint); 9] = [
            (
                "requests_agency_reference",
                "requests.agency_reference",
                Constraint::AgencyReference,
            ),
            (
                "idempotency_pkey",
                "idempotency.",
                Constraint::IdempotencyKey,
            ),
            (
                "platform_hosts_pkey",
                "platform_hosts.",
                Constraint::PlatformHost,
            ),
            (
                "saved_texts_name",
                "saved_texts.party_id",
                Constraint::SavedTextName,
            ),
            (
                "client_assertions_pkey",
                "client_assertions.",
                Constraint::ClientAssertion,
            ),
            (
                "history_request",
                "history.request_id",
                Constraint::HistoryVersion,
            ),
            (
                "operations_label",
                "operations.label",
                Constraint::OperationLabel,
            ),
            (
                "operation_requests_pkey",
                "operation_requests.request_id",
                Constraint::OperationRequest,
            ),
            (
                "signed_statements_pkey",
                "signed_statements.jti",
                Constraint::Statement,
            ),
        ];
        KNOWN
            .iter()
            .find(|(postgres, sqlite, _)| message.contains(postgres) || message.contains(sqlite))
            .map_or(Constraint::Other, |(_, _, constraint)| *constraint)
    }
}

impl StoreError {
    /// Whether the same work may succeed when it is simply done again: it lost a race and was rolled back.
    #[must_use]
    pub fn is_race(&self) -> bool {
        match self {
            Self::Stale
            | Self::Exists(
                Constraint::HistoryVersion
                | Constraint::IdempotencyKey
                | Constraint::AgencyReference
                | Constraint::OperationLabel
                | Constraint::OperationRequest
                | Constraint::Statement,
            ) => true,
            Self::Statement(DieselError::DatabaseError(kind, info)) => {
                matches!(kind, DatabaseErrorKind::SerializationFailure)
                    || info.message().contains("deadlock detected")
            }
            _ => false,
        }
    }

    /// Whether the connection that said so is of no further use. A full disk counts: SQLite may have rolled back the
    /// whole transaction by itself, with the work of others in it.
    pub(super) fn breaks_connection(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Full(_))
    }
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        let DieselError::DatabaseError(kind, info) = &error else {
            return match error {
                DieselError::BrokenTransactionManager => {
                    Self::Unavailable("the connection was lost inside a transaction".into())
                }
                other => Self::Statement(other),
            };
        };
        let message = info.message();
        match kind {
            DatabaseErrorKind::UniqueViolation => {
                Self::Exists(Constraint::named(info.constraint_name().unwrap_or(message)))
            }
            DatabaseErrorKind::ClosedConnection => Self::Unavailable(message.to_owned()),
            _ if message.contains("disk is full") || message.contains("No space left") => {
                Self::Full(message.to_owned())
            }
            // By its own time limits or by somebody who administers it: the connection stays good.
            _ if message.contains("canceling statement due to") => Self::Slow(message.to_owned()),
            // libpq reports a lost server as an ordinary error; SQLite a file it may no longer touch.
            _ if [
                "server closed the connection",
                "terminating connection",
                "connection to server",
                "no connection to the server",
                "could not receive data",
                "could not send",
                "the database system is",
                "unable to open database file",
                "disk I/O error",
                "database is locked",
                "readonly database",
                "cannot execute",
            ]
            .iter()
            .any(|sign| message.contains(sign)) =>
            {
                Self::Unavailable(message.to_owned())
            }
            _ => Self::Statement(error),
        }
    }
}

impl From<serde_json::Error> for StoreError {
    /// Says where and not what: the library's own words quote what was filed, and this goes to logs.
    fn from(error: serde_json::Error) -> Self {
        let kind = match error.classify() {
            serde_json::error::Category::Data => "not of the form it should be",
            _ => "not JSON",
        };
        Self::Inconsistent(format!(
            "a JSON column is {kind}, at line {} column {}",
            error.line(),
            error.column()
        ))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_was_filed_is_not_quoted() {
        let error = serde_json::from_str::<u8>(r#""https://paste.example/secret""#).unwrap_err();
        let said = StoreError::from(error).to_string();
        assert!(
            !said.contains("secret") && said.contains("column 30"),
            "{said}"
        );
    }

    #[test]
    fn waiting_for_a_lock_in_vain_is_no_defect_and_leaves_the_connection_as_it_was() {
        for message in [
            "canceling statement due to lock timeout",
            "canceling statement due to statement timeout",
        ] {
            let error = DieselError::DatabaseError(
                DatabaseErrorKind::Unknown,
                Box::new(message.to_owned()),
            );
            let error = StoreError::from(error);
            assert!(matches!(error, StoreError::Slow(_)));
            assert!(!error.breaks_connection());
        }
    }
}
