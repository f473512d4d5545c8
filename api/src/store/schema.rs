//! The tables as diesel sees them; kept equal to `migrations/` by a test.
#![allow(missing_docs)]

mod answered;
mod claimed;
mod corrected;
mod counted;
mod hooked;
mod imported;
mod kept;
mod logged;
mod made;
mod notified;
mod objected;
mod overseen;
mod read_out;
mod sighted;
mod signed;
mod told;
mod tried;

pub use answered::{answer_links, rejected_contacts};
pub use claimed::{claim_looks, claims};
pub use corrected::{former_references, revisions};
pub use counted::agency_records;
pub use hooked::{sealing_keys, webhook_deliveries, webhooks};
pub use imported::{import_counts, imports};
pub use kept::holds;
pub use logged::{history, log_checkpoints, log_state, log_tiles, log_witnesses, receipts};
pub use made::{export_pieces, exports};
pub use notified::{bounces, mails, outbox, unsubscribe_links};
pub use objected::{objection_codes, objections};
pub use overseen::{copies, final_orders, prior_notices};
pub use read_out::{collection_holders, collection_objects, collections, private_feeds};
pub use sighted::{found_contacts, sighted_platforms, sightings};
pub use signed::{signed_statements, unit_keys, unit_tags};
pub use told::{transparency_reports, transparency_years};
pub use tried::sandbox;

diesel::table! {
    agencies (id) {
        id -> Text,
        name -> Text,
        country -> Text,
        agency_type -> Text,
        status -> Text,
        suspension_reason -> Nullable<Text>,
        complaints -> Text,
        mail -> Text,
        language -> Text,
        time_zone -> Text,
        verification -> Nullable<Text>,
        version -> Integer,
        created_at -> BigInt,
        updated_at -> BigInt,
        naming_agreed -> Bool,
        scrutinises -> Text,
        signature_required -> Bool,
        verification_reminded -> Nullable<BigInt>,
        notification -> Nullable<Text>,
    }
}

diesel::table! {
    platforms (id) {
        id -> Text,
        name -> Text,
        country -> Text,
        standing -> Text,
        suspended -> Bool,
        suspension_reason -> Nullable<Text>,
        languages -> Text,
        time_zone -> Text,
        contacts -> Text,
        size_class -> Text,
        version -> Integer,
        created_at -> BigInt,
        updated_at -> BigInt,
        notification -> Nullable<Text>,
    }
}

diesel::table! {
    platform_hosts (host) {
        host -> Text,
        platform_id -> Text,
    }
}

