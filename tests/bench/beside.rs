//! Filing while everything is exported: of its speed an export may take a tenth at the most.

use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::report::Report;
use crate::site::Site;
use crate::writing::file;
use crate::{Failed, Plan};

/// So much of its speed filing must keep.
const KEPT: f64 = 0.9;

/// Filing with and without an export beside it, in turns, on a site with everything stored.
pub fn measure(plan: &Plan, report: &mut Report, name: &str, site: &Site) -> Result<(), Failed> {
    let clients: &[usize] = if name == "SQLite" { &[1, 32] } else { &[8] };
    let mut first = 7_000_000_000;
    for &clients in clients {
        let mut pairs = Vec::new();
        file(site, clients, first, plan.round / 3)?;
        for _ in 0..plan.rounds.max(2) {
            let without = file(site, clients, first + 10_000_000, plan.round)?.rate();
            let export = Export::begin(plan, site)?;
            let with = file(site, clients, first + 20_000_000, plan.round)?.rate();
            export.end(plan)?;
            pairs.push((with, without));
            first += 30_000_000;
        }
        let ending = if clients == 1 { "" } else { "s" };
        let what = format!(
            "{name}: filing, {clients} client{ending}, export of {} beside it",
            plan.stored
        );
        report.at_least(&what, &pairs, "without an export", KEPT);
    }
    Ok(())
}

/// An export that runs until it is ended; where it comes to its end before, another one.
struct Export(JoinHandle<Result<(), Failed>>);

impl Export {
    /// Returns when its first bytes have come.
    fn begin(plan: &Plan, site: &Site) -> Result<Export, Failed> {
        let (tell, told) = oneshot::channel();
        let url = format!("{}/v1/exports/requests?format=ndjson", site.server.url());
        let running = plan.runtime.spawn(read(url, site.auditor.clone(), tell));
        if plan.runtime.block_on(told).is_err() {
            return Err(match plan.runtime.block_on(running)? {
                Ok(()) => "the export ended at once".into(),
                Err(error) => error,
            });
        }
        Ok(Export(running))
    }

    fn end(self, plan: &Plan) -> Result<(), Failed> {
        self.0.abort();
        match plan.runtime.block_on(self.0) {
            Ok(done) => done,
            Err(error) if error.is_cancelled() => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

async fn read(url: String, token: String, tell: oneshot::Sender<()>) -> Result<(), Failed> {
    let client = reqwest::Client::builder().build()?;
    let mut tell = Some(tell);
    loop {
        let mut answer = client.get(&url).bearer_auth(&token).send().await?;
        if answer.status().as_u16() != 200 {
            return Err(format!("export: {} {}", answer.status(), answer.text().await?).into());
        }
        while answer.chunk().await?.is_some() {
            if let Some(tell) = tell.take() {
                let _ = tell.send(());
            }
        }
    }
}
