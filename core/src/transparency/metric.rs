//! What is counted: every metric divides a whole into codes that add up to it, so that nothing is counted twice and
//! nothing falls between two counts.

use super::code::{
    AskedBack, BasisOfAction, Border, Finality, Group, Objected, Outcome, Reinstated, Removal,
    Scrutiny, TakenBack, Unable,
};
use crate::request::{Status, WithdrawalReason};
use crate::text::coded_enum;

coded_enum! {
    /// What a number counts.
    pub enum Unit, "a unit" {
        /// Requests.
        Requests => "requests",
        /// Requests that claim a binding power.
        Orders => "orders",
        /// Items.
        Items => "items",
        /// Seconds.
        Seconds => "seconds",
    }
}

coded_enum! {
    /// A metric.
    pub enum Metric, "a metric" {
        /// All requests.
        Requests => "requests",
        /// The voluntary ones.
        Referrals => "referrals",
        /// The orders.
        Orders => "orders",
        /// All items.
        Items => "items",
        /// Requests by where they stand.
        Status => "status",
        /// Withdrawn requests by reason.
        Withdrawal => "withdrawal",
        /// Orders by whether they cross a border.
        Border => "border",
        /// Orders by their scrutiny.
        Scrutiny => "scrutiny",
        /// Orders by whether they are final.
        Finality => "finality",
        /// Orders by what stood in the way.
        Obstacle => "obstacle",
        /// Items by outcome.
        Outcome => "outcome",
        /// Items by groups of outcomes.
        Result => "result",
        /// Items by whether they were removed or access was disabled.
        Removal => "removal",
        /// Items by the basis of what was done.
        Basis => "basis",
        /// Items by whether they were taken back by themselves.
        ItemWithdrawal => "item_withdrawal",
        /// Items by how it stands with putting them back after a withdrawal.
        Restoration => "restoration",
        /// Items by the uploader's latest objection.
        Objection => "objection",
        /// Items that were put back, by why.
        Reinstatement => "reinstatement",
    }
}

/// The one code of a whole.
const WHOLE: &[&str] = &[""];

impl Metric {
    /// The codes into which it divides its whole; of a whole there is one, without a name.
    #[must_use]
    pub const fn codes(self) -> &'static [&'static str] {
        match self {
            Self::Requests | Self::Referrals | Self::Orders | Self::Items => WHOLE,
            Self::Status => Status::CODES,
            Self::Withdrawal => WithdrawalReason::CODES,
            Self::Border => Border::CODES,
            Self::Scrutiny => Scrutiny::CODES,
            Self::Finality => Finality::CODES,
            Self::Obstacle => Unable::CODES,
            Self::Outcome => Outcome::CODES,
            Self::Result => Group::CODES,
            Self::Removal => Removal::CODES,
            Self::Basis => BasisOfAction::CODES,
            Self::ItemWithdrawal => TakenBack::CODES,
            Self::Restoration => AskedBack::CODES,
            Self::Objection => Objected::CODES,
            Self::Reinstatement => Reinstated::CODES,
        }
    }

    /// What each of these codes means, in the same order, with the columns of the export that decide it.
    #[must_use]
    pub const fn meanings(self) -> &'static [&'static str] {
        match self {
            Self::Requests => &["Requests filed in the period (`filed_at`)."],
            Self::Referrals => &["Those whose `kind` is `referral`."],
            Self::Orders => &["Those whose `kind` is `order`."],
            Self::Items => &["Rows of the export: one per item."],
            Self::Status => &[
                "`status` is `filed`: nobody has read it.",
                "`status` is `fetched`.",
                "`status` is `acknowledged`.",
                "`status` is `needs_information`.",
                "`status` is `closed`.",
                "`status` is `withdrawn`.",
            ],
            Self::Withdrawal => &[
                "`withdrawal_reason` is `mistake`.",
                "`withdrawal_reason` is `duplicate`.",
                "`withdrawal_reason` is `annulled`.",
                "`withdrawal_reason` is `no_longer_needed`.",
            ],
            Self::Border => Border::SAYS,
            Self::Scrutiny => Scrutiny::SAYS,
            Self::Finality => Finality::SAYS,
            Self::Obstacle => Unable::SAYS,
            Self::Outcome => Outcome::SAYS,
            Self::Result => Group::SAYS,
            Self::Removal => Removal::SAYS,
            Self::Basis => BasisOfAction::SAYS,
            Self::ItemWithdrawal => TakenBack::SAYS,
            Self::Restoration => AskedBack::SAYS,
            Self::Objection => Objected::SAYS,
            Self::Reinstatement => Reinstated::SAYS,
        }
    }

    /// The whole that its codes add up to; none of a whole that nothing contains.
    #[must_use]
    pub const fn divides(self) -> Option<&'static str> {
        Some(match self {
            Self::Requests | Self::Items => return None,
            Self::Referrals | Self::Orders | Self::Status => "requests",
            Self::Withdrawal => "status: withdrawn",
            Self::Border | Self::Scrutiny | Self::Finality | Self::Obstacle => "orders",
            Self::Reinstatement => "result: restored",
            _ => "items",
        })
    }

    /// Whether it is a whole rather than a division of one.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        self.codes().len() == 1
    }

    /// What its numbers count.
    #[must_use]
    pub const fn unit(self) -> Unit {
        match self {
            Self::Requests | Self::Referrals | Self::Status | Self::Withdrawal => Unit::Requests,
            Self::Orders | Self::Border | Self::Scrutiny | Self::Finality | Self::Obstacle => {
                Unit::Orders
            }
            _ => Unit::Items,
        }
    }

    /// The place of its first code among all counts.
    const fn offset(self) -> usize {
        let mut before = 0;
        let mut index = 0;
        while index < self as usize {
            before += Self::ALL[index].codes().len();
            index += 1;
        }
        before
    }
}

