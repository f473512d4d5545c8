//! For how long the uploader may not be told (Regulation (EU) 2021/784, Article 11(3)): decided with the filing,
//! extended, lifted. What stood there before stays to be seen.

use serde::{Deserialize, Serialize};

use crate::{request::UploaderInformed, time::At};

/// A non-disclosure as it stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NonDisclosure {
    /// The uploader may be told from then on; after a lifting, since then.
    pub until: At,
    /// Why, as the filing says.
    pub reason: String,
    /// How it was extended, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<Longer>,
    /// How it was ended before its time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifted: Option<Lifted>,
}

/// How the end of a duty was moved to a later instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Longer {
    /// When that was said.
    pub at: At,
    /// The end before.
    pub was: At,
    /// The end since then.
    pub until: At,
    /// Why.
    pub reason: String,
    /// The authority or court that asked for it, where it was another than the agency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<String>,
}

/// How a non-disclosure was ended before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifted {
    /// When.
    pub at: At,
    /// The end before.
    pub was: At,
}

impl NonDisclosure {
    /// As a filing decides it.
    pub const fn new(until: At, reason: String) -> Self {
        Self {
            until,
            reason,
            extensions: Vec::new(),
            lifted: None,
        }
    }

    /// Whether the uploader may not be told `now`.
    pub fn lasts(&self, now: At) -> bool {
        now < self.until
    }

    /// Whether the uploader was told of an outcome that was given at `said_at`, while that was forbidden. What was done is
    /// taken down as a fact all the same: Article 11(3) binds the platform, and refusing its word would only keep the
    /// agency from knowing.
    pub fn broken_by(&self, informed: UploaderInformed, said_at: At) -> bool {
        informed == UploaderInformed::Yes && self.lasts(said_at)
    }

    /// The same until a later instant. Whether the law allows it is for
    /// [`Instrument::check_extension`](crate::instrument::Instrument::check_extension) to say.
    #[must_use]
    pub fn extended(mut self, until: At, reason: String, now: At) -> Self {
        self.extensions.push(Longer {
            at: now,
            was: self.until,
            until,
            reason,
            asked_by: None,
        });
        self.until = until;
        self
    }

    /// The same ended now; `None` when it has ended already, so that nothing is left to lift.
    pub fn lifted(mut self, now: At) -> Option<Self> {
        if !self.lasts(now) {
            return None;
        }
        self.lifted = Some(Lifted {
            at: now,
            was: self.until,
        });
        self.until = now;
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;
    use crate::instrument::{Catalogue, Contradiction};
    use crate::time::from_millis;

    const DECIDED: i64 = 1_790_000_000_000;

    fn day(days: i64) -> At {
        from_millis(DECIDED).unwrap() + TimeDelta::days(days)
    }

    fn decided(days: i64) -> NonDisclosure {
        NonDisclosure::new(day(days), "An arrest is prepared.".into())
    }

    fn judged(
        instrument: &str,
        held: &NonDisclosure,
        until: At,
        now: At,
    ) -> Result<(), Contradiction> {
        let catalogue = Catalogue::builtin();
        let instrument = catalogue.get(instrument).unwrap();
        instrument.check_extension(held, until, now)
    }

    fn rule(result: Result<(), Contradiction>) -> &'static str {
        result.err().map_or("", |broken| broken.rule)
    }

    #[test]
    fn six_weeks_more_and_once() {
        let held = decided(42);
        let tco = |until, now| rule(judged("eu-tco-order", &held, until, now));
        assert_eq!(tco(day(84), day(41)), "");
        assert_eq!(tco(day(85), day(41)), "instrument.non_disclosure_time");
        assert_eq!(tco(day(42), day(41)), "instrument.non_disclosure_time");
        assert_eq!(tco(day(84), day(42)), "instrument.non_disclosure_ended");
        let longer = held.extended(day(84), "It goes on.".into(), day(41));
        assert_eq!(longer.until, day(84));
        assert_eq!(longer.extensions[0].was, day(42));
        let again = judged("eu-tco-order", &longer, day(90), day(50)).unwrap_err();
        assert_eq!(again.rule, "instrument.non_disclosure_extensions");
        assert!(again.citation.contains("Art 11(3)"), "{again}");
    }

    #[test]
    fn six_weeks_are_counted_from_the_end_that_stands() {
        let held = decided(14);
        assert_eq!(rule(judged("eu-tco-order", &held, day(56), day(3))), "");
        let late = judged("eu-tco-order", &held, day(57), day(3));
        assert_eq!(rule(late), "instrument.non_disclosure_time");
    }

    #[test]
    fn where_the_law_names_no_longest_time_only_the_end_has_to_be_later() {
        let mut held = decided(14);
        for days in [100, 200, 300] {
            let judged = judged("eu-dsa-art9-order", &held, day(days), day(3));
            assert_eq!(rule(judged), "");
            held = held.extended(day(days), "why".into(), day(3));
        }
        let earlier = judged("eu-dsa-art9-order", &held, day(299), day(3));
        assert_eq!(rule(earlier), "instrument.non_disclosure_time");
    }

    #[test]
    fn it_is_broken_by_telling_while_it_lasts() {
        let held = decided(14);
        let lifted = held.clone().lifted(day(10)).unwrap();
        for informed in UploaderInformed::ALL {
            let told = *informed == UploaderInformed::Yes;
            assert_eq!(held.broken_by(*informed, day(13)), told);
            assert!(!held.broken_by(*informed, day(14)), "it ran out");
            assert_eq!(lifted.broken_by(*informed, day(9)), told);
            assert!(!lifted.broken_by(*informed, day(10)), "it was lifted");
        }
    }

    #[test]
    fn what_is_lifted_is_over_and_says_until_when_it_was_to_last() {
        let lifted = decided(42).lifted(day(10)).unwrap();
        assert!(!lifted.lasts(day(10)));
        assert_eq!(lifted.until, day(10));
        assert_eq!(lifted.lifted.unwrap().was, day(42));
        assert_eq!(lifted.clone().lifted(day(11)), None);
        assert_eq!(decided(42).lifted(day(42)), None, "it ran out");
        let revived = judged("eu-tco-order", &lifted, day(50), day(11));
        assert_eq!(rule(revived), "instrument.non_disclosure_ended");
    }

    proptest! {
        #[test]
        fn no_order_stays_silent_for_more_than_twelve_weeks(
            first in 1i64..43,
            wishes in prop::collection::vec((0i64..200, 0i64..200), 0..6),
        ) {
            let mut held = decided(first);
            for (until, now) in wishes {
                if judged("eu-tco-order", &held, day(until), day(now)).is_ok() {
                    prop_assert!(day(until) > held.until && day(now) < held.until);
                    held = held.extended(day(until), "why".into(), day(now));
                }
            }
            prop_assert!(held.until <= day(84) && held.extensions.len() <= 1);
        }
    }
}
