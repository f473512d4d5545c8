//! The tables of what uploaders object to.

diesel::table! {
    objection_codes (item_id) {
        item_id -> Text,
        code -> Text,
        digest -> Binary,
    }
}

diesel::table! {
    objections (id) {
        id -> Text,
        request_id -> Text,
        agency_id -> Text,
        platform_id -> Text,
        item_id -> Text,
        message_id -> Text,
        made_at -> BigInt,
        outcome -> Nullable<Text>,
        restored -> Bool,
        corrections -> Integer,
        answer_id -> Nullable<Text>,
        answered_at -> Nullable<BigInt>,
    }
}
