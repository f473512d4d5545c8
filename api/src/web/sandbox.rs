//! What every page of a sandbox says first, in the language of the page.

use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody, to_bytes};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::ErrorInternalServerError;
use actix_web::http::header::{CONTENT_TYPE, HeaderMap};
use actix_web::middleware::Next;

use super::words::choose;

/// Wraps the pages of a sandbox. What the API hands out as HTML is no page of ours and stays as it is.
///
/// # Errors
/// When a page cannot be read.
pub async fn mark_pages<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let response = next.call(request).await?;
    if !is_html(response.headers()) || response.request().path().starts_with("/v1/") {
        return Ok(response.map_into_boxed_body());
    }
    let (request, response) = response.into_parts();
    let (response, body) = response.into_parts();
    let Ok(body) = to_bytes(body).await else {
        return Err(ErrorInternalServerError("a page could not be read"));
    };
    let marked = marked(&String::from_utf8_lossy(&body));
    Ok(ServiceResponse::new(
        request,
        response.set_body(BoxBody::new(marked)),
    ))
}

fn is_html(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE);
    kind.and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("text/html"))
}

/// The page with a warning at its top.
fn marked(page: &str) -> String {
    let lang = page.split_once("<html lang=\"");
    let lang = lang.and_then(|(_, rest)| rest.split('"').next());
    let says = choose(lang, None).sandbox;
    let begin = page.find("<body").and_then(|body| {
        let end = page.get(body..)?.find('>')?;
        Some(body + end + 1)
    });
    let (before, after) = page.split_at(begin.unwrap_or(0));
    format!("{before}\n<p class=\"warn\" role=\"note\"><strong>{says}</strong></p>{after}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::words::ALL;

    #[test]
    fn a_page_says_it_in_its_own_language_before_anything_else() {
        for words in ALL {
            let page = format!(
                "<!DOCTYPE html>\n<html lang=\"{}\" dir=\"ltr\">\n<head></head>\n<body class=\"x\">\n<main>body</main>",
                words.tag
            );
            let marked = marked(&page);
            let (before, after) = marked.split_once(words.sandbox).unwrap_or_default();
            assert!(
                before.contains("<body class=\"x\">\n<p class=\"warn\""),
                "{marked}"
            );
            assert!(after.contains("<main>body</main>"), "{marked}");
        }
        assert!(marked("no page").ends_with("no page"));
        let foreign = marked("<html lang=\"xx\"><body>");
        assert!(foreign.contains(ALL[0].sandbox), "{foreign}");
    }
}
