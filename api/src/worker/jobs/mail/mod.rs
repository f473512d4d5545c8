//! Sends the notifications that wait in the outbox.
//!
//! - Addresses and whether the recipient may be written to are looked up at the moment of sending.
//! - A platform with several contacts gets one mail: to the first of them, to the next when the mail server refuses
//!   the first for good. When it is only "not now", the whole is tried later, so that nobody gets it twice.
//! - Mails of one request leave in the order in which they were queued, as far as one run takes them together; a
//!   later mail does not wait for an earlier one whose recipient cannot be reached.
//! - What is taken is held by a short lease, renewed while it is worked on. A send whose lease ends under it, because
//!   the database cannot be reached, is broken off.
//! - A process that dies in between repeats the mail with the same `Message-ID`; nothing is lost.

mod facts;
mod lease;
mod memo;
mod reports;

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::{FutureExt, StreamExt, stream};

use self::lease::Held;
use crate::app::notify::{self, About, DIGEST, Digest, Due, Letter, Outcome, SentMail, Verdict};
use crate::app::platforms::mint_unsubscribe;
use crate::app::requests::{made_by, mint_link};
use crate::app::webhooks::sealed_with;
use crate::app::{Cx, Error};
use crate::mail::{
    BuildError, Delivery, DigestFacts, Link, Mail as Written, MailFacts, Rendered, Report, Retry,
    Schedule, Sender, Transport, render, render_digest,
};
use crate::store::StoreError;
use crate::worker::{Job, Next, Stop};

/// So many notifications are taken at a time.
const BATCH: i64 = 20;
/// So many mails are on their way at a time.
const AT_ONCE: usize = 4;
/// How long what was taken is ours unless it is renewed: so long mails wait when their process dies.
const LEASE: Duration = Duration::from_secs(20);
/// How often a lease is renewed: one renewal may fail without harm.
const RENEWED_EVERY: Duration = Duration::from_secs(5);
/// When what the database could not tell about is looked at again. What is merely given back is due at once: a
/// database that reads badly and writes well would be asked in circles.
const UNREAD_FOR: Duration = Duration::from_secs(5);
/// When what is withheld is looked at again.
const HELD_FOR: Duration = Duration::from_secs(300);

/// How mails are written, how they leave, and when they are tried again.
#[derive(Debug)]
pub struct Post {
    /// From whom they come.
    pub sender: Sender,
    /// The way out.
    pub transport: Transport,
    /// Pauses between tries.
    pub schedule: Schedule,
}

/// Why no mail was written.
enum Unwritten {
    /// It cannot go to this address.
    Address(BuildError),
    /// It ends here, wherever it would go.
    Ended(Outcome),
}

fn failed(error: impl std::fmt::Display) -> Unwritten {
    Unwritten::Ended(Outcome::Failed(error.to_string()))
}

/// The job that sends mails.
pub struct Mail {
    cx: Cx,
    post: Post,
    lease: Duration,
    renewed_every: Duration,
}

impl Mail {
    /// The job over this outbox.
    #[must_use]
    pub fn new(cx: Cx, post: Post) -> Self {
        Self {
            cx,
            post,
            lease: LEASE,
            renewed_every: RENEWED_EVERY,
        }
    }

    /// With other times: for tests.
    #[cfg(test)]
    pub(in crate::worker) fn holding_for(
        mut self,
        lease: Duration,
        renewed_every: Duration,
    ) -> Self {
        self.lease = lease;
        self.renewed_every = renewed_every;
        self
    }

    /// Marks return addresses with the key that writes: another one may since this node started.
    async fn choose_mark(&self) {
        let Some(path) = self.post.sender.returns() else {
            return;
        };
        match sealed_with(&self.cx).await {
            Ok(name) => name.iter().for_each(|name| path.mark_with(name)),
            Err(error) => tracing::warn!(%error, "which sealing key writes could not be read"),
        }
    }

    /// One notification, from judging to settling.
    async fn handle(&self, held: &Held, due: Due, stop: &Stop) {
        let (mut outcome, told) = if stop.is_set() || !held.is_ours() {
            (Outcome::Released, Vec::new())
        } else {
            let tried = AssertUnwindSafe(self.attempt(held, &due)).catch_unwind();
            match tried.await {
                Ok(Ok(ended)) => ended,
                Ok(Err(error)) => {
                    tracing::warn!(delivery = %due.id, %error, "a notification could not be read");
                    let held = "the database could not be read".to_owned();
                    (Outcome::Held(UNREAD_FOR, held), Vec::new())
                }
                Err(_) => {
                    tracing::error!(delivery = %due.id, "a notification made the worker panic");
                    let why = "a defect of the exchange stopped it".to_owned();
                    (self.not_now(&due, why), Vec::new())
                }
            }
        };
        tell(&due, &outcome);
        if due.event == DIGEST {
            outcome = Outcome::OfDigest(Box::new(outcome), told);
        }
        held.settle(&self.cx, &due, &outcome).await;
    }

