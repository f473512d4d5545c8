//! Sends webhooks: each webhook in a task of its own, so that one that stalls holds up nobody else.

mod agenda;
mod lanes;
mod together;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use takedown_core::time::At;
use takedown_core::webhook::signatures;
use tokio::time::Instant;

use self::agenda::{Agenda, Look};
use self::lanes::Lanes;
use self::together::Together;
use crate::app::sandbox::Trick;
use crate::app::webhooks::{
    self, Lease, Message, Next as Due, Outcome, Round, Settled, Taken, Work, Written,
};
use crate::app::{Cx, Error};
use crate::mail::{Retry, Schedule};
use crate::store::StoreError;
use crate::webhook::{Attempt, Call, Sender};
use crate::worker::{Job, Next, Stop};

/// So many webhooks are worked on at a time.
const AT_ONCE: usize = 256;
/// So many messages of one webhook are taken at a time.
const BATCH: usize = 32;
/// So many of them are on their way at a time.
const ABREAST: usize = 8;
/// How long a webhook is ours unless that is renewed: so long its messages wait when this process dies.
const LEASE: Duration = Duration::from_secs(20);
/// How often a lease is renewed: one renewal may fail without harm.
const RENEWED_EVERY: Duration = Duration::from_secs(5);
/// When a webhook is looked at again to which nothing may be sent.
const HELD_FOR: Duration = Duration::from_secs(10);
/// The least time between two looks for work, which many commits would ask for.
const BETWEEN_LOOKS: Duration = Duration::from_millis(25);

/// The job that sends webhooks.
pub struct Webhooks {
    sending: Sending,
    every: Duration,
}

/// What sends one webhook's messages. Cheap to clone.
#[derive(Clone)]
struct Sending {
    cx: Cx,
    sender: Sender,
    schedule: Arc<Schedule>,
    together: Arc<Together<Round, Written>>,
}

/// How the work on a webhook ended.
enum End {
    /// It is not ours any more: the last round gave it back, or it was lost.
    Gone,
    /// It is to be given back, and left alone for so long.
    Held(Option<Duration>),
    /// It is to be given back to whoever can sign it.
    Unsigned,
}

impl Webhooks {
    /// The job, which looks for work `every` so often at the least.
    #[must_use]
    pub fn new(cx: Cx, sender: Sender, schedule: Schedule, every: Duration) -> Self {
        let schedule = Arc::new(schedule);
        Self {
            sending: Sending {
                cx,
                sender,
                schedule,
                together: Arc::default(),
            },
            every,
        }
    }

    /// Takes what is due, but for what this node is still at and what it cannot sign.
    async fn taken(&self, agenda: &mut Agenda, lanes: &mut Lanes) -> Result<Vec<Taken>, Error> {
        let cx = &self.sending.cx;
        let heard = cx.feeds.news.take();
        let parties = match agenda.look(Instant::now(), cx.now().timestamp_millis(), heard) {
            Look::All => None,
            Look::Of(parties) => Some(parties),
            Look::None => return Ok(Vec::new()),
        };
        let room = AT_ONCE.saturating_sub(lanes.len());
        // Beyond the room, because leases of what is still worked on may have lapsed.
        let most = room + lanes.passed_over(Instant::now());
        let found = webhooks::due(cx, parties, most, self.every).await?;
        let all_found = found.due.len() < most;
        let free = lanes.free(found.due);
        agenda.found(all_found && free.len() <= room, found.soon);
        let free = free.into_iter().take(room).collect();
        webhooks::take(cx, free, LEASE).await
    }
}

impl Job for Webhooks {
    fn name(&self) -> &'static str {
        "webhooks"
    }

    /// Runs until the node stops: what one webhook waits for must not end the run of all.
    async fn run(&self, stop: &Stop) -> Result<Next, Error> {
        let cx = &self.sending.cx;
        let mut lanes = Lanes::default();
        let mut agenda = Agenda::new(self.every, Instant::now());
        while !stop.is_set() {
            match self.taken(&mut agenda, &mut lanes).await {
                Ok(all) => {
                    for taken in all {
                        let of = (taken.lease.webhook.clone(), taken.party().to_owned());
                        let (sending, stop) = (self.sending.clone(), stop.clone());
                        let work = async move { sending.work(taken, &stop).await };
                        lanes.start(of, work);
                    }
                }
                Err(error) => {
                    lanes.finish().await;
                    return Err(error);
                }
            }
            let pause = agenda.pause(Instant::now(), cx.now().timestamp_millis());
            tokio::select! {
                () = stop.wait() => break,
                () = cx.feeds.news.told() => {}
                // Something may have come in just before the webhook was given back.
                Some(party) = lanes.ended() => agenda.add(party),
                () = tokio::time::sleep(pause) => {}
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
            while let Some(party) = lanes.ended_already() {
                agenda.add(party);
            }
        }
        lanes.finish().await;
        Ok(Next::Wait)
    }
}

