//! The files of this release, embedded.

use std::sync::OnceLock;

use super::catalogue::{Catalogue, FileError, Source};

macro_rules! sources {
    ($($path:literal),+ $(,)?) => {
        &[$(Source {
            name: $path,
            text: include_str!(concat!("../../data/", $path)),
        }),+]
    };
}

const GROUNDS: &[Source<'static>] = sources!["grounds.toml"];
const CALENDARS: &[Source<'static>] = sources!["calendars/uk.toml"];
const INSTRUMENTS: &[Source<'static>] = sources![
    "instruments/referral.toml",
    "instruments/eu-tco-order.toml",
    "instruments/eu-dsa-art9-order.toml",
    "instruments/eu-dsa-art16-notice.toml",
    "instruments/uk-ta2006-s3-notice.toml",
    "instruments/au-osa-s109-notice.toml",
    "instruments/in-it-rules-3-1-d.toml",
    "instruments/fr-lcen-6-1.toml",
    "instruments/court-order.toml",
    "instruments/sg-ocha-direction.toml",
    "instruments/sg-pofma-s22.toml",
    "instruments/sg-broadcasting-egregious.toml",
    "instruments/sg-osra-direction.toml",
    "instruments/nz-fvpc-119c-notice.toml",
    "instruments/id-mr5-2020.toml",
    "instruments/id-mr5-2020-urgent.toml",
    "instruments/au-osa-s110-notice.toml",
    "instruments/au-osa-s65-notice.toml",
    "instruments/au-osa-s77-notice.toml",
    "instruments/au-osa-s88-notice.toml",
    "instruments/in-it-rules-3-2-b.toml",
    "instruments/tr-5651-8a.toml",
    "instruments/pk-removal-rules-2021.toml",
    "instruments/pk-removal-rules-2021-emergency.toml",
];

pub(super) fn parsed() -> &'static Result<Catalogue, Vec<FileError>> {
    static PARSED: OnceLock<Result<Catalogue, Vec<FileError>>> = OnceLock::new();
    PARSED.get_or_init(|| Catalogue::parse(GROUNDS, CALENDARS, INSTRUMENTS))
}

/// The parsed files. A test proves that they parse; were one broken all the same, the catalogue is empty and
/// every filing is refused, which is the safe side.
pub(super) fn catalogue() -> &'static Catalogue {
    static EMPTY: OnceLock<Catalogue> = OnceLock::new();
    match parsed() {
        Ok(catalogue) => catalogue,
        Err(_) => EMPTY.get_or_init(Catalogue::default),
    }
}
