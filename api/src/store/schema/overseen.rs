//! The tables of what other authorities have to do with orders.

diesel::table! {
    copies (authority_id, request_id) {
        authority_id -> Text,
        request_id -> Text,
    }
}

diesel::table! {
    final_orders (request_id) {
        request_id -> Text,
        platform_id -> Text,
        instrument -> Text,
        final_at -> BigInt,
    }
}

diesel::table! {
    prior_notices (id) {
        id -> Text,
        check_code -> Text,
        agency_id -> Text,
        platform_id -> Text,
        instrument -> Text,
        text -> Text,
        language -> Text,
        given_at -> BigInt,
        read_at -> Nullable<BigInt>,
    }
}
