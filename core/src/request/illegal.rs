//! Why a command was refused, in a sentence.

use thiserror::Error;

use super::{
    clock::ClockError,
    command::{CommandName, Side},
    correction::Fact,
    outcome::OutcomeError,
    status::Status,
};
use crate::id::ItemId;

/// One outcome that cannot be accepted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{item}: {why}")]
pub struct Refused {
    /// Its place among the outcomes given, from 0.
    pub index: usize,
    /// The item it was given for.
    pub item: ItemId,
    /// What is wrong with it.
    pub why: OutcomeError,
}

/// A command that cannot be carried out. The request is as it was.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Illegal {
    /// The request does not stand where the command needs it.
    #[error("{command} is not possible while the request is {status}{}", need(needs, *status, *why))]
    Status {
        /// What was wanted.
        command: CommandName,
        /// Where the request stands.
        status: Status,
        /// Where it would have to stand.
        needs: &'static [Status],
        /// What else stands in the way, where the status alone does not say it.
        why: Option<&'static str>,
    },
    /// The other side's command.
    #[error("{command} is for the {}, not for the {by}", words(command.sides(), "and"))]
    Side {
        /// What was wanted.
        command: CommandName,
        /// By whom.
        by: Side,
    },
    /// Closing while items are undecided.
    #[error(
        "close needs an outcome for every item; {} of {of} {} undecided: {}",
        items.len(),
        if items.len() == 1 { "is" } else { "are" },
        first(items)
    )]
    Undecided {
        /// The undecided items, in the order of their positions.
        items: Vec<ItemId>,
        /// How many items the request has.
        of: usize,
    },
    /// Deciding nothing.
    #[error("decide needs at least one item with its outcome")]
    NothingDecided,
    /// Outcomes that cannot be accepted; none of the call's outcomes was.
    #[error("{}", refusals(.0))]
    Outcomes(Vec<Refused>),
    /// An item that is to be taken back, and cannot be.
    #[error("{item}: {}", if *known { "it is withdrawn already" } else { "this request has no such item" })]
    Item {
        /// Its place among the items given, from 0.
        index: usize,
        /// Which.
        item: ItemId,
        /// It belongs to the request.
        known: bool,
    },
    /// Taking nothing back.
    #[error("name at least one item, or withdraw the request as a whole")]
    NothingWithdrawn,
    /// A fact that cannot be corrected here.
    #[error("{fact} cannot be corrected: {why}")]
    Fact {
        /// Which.
        fact: Fact,
        /// What stands in the way, and what to do instead.
        why: &'static str,
    },
    /// An order for what may be a decoy.
    #[error(
        "an order cannot ask to wait: whoever suspects a decoy withdraws the order, and files a referral with that attribution"
    )]
    DecoyOrdered,
    /// A referral where an order is needed.
    #[error("a referral is voluntary: there is no order to be copied, scrutinised or final")]
    NotAnOrder,
    /// The order was taken back or annulled.
    #[error("the order is withdrawn or annulled already: nothing is left to be scrutinised")]
    NoOrderLeft,
    /// Nobody doubts it.
    #[error("nobody doubts it now: there is no doubt to settle")]
    NotDoubted,
    /// The deadline that would follow cannot be computed.
    #[error(transparent)]
    Clock(#[from] ClockError),
    /// No request can change more often than its version can count.
    #[error("the request has been changed too often to be changed again")]
    VersionsExhausted,
}

impl Illegal {
    /// A word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Status { .. } => "status",
            Self::Side { .. } => "side",
            Self::Undecided { .. } => "undecided",
            Self::NothingDecided => "nothing_decided",
            Self::Outcomes(_) => "outcomes",
            Self::Item { .. } => "item",
            Self::NothingWithdrawn => "nothing_withdrawn",
            Self::Fact { .. } => "fact",
            Self::DecoyOrdered => "decoy_ordered",
            Self::NotAnOrder => "not_an_order",
            Self::NoOrderLeft => "no_order_left",
            Self::NotDoubted => "not_doubted",
            Self::Clock(_) => "clock",
            Self::VersionsExhausted => "versions_exhausted",
        }
    }

    /// The statuses in which the command would be possible; empty when the status is not what stands in the way.
    pub const fn needs(&self) -> &'static [Status] {
        match self {
            Self::Status { needs, .. } => needs,
            _ => &[],
        }
    }

    /// Whether the call itself is wrong, wherever the request may stand, rather than its moment.
    pub const fn is_invalid_input(&self) -> bool {
        matches!(
            self,
            Self::NothingDecided
                | Self::Outcomes(_)
                | Self::Item { .. }
                | Self::NothingWithdrawn
                | Self::DecoyOrdered
        )
    }
}

fn words<T: ToString>(all: &[T], joint: &str) -> String {
    let all: Vec<String> = all.iter().map(ToString::to_string).collect();
    match all.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} {joint} {last}", most.join(", ")),
    }
}

fn need(needs: &[Status], status: Status, why: Option<&'static str>) -> String {
    match why {
        // The status itself would do: only the reason tells what is missing.
        Some(why) if needs.contains(&status) => format!(": {why}"),
        Some(why) => format!("; it needs {} ({why})", words(needs, "or")),
        None => format!("; it needs {}", words(needs, "or")),
    }
}

fn first(items: &[ItemId]) -> String {
    const SHOWN: usize = 10;
    let shown: Vec<String> = items.iter().take(SHOWN).map(ToString::to_string).collect();
    match items.len().checked_sub(SHOWN) {
        None | Some(0) => shown.join(", "),
        Some(more) => format!("{} and {more} more", shown.join(", ")),
    }
}

fn refusals(refused: &[Refused]) -> String {
    match refused {
        [one] => one.to_string(),
        [one, more @ ..] => format!("{one} (and {} more)", more.len()),
        [] => String::from("an outcome cannot be accepted"),
    }
}
