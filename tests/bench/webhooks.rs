//! Webhooks: how many are delivered a second, and how soon after the filing.

use std::time::{Duration, Instant, UNIX_EPOCH};

use serde_json::json;
use takedown_tests::Api;
use takedown_tests::seams::setting;
use takedown_tests::sink::{Received, Sink};

use crate::anchors::remove;
use crate::parties::{self, PLATFORMS};
use crate::report::{Report, Row};
use crate::site::{Place, Site};
use crate::{Failed, Plan, load};

/// So many webhooks each platform has: one filing is told so often.
const EACH: usize = 4;
/// Filings a second: a little more than the deliveries that were promised.
const PACE: u32 = 275;
/// What was promised.
const RATE: f64 = 1_000.0;
const P99_MS: f64 = 1_000.0;

/// On both databases.
pub fn measure(plan: &Plan, report: &mut Report) -> Result<(), Failed> {
    let path = plan
        .directory
        .join(format!("webhooks-{}.db", std::process::id()));
    on(plan, report, "SQLite", &Place::file(&path))?;
    remove(&path);
    on(plan, report, "PostgreSQL", &Place::postgres()?)
}

fn on(plan: &Plan, report: &mut Report, name: &str, place: &Place) -> Result<(), Failed> {
    place.prepare()?;
    let settings = [
        setting("TAKEDOWN_WORKER_ENABLED", "true"),
        setting("TAKEDOWN_WEBHOOKS_LOOPBACK", "true"),
    ];
    let site = place.serve_with(&plan.runtime, &settings)?;
    let sink = plan.runtime.block_on(Sink::start());
    register(plan, &site, &sink)?;

    let (token, started) = (site.agency.clone(), Instant::now());
    let done = load::run(&site.server.url(), 16, plan.round * 3, 201, move |number| {
        let due = Duration::from_secs(1) * u32::try_from(number).unwrap_or(u32::MAX) / PACE;
        std::thread::sleep(due.saturating_sub(started.elapsed()));
        let body = parties::filing(7_000_000_000 + number);
        Some(load::call("POST", "/v1/requests", &token, &body, ""))
    })?;
    let expected = usize::try_from(done.answered)? * EACH;
    let calls = all(&sink, expected)?;

    let mut waits = calls.iter().map(waited).collect::<Result<Vec<f64>, _>>()?;
    waits.sort_by(f64::total_cmp);
    let p99 = waits.get(waits.len() * 99 / 100).ok_or("no call came")?;
    let (first, last) = (
        calls.iter().map(|c| c.at).min(),
        calls.iter().map(|c| c.at).max(),
    );
    let (first, last) = first.zip(last).ok_or("no call came")?;
    let seconds = last.duration_since(first)?.as_secs_f64();
    #[allow(clippy::cast_precision_loss)]
    let rate = calls.len() as f64 / seconds;
    report.add(Row {
        what: format!("{name}: webhooks delivered"),
        ours: format!("{rate:.0}/s"),
        anchor: String::new(),
        ratio: None,
        target: Some(format!(">= {RATE}/s")),
        reached: rate >= RATE,
    });
    let what = format!("{name}: from filing to webhook received, p99");
    report.at_most(&what, *p99, "ms", P99_MS);
    report.note(format!(
        "{name}: {} webhooks to {} addresses, {:.0} MiB resident at the most",
        calls.len(),
        PLATFORMS * EACH,
        site.peak_mib()?
    ));
    Ok(())
}

fn register(plan: &Plan, site: &Site, sink: &Sink) -> Result<(), Failed> {
    let anonymous = Api::anonymous(site.server.address());
    for platform in 0..PLATFORMS {
        let api = anonymous.acting_as(parties::credentials(platform));
        for number in 0..EACH {
            let wanted = json!({ "url": sink.url(&path(platform, number)) });
            let answer = plan
                .runtime
                .block_on(api.post("/v1/webhooks", &wanted).attempt())?;
            if answer.status != 201 {
                return Err(answer.text().into());
            }
        }
    }
    Ok(())
}

fn path(platform: usize, number: usize) -> String {
    format!("/{platform}/{number}")
}

/// Waits until so many calls have come.
fn all(sink: &Sink, expected: usize) -> Result<Vec<Received>, Failed> {
    let longest = Instant::now() + Duration::from_secs(60);
    loop {
        let paths = (0..PLATFORMS).flat_map(|p| (0..EACH).map(move |n| path(p, n)));
        let calls: Vec<Received> = paths.flat_map(|path| sink.received(&path)).collect();
        if calls.len() >= expected {
            return Ok(calls);
        }
        if Instant::now() > longest {
            return Err(format!("{} of {expected} webhooks came", calls.len()).into());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// From the instant of the event to the call, in milliseconds.
fn waited(call: &Received) -> Result<f64, Failed> {
    let told = call.json();
    let at = told["timestamp"].as_str().ok_or("no timestamp")?;
    let at = chrono::DateTime::parse_from_rfc3339(at)?.timestamp_millis();
    let came = i64::try_from(call.at.duration_since(UNIX_EPOCH)?.as_millis())?;
    #[allow(clippy::cast_precision_loss)]
    let waited = (came - at) as f64;
    Ok(waited)
}