    /// One try; and of a digest what it tells.
    async fn attempt(&self, held: &Held, due: &Due) -> Result<(Outcome, Vec<String>), Error> {
        let verdict = match notify::judge(&self.cx, due).await {
            // What is stored does not get better by waiting.
            Err(error @ (Error::NotFound | Error::Store(StoreError::Inconsistent(_)))) => {
                return Ok((Outcome::Failed(error.to_string()), Vec::new()));
            }
            verdict => verdict?,
        };
        let outcome = match verdict {
            Verdict::Send(letter) => {
                let told = match &letter.about {
                    About::Digest(digest) => digest
                        .entries
                        .iter()
                        .map(|(due, _)| due.id.clone())
                        .collect(),
                    _ => Vec::new(),
                };
                return Ok((self.send(held, due, &letter).await, told));
            }
            Verdict::Hold(why) => Outcome::Held(HELD_FOR, why),
            Verdict::Wait(at, why) => {
                let left = (at - self.cx.now()).to_std().unwrap_or_default();
                Outcome::Held(left, why)
            }
            Verdict::Gather(platform, at) => Outcome::Gathered(platform, at),
            Verdict::Drop(why) => Outcome::Dropped(why),
            Verdict::Fail(why) => Outcome::Failed(why),
        };
        Ok((outcome, Vec::new()))
    }

    async fn send(&self, held: &Held, due: &Due, letter: &Letter) -> Outcome {
        let mut refusals = Vec::new();
        for contact in &letter.contacts {
            let written = match &letter.about {
                About::Digest(digest) => self.write_digest(due, letter, (&**digest, contact)).await,
                About::Memo(about) => {
                    let written = memo::write(&self.post.sender, due, letter, (&**about, contact));
                    written.map(|mail| (mail.clone(), mail))
                }
                _ => self.write(due, letter, contact).await,
            };
            let (kept, mail) = match written {
                Ok(mails) => mails,
                Err(Unwritten::Address(error)) => {
                    refusals.push(format!("{contact}: {error}"));
                    continue;
                }
                Err(Unwritten::Ended(outcome)) => return outcome,
            };
            let sandbox = self.cx.sandbox.as_ref();
            let returned = sandbox.and_then(|sandbox| sandbox.returns(contact));
            let leaving = async {
                match returned {
                    Some(why) => Delivery::Permanent(why.to_owned()),
                    None => self.post.transport.send(&mail).await,
                }
            };
            let Some(delivery) = held.while_ours(leaving).await else {
                return self.not_now(due, "its lease ended while it was sent".to_owned());
            };
            match delivery {
                Delivery::Sent(reply) => {
                    let remark = (!refusals.is_empty()).then(|| refusals.join("; "));
                    let sent = SentMail {
                        recipient: contact.clone(),
                        reply,
                        // What it opens is nobody's business who reads the database.
                        raw: kept.bytes().to_vec(),
                    };
                    return Outcome::Sent(sent, remark);
                }
                Delivery::Transient(why) => {
                    refusals.push(format!("{contact}: {why}"));
                    return self.not_now(due, refusals.join("; "));
                }
                Delivery::Permanent(why) => refusals.push(format!("{contact}: {why}")),
            }
        }
        Outcome::Failed(refusals.join("; "))
    }

    /// The mail as it is kept, and as it is sent.
    async fn write(
        &self,
        due: &Due,
        letter: &Letter,
        contact: &str,
    ) -> Result<(Written, Written), Unwritten> {
        let reports = reports::of(due, letter, self.cx.now());
        let url = &self.cx.settings.public_url;
        let facts = facts::of(due, letter, url, !reports.is_empty()).map_err(failed)?;
        let rendered = render(&facts).map_err(failed)?;
        let compose = |facts: &MailFacts, rendered: &Rendered, reports: &[Report]| {
            let sender = &self.post.sender;
            sender.compose_reporting(facts, rendered, (contact, reports), due.created_at)
        };
        let blanked: Vec<Report> = reports.iter().map(Report::blanked).collect();
        let kept = compose(&facts, &rendered, &blanked).map_err(Unwritten::Address)?;
        let mail = match self.with_secret((due, letter), &facts, contact).await {
            Ok(None) if reports.is_empty() => kept.clone(),
            Ok(None) => compose(&facts, &rendered, &reports).map_err(failed)?,
            Ok(Some((facts, rendered))) => compose(&facts, &rendered, &[]).map_err(failed)?,
            Err(outcome) => return Err(Unwritten::Ended(outcome)),
        };
        Ok((kept, mail))
    }

