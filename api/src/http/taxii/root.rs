//! `GET /taxii2/exchange/`

use actix_web::{HttpResponse, get};
use serde_json::json;

use super::MEDIA_TYPE;
use super::caller::Caller;
use super::written::ok;
use crate::app::collections;
use crate::http::problem::Problem;

/// The largest body that would be taken, if any were, in bytes. The standard wants a number.
const MAX_CONTENT_LENGTH: u32 = 65_536;

/// The one API root.
#[get("/taxii2/exchange/")]
pub async fn read_api_root(caller: Caller) -> Result<HttpResponse, Problem> {
    collections::root(&caller.0)?;
    Ok(ok(&json!({
        "title": "takedown-exchange",
        "versions": [MEDIA_TYPE],
        "max_content_length": MAX_CONTENT_LENGTH,
    })))
}
