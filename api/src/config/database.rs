//! The database.

use std::path::{Path, PathBuf};

use secrecy::SecretString;

use super::key::{Key, Preset, Privacy};
use super::parse;
use super::reader::{Reader, Refusal};

/// Which database, and how many connections.
#[derive(Debug, Clone)]
pub struct Database {
    /// Which database.
    pub url: DatabaseUrl,
    /// Connections: readers of the embedded database, the pool of PostgreSQL.
    pub connections: u32,
    /// A replica of PostgreSQL from which exports are read, by its connection URL.
    pub replica: Option<SecretString>,
}

/// A database that the exchange can use; anything else was refused.
#[derive(Debug, Clone)]
pub enum DatabaseUrl {
    /// The embedded database in this file.
    Sqlite(PathBuf),
    /// PostgreSQL by its connection URL, which may hold a password.
    Postgres(SecretString),
}

pub(super) const KEYS: &[&Key] = &[&URL, &CONNECTIONS, &REPLICA];

static URL: Key = Key {
    name: "database.url",
    preset: Preset::Derived("sqlite:// and takedown.db in data_dir"),
    accepts: "sqlite://PATH, or postgres://USER:PASSWORD@HOST:PORT/NAME",
    about: "The database: one embedded SQLite file, or a PostgreSQL database that several nodes may share.",
    privacy: Privacy::UrlPassword,
};
static CONNECTIONS: Key = Key {
    name: "database.connections",
    preset: Preset::Derived("one for each core, 2 to 8, for SQLite; 8 for PostgreSQL"),
    accepts: "a whole number from 1 to 512",
    about: "Connections of this node: readers of the SQLite file (there is one writer besides), or the pool of PostgreSQL.",
    privacy: Privacy::Open,
};
static REPLICA: Key = Key {
    name: "database.replica",
    preset: Preset::Unset,
    accepts: "postgres://USER:PASSWORD@HOST:PORT/NAME, a streaming replica of the database in database.url",
    about: "A replica from which exports are read, so that they cost the database itself nothing. PostgreSQL only. While it is behind or away, exports read from the database itself.",
    privacy: Privacy::UrlPassword,
};

pub(super) fn read(reader: &mut Reader, data_dir: Option<&Path>) -> Option<Database> {
    let url = reader.optional(&URL, parse_url);
    let connections = reader.optional(&CONNECTIONS, parse::within(1_u32, 512));
    let replica = reader.optional(&REPLICA, parse_replica);
    let url = match (url?, data_dir) {
        (Some(url), _) => url,
        (None, Some(data_dir)) => {
            let path = data_dir.join("takedown.db");
            reader.derived(&URL, &format!("sqlite://{}", path.display()), "in data_dir");
            DatabaseUrl::Sqlite(path)
        }
        (None, None) => return None,
    };
    let connections = match connections? {
        Some(connections) => connections,
        None => {
            let (connections, why) = usual(&url);
            reader.derived(&CONNECTIONS, &connections.to_string(), why);
            connections
        }
    };
    let replica = replica?;
    if replica.is_some() && matches!(url, DatabaseUrl::Sqlite(_)) {
        reader.contradiction(
            &REPLICA,
            "only PostgreSQL has replicas, and database.url is an SQLite file; leave it out, or use PostgreSQL",
        );
        return None;
    }
    Some(Database {
        url,
        connections,
        replica,
    })
}

/// Readers of SQLite only compute: more of them than cores share the caches among more and read no faster. Those of
/// PostgreSQL wait for its answers.
fn usual(url: &DatabaseUrl) -> (u32, &'static str) {
    match url {
        DatabaseUrl::Sqlite(_) => {
            let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
            let readers = u32::try_from(cores).unwrap_or(u32::MAX).clamp(2, 8);
            (readers, "one for each core")
        }
        DatabaseUrl::Postgres(_) => (8, "for PostgreSQL"),
    }
}

/// A misspelt scheme must never become a file name, so only the exact schemes are taken.
fn parse_url(text: &str) -> Result<DatabaseUrl, Refusal> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return Err(Some("it has no scheme".to_owned()));
    };
    match scheme {
        "sqlite" if rest.is_empty() => Err(Some("it names no file".to_owned())),
        "sqlite" if rest.contains(['?', '#', '\0']) => {
            Err(Some("a path cannot contain ?, # or NUL here".to_owned()))
        }
        "sqlite" if rest == ":memory:" => Err(Some(
            "a database in memory would lose what was acknowledged".to_owned(),
        )),
        "sqlite" => Ok(DatabaseUrl::Sqlite(PathBuf::from(rest))),
        "postgres" | "postgresql" => {
            let url = url::Url::parse(text).map_err(|error| Some(error.to_string()))?;
            if url.path().trim_matches('/').is_empty() {
                return Err(Some("it names no database".to_owned()));
            }
            Ok(DatabaseUrl::Postgres(SecretString::from(text.to_owned())))
        }
        other => Err(Some(match nearest(other) {
            Some(meant) => format!("the scheme {other:?} is unknown, did you mean {meant}?"),
            None => format!("the scheme {other:?} is unknown"),
        })),
    }
}

fn parse_replica(text: &str) -> Result<SecretString, Refusal> {
    match parse_url(text)? {
        DatabaseUrl::Postgres(url) => Ok(url),
        DatabaseUrl::Sqlite(_) => Err(Some("only PostgreSQL has replicas".to_owned())),
    }
}

fn nearest(scheme: &str) -> Option<&'static str> {
    ["sqlite", "postgres", "postgresql"]
        .into_iter()
        .find(|known| strsim::osa_distance(scheme, known) <= 3)
}
