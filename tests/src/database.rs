//! The two databases. Each story has one of its own.

use crate::paths::unique;
use std::process::Command;

/// Which database a story is told on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Db {
    /// The embedded one, a file in the server's data directory.
    Sqlite,
    /// A fresh database on the run's PostgreSQL server.
    Postgres,
}

/// A database made for one story. PostgreSQL's is dropped with this value; SQLite's goes with the server's data directory.
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
        if db == Db::Sqlite {
            return Database::Sqlite;
        }
        let maintenance = std::env::var("TAKEDOWN_TEST_POSTGRES").unwrap_or_else(|_| {
            panic!(
                "This story needs PostgreSQL. Run `make test`, or put `scripts/with-postgres` before what you ran: it starts one in a \
                 temporary directory and ends it afterwards."
            )
        });
        let name = format!("story_{}", unique());
        psql(&maintenance, &format!("CREATE DATABASE {name}"));
        Database::Postgres { maintenance, name }
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

impl Drop for Database {
    fn drop(&mut self) {
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
