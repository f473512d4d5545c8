//! The table of what was counted.

diesel::table! {
    agency_records (agency_id) {
        agency_id -> Text,
        counts -> Nullable<Text>,
        counted_at -> BigInt,
        wanted -> Bool,
        claimed_until -> BigInt,
    }
}
