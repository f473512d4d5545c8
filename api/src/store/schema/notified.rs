//! What parties are told by mail.

diesel::table! {
    outbox (id) {
        id -> Text,
        request_id -> Text,
        party_id -> Text,
        side -> Text,
        event -> Text,
        facts -> Text,
        status -> Text,
        attempts -> Integer,
        next_at -> BigInt,
        lease -> Nullable<Text>,
        lease_until -> BigInt,
        last_error -> Nullable<Text>,
        created_at -> BigInt,
        settled_at -> Nullable<BigInt>,
        withheld -> Bool,
        digest_id -> Nullable<Text>,
    }
}

diesel::table! {
    mails (id) {
        id -> Text,
        outbox_id -> Text,
        recipient -> Text,
        sent_at -> BigInt,
        reply -> Text,
        raw -> Binary,
    }
}

diesel::table! {
    unsubscribe_links (digest) {
        digest -> Binary,
        platform_id -> Text,
        expires_at -> BigInt,
    }
}

diesel::table! {
    bounces (mail_id) {
        mail_id -> Text,
        outbox_id -> Text,
        party_id -> Text,
        address -> Text,
        status -> Text,
        permanent -> Bool,
        bounced_at -> BigInt,
    }
}
