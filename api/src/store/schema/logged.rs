//! The sealed history.

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
    }
}
