//! `/feeds/{secret}.atom`: a party's inbox as an Atom feed (RFC 4287), in pages (RFC 5005).

use std::fmt::Write as _;

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use takedown_core::time::rfc3339;

use super::docs::Docs;
use super::form::soon;
use super::page;
use super::reply::{Keep, STRICT, guarded, html};
use crate::app::private_feeds::{self, FeedEntry, Shown};
use crate::app::{Cx, Error};

/// What may follow the question mark.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    before: Option<i64>,
}

/// `GET /feeds/{feed}`: what stands there. It changes nothing, and no locator is among it: it is no receipt.
pub(super) async fn show(
    request: HttpRequest,
    feed: web::Path<String>,
    asked: Result<web::Query<Asked>, actix_web::Error>,
    cx: web::Data<Cx>,
    docs: web::Data<Docs>,
) -> HttpResponse {
    let known = known_head(&request);
    let before = asked.map(|asked| asked.before);
    let shown = match (feed.strip_suffix(".atom"), before) {
        (Some(secret), Ok(before)) => private_feeds::show(&cx, secret, before, known)
            .await
            .map(|shown| (secret.to_owned(), before, shown)),
        _ => Err(Error::NotFound),
    };
    let (secret, before, shown) = match shown {
        Ok(shown) => shown,
        Err(error) => return not_there(&error, &docs),
    };
    let etag = format!("\"f{}\"", shown.head);
    if before.is_none() && known == Some(shown.head) {
        return HttpResponse::NotModified()
            .insert_header((ETAG, etag))
            .finish();
    }
    let feed = Atom::of(&cx.settings.public_url, (&secret, before), &shown);
    let mut answer = guarded(
        StatusCode::OK,
        "application/atom+xml; charset=utf-8",
        STRICT,
        Keep::Never,
    );
    answer.insert_header((CACHE_CONTROL, "private, no-cache"));
    // Older pages change as well when the newest entry does: what is on them moves.
    answer.insert_header((ETAG, etag)).body(page(&feed))
}

/// The head that a reader knows, from `If-None-Match`.
fn known_head(request: &HttpRequest) -> Option<i64> {
    let known = request.headers().get(IF_NONE_MATCH)?.to_str().ok()?;
    known.split(',').find_map(|tag| {
        let tag = tag.trim();
        let tag = tag.strip_prefix("W/").unwrap_or(tag);
        tag.strip_prefix("\"f")?.strip_suffix('"')?.parse().ok()
    })
}

/// The one page for an address at which nothing is read.
#[derive(Template)]
#[template(path = "web/feed_absent.html")]
struct Absent<'a> {
    contact: Option<&'a str>,
    busy: bool,
}

fn not_there(error: &Error, docs: &Docs) -> HttpResponse {
    let absent = Absent {
        contact: docs.contact(),
        busy: !matches!(error, Error::NotFound),
    };
    if absent.busy {
        tracing::warn!(%error, "a feed could not be read");
        return soon(html(StatusCode::SERVICE_UNAVAILABLE, Keep::Never).body(page(&absent)));
    }
    html(StatusCode::NOT_FOUND, Keep::Never).body(page(&absent))
}

/// The feed as a document.
#[derive(Template)]
#[template(path = "web/feed.xml")]
struct Atom<'a> {
    id: String,
    title: String,
    updated: String,
    own: String,
    first: String,
    older: Option<String>,
    generator: &'a str,
    entries: Vec<Entry>,
}

struct Entry {
    id: String,
    title: String,
    updated: String,
    link: Option<String>,
    kind: Option<String>,
    summary: String,
}

