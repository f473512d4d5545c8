//! The sealed history.

diesel::table! {
    history (pos) {
        pos -> BigInt,
        id -> Text,
        request_id -> Nullable<Text>,
        version -> Nullable<Integer>,
        #[sql_name = "type"]
        event -> Text,
        side -> Text,
        party_id -> Nullable<Text>,
        client_id -> Nullable<Text>,
        via -> Text,
        at -> BigInt,
        data -> Text,
        salt -> Nullable<Binary>,
        leaf -> Nullable<Binary>,
        log_index -> Nullable<BigInt>,
        erased_with -> Nullable<Text>,
    }
}

diesel::table! {
    receipts (root) {
        root -> Binary,
        entries -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    log_state (id) {
        id -> Integer,
        size -> BigInt,
        roots -> Binary,
    }
}

diesel::table! {
    log_tiles (level, tile) {
        level -> Integer,
        tile -> BigInt,
        hashes -> Binary,
        root -> Binary,
    }
}

diesel::table! {
    log_checkpoints (size) {
        size -> BigInt,
        signed_at -> BigInt,
        note -> Text,
        witnessed_at -> Nullable<BigInt>,
        cosigned_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    log_witnesses (vkey) {
        vkey -> Text,
        size -> BigInt,
        signed_at -> Nullable<BigInt>,
        failures -> Integer,
        problem -> Nullable<Text>,
        problem_text -> Nullable<Text>,
        problem_at -> Nullable<BigInt>,
        next_at -> BigInt,
        claimed_until -> BigInt,
    }
}
