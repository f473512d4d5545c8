//! Platforms, their hosts and their standing.

use crate::text::coded_enum;

mod hours;
mod wishes;

pub use hours::{DayTime, DayTimeError, HoursError, QuietHours, TimeZoneError, TimeZoneName};
pub use wishes::{Day, MOST_SPANS, Pace, Quiet, Wishes, WishesError};

coded_enum! {
    /// How well a platform is known.
    pub enum Standing, "a platform standing" {
        /// An agency saw it; nobody has written to it.
        Sighted => "sighted",
        /// Somebody was written to; nobody has proved to be in charge.
        Contacted => "contacted",
        /// Somebody proved control of the domain.
        Claimed => "claimed",
        /// Works with the exchange.
        Active => "active",
        /// No longer there.
        Gone => "gone",
    }
}

impl Standing {
    /// Whether a request may still be sent there. A platform that never signed up can be asked; one that
    /// is gone cannot.
    #[must_use]
    pub const fn can_be_asked(self) -> bool {
        !matches!(self, Self::Gone)
    }
}

coded_enum! {
    /// How large the service is: the enterprise classes of Recommendation 2003/361/EC, and the very large
    /// online platforms designated under Article 33 of Regulation (EU) 2022/2065.
    pub enum SizeClass, "a size class" {
        /// Fewer than 10 people, at most 2 million euro a year; a hobby server too.
        Micro => "micro",
        /// Fewer than 50 people, at most 10 million euro a year.
        Small => "small",
        /// Fewer than 250 people.
        Medium => "medium",
        /// Anything larger.
        Large => "large",
        /// Designated as very large.
        VeryLarge => "very_large",
    }
}

coded_enum! {
    /// How somebody proved to be in charge of a platform.
    pub enum ControlMethod, "a way of proving control" {
        /// A TXT record that the exchange had asked for stood in the domain name system.
        DnsTxt => "dns_txt",
        /// A file that the exchange had asked for lay under `/.well-known/`.
        WellKnown => "well_known",
        /// In another way, which the operator's note tells.
        Other => "other",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn words() {
        assert_eq!(
            SizeClass::CODES,
            ["micro", "small", "medium", "large", "very_large"]
        );
        assert_eq!(
            Standing::CODES,
            ["sighted", "contacted", "claimed", "active", "gone"]
        );
        assert!(Standing::Sighted.can_be_asked());
        assert!(!Standing::Gone.can_be_asked());
        let said = "huge".parse::<SizeClass>().unwrap_err().to_string();
        assert_eq!(
            said,
            "\"huge\" is not a size class; it is one of micro, small, medium, large, very_large"
        );
    }
}
