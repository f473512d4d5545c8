//! What parties brought about for themselves, beside the entries that say so: claims of platforms, webhooks, private feeds.

use std::collections::BTreeMap;

use serde::Deserialize;
use takedown_core::claim::{Challenge, ClaimCode, ClaimStatus};
use takedown_core::history::Digest;
use takedown_core::webhook::{Disabled, WebhookStatus};

use super::keys::differs;
use super::said::Said;
use crate::app::claims::LIFE;
use crate::app::webhooks;
use crate::store::claims::{self, ClaimRow};
use crate::store::log::whole::WholeRow;
use crate::store::private_feeds::{self, FeedRow};
use crate::store::webhooks::{self as hooks, WebhookRow};
use crate::store::{Conn, StoreError};

/// How many rows are read at a time.
const AT_ONCE: i64 = 500;

/// What the entries make of them. Of each a party has some ten at the most.
#[derive(Debug, Default)]
pub(super) struct Registered {
    claims: BTreeMap<String, Claim>,
    webhooks: BTreeMap<String, Webhook>,
    feeds: BTreeMap<String, Feed>,
    /// Clients that were made by a link, and when.
    clients: BTreeMap<String, i64>,
    newest: i64,
}

#[derive(Debug)]
struct Claim {
    platform: String,
    by_operator: bool,
    started_at: i64,
    host: String,
    /// Of the line that is to stand there; the first versions said so only once it was seen.
    line: Option<String>,
    status: ClaimStatus,
    method: Option<String>,
    proved_at: Option<i64>,
}

#[derive(Debug)]
struct Webhook {
    party: String,
    url: String,
    public_key: String,
    disabled: Option<String>,
    version: i32,
    created_at: i64,
    updated_at: i64,
}

#[derive(Debug)]
struct Feed {
    party: String,
    client: Option<String>,
    opened_at: i64,
    address: Option<String>,
}

/// What an entry says of one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SaidOf {
    claim: Option<String>,
    host: String,
    line: Option<String>,
    seen: Option<String>,
    method: Option<String>,
    webhook: String,
    url: Option<String>,
    public_key: String,
    members: Vec<String>,
    reason: String,
    feed: String,
    address: Option<String>,
}

impl Registered {
    /// Looks at an entry; `data` are the bytes of what happened.
    pub(super) fn look(
        &mut self,
        row: &WholeRow,
        data: &str,
        fault: &mut dyn FnMut(&WholeRow, String),
    ) {
        self.newest = self.newest.max(row.at);
        let (kind, _) = row.event.split_once('.').unwrap_or_default();
        if !["platform", "webhook", "feed", "client"].contains(&kind) {
            return;
        }
        let said: SaidOf = serde_json::from_str(data).unwrap_or_default();
        let about = Said::of(&row.data).and_then(|said| said.about());
        let about = about.unwrap_or_default().to_owned();
        let claim = said.claim.clone();
        let wrong = match (row.event.as_str(), claim.as_deref()) {
            ("platform.claim_started", Some(id)) => {
                let claim = Claim {
                    platform: about,
                    by_operator: row.side == "operator",
                    started_at: row.at,
                    host: said.host,
                    line: said.line,
                    status: ClaimStatus::Open,
                    method: None,
                    proved_at: None,
                };
                let before = self.claims.insert(id.to_owned(), claim);
                before.map(|_| format!("the claim {id} was begun before"))
            }
            ("platform.claim_contested" | "platform.verified", Some(id)) => {
                match self.claims.get_mut(id) {
                    Some(claim) => {
                        claim.status = match row.event.as_str() {
                            "platform.verified" => ClaimStatus::Granted,
                            _ => ClaimStatus::Contested,
                        };
                        claim.method = said.method;
                        claim.proved_at = Some(row.at);
                        let other = claim.line.is_some() && claim.line != said.seen;
                        claim.line = said.seen;
                        other.then(|| format!("what was seen is not the line of the claim {id}"))
                    }
                    None => Some(format!("the claim {id} was never begun")),
                }
            }
            ("client.registered", _) if row.via == "link" => {
                self.clients.insert(about, row.at);
                None
            }
            ("webhook.registered", _) => {
                let webhook = Webhook {
                    party: about,
                    url: said.url.unwrap_or_default(),
                    public_key: said.public_key,
                    disabled: None,
                    version: 1,
                    created_at: row.at,
                    updated_at: row.at,
                };
                let before = self.webhooks.insert(said.webhook.clone(), webhook);
                before.map(|_| format!("the webhook {} was registered before", said.webhook))
            }
            ("webhook.removed", _) => {
                let before = self.webhooks.remove(&said.webhook);
                let never = || format!("the webhook {} was never registered", said.webhook);
                before.is_none().then(never)
            }
            (event, _) if kind == "webhook" => match self.webhooks.get_mut(&said.webhook) {
                Some(webhook) => {
                    webhook.change(event, said, row.at);
                    None
                }
                None => Some(format!("the webhook {} was never registered", said.webhook)),
            },
            ("feed.opened", _) => {
                let feed = Feed {
                    party: about,
                    client: row.client_id.clone(),
                    opened_at: row.at,
                    address: said.address,
                };
                let before = self.feeds.insert(said.feed.clone(), feed);
                before.map(|_| format!("the feed {} was opened before", said.feed))
            }
            ("feed.ended", _) => {
                let before = self.feeds.remove(&said.feed);
                let never = || format!("the feed {} was never opened", said.feed);
                before.is_none().then(never)
            }
            _ => None,
        };
        if let Some(wrong) = wrong {
            fault(row, wrong);
        }
    }

