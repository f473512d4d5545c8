//! What a request must be, from nothing but its entries: the state machine itself goes through them again.
//!
//! Notes are in the entries as digests, so an outcome that was replayed has the digest where a stored one has the note;
//! [`told`] brings a stored one into that form. Clocks are not replayed: what starts them stands in the filing. The deadline
//! is compared with the one that the entries gave last.

use thiserror::Error;

use super::{Data, Decided, Digest};
use crate::{
    id::ItemId,
    preservation::PreservationStatus,
    request::{
        Applied, Awaiting, Change, Command, EventType, Illegal, NewRequest, NotFiled, Outcome,
        OutcomeCode, Overseen, Request, Side, Starts, State,
    },
    time::At,
};

/// An entry of a request, read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The version that it made.
    pub version: i32,
    /// The side that brought it about, if one did.
    pub by: Option<Side>,
    /// When.
    pub at: At,
    /// What happened.
    pub data: Data,
}

/// What is said of an item beside its present standing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ItemPast {
    /// When the first outcome was given.
    pub first_decided_at: Option<At>,
    /// When the present one was.
    pub decided_at: Option<At>,
    /// What had been done to it before it was put back.
    pub undone: Option<Outcome>,
    /// Every outcome ever given, with when.
    pub decisions: Vec<(Outcome, At)>,
}

/// A request as its entries make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replayed {
    /// The request; its clock is none.
    pub request: Request,
    /// What else is said of its items, in their order.
    pub items: Vec<ItemPast>,
    /// The deadline that was given last.
    pub due_at: Option<At>,
    /// The platform's own ticket.
    pub platform_reference: Option<String>,
    /// How often facts were corrected.
    pub corrections: i32,
    /// How it stands with keeping what was removed, once anything was said of it.
    pub preservation: Option<PreservationStatus>,
    /// When it was last changed.
    pub updated_at: At,
}

/// Why entries do not make a request.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotReplayed {
    /// There is none, or the first one is no filing.
    #[error("its first entry is no filing")]
    NoFiling,
    /// The filing is none that can be.
    #[error("it cannot have been filed so: {0}")]
    Filing(NotFiled),
    /// Versions are not counted through.
    #[error("version {found} follows version {before}")]
    Version {
        /// The version before.
        before: i32,
        /// The one that was found.
        found: i32,
    },
    /// The state machine refuses it.
    #[error("{event} of version {version} cannot have happened: {why}")]
    Refused {
        /// What is said to have happened.
        event: &'static str,
        /// The version it made.
        version: i32,
        /// Why it cannot.
        why: String,
    },
}

/// Goes through the entries of a request, which must be all of them, in the order of their versions.
///
/// # Errors
/// [`NotReplayed`] names the first that cannot have happened.
pub fn replay(id: crate::id::RequestId, entries: &[Told]) -> Result<Replayed, NotReplayed> {
    let (first, rest) = entries.split_first().ok_or(NotReplayed::NoFiling)?;
    let mut replayed = filed(id, first)?;
    for told in rest {
        let before = replayed.request.version;
        if told.version != before + 1 {
            return Err(NotReplayed::Version {
                before,
                found: told.version,
            });
        }
        let change = step(&replayed.request, told).map_err(|why| NotReplayed::Refused {
            event: told.data.event_type(),
            version: told.version,
            why: why.to_string(),
        })?;
        replayed.adopt(change, told);
    }
    Ok(replayed)
}

fn filed(id: crate::id::RequestId, first: &Told) -> Result<Replayed, NotReplayed> {
    let Data::RequestFiled {
        agency,
        platform,
        kind,
        instrument,
        items,
        due_at,
        ..
    } = &first.data
    else {
        return Err(NotReplayed::NoFiling);
    };
    if first.version != 1 {
        return Err(NotReplayed::Version {
            before: 0,
            found: first.version,
        });
    }
    let new = NewRequest {
        id,
        agency: *agency,
        platform: *platform,
        kind: *kind,
        instrument: instrument.clone(),
        clock: None,
        starts: Starts::default(),
        items: items.clone(),
    };
    let change = Request::file(new, first.at).map_err(NotReplayed::Filing)?;
    Ok(Replayed {
        items: vec![ItemPast::default(); change.request.items.len()],
        request: change.request,
        due_at: *due_at,
        platform_reference: None,
        corrections: 0,
        preservation: None,
        updated_at: first.at,
    })
}

