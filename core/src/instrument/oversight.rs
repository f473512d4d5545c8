//! What an instrument says about the authorities and the platform around an order: who is told before the first one, who
//! gets a copy and may look at it again, when it is final.

use chrono::{Months, TimeDelta};

use super::claim::{Contradiction, PRIOR_NOTICE};
use super::{Instrument, InstrumentId};
use crate::text::{Country, coded_enum};
use crate::time::{At, rfc3339};

/// Before its first order to a platform an agency tells it which procedures and times apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriorNoticeRule {
    /// How many hours before the order.
    pub hours: u32,
    /// Where it is written down.
    pub citation: String,
}

impl PriorNoticeRule {
    /// From when on a first order can follow a notice; `None` when that instant cannot be represented.
    #[must_use]
    pub fn order_from(&self, given_at: At) -> Option<At> {
        given_at.checked_add_signed(TimeDelta::hours(self.hours.into()))
    }
}

/// An authority of the platform's country gets a copy of each order from another country, and may scrutinise it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScrutinyRule {
    /// In how many hours it decides: from the copy on its own initiative, else from the request.
    pub decide_hours: u32,
    /// In how many hours from receiving the order, or from being told of it, scrutiny can be asked for.
    pub request_hours: u32,
    /// Where it is written down.
    pub citation: String,
}

impl ScrutinyRule {
    /// Whether an order crosses a border in the sense of the rule: both countries are Member States, and two.
    #[must_use]
    pub fn applies(&self, of: Country, to: Country) -> bool {
        of != to && to.is_eu()
    }
}

/// An order becomes final, and final orders are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinalityRule {
    /// From how many final orders a platform may be found to be exposed.
    pub exposed_orders: u32,
    /// In how many months before.
    pub exposed_months: u32,
    /// Where it is written down when an order is final.
    pub citation: String,
    /// Where the counting is written down.
    pub exposed_citation: String,
}

impl FinalityRule {
    /// From when on final orders count `now`; `None` when that instant cannot be represented.
    #[must_use]
    pub fn counts_from(&self, now: At) -> Option<At> {
        now.checked_sub_months(Months::new(self.exposed_months))
    }
}

coded_enum! {
    /// By what a filing meets the duty to tell the platform beforehand.
    pub enum PriorNotice, "a way to meet the duty of prior notice" {
        /// The agency has given this platform such an order before.
        EarlierOrder => "earlier_order",
        /// It was told in time.
        Notice => "notice",
        /// The agency says that a duly justified emergency did not allow it.
        Waived => "waived",
    }
}

/// What is known before an order is filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acquaintance {
    /// Whether the agency has filed with this platform under this instrument before.
    pub ordered_before: bool,
    /// When it first gave it notice.
    pub noticed_at: Option<At>,
    /// Whether the filing waives the notice.
    pub waived: bool,
}

impl Instrument {
    /// By what an order filed `now` meets the duty of prior notice; `None` when the instrument knows no such duty.
    ///
    /// Whoever was told in time, or ordered before, needs no waiver: one that is not needed is not recorded.
    ///
    /// # Errors
    /// The rule, with the instant from which the order can be filed where there is one.
    pub fn prior_notice(
        &self,
        known: Acquaintance,
        now: At,
    ) -> Result<Option<PriorNotice>, Contradiction> {
        let Some(rule) = &self.prior_notice else {
            return Ok(None);
        };
        if known.ordered_before {
            return Ok(Some(PriorNotice::EarlierOrder));
        }
        let from = known.noticed_at.and_then(|at| rule.order_from(at));
        if from.is_some_and(|from| from <= now) {
            return Ok(Some(PriorNotice::Notice));
        }
        if known.waived {
            return Ok(Some(PriorNotice::Waived));
        }
        let hours = rule.hours;
        let detail = match (known.noticed_at, from) {
            (Some(given), Some(from)) => format!(
                "this is your first order to this platform, and the notice given at {} is less than {hours} hours old: file it from {} on, or in a duly justified emergency say why in `prior_notice_waived`",
                rfc3339(given),
                rfc3339(from)
            ),
            _ => format!(
                "this is your first order to this platform: tell it of procedures and deadlines at least {hours} hours before (POST /v1/notices), or in a duly justified emergency say why in `prior_notice_waived`"
            ),
        };
        Err(Contradiction {
            rule: PRIOR_NOTICE,
            citation: rule.citation.clone(),
            pointer: "/prior_notice_waived".to_owned(),
            detail,
        })
    }
}

/// Whether an agency may say of itself, through the operator, that it scrutinises orders under these instruments.
///
/// # Errors
/// The place of the first name that is no instrument whose orders are scrutinised, and why.
pub fn scrutinised(
    catalogue: &super::Catalogue,
    names: &[InstrumentId],
) -> Result<(), (usize, String)> {
    for (place, name) in names.iter().enumerate() {
        let known = catalogue.get(name.as_str());
        if known.is_none_or(|instrument| instrument.scrutiny.is_none()) {
            let some: Vec<&str> = catalogue
                .iter()
                .filter(|instrument| instrument.scrutiny.is_some())
                .map(|instrument| instrument.id.as_str())
                .collect();
            return Err((
                place,
                format!(
                    "orders under `{name}` are not scrutinised by another authority; it is one of {}",
                    some.join(", ")
                ),
            ));
        }
    }
    Ok(())
}