    /// The same of several in one.
    async fn write_digest(
        &self,
        due: &Due,
        letter: &Letter,
        (digest, contact): (&Digest, &str),
    ) -> Result<(Written, Written), Unwritten> {
        let url = &self.cx.settings.public_url;
        let blanked = facts::of_digest(due, letter, digest, url).map_err(failed)?;
        let compose = |facts: &DigestFacts| {
            let rendered = render_digest(facts).map_err(failed)?;
            let sender = &self.post.sender;
            let mail = sender.compose_digest(facts, &rendered, contact, due.created_at);
            mail.map_err(Unwritten::Address)
        };
        let kept = compose(&blanked)?;
        let Some(platform) = &digest.platform else {
            return Ok((kept.clone(), kept));
        };
        let secret = mint_unsubscribe(&self.cx, platform);
        let secret = secret.await.map_err(|error| {
            tracing::warn!(%error, "a link that ends mails could not be made");
            let held = "the database could not be written".to_owned();
            Unwritten::Ended(Outcome::Held(UNREAD_FOR, held))
        })?;
        let unsubscribe = Link::unsubscribe(url, secret.as_str()).map_err(failed)?;
        let mail = compose(&DigestFacts {
            unsubscribe: Some(unsubscribe),
            ..blanked
        })?;
        Ok((kept, mail))
    }

    /// The mail with a link of its own for this mailbox, where the recipient answers by one.
    async fn with_secret(
        &self,
        (due, letter): (&Due, &Letter),
        facts: &MailFacts,
        contact: &str,
    ) -> Result<Option<(MailFacts, Rendered)>, Outcome> {
        let About::Request(view) = &letter.about else {
            return Ok(None);
        };
        if !letter.by_link {
            return Ok(None);
        }
        let made = (contact, made_by(due));
        let secret = mint_link(&self.cx, view, made).await.map_err(|error| {
            tracing::warn!(%error, "an answer link could not be made");
            Outcome::Held(UNREAD_FOR, "the database could not be written".to_owned())
        })?;
        let failed = |error: &dyn std::fmt::Display| Outcome::Failed(error.to_string());
        let link = Link::answer(&self.cx.settings.public_url, secret.as_str());
        let facts = MailFacts {
            link: link.map_err(|error| failed(&error))?,
            ..facts.clone()
        };
        let rendered = render(&facts).map_err(|error| failed(&error))?;
        Ok(Some((facts, rendered)))
    }

    fn not_now(&self, due: &Due, why: String) -> Outcome {
        match self.post.schedule.after(&due.id, due.attempts + 1) {
            Retry::After(pause) => Outcome::Retry(pause, why),
            Retry::Dead => Outcome::Failed(why),
        }
    }
}

impl Job for Mail {
    fn name(&self) -> &'static str {
        "mail"
    }

    async fn run(&self, stop: &Stop) -> Result<Next, Error> {
        let (held, due) = Held::take(&self.cx, self.lease, BATCH).await?;
        if due.is_empty() {
            return Ok(Next::Wait);
        }
        self.choose_mark().await;
        let held = &held;
        let sending =
            stream::iter(by_request(due)).for_each_concurrent(AT_ONCE, |of_one| async move {
                for due in of_one {
                    self.handle(held, due, stop).await;
                }
            });
        let keeping = async {
            held.keep(&self.cx, self.renewed_every).await;
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = sending => {}
            () = keeping => {}
        }
        if stop.is_set() {
            self.post.transport.close().await;
        }
        Ok(Next::Again)
    }
}

/// What belongs to one request stays in its order; what belongs to different ones may overtake.
fn by_request(due: Vec<Due>) -> Vec<Vec<Due>> {
    let mut groups: Vec<Vec<Due>> = Vec::new();
    for due in due {
        match groups
            .iter_mut()
            .find(|group| group.iter().any(|first| first.request == due.request))
        {
            Some(group) => group.push(due),
            None => groups.push(vec![due]),
        }
    }
    groups
}

fn tell(due: &Due, outcome: &Outcome) {
    let (delivery, request, event) = (&due.id, &due.request, &due.event);
    match outcome {
        Outcome::Sent(..) => tracing::info!(%delivery, %request, %event, "mail sent"),
        Outcome::Retry(pause, why) => {
            let again_in = pause.as_secs();
            tracing::warn!(%delivery, %request, %event, %why, again_in, "mail not sent yet");
        }
        Outcome::Held(_, why) => tracing::info!(%delivery, %request, %event, %why, "mail withheld"),
        Outcome::Failed(why) => {
            tracing::error!(%delivery, %request, %event, %why, "mail given up");
        }
        Outcome::Dropped(why) => {
            tracing::info!(%delivery, %request, %event, %why, "mail no longer true");
        }
        Outcome::Gathered(_, at) => {
            tracing::info!(%delivery, %request, %event, %at, "mail gathered with others");
        }
        Outcome::OfDigest(outcome, _) => tell(due, outcome),
        Outcome::Released => tracing::debug!(%delivery, "mail given back"),
    }
}
