//! Forms as browsers send them, for every page that has one: read strictly, and only from a page of ours. What is not UTF-8 is
//! refused: a text that is kept is the one that was written, and not what a reader made of it.

use actix_web::http::header::{HOST, HeaderValue, ORIGIN, RETRY_AFTER};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use encoding_rs::UTF_8;
use percent_encoding::percent_decode;

/// The media type of a form.
const FORM: &str = "application/x-www-form-urlencoded";

/// Why a form cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unread {
    /// It is none, or has a field twice.
    Unreadable,
    /// It is not written in UTF-8.
    Encoding,
}

/// The fields of a form, each once, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads the body of a request. Fields that are not `wanted` are passed over, as browsers add some.
    pub(super) fn read(
        request: &HttpRequest,
        body: &[u8],
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Self, Unread> {
        if !request.content_type().eq_ignore_ascii_case(FORM) {
            return Err(Unread::Unreadable);
        }
        match request.encoding() {
            Ok(encoding) if encoding == UTF_8 => Self::parse(body, wanted),
            Ok(_) | Err(_) => Err(Unread::Encoding),
        }
    }

    fn parse(body: &[u8], wanted: impl Fn(&str) -> bool) -> Result<Self, Unread> {
        let mut fields = Self::default();
        for pair in body.split(|byte| *byte == b'&') {
            let mut parts = pair.splitn(2, |byte| *byte == b'=');
            let name = std::str::from_utf8(parts.next().unwrap_or_default()).unwrap_or_default();
            let value = parts.next().unwrap_or_default();
            if !wanted(name) {
                continue;
            }
            if fields.0.iter().any(|(known, _)| known == name) {
                return Err(Unread::Unreadable);
            }
            fields.0.push((name.to_owned(), decoded(value)?));
        }
        Ok(fields)
    }

    /// What stands in a field: nothing when it was not sent.
    pub(super) fn get(&self, name: &str) -> &str {
        let field = self.0.iter().find(|(known, _)| known == name);
        field.map_or("", |(_, value)| value)
    }

    /// The same as it is kept: browsers send every line break as two characters and show it as one.
    pub(super) fn text(&self, name: &str) -> String {
        self.get(name).replace("\r\n", "\n")
    }
}

fn decoded(value: &[u8]) -> Result<String, Unread> {
    let spaced: Vec<u8> = value
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    let text = percent_decode(&spaced).decode_utf8();
    text.map(Into::into).map_err(|_| Unread::Encoding)
}

/// Whether a form was sent from a page of somebody else. Nobody is signed in here and there are no cookies, so such a page
/// gains nothing by it but to spread a flood over the addresses of its visitors. Browsers say where a form came from: by
/// `Sec-Fetch-Site`, or by `Origin`, which our own `Referrer-Policy` makes `null`.
pub(super) fn foreign(request: &HttpRequest) -> bool {
    let header = |name: &str| {
        let value = request.headers().get(name);
        value.and_then(|value| value.to_str().ok())
    };
    if let Some(site) = header("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    let Some(origin) = header(ORIGIN.as_str()) else {
        return false;
    };
    let own = header(HOST.as_str()).is_some_and(|host| {
        let (_, from) = origin.split_once("://").unwrap_or_default();
        from == host
    });
    !own && origin != "null"
}

/// Says when to come again.
pub(super) fn soon(mut answer: HttpResponse) -> HttpResponse {
    answer
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from(5));
    answer
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use actix_web::test::TestRequest;

    use super::*;

    fn read(kind: &str, body: &[u8]) -> Result<(String, String), Unread> {
        let request = TestRequest::default().insert_header(("content-type", kind));
        let wanted = |name: &str| matches!(name, "text" | "language");
        let fields = Fields::read(&request.to_http_request(), body, wanted)?;
        Ok((
            fields.get("text").to_owned(),
            fields.get("language").to_owned(),
        ))
    }

    #[test]
    fn what_browsers_send_is_what_was_typed() {
        for (body, text) in [
            ("text=a+%2B+b%0D%0Ac&language=pl&other=%FF", "a + b\r\nc"),
            ("language=pl&text=%C5%BC%EF%BF%BD", "ż\u{fffd}"),
            ("language=pl&text=100%&x", "100%"),
            ("language=pl&text=a=b", "a=b"),
            ("language=pl&text=ż", "ż"),
            ("language=pl", ""),
        ] {
            let read = read(FORM, body.as_bytes());
            assert_eq!(read, Ok((text.to_owned(), "pl".to_owned())), "{body}");
        }
        assert_eq!(read(FORM, b""), Ok((String::new(), String::new())));
    }

    #[test]
    fn what_is_no_utf_8_is_refused_and_not_mended() {
        for body in [
            b"text=a%FFb&language=pl".as_slice(),
            b"text=a\xffb&language=pl",
            b"text=%C5&language=pl",
            b"text=%ED%A0%80&language=pl",
            b"text=a&language=%80",
        ] {
            assert_eq!(read(FORM, body), Err(Unread::Encoding), "{body:?}");
        }
        let latin = format!("{FORM}; charset=iso-8859-2");
        assert_eq!(read(&latin, b"text=a"), Err(Unread::Encoding));
        let named = format!("{FORM}; charset=UTF-8");
        assert!(read(&named, b"text=a").is_ok());
    }

    #[test]
    fn what_is_no_such_form_is_not_guessed_at() {
        assert_eq!(read("text/plain", b"text=a"), Err(Unread::Unreadable));
        assert_eq!(read(FORM, b"text=a&text=b"), Err(Unread::Unreadable));
    }
}
