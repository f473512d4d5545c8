//! The tables of what was put right.

diesel::table! {
    revisions (request_id, position) {
        request_id -> Text,
        position -> Integer,
        fact -> Text,
        data -> Text,
    }
}

diesel::table! {
    former_references (agency_id, agency_reference, request_id) {
        agency_id -> Text,
        agency_reference -> Text,
        request_id -> Text,
    }
}
