//! Reading: inbox pages, "nothing new", the export, and a start with everything stored.

use std::time::Duration;

use takedown_core::page::InboxCursor;
use takedown_tests::paths::Scratch;

use crate::anchors::Memory;
use crate::asking;
use crate::export::{self, Exported};
use crate::parties::{self, PLATFORMS};
use crate::report::{Report, Row, median};
use crate::site::{Place, Site};
use crate::stored;
use crate::wrk::{self, Get};
use crate::{Failed, Plan};

const CLIENTS: usize = 8;
const FEW: usize = 1_000;

/// Everything about reading, on both databases.
pub fn measure(plan: &Plan, report: &mut Report) -> Result<(), Failed> {
    for name in ["SQLite", "PostgreSQL"] {
        let make = |count| -> Result<Place, Failed> {
            if name == "SQLite" {
                stored::sqlite(&plan.runtime, &plan.directory, count)
            } else {
                stored::postgres(&plan.runtime, count)
            }
        };
        let (few, middle, many) = (make(FEW)?, make(FEW * 10)?, make(plan.stored)?);
        let site = many.serve(&plan.runtime)?;
        report.at_most(
            &format!("{name}: ready after start, {} stored", plan.stored),
            site.ready_after.as_secs_f64(),
            "s",
            1.0,
        );
        if name == "SQLite" {
            against_memory(plan, report, &site)?;
        }
        depth(plan, report, name, (&few.serve(&plan.runtime)?, &site))?;
        drop(site);
        exports(plan, report, name, &middle, &many)?;
        asking::measure(plan, report, name, (&middle, FEW * 10), &many)?;
    }
    Ok(())
}

fn seconds(plan: &Plan) -> u64 {
    plan.round.as_secs()
}

/// A page of 50. One that is full is remembered by the server; one that could hold more is read from the database.
const FULL: usize = 50;
const NOT_FULL: usize = 60;

/// The newest 50 entries of every platform, with `stored` requests among them.
fn newest(site: &Site, stored: usize, limit: usize) -> Vec<Get> {
    (0..PLATFORMS)
        .map(|number| page_after(site, number, stored / PLATFORMS - 50, limit))
        .collect()
}

fn page_after(site: &Site, number: usize, after: usize, limit: usize) -> Get {
    let cursor = InboxCursor {
        party: parties::platform(number),
        position: i64::try_from(after).unwrap_or(i64::MAX),
    };
    Get {
        path: format!("/v1/inbox?limit={limit}&cursor={}", cursor.encode()),
        headers: vec![format!("authorization: Bearer {}", site.platforms[number])],
    }
}

fn against_memory(plan: &Plan, report: &mut Report, site: &Site) -> Result<(), Failed> {
    let url = site.server.url();
    let pages = newest(site, plan.stored, FULL);
    let read = newest(site, plan.stored, NOT_FULL);
    let page = plan.runtime.block_on(async {
        let call = reqwest::Client::new().get(format!("{url}{}", pages[0].path));
        let answer = call.bearer_auth(&site.platforms[0]).send().await?;
        Ok::<_, Failed>(answer.error_for_status()?.bytes().await?)
    })?;
    report.note(format!("an inbox page of 50 has {} bytes", page.len()));
    let scratch = Scratch::new("memory");
    std::fs::write(scratch.join("page"), &page)?;
    let memory = Memory::serve(&scratch.join("page"))?;
    let nothing_new: Vec<Get> = (0..PLATFORMS)
        .map(|number| {
            let head = (plan.stored - 1 - number) / PLATFORMS + 1;
            let mut get = page_after(site, number, head, FULL);
            get.headers.push(format!("if-none-match: \"h{head}\""));
            get
        })
        .collect();
    let live = [Get {
        path: "/livez".to_owned(),
        headers: nothing_new[0].headers.clone(),
    }];
    let (mut page_pairs, mut read_pairs, mut new_pairs) = (Vec::new(), Vec::new(), Vec::new());
    wrk::run(&url, CLIENTS, 1, &pages)?;
    for _ in 0..plan.rounds {
        let ours = wrk::run(&url, CLIENTS, seconds(plan), &pages)?;
        let theirs = wrk::run(&memory.url, CLIENTS, seconds(plan), &pages)?;
        page_pairs.push((ours.rate, theirs.rate));
        let ours = wrk::run(&url, CLIENTS, seconds(plan), &read)?;
        read_pairs.push((ours.rate, theirs.rate));
        let ours = wrk::run(&url, CLIENTS, seconds(plan), &nothing_new)?;
        let theirs = wrk::run(&url, CLIENTS, seconds(plan), &live)?;
        new_pairs.push((ours.rate, theirs.rate));
    }
    report.at_least(
        "inbox page of 50, SQLite",
        &page_pairs,
        "same bytes from memory",
        0.5,
    );
    report.beside(
        "inbox page of 50 nobody asked for before, SQLite",
        &read_pairs,
        "same bytes from memory",
    );
    report.at_least("inbox, nothing new (304)", &new_pairs, "our /livez", 0.5);
    Ok(())
}

