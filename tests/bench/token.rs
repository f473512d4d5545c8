//! What checking an access token costs.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use takedown::auth::directory::Answer;
use takedown::auth::{Client, ClientDirectory, KeyDirectory, PublicKey, SigningKey, Tokens};
use takedown::config::oauth::Oauth;
use takedown_core::id::{ClientId, PlatformId};
use takedown_core::policy::{Party, Scopes};
use takedown_core::time::At;
use uuid::Uuid;

use crate::Failed;
use crate::report::Report;

struct Memory {
    client: Arc<Client>,
    key: PublicKey,
}

impl ClientDirectory for Memory {
    fn client(&self, _: ClientId) -> Answer<'_, Option<Arc<Client>>> {
        std::future::ready(Ok(Some(Arc::clone(&self.client)))).boxed()
    }

    fn use_jti<'a>(&'a self, _: ClientId, _: &'a str, _: At) -> Answer<'a, bool> {
        std::future::ready(Ok(true)).boxed()
    }
}

impl KeyDirectory for Memory {
    fn lookup<'a>(&'a self, _: &'a str) -> Answer<'a, Option<PublicKey>> {
        std::future::ready(Ok(Some(self.key.clone()))).boxed()
    }

    fn published(&self) -> Answer<'_, Vec<PublicKey>> {
        std::future::ready(Ok(vec![self.key.clone()])).boxed()
    }
}

/// Checks tokens in a loop: each for the first time, then the same ones again.
pub fn measure(report: &mut Report, runtime: &tokio::runtime::Runtime) -> Result<(), Failed> {
    const COUNT: usize = 4_000;
    let signer = Arc::new(SigningKey::generate()?);
    let id = ClientId::from_uuid(Uuid::now_v7());
    let memory = Arc::new(Memory {
        client: Arc::new(Client {
            id,
            party: Party::Platform(PlatformId::from_uuid(Uuid::now_v7())),
            scopes: Scopes::all(),
            secrets: Vec::new(),
            keys: Vec::new(),
            enabled: true,
            tokens_not_before: None,
        }),
        key: signer.public().clone(),
    });
    let oauth = Oauth {
        token_lifetime: Duration::from_secs(300),
        issuer: "https://exchange.example".to_owned(),
    };
    let tokens = Tokens::new(&oauth, signer, memory.clone(), memory);
    let now = chrono::Utc::now();
    let issued: Vec<String> = (0..COUNT)
        .map(|_| tokens.issue(id, Scopes::all(), now))
        .collect::<Result<_, _>>()?;
    for what in ["token check, first time", "token check, seen before"] {
        let before = cpu_nanos()?;
        runtime.block_on(async {
            for token in &issued {
                tokens.check(token, now).await?;
            }
            Ok::<_, Failed>(())
        })?;
        #[allow(clippy::cast_precision_loss)]
        let each = (cpu_nanos()? - before) as f64 / COUNT as f64 / 1e6;
        report.at_most(what, each, "ms CPU", 0.1);
    }
    Ok(())
}

/// What this thread has spent so far.
fn cpu_nanos() -> Result<u64, Failed> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    Ok(told
        .split_whitespace()
        .next()
        .ok_or("no schedstat")?
        .parse()?)
}
