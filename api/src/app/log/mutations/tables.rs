//! Which tables are computed anew, and which of their columns are not.

/// The tables that are computed anew.
pub(super) const COVERED: [&str; 17] = [
    "history",
    "requests",
    "items",
    "decisions",
    "messages",
    "asked",
    "feed",
    "feed_heads",
    "log_state",
    "log_tiles",
    "log_checkpoints",
    "unit_keys",
    "signed_statements",
    "unit_tags",
    "claims",
    "webhooks",
    "private_feeds",
];

/// Their columns that are not, and why. `docs/history.md` shows them.
pub(super) const NOT_COVERED: &[(&str, &str)] = &[
    (
        "history.pos",
        "the order of writing; what counts is the place in the log",
    ),
    ("history.erased_with", "by which an erasure finds the entry"),
    (
        "requests.check_code",
        "drawn at random; a mail and its page name it",
    ),
    (
        "requests.operation",
        "a label that the agency keeps it under",
    ),
    (
        "requests.remind_at",
        "taken away once the reminder is queued",
    ),
    (
        "requests.revisions",
        "what was put right; the entries have digests of each fact",
    ),
    (
        "requests.preservation",
        "a time that the law sets is computed from the instrument; its standing is compared",
    ),
    (
        "requests.preservation_due",
        "when the time next brings something; moved by the job",
    ),
    (
        "requests.oversight",
        "what other authorities have to do with it; the entries say what they did",
    ),
    (
        "requests.part",
        "which part of a filing over several platforms it is",
    ),
    (
        "requests.signed",
        "how it is shown; what the unit signed is compared itself, byte for byte",
    ),
    (
        "decisions.id",
        "no entry names it; which there are and in which order is compared",
    ),
    ("items.objections", "counted for lists"),
    ("items.objection_outcome", "for lists"),
    (
        "items.open_in",
        "by which a filing finds it while it is open",
    ),
    ("messages.kind", "the entry says what happened"),
    (
        "messages.language",
        "said of the text and no part of its digest",
    ),
    ("messages.obstacle", "the entry of the report says which"),
    ("messages.items", "about which items it was said to be"),
    ("messages.in_reply_to", "for threads"),
    (
        "messages.document_name",
        "said of the document and no part of its digest",
    ),
    (
        "messages.document_bytes",
        "said of the document and no part of its digest",
    ),
    ("asked.recent", "the newest ten, for lookups"),
    (
        "asked.undisclosed_until",
        "raised with each extension and never lowered",
    ),
    (
        "feed.entry",
        "rendered when it happened; its identifier is that of the entry it tells of",
    ),
    ("feed.written_in", "by which other nodes notice it"),
    ("log_checkpoints.signed_at", "the signature has no time"),
    (
        "claims.claimant",
        "of the mailbox that began it only whether there is one is compared",
    ),
    ("claims.looks", "counted, so that nobody looks without end"),
    ("claims.looked_at", "so that nobody looks without end"),
    ("claims.found", "what the last look saw"),
    (
        "claims.ticket",
        "lets whoever proved it say how he wants to be written to, for an hour",
    ),
    ("webhooks.description", "what its party calls it"),
    (
        "webhooks.secrets",
        "sealed with a key that is not here; of its keys the newest public one is compared",
    ),
    ("webhooks.position", "how far it was told"),
    ("webhooks.due_at", "when something is due; moved by the job"),
    ("webhooks.not_before", "moved by the job"),
    ("webhooks.lease", "which node is at it"),
    ("webhooks.lease_until", "which node is at it"),
    ("webhooks.failures", "counted by the job"),
    ("webhooks.failing_since", "noted by the job"),
    ("webhooks.delivered_at", "noted by the job"),
    ("webhooks.last_error", "noted by the job"),
    ("private_feeds.description", "what its party calls it"),
];
