//! The two databases. Each story has one of its own.

use crate::paths::unique;
use crate::postgres::Postgres;
use crate::shared;
use std::process::Command;

/// Which database a story is told on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Db {
    /// The embedded one, a file in the server's data directory.
    Sqlite,
    /// A fresh database on the run's PostgreSQL server.
    Postgres,
}

/// A database made for one story. PostgreSQL's goes with the run's server, or with this value when that server stays; SQLite's goes with the
/// data directory.
#[derive(Debug)]
pub enum Database {
    /// Nothing to make: the server creates its file.
    Sqlite,
    /// A database on the run's server.
    Postgres {
        /// The server's own database, from which others are made and dropped.
        maintenance: String,
        /// The name of the story's database.
        name: String,
    },
}

impl Database {
    /// Makes a fresh one.
    pub fn fresh(db: Db) -> Database {
        Self::made(db, "")
    }

    fn made(db: Db, like: &str) -> Database {
        if db == Db::Sqlite {
            return Database::Sqlite;
        }
        let maintenance = std::env::var("TAKEDOWN_TEST_POSTGRES").unwrap_or_else(|_| {
            panic!(
                "This story needs PostgreSQL. Run `make test`, or put `scripts/with-postgres` before what you ran: it starts one in a \
                 temporary directory and ends it afterwards."
            )
        });
        Self::on(maintenance, like)
    }

    /// Makes a fresh one on a server of the story's own.
    pub fn of(server: &Postgres) -> Database {
        Self::on(server.url("postgres"), "")
    }

    fn on(maintenance: String, like: &str) -> Database {
        let name = format!("story_{}", unique());
        psql(&maintenance, &format!("CREATE DATABASE {name} {like}"));
        Database::Postgres { maintenance, name }
    }

    /// Keeps what is in it for [`copied`]. Nobody may be connected to it.
    pub fn keep_a_copy(&self) {
        if let Database::Postgres { maintenance, name } = self {
            let copy = format!("CREATE DATABASE {KEPT} TEMPLATE {name}");
            psql(maintenance, &copy);
        }
    }

    /// The connection URL to hand to the server; none for SQLite, whose place is the data directory.
    pub fn url(&self) -> Option<String> {
        match self {
            Database::Sqlite => None,
            Database::Postgres { maintenance, name } => {
                let (server, _) = maintenance.rsplit_once('/').expect("a URL with a database");
                Some(format!("{server}/{name}"))
            }
        }
    }
}

/// The database that others are copied from.
const KEPT: &str = "kept_for_stories";

/// A database with what was kept in it.
pub fn copied(db: Db) -> Database {
    Database::made(db, &format!("TEMPLATE {KEPT}"))
}

impl Drop for Database {
    fn drop(&mut self) {
        // A server that ends with the run takes all with it, and each drop would be a second of waiting for the disk.
        if shared::directory().is_some() {
            return;
        }
        if let Database::Postgres { maintenance, name } = self {
            let dropped = run_psql(
                maintenance,
                &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            );
            if let Err(problem) = dropped {
                eprintln!("{name} was not dropped: {problem}");
            }
        }
    }
}

/// Runs one statement on a PostgreSQL database and returns what it prints, unaligned and without headings.
pub fn psql(url: &str, statement: &str) -> String {
    run_psql(url, statement).unwrap_or_else(|problem| panic!("psql: {statement}: {problem}"))
}

fn run_psql(url: &str, statement: &str) -> Result<String, String> {
    let done = Command::new("psql")
        .args(["-qAtX", "-v", "ON_ERROR_STOP=1", "-c", statement, url])
        .output()
        .map_err(|problem| format!("cannot be run: {problem}"))?;
    if done.status.success() {
        Ok(String::from_utf8_lossy(&done.stdout).trim_end().to_owned())
    } else {
        Err(String::from_utf8_lossy(&done.stderr).into_owned())
    }
}