/// What the entry says happened, done again.
fn step(request: &Request, told: &Told) -> Result<Change, Illegal> {
    let side = told.by.unwrap_or(Side::Agency);
    let request = request.clone();
    let marked = |request: Request| request.by_time(EventType::NoteAdded, &[]);
    let command = match &told.data {
        Data::RequestFetched { .. } => Command::Fetch,
        Data::RequestAcknowledged { .. } if request.state.acknowledged_at().is_none() => {
            Command::Acknowledge
        }
        Data::RequestDecided { decisions } | Data::RestorationAnswered { decisions, .. } => {
            Command::Decide(outcomes(decisions))
        }
        Data::DecisionRevised {
            reason, decisions, ..
        } => Command::Revise {
            reason: *reason,
            outcomes: outcomes(decisions),
        },
        Data::RequestClosed { decisions, .. } => Command::Close {
            rest: outcomes(decisions).pop().map(|(_, outcome)| outcome),
        },
        Data::QuestionAsked { .. } => Command::Ask,
        Data::ObstacleReported { obstacle, .. } => Command::ReportObstacle(*obstacle),
        Data::ObstacleEnded { .. } => Command::ObstacleOver,
        Data::AnswerGiven { .. } => Command::Answer,
        // A correction that was the answer moves what an answer moves.
        Data::RequestCorrected { answer: true, .. } => Command::Answer,
        Data::RequestWithdrawn { reason, items, .. } if items.is_empty() => {
            Command::Withdraw(*reason)
        }
        Data::RequestWithdrawn { reason, items, .. }
        | Data::ItemsWithdrawn { reason, items, .. } => Command::WithdrawItems {
            items: items.clone(),
            reason: *reason,
        },
        Data::RequestReopened { reason, .. } => Command::Reopen(*reason),
        Data::RequestAnnulled { .. } => return request.oversee(Overseen::Annulled, told.at),
        Data::DoubtRaised { .. } => Command::Doubt,
        Data::DoubtSettled { genuine, .. } => return request.settle_doubt(*genuine, told.at),
        // Everything else moves a duty or says something, and leaves the state as it is.
        _ => return marked(request),
    };
    match request.clone().apply(command, side, told.at)? {
        Applied::Changed(change) => Ok(change),
        // Only what the entries do not tell was new: the language of a note.
        Applied::Unchanged(_) => marked(request),
    }
}

impl Replayed {
    fn adopt(&mut self, change: Change, told: &Told) {
        for ((past, was), is) in self
            .items
            .iter_mut()
            .zip(&self.request.items)
            .zip(&change.request.items)
        {
            let given = change.decided.iter().filter(|(id, _)| *id == is.id);
            past.decisions
                .extend(given.map(|(_, outcome)| (outcome.clone(), told.at)));
            if was.outcome != is.outcome {
                past.undone = match &is.outcome {
                    Some(outcome) if outcome.code == OutcomeCode::Restored => was
                        .outcome
                        .clone()
                        .filter(|was| was.code.acted_on())
                        .or(past.undone.take()),
                    _ => None,
                };
                past.decided_at = Some(told.at);
                past.first_decided_at.get_or_insert(told.at);
            }
        }
        match &told.data {
            Data::RequestFetched { due_at }
            | Data::ObstacleEnded { due_at, .. }
            | Data::AnswerGiven { due_at, .. }
            | Data::DoubtSettled { due_at, .. }
            | Data::RequestCorrected { due_at, .. }
                // While it stands still an entry has none to give.
                if due_at.is_some() || !self.stands() =>
            {
                self.due_at = *due_at;
            }
            _ => {}
        }
        match &told.data {
            Data::RequestAcknowledged {
                platform_reference, ..
            } if platform_reference.is_some() => {
                self.platform_reference.clone_from(platform_reference);
            }
            Data::RequestCorrected { .. } => self.corrections += 1,
            Data::PreservationHeld { .. } => self.preservation = Some(PreservationStatus::Held),
            Data::PreservationReleased { .. } => {
                self.preservation = Some(PreservationStatus::Released);
            }
            Data::PreservationExpired { .. } => {
                self.preservation = Some(PreservationStatus::Expired);
            }
            Data::PreservationDeleted { .. } => {
                self.preservation = Some(PreservationStatus::Deleted);
            }
            _ => {}
        }
        self.request = change.request;
        self.request.version = told.version;
        self.updated_at = told.at;
    }

    const fn stands(&self) -> bool {
        self.request.is_doubted()
            || matches!(
                self.request.state,
                State::NeedsInformation {
                    awaiting: Awaiting::Question | Awaiting::Obstacle(_),
                    ..
                }
            )
    }
}

fn outcomes(decisions: &[Decided]) -> Vec<(ItemId, Outcome)> {
    let outcome = |decided: &Decided| Outcome {
        code: decided.outcome,
        basis: decided.basis,
        effective_at: decided.effective_at,
        uploader_informed: decided.uploader_informed,
        countries: decided.countries.clone(),
        duplicate_of: decided.duplicate_of.clone(),
        note: decided.note.map(|note| note.to_string()),
        note_language: None,
    };
    decisions
        .iter()
        .map(|decided| (decided.item, outcome(decided)))
        .collect()
}

/// A stored outcome as the entries tell of it.
#[must_use]
pub fn told(mut outcome: Outcome) -> Outcome {
    outcome.note = outcome.note.map(|note| Digest::of(note).to_string());
    outcome.note_language = None;
    outcome
}