    /// Compares every row with what the entries make of it.
    pub(super) fn end(
        mut self,
        conn: &mut Conn,
        fault: &mut dyn FnMut(String),
    ) -> Result<(), StoreError> {
        let clients = std::mem::take(&mut self.clients);
        let newest = self.newest;
        each(
            |after| claims::page(conn, None, after, AT_ONCE),
            |row: &ClaimRow| &row.id,
            |row| match self.claims.remove(&row.id) {
                Some(made) => made.columns(row, &clients, &mut named(fault, "claim", &row.id)),
                None => named(fault, "claim", &row.id)(NEVER.to_owned()),
            },
        )?;
        each(
            |after| hooks::page(conn, None, after, AT_ONCE),
            |row: &WebhookRow| &row.id,
            |row| match self.webhooks.remove(&row.id) {
                Some(made) => made.columns(row, &mut named(fault, "webhook", &row.id)),
                None => named(fault, "webhook", &row.id)(NEVER.to_owned()),
            },
        )?;
        each(
            |after| private_feeds::all(conn, after, AT_ONCE),
            |row: &FeedRow| &row.id,
            |row| match self.feeds.remove(&row.id) {
                Some(made) => made.columns(row, &mut named(fault, "feed", &row.id)),
                None => named(fault, "feed", &row.id)(NEVER.to_owned()),
            },
        )?;
        // One that came to nothing is forgotten when its time is over.
        let there = |status: ClaimStatus, started_at: i64| {
            status != ClaimStatus::Open || started_at + life() > newest
        };
        self.claims
            .retain(|_, claim| there(claim.status, claim.started_at));
        let left = self.claims.keys().map(|id| ("claim", id));
        let left = left.chain(self.webhooks.keys().map(|id| ("webhook", id)));
        for (what, id) in left.chain(self.feeds.keys().map(|id| ("feed", id))) {
            named(fault, what, id)("its entries say that it is there, and it is not".to_owned());
        }
        Ok(())
    }
}

const NEVER: &str = "no entry says that it is there";

fn life() -> i64 {
    LIFE.num_milliseconds()
}

fn named<'a>(
    fault: &'a mut dyn FnMut(String),
    what: &'a str,
    id: &'a str,
) -> impl FnMut(String) + 'a {
    move |why| fault(format!("the {what} {id}: {why}"))
}

/// Every row of a table, some at a time, in the order of their identifiers.
fn each<R>(
    mut page: impl FnMut(Option<&str>) -> Result<Vec<R>, StoreError>,
    id: impl Fn(&R) -> &String,
    mut look: impl FnMut(&R),
) -> Result<(), StoreError> {
    let mut after: Option<String> = None;
    loop {
        let some = page(after.as_deref())?;
        some.iter().for_each(&mut look);
        match some.last() {
            Some(last) => after = Some(id(last).clone()),
            None => return Ok(()),
        }
    }
}

