//! The closed table of problems. The pages under `/docs/problems/` are made of it.

use actix_web::http::StatusCode;

/// What the documentation says about a kind of problem.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// The code.
    pub code: Code,
    /// Its name on the wire and in the address of its page.
    pub name: &'static str,
    /// HTTP status.
    pub status: u16,
    /// What kind of problem this is.
    pub title: &'static str,
    /// What to do about it.
    pub help: &'static str,
}

macro_rules! problems {
    ($($variant:ident = $name:literal, $status:literal, $title:literal, $help:literal;)+) => {
        /// A kind of problem.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $(#[doc = $title] $variant,)+
        }

        impl Code {
            /// The whole table.
            pub const ALL: &'static [Spec] = &[$(Spec {
                code: Code::$variant, name: $name, status: $status, title: $title, help: $help,
            },)+];

            /// What the documentation says about it.
            #[must_use]
            pub const fn spec(self) -> &'static Spec {
                match self {
                    $(Code::$variant => &Spec {
                        code: Code::$variant, name: $name, status: $status, title: $title, help: $help,
                    },)+
                }
            }
        }
    };
}

problems! {
    MalformedBody = "malformed-body", 400, "The body is not well-formed",
        "The body is not valid JSON, is nested deeper than 16 levels, or is not in UTF-8. The detail names line and column. Send the body through a JSON checker; nothing was changed.";
    UnknownField = "unknown-field", 422, "The body has a field that does not exist",
        "Unknown fields are refused rather than ignored, so that a misspelt field cannot silently lose what you meant. The error names the field and those that exist.";
    Invalid = "invalid", 422, "A value was refused",
        "Each entry of `errors` names one value by its JSON pointer, says what is wrong with it and what would be right. Nothing was changed; correct the values and send again.";
    UnsupportedMediaType = "unsupported-media-type", 415, "The body has a media type that is not accepted here",
        "Send `Content-Type: application/json` (a batch also takes `application/x-ndjson`, what a unit signed is `application/jose+json`, a document is `application/pdf`, the token endpoint `application/x-www-form-urlencoded`), without Content-Encoding.";
    NotAcceptable = "not-acceptable", 406, "The answer does not exist in the form you ask for",
        "Ask for `application/json`, or leave the Accept header out. Exports take their form from the `format` parameter.";
    BodyTooLarge = "body-too-large", 413, "The body is too large",
        "The detail gives the limit. Send fewer requests per batch, or fewer items per request. Nothing was changed.";
    InvalidCursor = "invalid-cursor", 400, "The cursor is not one of ours",
        "Send a cursor exactly as the exchange gave it to you, with the same filters. To begin anew leave it out.";
    InvalidParameter = "invalid-parameter", 400, "A parameter was refused",
        "Each entry of `errors` names one query parameter or header and says what would be right.";
    NotFound = "not-found", 404, "Not found",
        "Nothing exists at this address, or you may not know of it; the exchange does not tell the two apart. Check the id, and that you use the credentials of the party it belongs to.";
    MethodNotAllowed = "method-not-allowed", 405, "The method is not allowed here",
        "The Allow header lists the methods that are.";
    Unauthenticated = "unauthenticated", 401, "You are not signed in",
        "Get an access token from `/oauth/token` and send it as `Authorization: Bearer …`. A token lives a few minutes: on this answer get a new one and repeat the call once. If that fails too, the client or its party may be suspended; ask the operator.";
    Forbidden = "forbidden", 403, "You may not do this",
        "Your role does not include this action, or your party is not yet verified. The detail says which.";
    InsufficientScope = "insufficient-scope", 403, "The token lacks a scope",
        "The detail names the scope. Ask for it at `/oauth/token`; if it is refused there, the operator has to grant it to the client.";
    ConflictState = "conflict-state", 409, "The request is in a state that does not allow this",
        "The detail names the present state and those that would allow it. Read the request again and decide on what you see. Nothing was changed.";
    AlreadyAsked = "already-asked", 409, "Something of it was asked about before",
        "You asked to be refused in this case (`if_repeated`). `repeats` says for each such item what is known; an open request of your own is named, and can be joined by a note. Nothing was filed. To file all the same leave `if_repeated` out.";
    SignatureRefused = "signature-refused", 422, "The signature does not count",
        "What was sent as `application/jose+json` is not signed as it must be. `rule` names what is wrong, the entry of `errors` where and what would be right; the pointer is one into the payload, or `#/protected`, `#/payload`, `#/signature` for the JWS itself. Nothing was changed. The page on signed requests has the whole format.";
    SignatureRequired = "signature-required", 403, "The unit's signature is required",
        "This agency has said that its unit signs whatever it asks (`PUT /v1/agencies/{id}/signing`). Sign it with the unit's own key and send it as `application/jose+json`; a row of a batch may be such a statement as well. The page on signed requests says how. If you did not expect this, somebody may be using your agency's login. Nothing was changed.";
    NoForm = "no-form", 409, "There is nothing to say in this form",
        "Each form belongs to one instrument: the Annexes to `eu-tco-order`, `dsa_art9` and `dsa_art9_effect` to `eu-dsa-art9-order`, the others to `eu-dsa-art16-notice`. Annex II needs content that is removed, or to which access is disabled in all Member States; Annex III an obstacle that was reported; an effect or a decision an item with an outcome; a confirmation of receipt that the platform has read the notice. The detail says which is missing.";
    NoTombstone = "no-tombstone", 409, "There is no such page for the uploader",
        "A page stands in the place of an item that was acted on: `removed`, `access_disabled`, `geo_blocked`, `account_suspended`, `restricted` or `modified`. Its HTTP status must say what is true: 451 only after a legal demand. The detail says what stands in the way; leave `status` out to be given the one that fits.";
    NoStatementDue = "no-statement-due", 409, "No statement of reasons is due",
        "The detail says why, `article` by which article. Nothing has to be sent to the transparency database for this item. If the record is wrong, record another outcome, or say in the body what it does not know.";
    DuplicateReference = "duplicate-reference", 409, "You used this reference before",
        "An `agency_reference` is unique within your agency. The body names the request that has it. To repeat a call safely use an Idempotency-Key.";
    IdempotencyMismatch = "idempotency-mismatch", 422, "The idempotency key was used with another body",
        "A key belongs to one call for 24 hours. Make a new key for a new call. Nothing was changed.";
    IdempotencyInProgress = "idempotency-in-progress", 409, "The first call with this key is not finished",
        "Wait for the time in Retry-After, then repeat the call unchanged: you will get the first call's answer.";
    StaleVersion = "stale-version", 412, "The request changed since you read it",
        "The version in If-Match is not the current one, which `current_version` gives. Read the request again, check that your decision still holds, and send it with the new ETag.";
    PreconditionRequired = "precondition-required", 428, "If-Match is needed here",
        "Send the ETag of the version that you decided on as `If-Match`, so that a change in between cannot be overlooked. `If-Match: *` accepts any version.";
    ContradictsInstrument = "contradicts-instrument", 422, "The filing contradicts its own instrument",
        "The instrument you claim does not allow this filing. Each entry of `errors` names the rule, its source in the law, and the value that breaks it. Correct the value or claim another instrument.";
    UnknownPlatform = "unknown-platform", 422, "No platform is registered for this",
        "No registered platform has the host of this item. Name the platform by its id, or ask the operator to register the host.";
    SeveralPlatforms = "several-platforms", 422, "The items lie on several platforms",
        "You sent `Prefer: handling=strict`. Leave it out, and one request is filed for each platform, all under one operation; or file each by itself: `errors` says which item lies where. Nothing was filed.";
    RangeNotSatisfiable = "range-not-satisfiable", 416, "There is nothing at that place of the file",
        "Content-Range says how many bytes the file has. Ask for bytes before that, or leave Range out for all of it.";
    TooManyRequests = "too-many-requests", 429, "Too many calls",
        "Wait for the time in Retry-After. The RateLimit headers of every answer say what is left. File many requests with one batch; poll the inbox with If-None-Match, which costs nothing while there is nothing new.";
    Busy = "busy", 503, "The exchange is busy",
        "More work is waiting than can be done in time, so this call was turned away before anything was changed. Repeat it after the time in Retry-After.";
    DatabaseUnavailable = "database-unavailable", 503, "The database cannot be reached",
        "Repeat the call after the time in Retry-After, with the same Idempotency-Key, so that it counts once whatever happened. Operators: see `takedown doctor` and `/readyz`.";
    StorageFull = "storage-full", 507, "The storage of the exchange is full",
        "Nothing was changed. Reading still works. The operator has to make room; repeat the call afterwards.";
    NotSealed = "not-sealed", 503, "No signed checkpoint covers this yet",
        "The entry is stored and has its place, or will have it in a moment; what is missing is the signature over it. Ask again after the time in Retry-After, or send `Prefer: wait=10`. If it stays so for a minute, the node that has the key of the log is away: tell the operator.";
    HistoryBehind = "history-behind", 503, "The database is older than what was promised of it",
        "The exchange signed a history that is longer than the one in its database, or another one: a backup was put back, or somebody changed it. Nothing is written until the operator has looked; reading still works. Operators: see `takedown log` and the guide on backups.";
    Timeout = "timeout", 503, "It took too long",
        "With status 408 your body did not arrive in time: check the connection, send smaller bodies. With status 503 the exchange did not finish in time: whether the change was made is not known, so repeat the call with the same Idempotency-Key.";
    Internal = "internal", 500, "The exchange failed",
        "This is a fault of the exchange. Give its operator the `request_id`, by which the log can be searched.";
}

impl Code {
    /// Its name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.spec().name
    }

    /// What kind of problem this is.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.spec().title
    }

    /// HTTP status.
    #[must_use]
    pub fn status(self) -> StatusCode {
        StatusCode::from_u16(self.spec().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The code of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Spec> {
        Self::ALL.iter().find(|spec| spec.name == name)
    }
}
