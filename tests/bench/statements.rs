//! What one call really runs on PostgreSQL.

use std::collections::HashMap;
use std::time::Duration;

use serde_json::Value;
use takedown_tests::database::{Database, psql};

use crate::Failed;
use crate::load::{self, Done};
use crate::parties;
use crate::site::{Place, Site};

/// A statement as the server logged it.
#[derive(Debug, Clone)]
pub struct Statement {
    process: i64,
    pub text: String,
    /// The parameters as text; none is NULL.
    pub values: Vec<Option<String>>,
}

/// The statements of one call each.
#[derive(Debug)]
pub struct Captured {
    pub file: Vec<Statement>,
    pub acknowledge: Vec<Statement>,
    pub decide: Vec<Statement>,
    pub page: Vec<Statement>,
    /// The identifiers that the calls gave or made.
    pub ids: HashMap<&'static str, String>,
    /// The comparison digest of the filed item, as the server logs it.
    pub digest: String,
}

/// Makes one call of each kind on a server of its own and reads what the database was asked.
pub fn capture(runtime: &tokio::runtime::Runtime) -> Result<Captured, Failed> {
    let place = Place::postgres()?;
    place.prepare()?;
    let Database::Postgres { maintenance, name } = &*place.database else {
        return Err("this is PostgreSQL".into());
    };
    psql(
        maintenance,
        &format!("ALTER DATABASE {name} SET log_statement = 'all'"),
    );
    let site = place.serve(runtime)?;
    let log = Log {
        maintenance: maintenance.clone(),
        database: name.clone(),
    };
    // A first filing to every platform fills what the node remembers and the databases' plans.
    for number in 0..40 {
        one(
            &site,
            "POST",
            "/v1/requests",
            &site.agency,
            &parties::filing(number),
            201,
        )?;
    }
    let body = parties::filing(1_000_000);
    let (file, done) =
        log.during(|| one(&site, "POST", "/v1/requests", &site.agency, &body, 201))?;
    let path = done.locations.first().cloned().ok_or("no Location")?;
    let url = place.database.url().ok_or("a URL")?;
    let row = |sql: &str| psql(&url, sql);
    let mut ids = HashMap::from([
        ("request", row("SELECT max(id) FROM requests")),
        (
            "reference",
            row("SELECT reference FROM requests ORDER BY id DESC LIMIT 1"),
        ),
        (
            "check",
            row("SELECT check_code FROM requests ORDER BY id DESC LIMIT 1"),
        ),
        ("item", row("SELECT max(id) FROM items")),
        ("own", "KP-1000000/26".to_owned()),
        ("filed", row("SELECT max(id) FROM history")),
        ("told_filed", row("SELECT max(id) FROM outbox")),
    ]);
    let digest = row("SELECT comparison_digest FROM items ORDER BY id DESC LIMIT 1");
    let platform = &site.platforms[0];
    one(&site, "GET", &path, platform, "", 200)?;
    let (acknowledge, _) = log.during(|| {
        one(
            &site,
            "PUT",
            &format!("{path}/acknowledgement"),
            platform,
            "{}",
            200,
        )
    })?;
    ids.insert("acknowledged", row("SELECT max(id) FROM history"));
    ids.insert("told_acknowledged", row("SELECT max(id) FROM outbox"));
    let (decide, _) = log.during(|| {
        one(
            &site,
            "POST",
            &format!("{path}/decisions"),
            platform,
            crate::DECISION,
            201,
        )
    })?;
    ids.insert("decided", row("SELECT max(id) FROM history"));
    ids.insert("told_decided", row("SELECT max(id) FROM outbox"));
    ids.insert("decision", row("SELECT max(id) FROM decisions"));
    // Where the inbox stands is asked once and then remembered.
    one(&site, "GET", "/v1/inbox?limit=49", platform, "", 200)?;
    let (page, _) = log.during(|| one(&site, "GET", "/v1/inbox?limit=50", platform, "", 200))?;
    Ok(Captured {
        file: transaction(&file)?,
        acknowledge: transaction(&acknowledge)?,
        decide: transaction(&decide)?,
        page,
        ids,
        digest,
    })
}