impl Sending {
    /// Sends what is due of one webhook until nothing is left; false when this node cannot sign it.
    async fn work(&self, taken: Taken, stop: &Stop) -> bool {
        let lease = taken.lease.clone();
        let webhook = &lease.webhook;
        let mut signed = true;
        let pause = match self.rounds(taken, stop).await {
            Ok(End::Gone) => return signed,
            Ok(End::Held(pause)) => pause,
            Ok(End::Unsigned) => {
                signed = false;
                None
            }
            Err(error) => {
                tracing::warn!(%webhook, %error, "a webhook could not be worked on");
                Some(HELD_FOR)
            }
        };
        if let Err(error) = webhooks::release(&self.cx, &lease, pause).await {
            tracing::warn!(%webhook, %error, "a webhook could not be given back");
        }
        signed
    }

    /// Round after round, each of which is written down with those of others.
    async fn rounds(&self, taken: Taken, stop: &Stop) -> Result<End, Error> {
        let lease = taken.lease;
        let mut stands = Some(taken.stands);
        while !stop.is_set() {
            let work = match webhooks::next(&self.cx, &lease, stands.take(), BATCH).await? {
                Due::Send(work) => *work,
                Due::Nothing => break,
                Due::Hold(why) => {
                    tracing::info!(webhook = %lease.webhook, %why, "webhook held");
                    return Ok(End::Held(Some(HELD_FOR)));
                }
                Due::Unsigned(why) => {
                    tracing::warn!(webhook = %lease.webhook, %why, "this node leaves a webhook to the others");
                    return Ok(End::Unsigned);
                }
            };
            let Some((settled, pause)) = self.held(&lease, self.send(&work, stop)).await else {
                tracing::warn!(webhook = %lease.webhook, "a lease ended while it was used");
                return Ok(End::Gone);
            };
            let silent = settled.iter().all(|one| one.status.is_none());
            let round = Round {
                lease: lease.clone(),
                // One that does not answer at all goes to the end of the line.
                goes_on: work.more && !silent && pause.is_none(),
                work,
                settled,
                pause,
            };
            if !self.settle(round).await? {
                return Ok(End::Gone);
            }
        }
        Ok(End::Held(None))
    }

    /// Writes down a round with those of others; says whether another one follows. Its lease is kept while it waits for its turn.
    async fn settle(&self, round: Round) -> Result<bool, Error> {
        let lease = round.lease.clone();
        let write = |rounds: Vec<Round>| {
            let cx = self.cx.clone();
            async move {
                let settled = webhooks::settle(&cx, rounds, LEASE).await;
                let why = "what webhooks were sent could not be written";
                settled
                    .inspect_err(|error| tracing::warn!(%error, "{why}"))
                    .ok()
            }
        };
        let settled = self.keeping(&lease, self.together.add(round, write)).await;
        match settled {
            Some(Written::Done(goes_on)) => Ok(goes_on),
            // Not in anybody's turn: whoever holds its row up holds up nobody else.
            Some(Written::NotYet(round)) => {
                let alone = webhooks::settle_alone(&self.cx, round, LEASE);
                self.keeping(&lease, alone).await
            }
            None => {
                let lost = "what became of a webhook's messages could not be written";
                Err(Error::Store(StoreError::Unavailable(lost.into())))
            }
        }
    }

