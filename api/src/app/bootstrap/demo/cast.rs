//! Who plays in the demonstration. Everything about them is made up.

use takedown_core::platform::SizeClass;

/// One of the cast.
pub(super) struct Cast {
    pub handle: &'static str,
    /// Makes its identifiers.
    pub number: u128,
    pub name: &'static str,
    pub what: What,
}

/// As what it plays.
pub(super) enum What {
    Agency {
        country: &'static str,
        mail: &'static str,
        complaints: &'static str,
        language: &'static str,
        zone: &'static str,
    },
    Platform {
        country: &'static str,
        host: &'static str,
        contact: &'static str,
        languages: &'static [&'static str],
        zone: &'static str,
        size: SizeClass,
    },
    Auditor,
    Operator,
}

/// In the order in which they are best introduced.
pub(super) const CAST: [Cast; 7] = [
    Cast {
        handle: "unit-pl",
        number: 1,
        name: "Demo Internet Referral Unit, Warsaw",
        what: What::Agency {
            country: "PL",
            mail: "referrals@unit-pl.example",
            complaints: "complaints@unit-pl.example",
            language: "en",
            zone: "Europe/Warsaw",
        },
    },
    Cast {
        handle: "unit-de",
        number: 2,
        name: "Demo Internet Referral Unit, Wiesbaden",
        what: What::Agency {
            country: "DE",
            mail: "referrals@unit-de.example",
            complaints: "https://unit-de.example/complaints",
            language: "en",
            zone: "Europe/Berlin",
        },
    },
    Cast {
        handle: "paste",
        number: 3,
        name: "Demo Paste",
        what: What::Platform {
            country: "NL",
            host: "paste.example",
            contact: "owner@paste.example",
            languages: &["en", "de"],
            zone: "Europe/Amsterdam",
            size: SizeClass::Micro,
        },
    },
    Cast {
        handle: "files",
        number: 4,
        name: "Demo Files",
        what: What::Platform {
            country: "FR",
            host: "files.example",
            contact: "abuse@files.example",
            languages: &["en", "fr"],
            zone: "Europe/Paris",
            size: SizeClass::Small,
        },
    },
    Cast {
        handle: "forum",
        number: 5,
        name: "Demo Forum",
        what: What::Platform {
            country: "AE",
            host: "forum.example",
            contact: "team@forum.example",
            languages: &["ar", "en"],
            zone: "Asia/Dubai",
            size: SizeClass::Small,
        },
    },
    Cast {
        handle: "auditor",
        number: 6,
        name: "Demo auditor",
        what: What::Auditor,
    },
    Cast {
        handle: "operator",
        number: 7,
        name: "Demo operator",
        what: What::Operator,
    },
];
