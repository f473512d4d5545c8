//! The mark of a sandbox.

diesel::table! {
    sandbox (id) {
        id -> Integer,
        ahead -> BigInt,
    }
}
