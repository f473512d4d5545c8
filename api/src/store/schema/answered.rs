//! The tables of answer links, and of the addresses they must not go to.

diesel::table! {
    answer_links (digest) {
        digest -> Binary,
        request_id -> Text,
        platform_id -> Text,
        contact -> Text,
        issued_at -> BigInt,
        expires_at -> BigInt,
        uses -> Integer,
        revoked_at -> Nullable<BigInt>,
        made_by -> Text,
    }
}

diesel::table! {
    rejected_contacts (platform_id, address) {
        platform_id -> Text,
        address -> Text,
        request_id -> Text,
        rejected_at -> BigInt,
    }
}