/// A page among many against a page among few.
fn depth(
    plan: &Plan,
    report: &mut Report,
    name: &str,
    (few, many): (&Site, &Site),
) -> Result<(), Failed> {
    let all = [
        newest(few, FEW, NOT_FULL),
        newest(many, plan.stored, NOT_FULL),
    ];
    // More than the server remembers.
    let anywhere: Vec<Get> = (0..400)
        .map(|n| {
            page_after(
                many,
                n % PLATFORMS,
                n * 7_919 % (plan.stored / PLATFORMS - 50),
                FULL,
            )
        })
        .collect();
    let urls = [few.server.url(), many.server.url()];
    wrk::run(&urls[0], 1, 1, &all[0])?;
    wrk::run(&urls[1], 1, 1, &all[1])?;
    let (mut pairs, mut elsewhere) = (Vec::new(), Vec::new());
    for _ in 0..plan.rounds.max(2) {
        let small = wrk::run(&urls[0], 1, seconds(plan), &all[0])?.p50_ms;
        let large = wrk::run(&urls[1], 1, seconds(plan), &all[1])?.p50_ms;
        let deep = wrk::run(&urls[1], 1, seconds(plan), &anywhere)?.p50_ms;
        pairs.push((large, small));
        elsewhere.push((deep, small));
    }
    for (where_, pairs) in [("newest entries", pairs), ("anywhere", elsewhere)] {
        let ratio = median(pairs.iter().map(|(large, small)| large / small));
        report.add(Row {
            what: format!("{name}: page p50, {} stored, {where_}", plan.stored),
            ours: format!("{:.3} ms", median(pairs.iter().map(|p| p.0))),
            anchor: format!(
                "{:.3} ms with {FEW} stored",
                median(pairs.iter().map(|p| p.1))
            ),
            ratio: Some(ratio),
            target: Some("<= 1.1".to_owned()),
            reached: ratio <= 1.1,
        });
    }
    report.at_most(
        &format!("memory after this, {name} (peak)"),
        many.peak_mib()?,
        "MiB",
        64.0,
    );
    Ok(())
}

fn exports(
    plan: &Plan,
    report: &mut Report,
    name: &str,
    middle: &Place,
    many: &Place,
) -> Result<(), Failed> {
    let mut peaks = Vec::new();
    for (place, stored) in [(middle, FEW * 10), (many, plan.stored)] {
        let site = place.serve(&plan.runtime)?;
        let mut first = Duration::MAX;
        let mut last = None;
        for _ in 0..if stored > FEW * 10 { 1 } else { 3 } {
            let done = export::run(&site, &plan.runtime)?;
            first = first.min(done.first_byte);
            last = Some(done);
        }
        let Exported {
            rows,
            bytes,
            seconds,
            ..
        } = last.ok_or("no export")?;
        if rows != stored {
            return Err(format!("{rows} rows were exported of {stored}").into());
        }
        peaks.push(site.peak_mib()?);
        report.at_most(
            &format!("{name}: export of {stored}, first byte"),
            first.as_secs_f64() * 1e3,
            "ms",
            50.0,
        );
        if stored == plan.stored {
            #[allow(clippy::cast_precision_loss)]
            let rate = rows as f64 / seconds;
            report.add(Row {
                what: format!("{name}: export of {stored} as NDJSON"),
                ours: format!("{rate:.0} rows/s"),
                anchor: String::new(),
                ratio: None,
                target: Some(">= 100000 rows/s".to_owned()),
                reached: rate >= 100_000.0,
            });
            #[allow(clippy::cast_precision_loss)]
            let rate = bytes as f64 / 1e6 / seconds;
            report.add(Row {
                what: format!("{name}: the same in bytes"),
                ours: format!("{rate:.1} MB/s"),
                anchor: String::new(),
                ratio: None,
                target: Some(">= 60 MB/s".to_owned()),
                reached: rate >= 60.0,
            });
        }
    }
    let grown = peaks[1] / peaks[0];
    report.add(Row {
        what: format!("{name}: memory, export of {}", plan.stored),
        ours: format!("{:.1} MiB", peaks[1]),
        anchor: format!("{:.1} MiB with {} rows", peaks[0], FEW * 10),
        ratio: Some(grown),
        target: Some("<= 1.25 and < 64 MiB".to_owned()),
        reached: grown <= 1.25 && peaks[1] < 64.0,
    });
    Ok(())
}
