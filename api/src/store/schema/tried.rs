//! The mark of a database, a sandbox's or an exchange's.

diesel::table! {
    sandbox (id) {
        id -> Integer,
        kind -> Text,
        ahead -> BigInt,
    }
}
