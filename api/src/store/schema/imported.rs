//! The tables of old records.

diesel::table! {
    imports (id) {
        id -> Text,
        agency_id -> Text,
        platform_id -> Nullable<Text>,
        platform_name -> Nullable<Text>,
        host -> Nullable<Text>,
        agency_reference -> Nullable<Text>,
        item_kind -> Text,
        locator -> Text,
        comparison_digest -> Binary,
        within -> Text,
        identity -> Binary,
        sent_on -> BigInt,
        facts -> Text,
        source_file -> Text,
        source_digest -> Text,
        source_sheet -> Nullable<Text>,
        source_row -> Integer,
        client_id -> Text,
        imported_at -> BigInt,
        withdrawn_at -> Nullable<BigInt>,
        withdrawal -> Nullable<Text>,
    }
}

diesel::table! {
    import_counts (agency_id, comparison_digest, within) {
        agency_id -> Text,
        comparison_digest -> Binary,
        within -> Text,
        times -> Integer,
        first_on -> BigInt,
        last_on -> BigInt,
    }
}
