//! The table of what is kept whatever its time.

diesel::table! {
    holds (request_id, party_id) {
        request_id -> Text,
        party_id -> Text,
        reason -> Text,
        client_id -> Text,
        placed_at -> BigInt,
    }
}