impl Atom<'_> {
    fn of(public_url: &str, (secret, before): (&str, Option<i64>), shown: &Shown) -> Self {
        let first = format!("{public_url}/feeds/{secret}.atom");
        let at = |before: i64| format!("{first}?before={before}");
        let newest = shown.entries.first().map_or(shown.created_at, |e| e.at);
        Self {
            id: format!("urn:uuid:{}", shown.id.uuid().hyphenated()),
            title: clean(&format!("Takedown requests: {}", shown.party)),
            updated: rfc3339(newest),
            own: before.map_or_else(|| first.clone(), at),
            older: shown.older.map(at),
            first,
            generator: env!("CARGO_PKG_VERSION"),
            entries: shown
                .entries
                .iter()
                .map(|entry| Entry::of(public_url, entry))
                .collect(),
        }
    }
}

impl Entry {
    fn of(public_url: &str, entry: &FeedEntry) -> Self {
        let mut title = String::new();
        if let Some(request) = &entry.request {
            let _ = write!(title, "{} – ", request.reference);
        }
        title.push_str(&happened(&entry.event));
        if let Some(request) = &entry.request {
            let _ = write!(title, ": {}", request.summary);
        }
        let status = |status: &str| format!("{}. It stood at: {status}.", entry.event);
        let told = entry.request.as_ref();
        Self {
            id: format!("urn:uuid:{}", entry.id.hyphenated()),
            title: clean(&title),
            updated: rfc3339(entry.at),
            link: told.map(|request| clean(&format!("{public_url}/v1/requests/{}", request.id))),
            kind: told.map(|request| clean(&request.kind)),
            summary: clean(&told.map_or_else(|| entry.event.clone(), |r| status(&r.status))),
        }
    }
}

/// What happened, in words: `request.filed` is "request filed".
fn happened(event: &str) -> String {
    event.replace(['.', '_'], " ")
}

/// Only what XML 1.0 can hold at all; what is markup the template escapes.
fn clean(text: &str) -> String {
    let allowed = |c: &char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{1_0000}'..);
    text.chars().filter(allowed).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use takedown_core::id::FeedId;
    use takedown_core::time::from_millis;
    use uuid::Uuid;

    use super::*;
    use crate::app::private_feeds::Told;

    fn shown(name: &str, summary: &str) -> Shown {
        let at = from_millis(1_772_357_400_000).unwrap();
        Shown {
            id: FeedId::from_uuid(Uuid::from_u128(7)),
            party: name.to_owned(),
            created_at: at,
            head: 3,
            entries: vec![FeedEntry {
                id: Uuid::from_u128(8),
                event: "request.filed".to_owned(),
                at,
                request: Some(Told {
                    id: "req_1".to_owned(),
                    reference: "TX-1".to_owned(),
                    summary: summary.to_owned(),
                    kind: "referral".to_owned(),
                    status: "filed".to_owned(),
                }),
            }],
            older: Some(2),
        }
    }

    #[test]
    fn hostile_text_stays_text() {
        let hostile = "</title><script>alert(1)</script>]]>&#0;\u{1}\u{ffff}\u{202e}\" onload='x'";
        let text = page(&Atom::of(
            "https://exchange.example",
            ("s3cret", None),
            &shown(hostile, hostile),
        ));
        let document = roxmltree::Document::parse(&text).unwrap();
        let entry = document
            .descendants()
            .find(|node| node.has_tag_name("entry"))
            .unwrap();
        let title = entry
            .children()
            .find(|node| node.has_tag_name("title"))
            .unwrap();
        assert!(title.children().all(|node| node.is_text()), "{text}");
        assert!(title.text().unwrap().contains("</title><script>alert(1)"));
        assert!(!text.contains('\u{1}') && !text.contains('\u{ffff}'));
    }

    #[test]
    fn the_next_page_is_named() {
        let text = page(&Atom::of(
            "https://exchange.example",
            ("s3cret", None),
            &shown("a", "b"),
        ));
        let next =
            "<link rel=\"next\" href=\"https://exchange.example/feeds/s3cret.atom?before=2\"/>";
        assert!(text.contains(next), "{text}");
        assert!(text.contains("TX-1 – request filed: b"), "{text}");
    }
}
