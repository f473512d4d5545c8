//! Filing and answering: what must be on the disk before it is answered.

use std::path::Path;
use std::time::Duration;

use crate::anchors::{Bare, Pattern, remove};
use crate::load::{self, Done};
use crate::parties::{self, PLATFORMS};
use crate::pgbench::Pgbench;
use crate::report::Report;
use crate::site::{Place, Site};
use crate::statements::{Statement, capture};
use crate::{DECISION, Failed, Plan};

/// The steps of a request's life after it was filed: method, the path's end, body, status.
const FETCH: Step = Step("GET", "", "", 200);
const ACKNOWLEDGE: Step = Step("PUT", "/acknowledgement", "{}", 200);
const DECIDE: Step = Step("POST", "/decisions", DECISION, 201);

const CLIENTS_OF_SQLITE: [usize; 2] = [1, 32];

#[derive(Clone, Copy)]
struct Step(&'static str, &'static str, &'static str, u16);

/// Files for so long.
pub fn file(site: &Site, clients: usize, first: u64, longest: Duration) -> Result<Done, Failed> {
    let token = site.agency.clone();
    load::run(&site.server.url(), clients, longest, 201, move |number| {
        let body = parties::filing(first + number);
        Some(load::call("POST", "/v1/requests", &token, &body, ""))
    })
}

/// Takes these requests a step further. Nothing else was filed, so the order says which platform was asked.
fn step(site: &Site, clients: usize, step: Step, filed: &[Filed]) -> Result<Done, Failed> {
    let Step(method, end, body, expected) = step;
    let tokens = site.platforms.clone();
    let filed = filed.to_vec();
    let longest = Duration::from_secs(30);
    load::run(
        &site.server.url(),
        clients,
        longest,
        expected,
        move |number| {
            let Filed { path, platform } = filed.get(usize::try_from(number).ok()?)?;
            let if_match = if end == "/decisions" {
                "if-match: *\r\n"
            } else {
                ""
            };
            Some(load::call(
                method,
                &format!("{path}{end}"),
                &tokens[*platform],
                body,
                if_match,
            ))
        },
    )
}

#[derive(Clone)]
struct Filed {
    path: String,
    platform: usize,
}

/// Which platform each request went to, as the database has it.
fn filed(place: &Place, done: &Done) -> Result<Vec<Filed>, Failed> {
    use diesel::prelude::*;
    use takedown::store::schema::requests;
    let mut conn = place.open()?;
    let ids: Vec<&str> = done
        .locations
        .iter()
        .filter_map(|path| path.rsplit('/').next())
        .collect();
    let mut found = Vec::new();
    for some in ids.chunks(500) {
        let rows: Vec<(String, String)> = requests::table
            .filter(requests::id.eq_any(some.iter().copied()))
            .select((requests::id, requests::platform_id))
            .load(&mut conn)?;
        found.extend(rows);
    }
    let platforms: Vec<String> = (0..PLATFORMS).map(parties::platform).collect();
    Ok(found
        .into_iter()
        .filter_map(|(id, platform)| {
            Some(Filed {
                path: format!("/v1/requests/{id}"),
                platform: platforms.iter().position(|p| *p == platform)?,
            })
        })
        .collect())
}

/// On the embedded database, against a bare loop: on this machine's disk, and as on one whose sync takes longer.
pub fn sqlite(plan: &Plan, report: &mut Report) -> Result<(), Failed> {
    sqlite_on(plan, report, &plan.directory, "SQLite")?;
    match &plan.slow_directory {
        Some(slow) => sqlite_on(plan, report, slow, "SQLite, sync + 2 ms"),
        None => {
            report.note("not measured with a slower sync: tests/bench/slow_sync.c is not loaded (scripts/bench does)".to_owned());
            Ok(())
        }
    }
}

fn sqlite_on(plan: &Plan, report: &mut Report, directory: &Path, name: &str) -> Result<(), Failed> {
    let place = Place::file(&directory.join(format!("filing-{}.db", std::process::id())));
    place.prepare()?;
    let site = place.serve(&plan.runtime)?;
    file(&site, 1, 0, Duration::from_millis(200))?;
    let mut bare = Bare::new(directory, Pattern::read(&mut place.open()?)?)?;
    bare.insert(Duration::from_millis(500))?;
    // Short turns and many of them: how fast the disk is changes from second to second.
    let turn = plan.round / 3;
    let mut first = 1_000_000;
    let mut filing = [Vec::new(), Vec::new()];
    let mut changes = [[Vec::new(), Vec::new()], [Vec::new(), Vec::new()]];
    for _ in 0..plan.rounds * 2 {
        for (which, clients) in CLIENTS_OF_SQLITE.into_iter().enumerate() {
            let before = bare.insert(turn)?;
            let done = file(&site, clients, first, turn)?;
            let after = bare.insert(turn)?;
            first += 10_000_000;
            filing[which].push((done.rate(), f64::midpoint(before, after)));
            let filed = filed(&place, &done)?;
            step(&site, 32, FETCH, &filed)?;
            for (what, next) in [ACKNOWLEDGE, DECIDE].into_iter().enumerate() {
                let theirs = bare.update(turn / 2)?;
                let rate = step(&site, clients, next, &filed)?.rate();
                changes[what][which].push((rate, theirs));
            }
        }
    }
    let [acknowledging, deciding] = changes;
    let all = [
        ("filing", filing),
        ("acknowledging", acknowledging),
        ("deciding", deciding),
    ];
    for (what, [one, many]) in all {
        for (clients, pairs, least) in [(1, one, 0.7), (32, many, 3.0)] {
            let ending = if clients == 1 { "" } else { "s" };
            report.at_least(
                &format!("{name}: {what}, {clients} client{ending}"),
                &pairs,
                "bare loop, 1 thread",
                least,
            );
        }
    }
    report.at_most(
        &format!("memory after this, {name} (peak)"),
        site.peak_mib()?,
        "MiB",
        64.0,
    );
    if let takedown::store::backend::Location::Sqlite(path) = &place.location {
        drop(site);
        remove(path);
    }
    Ok(())
}

/// On PostgreSQL, against `pgbench` with the statements that ours really runs.
pub fn postgres(plan: &Plan, report: &mut Report) -> Result<(), Failed> {
    const CLIENTS: usize = 8;
    let captured = capture(&plan.runtime)?;
    let told = |statements: &[Statement]| statements.len();
    report.note(format!(
        "statements on PostgreSQL, with BEGIN and COMMIT: filing {}, acknowledging {}, deciding {}",
        told(&captured.file),
        told(&captured.acknowledge),
        told(&captured.decide)
    ));
    #[allow(clippy::cast_precision_loss)]
    report.at_most(
        "inbox page: statements",
        told(&captured.page) as f64,
        "",
        1.0,
    );
    if std::env::var_os("BENCH_SHOW").is_some() {
        for statement in [
            &captured.file,
            &captured.acknowledge,
            &captured.decide,
            &captured.page,
        ] {
            statement.iter().for_each(|s| println!("    {}", s.text));
            println!();
        }
    }
    let place = Place::postgres()?;
    place.prepare()?;
    let site = place.serve(&plan.runtime)?;
    file(&site, CLIENTS, 0, Duration::from_millis(500))?;
    let bench = Pgbench::new(&captured, CLIENTS)?;
    let mut each = 200;
    let mut pairs = [Vec::new(), Vec::new(), Vec::new()];
    for round in 1..=plan.rounds as u64 {
        let base = round * 1_000_000_000;
        let theirs = bench.run("file", each, base)?;
        let done = file(&site, CLIENTS, base, plan.round)?;
        pairs[0].push((done.rate(), theirs));
        bench.fetched();
        let filed = filed(&place, &done)?;
        step(&site, CLIENTS, FETCH, &filed)?;
        for (which, name, next) in [(1, "acknowledge", ACKNOWLEDGE), (2, "decide", DECIDE)] {
            let theirs = bench.run(name, each, base)?;
            pairs[which].push((step(&site, CLIENTS, next, &filed)?.rate(), theirs));
        }
        // The next round as long as ours.
        each = (filed.len() / CLIENTS).clamp(200, 20_000);
    }
    let anchor = "pgbench, same statements";
    report.at_least("PostgreSQL: filing, 8 clients", &pairs[0], anchor, 0.7);
    report.at_least(
        "PostgreSQL: acknowledging, 8 clients",
        &pairs[1],
        anchor,
        0.7,
    );
    report.at_least("PostgreSQL: deciding, 8 clients", &pairs[2], anchor, 0.7);
    report.at_most(
        "memory after this, PostgreSQL (peak)",
        site.peak_mib()?,
        "MiB",
        64.0,
    );
    Ok(())
}
