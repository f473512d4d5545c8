//! What agencies sign, and the keys they sign with.

diesel::table! {
    unit_keys (kid) {
        kid -> Text,
        agency_id -> Text,
        public_key -> Binary,
        domain -> Text,
        added_at -> BigInt,
        counts_from -> Nullable<BigInt>,
        cosigned_by -> Nullable<Text>,
        proof -> Binary,
        cosignature -> Nullable<Binary>,
        entry_id -> Text,
        revoked_at -> Nullable<BigInt>,
        compromised_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    signed_statements (agency_id, jti) {
        agency_id -> Text,
        jti -> Text,
        digest -> Binary,
        kid -> Text,
        request_id -> Text,
        version -> Integer,
        act -> Text,
        at -> BigInt,
        content -> Binary,
        number -> Nullable<Integer>,
    }
}

diesel::table! {
    unit_tags (agency_id) {
        agency_id -> Text,
        pseudonym -> Binary,
        used -> Integer,
    }
}