diesel::table! {
    clients (id) {
        id -> Text,
        name -> Text,
        role -> Text,
        agency_id -> Nullable<Text>,
        platform_id -> Nullable<Text>,
        scopes -> Text,
        secrets -> Text,
        jwks -> Nullable<Text>,
        suspended -> Bool,
        suspension_reason -> Nullable<Text>,
        tokens_not_before -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    client_assertions (client_id, jti) {
        client_id -> Text,
        jti -> Text,
        expires_at -> BigInt,
    }
}

diesel::table! {
    signing_keys (kid) {
        kid -> Text,
        public_key -> Text,
        created_at -> BigInt,
        seen_at -> BigInt,
    }
}

diesel::table! {
    registry_state (id) {
        id -> Integer,
        version -> BigInt,
    }
}

diesel::table! {
    requests (id) {
        id -> Text,
        reference -> Text,
        check_code -> Text,
        agency_id -> Text,
        platform_id -> Text,
        instrument -> Text,
        kind -> Text,
        jurisdiction -> Text,
        status -> Text,
        result -> Nullable<Text>,
        version -> Integer,
        agency_reference -> Nullable<Text>,
        platform_reference -> Nullable<Text>,
        operation -> Nullable<Text>,
        items_count -> Integer,
        undecided_count -> Integer,
        filed_at -> BigInt,
        fetched_at -> Nullable<BigInt>,
        acknowledged_at -> Nullable<BigInt>,
        closed_at -> Nullable<BigInt>,
        withdrawn_at -> Nullable<BigInt>,
        due_at -> Nullable<BigInt>,
        remind_at -> Nullable<BigInt>,
        updated_at -> BigInt,
        state -> Text,
        clock -> Text,
        filing -> Text,
        filing_digest -> Binary,
        revisions -> Nullable<Text>,
        corrections -> Integer,
        withdrawal -> Nullable<Text>,
        restoration -> Nullable<Text>,
        preservation -> Nullable<Text>,
        preservation_status -> Nullable<Text>,
        preservation_until -> Nullable<BigInt>,
        preservation_due -> Nullable<BigInt>,
        part -> Integer,
        oversight -> Nullable<Text>,
        taken_back_count -> Integer,
        signed -> Nullable<Text>,
        erased_at -> Nullable<BigInt>,
        doubted_at -> Nullable<BigInt>,
        filing_salt -> Nullable<Binary>,
    }
}

diesel::table! {
    operations (id) {
        id -> Text,
        agency_id -> Text,
        label -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    operation_agencies (operation_id, agency_id) {
        operation_id -> Text,
        agency_id -> Text,
        membership -> Text,
        invited_at -> BigInt,
        answered_at -> Nullable<BigInt>,
        check_code -> Nullable<Text>,
    }
}

diesel::table! {
    operation_requests (request_id) {
        request_id -> Text,
        operation_id -> Text,
        role -> Nullable<Text>,
        added_at -> BigInt,
    }
}

diesel::table! {
    items (id) {
        id -> Text,
        request_id -> Text,
        position -> Integer,
        kind -> Text,
        locator -> Text,
        comparison_key -> Text,
        comparison_digest -> Binary,
        host -> Nullable<Text>,
        detail -> Text,
        outcome -> Nullable<Text>,
        outcome_detail -> Nullable<Text>,
        decided_at -> Nullable<BigInt>,
        withdrawn_at -> Nullable<BigInt>,
        withdrawal -> Nullable<Text>,
        restore -> Nullable<Bool>,
        objections -> Integer,
        objection_outcome -> Nullable<Text>,
        open_in -> Nullable<Text>,
        restoration_outcome -> Nullable<Text>,
        answer -> Nullable<Text>,
        first_decided_at -> Nullable<BigInt>,
        undone -> Nullable<Text>,
    }
}

diesel::table! {
    asked (comparison_digest, within, agency_id, undisclosed) {
        comparison_digest -> Binary,
        within -> Text,
        agency_id -> Text,
        times -> Integer,
        first_at -> BigInt,
        last_at -> BigInt,
        recent -> Text,
        undisclosed -> Bool,
        undisclosed_until -> BigInt,
    }
}

diesel::table! {
    item_digests (platform_id, digest, item_id) {
        platform_id -> Text,
        digest -> Binary,
        item_id -> Text,
    }
}

diesel::table! {
    decisions (id) {
        id -> Text,
        item_id -> Text,
        outcome -> Text,
        detail -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    messages (id) {
        id -> Text,
        request_id -> Text,
        side -> Text,
        kind -> Text,
        text -> Text,
        language -> Text,
        obstacle -> Nullable<Text>,
        items -> Text,
        at -> BigInt,
        in_reply_to -> Nullable<Text>,
        document_name -> Nullable<Text>,
        document_bytes -> Nullable<BigInt>,
        document_digest -> Nullable<Text>,
    }
}

diesel::table! {
    documents (message_id, position) {
        message_id -> Text,
        position -> Integer,
        content -> Binary,
    }
}

diesel::table! {
    internal_notes (id) {
        id -> Text,
        request_id -> Text,
        party_id -> Text,
        client_id -> Text,
        text -> Text,
        language -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    saved_texts (id) {
        id -> Text,
        party_id -> Text,
        name -> Text,
        text -> Text,
        language -> Text,
        version -> Integer,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    feed_heads (party_id) {
        party_id -> Text,
        head -> BigInt,
    }
}

diesel::table! {
    feed (party_id, position) {
        party_id -> Text,
        position -> BigInt,
        entry -> Text,
    }
}

diesel::table! {
    idempotency (client_id, key) {
        client_id -> Text,
        key -> Text,
        fingerprint -> Binary,
        status -> Integer,
        headers -> Text,
        body -> Text,
        created_at -> BigInt,
        entries -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(holds, requests);
diesel::allow_tables_to_appear_in_same_query!(mails, outbox);
diesel::allow_tables_to_appear_in_same_query!(bounces, outbox);
diesel::allow_tables_to_appear_in_same_query!(sightings, requests);
diesel::allow_tables_to_appear_in_same_query!(collection_objects, requests);
diesel::joinable!(items -> requests (request_id));
diesel::joinable!(objection_codes -> items (item_id));
diesel::allow_tables_to_appear_in_same_query!(objection_codes, items);
diesel::allow_tables_to_appear_in_same_query!(requests, items, agencies, platforms);
diesel::allow_tables_to_appear_in_same_query!(outbox, requests);
diesel::allow_tables_to_appear_in_same_query!(history, signed_statements);
diesel::allow_tables_to_appear_in_same_query!(copies, requests);
diesel::allow_tables_to_appear_in_same_query!(final_orders, requests);
diesel::allow_tables_to_appear_in_same_query!(outbox, prior_notices);
diesel::allow_tables_to_appear_in_same_query!(outbox, operations);
diesel::allow_tables_to_appear_in_same_query!(sightings, platforms);
diesel::joinable!(operation_requests -> requests (request_id));
diesel::allow_tables_to_appear_in_same_query!(operation_requests, requests);
diesel::allow_tables_to_appear_in_same_query!(operation_requests, items);
diesel::allow_tables_to_appear_in_same_query!(operations, operation_agencies, operation_requests);
diesel::allow_columns_to_appear_in_same_group_by_clause!(
    operation_requests::operation_id,
    operation_requests::role,
    requests::status,
    requests::result,
    items::outcome,
);
diesel::allow_columns_to_appear_in_same_group_by_clause!(
    requests::withdrawal,
    items::outcome,
    items::withdrawal,
    items::restoration_outcome,
);

diesel::table! {
    /// Which migrations were run; kept by diesel.
    #[sql_name = "__diesel_schema_migrations"]
    migrations (version) {
        version -> Text,
    }
}
