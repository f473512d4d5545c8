//! The tables of what is told to everybody.

diesel::table! {
    transparency_years (year) {
        year -> Integer,
        made_at -> BigInt,
        claimed_until -> BigInt,
    }
}

diesel::table! {
    transparency_reports (period) {
        period -> Text,
        year -> Integer,
        made_at -> BigInt,
        report -> Text,
    }
}