/// How many counts there are.
pub(super) const CELLS: usize =
    Metric::Reinstatement.offset() + Metric::Reinstatement.codes().len();

/// The place of a count among all counts.
pub(super) const fn cell(metric: Metric, code: usize) -> usize {
    metric.offset() + code
}

/// A count that others add up to, by their places.
pub(super) type Sum = (usize, Vec<usize>);

/// The sums that hold within every table.
pub(super) fn sums() -> Vec<Sum> {
    let all = |metric: Metric| (0..metric.codes().len()).map(move |code| cell(metric, code));
    let whole = |metric: Metric| cell(metric, 0);
    let outcomes = |wanted: &dyn Fn(Outcome) -> bool| -> Vec<usize> {
        let wanted = Outcome::ALL.iter().filter(|outcome| wanted(**outcome));
        wanted
            .map(|outcome| cell(Metric::Outcome, *outcome as usize))
            .collect()
    };
    let group = |group: Group| cell(Metric::Result, group as usize);
    let mut sums = vec![
        (
            whole(Metric::Requests),
            vec![whole(Metric::Referrals), whole(Metric::Orders)],
        ),
        (whole(Metric::Requests), all(Metric::Status).collect()),
        (
            cell(Metric::Status, Status::Withdrawn as usize),
            all(Metric::Withdrawal).collect(),
        ),
        (group(Group::Restored), all(Metric::Reinstatement).collect()),
        (
            cell(Metric::Restoration, AskedBack::Restored as usize),
            vec![
                cell(Metric::Reinstatement, Reinstated::AfterAnnulment as usize),
                cell(Metric::Reinstatement, Reinstated::AfterWithdrawal as usize),
            ],
        ),
        (
            cell(Metric::Basis, BasisOfAction::None as usize),
            vec![
                group(Group::Refused),
                group(Group::Unable),
                group(Group::Other),
                group(Group::Undecided),
                group(Group::Withdrawn),
            ],
        ),
    ];
    for metric in [
        Metric::Border,
        Metric::Scrutiny,
        Metric::Finality,
        Metric::Obstacle,
    ] {
        sums.push((whole(Metric::Orders), all(metric).collect()));
    }
    for metric in [
        Metric::Outcome,
        Metric::Result,
        Metric::Removal,
        Metric::Basis,
        Metric::ItemWithdrawal,
        Metric::Restoration,
        Metric::Objection,
    ] {
        sums.push((whole(Metric::Items), all(metric).collect()));
    }
    for one in Group::ALL {
        sums.push((group(*one), outcomes(&|outcome| outcome.group() == *one)));
    }
    for one in Removal::ALL {
        let removal = cell(Metric::Removal, *one as usize);
        sums.push((removal, outcomes(&|outcome| outcome.removal() == *one)));
    }
    sums
}
