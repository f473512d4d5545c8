//! The statements of our calls as scripts for `pgbench`.

use std::fmt::Write as _;
use std::process::Command;

use takedown_tests::database::psql;
use takedown_tests::paths::Scratch;

use crate::Failed;
use crate::parties;
use crate::site::Place;
use crate::statements::{Captured, Statement};

/// The characters of an identifier, in order.
const DIGITS: &str = "0123456789abcdefghjkmnpqrstvwxyz";

/// The values that are the same in every transaction. They are variables of `pgbench`, which it sends with each
/// statement as ours does; written into the script they would be part of the prepared statement and never sent again.
#[derive(Default)]
struct Values(Vec<String>);

impl Values {
    /// The variable that holds a value; `pgbench` has none that is empty.
    fn variable(&mut self, value: &str) -> String {
        if value.is_empty() {
            return "''".to_owned();
        }
        let known = self.0.iter().position(|known| known == value);
        let at = known.unwrap_or_else(|| {
            self.0.push(value.to_owned());
            self.0.len() - 1
        });
        format!(":v{at}")
    }

    /// What tells `pgbench` of them.
    fn arguments(&self) -> impl Iterator<Item = String> {
        let each = self.0.iter().enumerate();
        each.map(|(at, value)| format!("--define=v{at}={value}"))
    }
}

impl Captured {
    /// The same statements for `pgbench`, with other identifiers for each transaction.
    fn script(&self, statements: &[Statement], values: &mut Values) -> Result<String, Failed> {
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
                let written = match value {
                    None => "NULL".to_owned(),
                    // Another item each time: of one item all would wait for one row.
                    Some(value) if *value == self.digest => {
                        "decode(lpad(:n::text, 32, '0'), 'hex')".to_owned()
                    }
                    Some(_) if to_feed && index == 1 => ":head::bigint".to_owned(),
                    Some(value) => expression(value, &replaced, values),
                };
                text = text.replace(&format!("${}", index + 1), &written);
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

/// A value as SQL: the identifiers in it change, what is around them is a variable.
fn expression(value: &str, replaced: &[(String, String)], values: &mut Values) -> String {
    let parts = parts(value, replaced, values);
    match parts.as_slice() {
        // Alone it has the type of its column.
        [only] => only.clone(),
        several => several
            .iter()
            .map(|part| format!("{part}::text"))
            .collect::<Vec<_>>()
            .join(" || "),
    }
}

fn parts(value: &str, replaced: &[(String, String)], values: &mut Values) -> Vec<String> {
    let first = replaced
        .iter()
        .filter_map(|(id, by)| value.find(id.as_str()).map(|at| (at, id, by)))
        .min_by_key(|found| found.0);
    let Some((at, id, by)) = first else {
        return vec![values.variable(value)];
    };
    let (before, after) = (&value[..at], &value[at + id.len()..]);
    let mut all = Vec::new();
    if !before.is_empty() {
        all.push(values.variable(before));
    }
    all.push(by.clone());
    if !after.is_empty() {
        all.extend(parts(after, replaced, values));
    }
    all
}

/// `pgbench` on a database of its own.
pub struct Pgbench {
    url: String,
    scratch: Scratch,
    clients: usize,
    values: Values,
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
        let mut values = Values::default();
        for (name, statements) in all {
            std::fs::write(
                scratch.join(name),
                captured.script(statements, &mut values)?,
            )?;
        }
        Ok(Pgbench {
            url: place.database.url().ok_or("a URL")?,
            scratch,
            clients,
            values,
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
            .args(self.values.arguments())
            .arg(&self.url)
            // As ours sets it for each connection.
            .env(
                "PGOPTIONS",
                "-c plan_cache_mode=force_generic_plan -c max_parallel_workers_per_gather=0",
            )
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
