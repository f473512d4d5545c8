//! The tables of claims.

diesel::table! {
    claims (id) {
        id -> Text,
        platform_id -> Text,
        host -> Text,
        claimant -> Text,
        code -> Text,
        status -> Text,
        started_at -> BigInt,
        expires_at -> BigInt,
        looks -> Integer,
        looked_at -> Nullable<BigInt>,
        found -> Text,
        method -> Nullable<Text>,
        proved_at -> Nullable<BigInt>,
        client_id -> Nullable<Text>,
        ticket -> Nullable<Binary>,
    }
}

diesel::table! {
    claim_looks (host) {
        host -> Text,
        looked_at -> BigInt,
    }
}