    /// Keeps the lease while something is done; nothing when it was lost.
    async fn held<T>(&self, lease: &Lease, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            done = work => Some(done),
            () = self.lost(lease) => None,
        }
    }

    /// Keeps the lease while something is written, which is not broken off when it was lost: it may be written for others too, and
    /// what is written says by itself whose the webhook is.
    async fn keeping<T>(&self, lease: &Lease, writing: impl Future<Output = T>) -> T {
        let mut writing = pin!(writing);
        tokio::select! {
            done = &mut writing => done,
            () = self.lost(lease) => writing.await,
        }
    }

    /// Keeps a lease until it is lost.
    async fn lost(&self, lease: &Lease) {
        loop {
            tokio::time::sleep(RENEWED_EVERY).await;
            match webhooks::renew(&self.cx, lease, LEASE).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => tracing::warn!(%error, "a lease could not be renewed"),
            }
        }
    }

    /// Sends a batch: how each message fared, in their order, and for how long the receiver asks to be left alone.
    async fn send(&self, work: &Work, stop: &Stop) -> (Vec<Settled>, Option<Duration>) {
        let messages = work.messages.iter();
        let attempts: Vec<_> = messages.map(|one| self.one(work, one, stop)).collect();
        let tried: Vec<(Settled, Option<Duration>)> =
            stream::iter(attempts).buffered(ABREAST).collect().await;
        let wait = tried.iter().filter_map(|(_, wait)| *wait).max();
        let settled = tried.into_iter().map(|(settled, _)| settled).collect();
        (settled, wait)
    }

    async fn one(
        &self,
        work: &Work,
        message: &Message,
        stop: &Stop,
    ) -> (Settled, Option<Duration>) {
        let at = self.cx.now();
        if stop.is_set() {
            let untried = Attempt::default();
            return (settled(Outcome::Untried, at, untried), None);
        }
        let trick = self.trick(message);
        if let Some((trick, pause)) = trick.and_then(|trick| Some((trick, trick.pause()?)))
            && message.first
        {
            let held = Attempt {
                error: Some(format!("{} on purpose by the sandbox", trick.as_str())),
                ..Attempt::default()
            };
            return (settled(Outcome::HeldBack(pause), at, held), None);
        }
        // Receivers compare it with their own clock.
        let timestamp = self.cx.clock.real().timestamp();
        let call = Call {
            id: message.id.clone(),
            timestamp,
            signatures: signatures(&work.keys, &message.id, timestamp, &message.body),
            body: message.body.clone(),
            mark: self.cx.sandbox.is_some().then_some(match trick {
                Some(trick) => trick.as_str(),
                None => "true",
            }),
        };
        let attempt = self.sender.send(&work.url, &call).await;
        if attempt.error.is_none() && trick == Some(Trick::Doubled) {
            // Whatever is answered: the message has arrived.
            self.sender.send(&work.url, &call).await;
        }
        let wait = attempt.wait.filter(|_| attempt.error.is_some());
        let outcome = match (&attempt.error, attempt.status) {
            (None, _) => Outcome::Delivered,
            (Some(_), Some(410)) => Outcome::Gone,
            (Some(_), _) => self.later(&message.id, message.attempts + 1, wait),
        };
        tell(work, message, &outcome, attempt.error.as_deref());
        (settled(outcome, at, attempt), wait)
    }

    /// What a sandbox does to a message on purpose.
    fn trick(&self, message: &Message) -> Option<Trick> {
        let sandbox = self.cx.sandbox.as_ref()?;
        sandbox.mischief.trick_at(message.position?)
    }

    fn later(&self, message: &str, tried: u32, wait: Option<Duration>) -> Outcome {
        match self.schedule.after(message, tried) {
            Retry::After(pause) => Outcome::Retry(pause.max(wait.unwrap_or_default())),
            Retry::Dead => Outcome::GivenUp,
        }
    }
}

fn settled(outcome: Outcome, at: At, attempt: Attempt) -> Settled {
    Settled {
        outcome,
        at,
        status: attempt.status,
        answer: attempt.answer,
        error: attempt.error,
        took: attempt.took,
    }
}

fn tell(work: &Work, message: &Message, outcome: &Outcome, why: Option<&str>) {
    let (webhook, message) = (work.webhook(), &message.id);
    let why = why.unwrap_or_default();
    match outcome {
        Outcome::Delivered => tracing::debug!(%webhook, %message, "webhook delivered"),
        Outcome::Retry(pause) => {
            let again_in = pause.as_secs();
            tracing::info!(%webhook, %message, %why, again_in, "webhook not delivered yet");
        }
        Outcome::GivenUp => tracing::warn!(%webhook, %message, %why, "webhook given up"),
        Outcome::Gone => tracing::warn!(%webhook, %message, "webhook gone"),
        Outcome::HeldBack(_) => tracing::debug!(%webhook, %message, %why, "webhook held back"),
        Outcome::Untried => {}
    }
}