fn one(
    site: &Site,
    method: &str,
    path: &str,
    token: &str,
    body: &str,
    expected: u16,
) -> Result<Done, Failed> {
    let header = if path.ends_with("decisions") {
        "if-match: *\r\n"
    } else {
        ""
    };
    let call = load::call(method, path, token, body, header);
    load::run(
        &site.server.url(),
        1,
        Duration::from_secs(10),
        expected,
        move |n| (n == 0).then(|| call.clone()),
    )
}

struct Log {
    maintenance: String,
    database: String,
}

impl Log {
    /// What the database was asked while `work` ran, without what every node asks again and again by itself.
    fn during<T>(
        &self,
        work: impl FnOnce() -> Result<T, Failed>,
    ) -> Result<(Vec<Statement>, T), Failed> {
        let before = self.read()?.len();
        let done = work()?;
        let all = self.read()?;
        Ok((without_empty_transactions(&all[before..]), done))
    }

    fn read(&self) -> Result<Vec<Statement>, Failed> {
        // The collector writes a moment later.
        std::thread::sleep(Duration::from_millis(400));
        let text = psql(
            &self.maintenance,
            "SELECT pg_read_file(pg_current_logfile('jsonlog'))",
        );
        let lines = text.lines().map(serde_json::from_str::<Value>);
        Ok(lines
            .filter_map(|line| self.statement(&line.ok()?))
            .collect())
    }

    fn statement(&self, line: &Value) -> Option<Statement> {
        let message = line["message"].as_str()?;
        let text = message.strip_prefix("statement: ").or_else(|| {
            message
                .strip_prefix("execute ")?
                .split_once(": ")
                .map(|p| p.1)
        })?;
        let by_itself = ["registry_state", "= ANY", "log_", "pg_try_advisory"];
        let by_itself = by_itself.iter().any(|part| text.contains(part));
        if line["dbname"] != self.database.as_str() || by_itself {
            return None;
        }
        Some(Statement {
            process: line["pid"].as_i64()?,
            text: text.to_owned(),
            values: line["detail"].as_str().map(values).unwrap_or_default(),
        })
    }
}

/// Of a transaction that a node began by itself only its ends are left.
fn without_empty_transactions(all: &[Statement]) -> Vec<Statement> {
    let mut kept: Vec<Statement> = Vec::new();
    for statement in all {
        let last = kept.iter().rposition(|s| s.process == statement.process);
        match last {
            Some(last)
                if statement.text.starts_with("COMMIT") && kept[last].text.starts_with("BEGIN") =>
            {
                kept.remove(last);
            }
            _ => kept.push(statement.clone()),
        }
    }
    kept
}

/// `parameters: $1 = 'text', $2 = NULL`
fn values(detail: &str) -> Vec<Option<String>> {
    let mut values = Vec::new();
    let mut rest = detail.split_once(": ").map_or("", |p| p.1);
    while let Some((_, value)) = rest.split_once(" = ") {
        if let Some(after) = value.strip_prefix("NULL") {
            values.push(None);
            rest = after;
            continue;
        }
        let mut text = String::new();
        let mut characters = value.char_indices().skip(1).peekable();
        let mut end = value.len();
        while let Some((at, character)) = characters.next() {
            if character != '\'' {
                text.push(character);
            } else if characters.next_if(|next| next.1 == '\'').is_some() {
                text.push('\'');
            } else {
                end = at + 1;
                break;
            }
        }
        values.push(Some(text));
        rest = value.get(end..).unwrap_or("");
    }
    values
}

/// What ran inside the call's transaction, with its BEGIN and COMMIT: what was read before it is not `pgbench`'s to repeat.
fn transaction(all: &[Statement]) -> Result<Vec<Statement>, Failed> {
    let begin = all
        .iter()
        .position(|s| s.text.starts_with("BEGIN"))
        .ok_or_else(|| format!("no transaction was logged: {all:?}"))?;
    let process = all[begin].process;
    let mut inside = Vec::new();
    for statement in all[begin..].iter().filter(|s| s.process == process) {
        inside.push(statement.clone());
        if statement.text.starts_with("COMMIT") {
            return Ok(inside);
        }
    }
    Err(format!("a transaction without its end was logged: {all:?}").into())
}
