//! The tables of what was seen elsewhere.

diesel::table! {
    sightings (id) {
        id -> Text,
        agency_id -> Text,
        request_id -> Text,
        item_id -> Nullable<Text>,
        seen_as -> Text,
        moved -> Text,
        kind -> Text,
        locator -> Text,
        comparison_digest -> Binary,
        host -> Nullable<Text>,
        platform_id -> Text,
        confidence -> Text,
        revisions -> Text,
        seen_at -> BigInt,
        note -> Nullable<Text>,
        followed_by -> Nullable<Text>,
        followed_at -> Nullable<BigInt>,
        retracted_at -> Nullable<BigInt>,
        retraction -> Nullable<Text>,
        version -> Integer,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    sighted_platforms (platform_id) {
        platform_id -> Text,
        agency_id -> Text,
        sighting_id -> Text,
        sighted_at -> BigInt,
    }
}

diesel::table! {
    found_contacts (platform_id, agency_id, address) {
        platform_id -> Text,
        agency_id -> Text,
        address -> Text,
        source -> Text,
        found_at -> BigInt,
    }
}
