//! What is kept how long, and the page about it.

use std::fmt::Write as _;
use std::time::Duration;

use takedown_core::retention::Class;

use super::key::{Key, Preset, Privacy};
use super::parse;
use super::reader::{Reader, Refusal};

/// What is kept how long.
#[derive(Debug, Clone)]
pub struct Retention {
    /// The time of each class that is not kept for good.
    pub times: Vec<(Class, Duration)>,
}

const ACCEPTS: &str = "a duration from 1s to 36500d, such as 730d; or never, to keep it for good";
const HIGHEST: Duration = Duration::from_secs(36_500 * 86_400);

macro_rules! keys {
    ($($name:ident $class:ident $key:literal $days:literal $about:literal)+) => {
        pub(super) const KEYS: &[&Key] = &[$(&$name,)+];
        const CLASSES: &[(Class, &Key)] = &[$((Class::$class, &$name),)+];
        $(static $name: Key = Key {
            name: $key,
            preset: Preset::Value($days),
            accepts: ACCEPTS,
            about: $about,
            privacy: Privacy::Open,
        };)+
    };
}

keys! {
    REQUESTS Requests "retention.requests" "730d" "How long the words and locators of a request are kept after its last change, once it is closed or withdrawn. What is needed for a duty is kept longer: see docs/retention.md."
    SIGHTINGS Sightings "retention.sightings" "730d" "How long sightings are kept after their last change, once the request they follow is over."
    IMPORTS Imports "retention.imports" "730d" "How long imported records are kept after their import."
    LOOKUPS Lookups "retention.lookups" "365d" "How long the history shows what was looked up; who looked something up and when it shows for good."
    MAILS Mails "retention.mails" "90d" "How long the exact mails are kept after they were sent."
}

pub(super) fn read(reader: &mut Reader) -> Option<Retention> {
    let mut times = Vec::new();
    let mut all = true;
    for (class, key) in CLASSES {
        match reader.value(key, time) {
            Some(Some(time)) => times.push((*class, time)),
            Some(None) => {}
            None => all = false,
        }
    }
    all.then_some(Retention { times })
}

fn time(text: &str) -> Result<Option<Duration>, Refusal> {
    match text {
        "never" => Ok(None),
        text => parse::duration_within(Duration::from_secs(1), HIGHEST)(text).map(Some),
    }
}

/// What is kept by other rules than those that can be configured.
const FIXED: &[(&str, &str, &str)] = &[
    (
        "Answers to idempotency keys",
        "24 hours",
        "A repeated call must get the same answer; draft-ietf-httpapi-idempotency-key-header asks for a published time",
    ),
    (
        "Access tokens",
        "not stored; they live as long as `oauth.token_lifetime`",
        "There are no sessions",
    ),
    (
        "Client assertions that were used",
        "until they expire, minutes",
        "So that none is used twice (RFC 7523, Section 3)",
    ),
    (
        "What a webhook was sent and answered",
        "30 days, and as long as it is to be sent",
        "So that its party can see what went wrong; it holds identifiers, and 2 KiB of what the party's own server answered",
    ),
    (
        "Public keys of nodes",
        "7 days after they were last used",
        "The tokens they verify are dead long before",
    ),
    (
        "Inboxes",
        "for good",
        "They hold states, names of parties and file numbers, no words and no locators; positions without a gap are what shows that nothing was kept back",
    ),
    (
        "The sealed history",
        "leaves for good; bytes as the classes above say",
        "Without the leaves nobody could check that nothing else was changed",
    ),
    (
        "Entries about reads, exports and changes of parties",
        "for good; of reads of documents, whose digests they hold, the bytes go with the request",
        "They name who, when and which part of what, and nothing of the content (Directive (EU) 2016/680, Article 25: logs of consultation)",
    ),
    (
        "Which entries a receipt for more than 16 of them is for",
        "90 days",
        "So long whoever holds the receipt can ask for their proofs by name; the names tell nothing",
    ),
    (
        "Claims of platforms",
        "those that came to nothing 30 days after their end, the others for good",
        "They say by what somebody got an inbox; of the mailbox they hold a digest",
    ),
    (
        "Parties, clients, webhooks, saved texts, notices before a first order, operations",
        "until somebody removes or changes them; their names in the history for good",
        "They are what an authority or a service says of itself",
    ),
    (
        "Counts: the transparency report, the record of an agency",
        "for good",
        "They name no person; the outcomes they are counted from stay when a request is erased",
    ),
];

