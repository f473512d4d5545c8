//! The tables of files that are made for somebody.

diesel::table! {
    exports (id) {
        id -> Text,
        client_id -> Text,
        author -> Text,
        role -> Text,
        scope -> Text,
        viewer -> Text,
        format -> Text,
        filter -> Text,
        recipient -> Nullable<Text>,
        state -> Text,
        attempt -> Integer,
        begun -> Integer,
        lease_until -> BigInt,
        rows_made -> BigInt,
        rows_estimated -> Nullable<BigInt>,
        bytes -> BigInt,
        digest -> Nullable<Text>,
        reason -> Nullable<Text>,
        created_at -> BigInt,
        finished_at -> Nullable<BigInt>,
        expires_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    export_pieces (export_id, part, position) {
        export_id -> Text,
        part -> Integer,
        position -> Integer,
        content -> Binary,
    }
}
