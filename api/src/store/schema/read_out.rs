//! By which other ways an inbox is read: feeds and collections.

diesel::table! {
    private_feeds (id) {
        id -> Text,
        party_id -> Text,
        client_id -> Text,
        digest -> Binary,
        description -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    collections (platform_id) {
        platform_id -> Text,
        position -> BigInt,
        added_at -> BigInt,
    }
}

diesel::table! {
    collection_objects (platform_id, object_id) {
        platform_id -> Text,
        object_id -> Text,
        object_type -> Text,
        added_at -> BigInt,
        version -> BigInt,
        request_id -> Nullable<Text>,
    }
}

diesel::table! {
    collection_holders (request_id, object_id) {
        request_id -> Text,
        object_id -> Text,
        platform_id -> Text,
    }
}