/// What keeps a request whatever its time.
const NEEDED: &[(&str, &str)] = &[
    ("it is open", "It is worked on"),
    (
        "something is to be put back and the platform has not answered",
        "Regulation (EU) 2021/784, Articles 4(7), 9: what was removed wrongly is reinstated",
    ),
    (
        "an objection has no answer",
        "Regulation (EU) 2021/784, Article 10; Regulation (EU) 2022/2065, Article 20",
    ),
    (
        "what was removed is to be kept",
        "Regulation (EU) 2021/784, Article 6: six months, or longer when an authority or court asks. The agency can release what is longer, and not what the law asks",
    ),
    (
        "its scrutiny can be asked for or is to be decided",
        "Regulation (EU) 2021/784, Article 4",
    ),
    (
        "the uploader may not be told yet",
        "Regulation (EU) 2021/784, Article 11(3)",
    ),
    (
        "one of its sides holds it: `PUT /v1/requests/{id}/hold`",
        "Proceedings, complaints, inquiries: for that side to judge",
    ),
];

/// The page `docs/retention.md`.
#[must_use]
pub fn page() -> String {
    let mut out = String::from(
        "# What is kept how long, and why\n\n\
         Generated from the code; do not edit. A test rewrites it with `UPDATE_GOLDEN=1`.\n\n\
         Personal data is kept no longer than it is needed (Regulation (EU) 2016/679, Article 5(1)(e); Directive (EU)\n\
         2016/680, Articles 4(1)(e) and 5). The times below are defaults; `[retention]` of the\n\
         [configuration](configuration.md) changes each, and `takedown config` prints what holds. The law of your country\n\
         may ask for other ones: have somebody look at them who knows it.\n\n\
         ## By class\n\n\
         | class | kept | from | what is destroyed | what is left | why |\n|---|---|---|---|---|---|\n",
    );
    for (class, key) in CLASSES {
        let rule = class.rule();
        let kept = match key.preset {
            Preset::Value(value) => value,
            Preset::Unset | Preset::Derived(_) => "",
        };
        let _ = writeln!(
            out,
            "| `{class}` | {kept} | {} | {} | {} | {} |",
            rule.from, rule.destroys, rule.leaves, rule.why
        );
    }
    out.push_str("\n## What keeps a request whatever its time\n\n| while | why |\n|---|---|\n");
    for (during, why) in NEEDED {
        let _ = writeln!(out, "| {during} | {why} |");
    }
    out.push_str("\n## By other rules\n\n| what | how long | why |\n|---|---|---|\n");
    for (what, long, why) in FIXED {
        let _ = writeln!(out, "| {what} | {long} | {why} |");
    }
    out.push_str(
        "\n## How it is done\n\n\
         A job looks every ten minutes and destroys what is past its time in short steps, each one commit with an entry in the\n\
         [sealed history](history.md): `request.erased` for a request, `content.erased` for the others. It names the rule, what\n\
         went, and each entry whose bytes and salt were destroyed. Leaves stay, so that `takedown verify` computes the same tree\n\
         as before; it reports how many entries were erased, and names every entry whose content is gone without an entry that\n\
         says so.\n\n\
         An entry holds digests of words, file numbers, codes and instants. What a short text is can be tried out against a\n\
         digest, so each entry with a digest goes; one without any stays.\n\n\
         An agency erases a request of its own before its time with `POST /v1/requests/{id}/erasure` or `takedown erase`:\n\
         180 days after it was closed or withdrawn at the earliest, because so long those it concerns may complain (Regulation\n\
         (EU) 2022/2065, Article 20(1)). At once only for the reason `unlawful` or `legal_obligation` with a `reference`, the file\n\
         number of whoever found or ordered that, which stays in the history. Where its material was seen afterwards goes with\n\
         it, in an entry `content.erased` of its own. Exported files that may show it are ended, unless they are\n\
         encrypted.\n\
         The platform sees `request.erased` in its inbox, and does the same with what it copied.\n\n\
         A link of an erased request is found by no lookup any more, and by no repeat: counting it would need to know it. File\n\
         numbers stay, so that an agency can still say what became of a case, and does not file it twice.\n\n\
         Backups are yours: what was erased is in those made before. Keep them no longer than a few weeks.\n",
    );
    out
}
