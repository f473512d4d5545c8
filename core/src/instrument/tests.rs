#![allow(clippy::unwrap_used, clippy::expect_used)]

mod catalogue;
mod check;
mod check_more;
mod clock;
mod easter;
mod every;
mod files;
mod longer;
mod own;

use super::*;
use crate::text::Country;
use crate::time::{At, parse_rfc3339};

fn at(text: &str) -> At {
    parse_rfc3339(text).unwrap()
}

fn country(code: &str) -> Country {
    code.parse().unwrap()
}

fn get(id: &str) -> &'static Instrument {
    Catalogue::builtin().get(id).unwrap()
}
