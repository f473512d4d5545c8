//! What the page shows.

use askama::Template;
use secrecy::ExposeSecret as _;
use takedown_core::claim::{Challenge, ClaimCode, ClaimStatus, Found};
use takedown_core::platform::ControlMethod;
use takedown_core::text::visible;
use takedown_core::time::At;

use super::typed::{Typed, Wrong};
use super::words::{ALL, Words};
use crate::app::claims::{self, Claim, Credentials};
use crate::app::requests::Opened;
use crate::web::docs::Docs;

/// What a page is made of.
pub(super) struct Shown<'a> {
    pub opened: &'a Opened,
    /// What stands in the address of this page.
    pub secret: &'a str,
    pub now: At,
    /// Where the exchange is reached.
    pub public_url: &'a str,
    /// Whether a program acts for the platform already.
    pub taken: bool,
    pub claim: Option<Claim>,
    /// What was granted just now.
    pub credentials: Option<&'a Credentials>,
    /// Whether wishes were saved just now.
    pub saved: bool,
    /// Whether it could not be read how it stands.
    pub failed: bool,
}

/// Where the claim stands for the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// Nothing was begun, or its time is over.
    Choosing,
    /// The proof is looked for.
    Open,
    Granted,
    Contested,
}

/// A place that was looked at.
struct Seen {
    label: &'static str,
    at: String,
    says: String,
    proof: bool,
}

/// What is shown once.
struct Shows<'a> {
    client: &'a str,
    secret: &'a str,
}

/// The page.
#[derive(Template)]
#[template(path = "web/claim.html")]
pub(super) struct Page<'a> {
    w: &'static Words,
    all: &'static [&'static Words],
    secret: &'a str,
    platform: String,
    stands: Stands,
    taken: bool,
    failed: bool,
    over: bool,
    hosts: Vec<String>,
    host: String,
    record: Option<String>,
    line: &'a str,
    file: Option<String>,
    until: String,
    looked_at: Option<String>,
    seen: Vec<Seen>,
    client: Option<String>,
    credentials: Option<Shows<'a>>,
    ticket: bool,
    /// By what a press of the button is known again.
    once: String,
    saved: bool,
    public_url: &'a str,
    wrong: Vec<&'a str>,
    typed: &'a Typed,
    wrongs: &'a [Wrong],
    contact: Option<&'a str>,
}

impl<'a> Page<'a> {
    pub(super) fn of(
        shown: &'a Shown<'a>,
        w: &'static Words,
        docs: &'a Docs,
        (typed, wrongs): (&'a Typed, &'a [Wrong]),
    ) -> Self {
        let claim = shown.claim.as_ref();
        let stands = match claim {
            Some(claim) if claim.status == ClaimStatus::Granted => Stands::Granted,
            Some(claim) if claim.status == ClaimStatus::Contested => Stands::Contested,
            Some(claim) if claim.is_open(shown.now) => Stands::Open,
            _ => Stands::Choosing,
        };
        let challenge = claim.map(|claim| &claim.challenge);
        let platform = &shown.opened.view.platform;
        let seen = claim.map_or(&[][..], |claim| claim.seen.as_slice()).iter();
        Self {
            w,
            all: &ALL,
            secret: shown.secret,
            platform: visible(&platform.name).into_owned(),
            stands,
            taken: shown.taken,
            failed: shown.failed,
            over: claim.is_some() && stands == Stands::Choosing,
            hosts: provable(&platform.hosts),
            host: challenge.map_or_else(String::new, |c| c.host().to_owned()),
            record: challenge.and_then(Challenge::record),
            line: challenge.map_or("", Challenge::line),
            file: challenge.and_then(Challenge::file),
            until: claim.map_or_else(String::new, |claim| minute(claim.expires_at)),
            looked_at: claim.and_then(|claim| claim.looked_at).map(minute),
            seen: seen
                .map(|sight| Seen {
                    label: match sight.method {
                        ControlMethod::DnsTxt => w.record_label,
                        _ => w.file_label,
                    },
                    at: sight.at.clone(),
                    says: (w.says)(&sight.found),
                    proof: sight.found == Found::Proof,
                })
                .collect(),
            client: claim.and_then(|claim| claim.client.clone()),
            credentials: shown.credentials.map(|given| Shows {
                client: &given.client,
                secret: given.secret.expose_secret(),
            }),
            ticket: stands == Stands::Granted && !typed.get("ticket").is_empty(),
            once: claims::once(typed.get("once")),
            saved: shown.saved,
            public_url: shown.public_url,
            wrong: wrongs
                .iter()
                .filter(|wrong| wrong.field.is_empty())
                .map(|wrong| wrong.says.as_str())
                .collect(),
            typed,
            wrongs,
            contact: docs.contact(),
        }
    }

    fn open(&self) -> bool {
        self.stands == Stands::Open
    }

    fn granted(&self) -> bool {
        self.stands == Stands::Granted
    }

    fn contested(&self) -> bool {
        self.stands == Stands::Contested
    }

    /// What is wrong with a field.
    fn wrong(&self, field: &str) -> Option<&str> {
        let wrong = self.wrongs.iter().find(|wrong| wrong.field == field);
        wrong.map(|wrong| wrong.says.as_str())
    }
}

/// Those of the hosts at which something can be proved.
fn provable(hosts: &[String]) -> Vec<String> {
    let code = ClaimCode::of([0; ClaimCode::LENGTH]);
    let can = |host: &&String| Challenge::new((*host).clone(), &code).can_be_proved();
    hosts.iter().filter(can).cloned().collect()
}

fn minute(at: At) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}