impl Claim {
    fn columns(
        &self,
        row: &ClaimRow,
        clients: &BTreeMap<String, i64>,
        fault: &mut dyn FnMut(String),
    ) {
        let status = self.status.as_str().to_owned();
        let line = row.code.parse().map(|code: ClaimCode| {
            let challenge = Challenge::new(row.host.clone(), &code);
            Digest::of(challenge.line()).to_string()
        });
        let line = line.unwrap_or_else(|_| "what is no code".to_owned());
        for (column, stored, made) in [
            ("platform_id", Some(&row.platform_id), Some(&self.platform)),
            ("host", Some(&row.host), Some(&self.host)),
            ("status", Some(&row.status), Some(&status)),
            ("method", row.method.as_ref(), self.method.as_ref()),
            (
                "code",
                self.line.as_ref().map(|_| &line),
                self.line.as_ref(),
            ),
        ] {
            differs(column, stored, made, fault);
        }
        for (column, stored, made) in [
            ("started_at", Some(row.started_at), Some(self.started_at)),
            (
                "expires_at",
                Some(row.expires_at),
                Some(self.started_at + life()),
            ),
            ("proved_at", row.proved_at, self.proved_at),
        ] {
            differs(column, stored, made, fault);
        }
        let by = |operator| {
            if operator {
                "the operator"
            } else {
                "a mailbox"
            }
        };
        let stored = by(row.claimant.is_empty());
        differs("claimant", Some(stored), Some(by(self.by_operator)), fault);
        // Whoever proved it by his link got a client in the same commit.
        let made = self.status == ClaimStatus::Granted && !self.by_operator;
        let client = row.client_id.as_ref().and_then(|id| clients.get(id));
        if made != row.client_id.is_some() || (made && client.copied() != self.proved_at) {
            fault("its column client_id names no client that was made for it".to_owned());
        }
    }
}

impl Webhook {
    /// What became of it by an entry that neither begins nor ends it.
    fn change(&mut self, event: &str, said: SaidOf, at: i64) {
        self.version += 1;
        self.updated_at = at;
        match event {
            "webhook.changed" => {
                if let Some(url) = said.url {
                    self.url = url;
                }
                // There are two states, so a change is one to the other.
                if said.members.iter().any(|member| member == "status") {
                    self.disabled = match self.disabled {
                        Some(_) => None,
                        None => Some(Disabled::ByParty.to_string()),
                    };
                }
            }
            "webhook.keys_rotated" => self.public_key = said.public_key,
            "webhook.disabled" => self.disabled = Some(said.reason),
            _ => {}
        }
    }

    fn columns(&self, row: &WebhookRow, fault: &mut dyn FnMut(String)) {
        let status = match self.disabled {
            Some(_) => WebhookStatus::Disabled,
            None => WebhookStatus::Active,
        };
        let (status, url) = (status.to_string(), Digest::of(&row.url).to_string());
        for (column, stored, made) in [
            ("party_id", Some(&row.party_id), Some(&self.party)),
            ("url", Some(&url), Some(&self.url)),
            ("status", Some(&row.status), Some(&status)),
            ("disabled", row.disabled.as_ref(), self.disabled.as_ref()),
        ] {
            differs(column, stored, made, fault);
        }
        for (column, stored, made) in [
            ("version", i64::from(row.version), i64::from(self.version)),
            ("created_at", row.created_at, self.created_at),
            ("updated_at", row.updated_at, self.updated_at),
        ] {
            differs(column, Some(stored), Some(made), fault);
        }
        match webhooks::Webhook::try_from(row.clone()) {
            Ok(read) => {
                let newest = read.keys.last().map(|key| &key.public);
                differs("secrets", newest, Some(&self.public_key), fault);
            }
            Err(why) => fault(format!("it cannot be read: {why}")),
        }
    }
}

impl Feed {
    fn columns(&self, row: &FeedRow, fault: &mut dyn FnMut(String)) {
        let digest = data_encoding::HEXLOWER.encode(&row.digest);
        for (column, stored, made) in [
            ("party_id", Some(&row.party_id), Some(&self.party)),
            ("client_id", Some(&row.client_id), self.client.as_ref()),
            (
                "digest",
                self.address.as_ref().map(|_| &digest),
                self.address.as_ref(),
            ),
        ] {
            differs(column, stored, made, fault);
        }
        let (stored, made) = (Some(row.created_at), Some(self.opened_at));
        differs("created_at", stored, made, fault);
    }
}
