//! The tables of webhooks.

use super::feed_heads;

diesel::table! {
    sealing_keys (purpose) {
        purpose -> Text,
        name -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    webhooks (id) {
        id -> Text,
        party_id -> Text,
        url -> Text,
        description -> Text,
        status -> Text,
        disabled -> Nullable<Text>,
        secrets -> Text,
        version -> Integer,
        created_at -> BigInt,
        updated_at -> BigInt,
        position -> BigInt,
        due_at -> Nullable<BigInt>,
        not_before -> BigInt,
        lease -> Nullable<Text>,
        lease_until -> BigInt,
        failures -> Integer,
        failing_since -> Nullable<BigInt>,
        delivered_at -> Nullable<BigInt>,
        last_error -> Nullable<Text>,
    }
}

diesel::table! {
    webhook_deliveries (webhook_id, message_id) {
        webhook_id -> Text,
        message_id -> Text,
        position -> Nullable<BigInt>,
        event -> Text,
        status -> Text,
        attempts -> Integer,
        next_at -> BigInt,
        created_at -> BigInt,
        tried_at -> Nullable<BigInt>,
        http_status -> Nullable<Integer>,
        answer -> Nullable<Text>,
        error -> Nullable<Text>,
        took_ms -> Nullable<Integer>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(webhooks, feed_heads);
