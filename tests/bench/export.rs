//! Streaming everything out.

use std::time::{Duration, Instant};

use crate::Failed;
use crate::site::Site;

/// What an export did.
#[derive(Debug, Clone, Copy)]
pub struct Exported {
    pub rows: usize,
    pub bytes: usize,
    pub seconds: f64,
    pub first_byte: Duration,
}

/// Exports every request as NDJSON and counts the rows.
pub fn run(site: &Site, runtime: &tokio::runtime::Runtime) -> Result<Exported, Failed> {
    let url = format!("{}/v1/exports/requests?format=ndjson", site.server.url());
    runtime.block_on(async {
        let client = reqwest::Client::builder().build()?;
        let started = Instant::now();
        let mut answer = client.get(url).bearer_auth(&site.auditor).send().await?;
        if answer.status().as_u16() != 200 {
            return Err(format!("export: {} {}", answer.status(), answer.text().await?).into());
        }
        let (mut rows, mut bytes, mut first_byte) = (0, 0, None);
        while let Some(part) = answer.chunk().await? {
            first_byte.get_or_insert_with(|| started.elapsed());
            bytes += part.len();
            rows += part.iter().map(|b| usize::from(*b == b'\n')).sum::<usize>();
        }
        Ok(Exported {
            rows,
            bytes,
            seconds: started.elapsed().as_secs_f64(),
            first_byte: first_byte.unwrap_or_default(),
        })
    })
}
