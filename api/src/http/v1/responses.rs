//! The problems that many endpoints can answer with, described once.

use std::collections::BTreeMap;

use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::{ContentBuilder, Ref, RefOr};
use utoipa::{IntoResponses, ToSchema};

use crate::http::problem::{MEDIA_TYPE, ProblemBody};

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident { $($status:literal => $says:literal,)+ })+) => {
        $(
            $(#[$doc])*
            pub struct $name;

            impl IntoResponses for $name {
                fn responses() -> BTreeMap<String, RefOr<Response>> {
                    BTreeMap::from([$(($status.to_owned(), problem($says)),)+])
                }
            }
        )+
    };
}

problems! {
    /// What every endpoint that needs a token can answer.
    Calling {
        "400" => "A parameter or header was refused.",
        "401" => "No valid access token.",
        "403" => "The role may not do this, or the token lacks the scope.",
        "406" => "Accept names no media type of the answers.",
        "429" => "Too many calls; see Retry-After.",
        "503" => "Busy, or the database does not answer; see Retry-After.",
    }
    /// What an endpoint for one thing can answer besides.
    Finding {
        "404" => "It does not exist, or you may not know of it.",
    }
    /// What an endpoint that changes something can answer.
    Writing {
        "400" => "The body is not JSON, or a parameter or header was refused.",
        "401" => "No valid access token.",
        "403" => "The role may not do this, or the token lacks the scope.",
        "406" => "Accept names no media type of the answers.",
        "408" => "The body did not arrive in time.",
        "413" => "The body is too large.",
        "415" => "The body's Content-Type is not accepted.",
        "422" => "A value was refused; `errors` says which, why, and what would be right.",
        "429" => "Too many calls; see Retry-After.",
        "503" => "Busy, or the database does not answer; nothing was changed.",
        "507" => "The disk is full; nothing was changed.",
    }
    /// What an endpoint that makes something new can answer besides.
    Creating {
        "409" => "Something with the same key or reference exists, with another content.",
    }
    /// What an endpoint without a body that takes a key can answer besides.
    Keyed {
        "422" => "The Idempotency-Key was used for another call within the last 24 hours.",
        "507" => "The disk is full; nothing was changed.",
    }
    /// What an endpoint that moves a request can answer besides.
    Moving {
        "409" => "The state of the request does not allow this; the detail says which it needs.",
        "412" => "The request changed since the version in If-Match.",
    }
    /// What an endpoint that changes what is known of a party can answer besides.
    Versioned {
        "412" => "It changed since the version in If-Match; `current_version` gives the present one.",
    }
    /// What an endpoint that needs what a request was about can answer besides.
    Erased {
        "409" => "What it was about was erased; nothing is left to do this with.",
    }
    /// What an endpoint for the addresses of a platform can answer besides.
    SpokenFor {
        "409" => "Somebody speaks for the platform, and says himself where it is written to.",
    }
    /// What an endpoint for the second of two people can answer besides.
    Second {
        "409" => "This is no second person, or the first one left something out; the detail says what.",
    }
    /// What an endpoint that begins a claim can answer besides.
    Claiming {
        "409" => "Enough claims of the platform were begun for today, or it is gone; the detail says which.",
    }
    /// What an endpoint that looks for a proof can answer besides.
    Looking {
        "409" => "Nobody looked: the host was looked at a moment ago, the claim too often, somebody else began it, or its time is over; the detail says which.",
        "507" => "The disk is full; nothing was changed.",
    }
    /// What an endpoint that sends a link can answer besides.
    Sending {
        "409" => "No link is sent: the platform has an inbox of its own, no address, or was sent enough for today; the detail says which.",
        "507" => "The disk is full; nothing was sent.",
    }
    /// What an endpoint that takes something back for good can answer besides.
    SaidOnce {
        "409" => "It was taken back already, for another reason; what was said then stays.",
    }
    /// What an endpoint that takes hosts for a platform can answer besides.
    Hosting {
        "409" => "A host leads to another platform; the detail names both.",
    }
    /// What an endpoint of a sandbox can answer besides.
    Trying {
        "404" => "This exchange is no sandbox.",
    }
    /// What an endpoint that insists on If-Match can answer besides.
    Conditional {
        "428" => "If-Match is required here.",
    }
}

fn problem(says: &str) -> RefOr<Response> {
    ResponseBuilder::new()
        .description(says)
        .content(
            MEDIA_TYPE,
            ContentBuilder::new()
                .schema(Some(Ref::from_schema_name(ProblemBody::name())))
                .build(),
        )
        .build()
        .into()
}
