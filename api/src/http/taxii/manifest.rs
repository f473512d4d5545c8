//! `GET /taxii2/exchange/collections/{id}/manifest/`

use actix_web::{HttpResponse, get, web};
use serde_json::{Map, Value, json};
use takedown_core::time::rfc3339;

use super::STIX;
use super::caller::Caller;
use super::chosen::Wanted;
use super::written::{micros, page};
use crate::app::{Cx, collections};
use crate::http::extract::Query;
use crate::http::problem::Problem;

/// Which objects there are. It hands over no content, and is no receipt.
#[get("/taxii2/exchange/collections/{id}/manifest/")]
pub async fn read_manifest(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let found = collections::manifest(&cx, &caller.0, &id, wanted.read()?).await?;
    let records = found.items.iter().map(|record| {
        json!({
            "id": record.id,
            "date_added": micros(record.added_at),
            "version": rfc3339(record.version),
            "media_type": STIX,
        })
    });
    let body = envelope("objects", records.collect(), found.next);
    Ok(page(&body, found.added))
}

/// A page with what goes with it; nothing at all when there is nothing.
pub(super) fn envelope(name: &str, items: Vec<Value>, next: Option<String>) -> Value {
    let mut body = Map::new();
    if !items.is_empty() {
        body.insert(name.to_owned(), Value::Array(items));
    }
    if !body.is_empty() || next.is_some() {
        body.insert("more".to_owned(), Value::Bool(next.is_some()));
    }
    if let Some(next) = next {
        body.insert("next".to_owned(), Value::String(next));
    }
    Value::Object(body)
}
