//! Asking before filing, and filing, with much stored against little: neither may grow with history. And filing beside an export of much.

use std::path::PathBuf;
use std::time::Duration;

use takedown::store::backend::Location;
use takedown_tests::paths::Scratch;

use crate::beside;
use crate::load::{self, Done};
use crate::parties::{self, PLATFORMS};
use crate::report::{Report, Row, median};
use crate::site::{Place, Site};
use crate::wrk::{self, Get};
use crate::{Failed, Plan};

/// With much stored it may take so many times as long.
const MOST: f64 = 1.5;

/// Lookups and filings with `few` and with `many` stored. What is stored stays as it was: files are copied first.
pub fn measure(
    plan: &Plan,
    report: &mut Report,
    name: &str,
    (few, few_stored): (&Place, usize),
    many: &Place,
) -> Result<(), Failed> {
    let scratch = Scratch::in_(&plan.directory, "asking");
    let (few, many) = (copy(&scratch, few)?, copy(&scratch, many)?);
    let sites = [few.serve(&plan.runtime)?, many.serve(&plan.runtime)?];
    let stored = [few_stored, plan.stored];
    let calls = [lookups(&sites[0], stored[0]), lookups(&sites[1], stored[1])];
    for (site, calls) in sites.iter().zip(&calls) {
        wrk::run(&site.server.url(), 1, 1, calls)?;
    }
    let (mut asking, mut filing) = (Vec::new(), Vec::new());
    let mut first = 5_000_000_000;
    for _ in 0..plan.rounds.max(2) {
        let seconds = plan.round.as_secs();
        let small = wrk::run(&sites[0].server.url(), 1, seconds, &calls[0])?.p50_ms;
        let large = wrk::run(&sites[1].server.url(), 1, seconds, &calls[1])?.p50_ms;
        asking.push((large, small));
        let small = file(&sites[0], first, plan.round)?;
        let large = file(&sites[1], first, plan.round)?;
        filing.push((1e3 / large.rate(), 1e3 / small.rate()));
        first += 10_000_000;
    }
    for (what, pairs) in [("lookup p50", asking), ("filing, 1 client", filing)] {
        let ratio = median(pairs.iter().map(|(large, small)| large / small));
        report.add(Row {
            what: format!("{name}: {what}, {} stored", plan.stored),
            ours: format!("{:.3} ms", median(pairs.iter().map(|p| p.0))),
            anchor: format!(
                "{:.3} ms with {few_stored} stored",
                median(pairs.iter().map(|p| p.1))
            ),
            ratio: Some(ratio),
            target: Some(format!("<= {MOST}")),
            reached: ratio <= MOST,
        });
    }
    // What is stored has been copied already.
    beside::measure(plan, report, name, &sites[1])
}

/// A copy that may be changed. A PostgreSQL database is made anew for each run anyway.
fn copy(scratch: &Scratch, place: &Place) -> Result<Place, Failed> {
    let Location::Sqlite(path) = &place.location else {
        return Ok(place.clone());
    };
    let name = path.file_name().map(PathBuf::from).unwrap_or_default();
    let to = scratch.path().join(name);
    std::fs::copy(path, &to)?;
    Ok(Place::file(&to))
}

/// Links from all over what is stored, each of which was asked about.
fn lookups(site: &Site, stored: usize) -> Vec<Get> {
    (0..400)
        .map(|n| {
            let number = n * 7_919 % stored;
            let host = parties::host(number % PLATFORMS);
            Get {
                path: format!(
                    "/v1/lookups?locator=https://{host}/threads/{number}/posts%3Fpage%3D2"
                ),
                headers: vec![format!("authorization: Bearer {}", site.agency)],
            }
        })
        .collect()
}

fn file(site: &Site, first: u64, longest: Duration) -> Result<Done, Failed> {
    let token = site.agency.clone();
    load::run(&site.server.url(), 1, longest, 201, move |number| {
        let body = parties::filing(first + number);
        Some(load::call("POST", "/v1/requests", &token, &body, ""))
    })
}
