//! What one call really runs on PostgreSQL, and the same for `pgbench`.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use takedown_tests::database::{Database, psql};
use takedown_tests::paths::Scratch;

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
    values: Vec<Option<String>>,
}

/// The statements of one call each.
#[derive(Debug)]
pub struct Captured {
    pub file: Vec<Statement>,
    pub acknowledge: Vec<Statement>,
    pub decide: Vec<Statement>,
    pub page: Vec<Statement>,
    ids: HashMap<&'static str, String>,
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
        let mut all = self.read()?;
        Ok((all.split_off(before), done))
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
        let by_itself = text.contains("registry_state") || text.contains("= ANY");
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

/// The characters of an identifier, in order.
const DIGITS: &str = "0123456789abcdefghjkmnpqrstvwxyz";

impl Captured {
    /// The same statements for `pgbench`, with other identifiers for each transaction.
    fn script(&self, statements: &[Statement]) -> Result<String, Failed> {
        let platform = parties::platform(0);
        let stem = platform.strip_suffix('0').ok_or("platform 0 ends in 0")?;
        let mut replaced = vec![(
            platform.clone(),
            format!("('{stem}' || substr('{DIGITS}', :p::int + 1, 1))"),
        )];
        for (name, id) in &self.ids {
            // As long as the real one, and another one for every name and number.
            let (prefix, rest) = match id.split_once('_') {
                Some((prefix, rest)) => (format!("{prefix}_{}", name_digit(name)), rest.len() - 1),
                None => (String::new(), id.len()),
            };
            replaced.push((
                id.clone(),
                format!("('{prefix}' || lpad(:n::text, {rest}, '0'))"),
            ));
        }
        let mut script = String::from(
            "\\set k :k + 1\n\\set n :base + :client_id * 1000000 + :k\n\\set p :n % 20\n",
        );
        for statement in statements {
            let to_feed = statement.text.starts_with("INSERT INTO \"feed\"");
            let mut text = statement.text.clone();
            for (index, value) in statement.values.iter().enumerate().rev() {
                let literal = match value {
                    None => "NULL".to_owned(),
                    Some(_) if to_feed && index == 1 => ":head::bigint".to_owned(),
                    Some(value) => expression(value, &replaced),
                };
                text = text.replace(&format!("${}", index + 1), &literal);
            }
            let end = if text.contains("RETURNING") {
                " \\gset"
            } else {
                ";"
            };
            writeln!(script, "{text}{end}")?;
        }
        Ok(script)
    }
}

fn name_digit(name: &str) -> char {
    let sum: usize = name.bytes().map(usize::from).sum();
    char::from(DIGITS.as_bytes()[sum % 8])
}

/// A text as SQL that no colon can make a variable of.
fn expression(value: &str, replaced: &[(String, String)]) -> String {
    let first = replaced
        .iter()
        .filter_map(|(id, by)| value.find(id.as_str()).map(|at| (at, id, by)))
        .min_by_key(|found| found.0);
    match first {
        None => literal(value),
        Some((at, id, by)) => {
            let (before, after) = (&value[..at], &value[at + id.len()..]);
            let mut parts = vec![by.clone()];
            if !before.is_empty() {
                parts.insert(0, literal(before));
            }
            if !after.is_empty() {
                parts.push(expression(after, replaced));
            }
            parts.join(" || ")
        }
    }
}

fn literal(text: &str) -> String {
    let mut out = String::from("E'");
    for character in text.chars() {
        match character {
            '\'' => out.push_str("''"),
            '\\' => out.push_str("\\\\"),
            ':' => out.push_str("\\x3a"),
            '\n' => out.push_str("\\n"),
            '$' => out.push_str("\\x24"),
            other => out.push(other),
        }
    }
    out + "'"
}

/// `pgbench` on a database of its own.
pub struct Pgbench {
    url: String,
    scratch: Scratch,
    clients: usize,
    _place: Place,
}

impl Pgbench {
    /// Prepares the database and the three scripts.
    pub fn new(captured: &Captured, clients: usize) -> Result<Pgbench, Failed> {
        let place = Place::postgres()?;
        place.prepare()?;
        let scratch = Scratch::new("pgbench");
        let all = [
            ("file", &captured.file),
            ("acknowledge", &captured.acknowledge),
            ("decide", &captured.decide),
        ];
        for (name, statements) in all {
            std::fs::write(scratch.join(name), captured.script(statements)?)?;
        }
        Ok(Pgbench {
            url: place.database.url().ok_or("a URL")?,
            scratch,
            clients,
            _place: place,
        })
    }

    /// Runs a script so many times on each client and returns transactions a second. `base` keeps rounds apart.
    pub fn run(&self, script: &str, each: usize, base: u64) -> Result<f64, Failed> {
        let done = Command::new("pgbench")
            .args([
                "--no-vacuum",
                "--protocol",
                "prepared",
                "--jobs",
                "2",
                "--client",
            ])
            .arg(self.clients.to_string())
            .args(["--transactions", &each.to_string(), "--define", "k=0"])
            .args(["--define", &format!("base={base}"), "--file"])
            .arg(self.scratch.join(script))
            .arg(&self.url)
            .output()?;
        let told = String::from_utf8_lossy(&done.stdout);
        let rate = told.lines().find_map(|line| {
            line.strip_prefix("tps = ")?
                .split_whitespace()
                .next()?
                .parse()
                .ok()
        });
        let complete = told.contains(&format!("{0}/{0}", each * self.clients));
        rate.filter(|_| complete && done.status.success())
            .ok_or_else(|| {
                format!(
                    "pgbench {script}: {told}{}",
                    String::from_utf8_lossy(&done.stderr)
                )
                .into()
            })
    }

    /// Gives every request the version it has when it is acknowledged.
    pub fn fetched(&self) {
        psql(
            &self.url,
            "UPDATE requests SET version = 2 WHERE version = 1",
        );
    }
}
