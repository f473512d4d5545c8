//! What lasts longer than was filed: whether the law allows it.

use chrono::TimeDelta;

use crate::instrument::claim::{self as rule, Contradiction};
use crate::instrument::{Instrument, NonDisclosureRule};
use crate::non_disclosure::NonDisclosure;
use crate::time::{At, rfc3339};

impl Instrument {
    /// Whether a non-disclosure can be extended `now` until then: as often and by as long as the law allows (Regulation
    /// (EU) 2021/784, Article 11(3): once, by six weeks), and only while it lasts.
    ///
    /// # Errors
    /// The rule that it would break, with the article, and what would be right.
    pub fn check_extension(
        &self,
        held: &NonDisclosure,
        until: At,
        now: At,
    ) -> Result<(), Contradiction> {
        let refuse = |rule, citation: &str, detail: String| {
            Err(Contradiction {
                rule,
                citation: citation.to_owned(),
                pointer: "/until".to_owned(),
                detail,
            })
        };
        let Some(allowed) = &self.non_disclosure else {
            let why = format!("`{}` has no such power", self.id);
            return refuse(rule::NO_NON_DISCLOSURE, &self.citation, why);
        };
        let citation = allowed.citation.as_str();
        if !held.lasts(now) {
            let why = format!(
                "it ended on {}, and what has ended is not extended: the uploader may be told",
                rfc3339(held.until)
            );
            return refuse(rule::NON_DISCLOSURE_ENDED, citation, why);
        }
        if until <= held.until {
            let why = format!(
                "{} is not later than the present end, {}",
                rfc3339(until),
                rfc3339(held.until)
            );
            return refuse(rule::NON_DISCLOSURE_TIME, citation, why);
        }
        match allowed.latest_extension(held) {
            Ok(latest) if latest.is_none_or(|latest| until <= latest) => Ok(()),
            Ok(latest) => {
                let why = format!(
                    "{} is more than {} days after the present end: at the latest {}",
                    rfc3339(until),
                    allowed.extension_days,
                    latest.map(rfc3339).unwrap_or_default()
                );
                refuse(rule::NON_DISCLOSURE_TIME, citation, why)
            }
            Err(times) => {
                let why = match times {
                    0 => "the law read knows no extension".to_owned(),
                    1 => "it can be extended once, and was".to_owned(),
                    times => format!("it can be extended {times} times, and was"),
                };
                refuse(rule::NON_DISCLOSURE_EXTENSIONS, citation, why)
            }
        }
    }

    /// Whether preservation can be asked until then, when it is to end at `present` so far: for as long again as the law
    /// itself asks, and where it sets no time for five years from `now` at the most.
    ///
    /// # Errors
    /// The rule that it would break, with the article, and what would be right.
    pub fn check_longer_preservation(
        &self,
        present: At,
        until: At,
        now: At,
    ) -> Result<(), Contradiction> {
        let broken = |rule, citation: &str, detail: String| Contradiction {
            rule,
            citation: citation.to_owned(),
            pointer: "/until".to_owned(),
            detail,
        };
        let Some(allowed) = &self.preservation else {
            let why = format!("`{}` has no such power", self.id);
            return Err(broken(rule::NO_PRESERVATION, &self.citation, why));
        };
        let (most, latest) = allowed.latest_extension(present, now);
        let why = if until <= present || until <= now {
            format!(
                "{} is not later than the present end, {}",
                rfc3339(until),
                rfc3339(present.max(now))
            )
        } else if latest.is_some_and(|latest| until > latest) {
            let from = match allowed.minimum {
                Some(_) => "the present end: each extension is for a further specified period",
                None => "now",
            };
            format!(
                "{} is more than {most} after {from}; at the latest {}, and again when that end comes near",
                rfc3339(until),
                latest.map(rfc3339).unwrap_or_default()
            )
        } else {
            return Ok(());
        };
        Err(broken(rule::PRESERVATION_TIME, &allowed.citation, why))
    }
}

impl NonDisclosureRule {
    /// The latest end of the next extension; `None` where the law names no longest time.
    ///
    /// # Errors
    /// How many extensions the law allows, when they are used up.
    fn latest_extension(&self, held: &NonDisclosure) -> Result<Option<At>, u32> {
        if self.max_days.is_none() {
            return Ok(None);
        }
        let used = u32::try_from(held.extensions.len()).unwrap_or(u32::MAX);
        if used >= self.extensions {
            return Err(self.extensions);
        }
        let more = TimeDelta::days(self.extension_days.into());
        Ok(held.until.checked_add_signed(more))
    }
}
