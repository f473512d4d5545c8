//! The form as browsers send it, read strictly. What is not UTF-8 is refused: a text that is kept is the one that was written,
//! and not what a reader made of it.

use actix_web::{HttpMessage as _, HttpRequest};
use encoding_rs::UTF_8;
use percent_encoding::percent_decode;

use super::Wrong;

/// The media type of the form.
const FORM: &str = "application/x-www-form-urlencoded";

/// What the form sends.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::web) struct Typed {
    /// What is said against the measure.
    pub text: String,
    /// Its language.
    pub language: String,
}

impl Typed {
    /// Reads the body of a request; fields that the form does not have are passed over, as browsers add some.
    pub(super) fn read(request: &HttpRequest, body: &[u8]) -> Result<Self, Wrong> {
        if !request.content_type().eq_ignore_ascii_case(FORM) {
            return Err(Wrong::Unreadable);
        }
        match request.encoding() {
            Ok(encoding) if encoding == UTF_8 => Self::parse(body),
            Ok(_) | Err(_) => Err(Wrong::Encoding),
        }
    }

    fn parse(body: &[u8]) -> Result<Self, Wrong> {
        let (mut text, mut language) = (None, None);
        for pair in body.split(|byte| *byte == b'&') {
            let mut parts = pair.splitn(2, |byte| *byte == b'=');
            let name = parts.next().unwrap_or_default();
            let value = parts.next().unwrap_or_default();
            let field = match name {
                b"text" => &mut text,
                b"language" => &mut language,
                _ => continue,
            };
            if field.replace(decoded(value)?).is_some() {
                return Err(Wrong::Unreadable);
            }
        }
        Ok(Self {
            text: text.unwrap_or_default(),
            language: language.unwrap_or_default(),
        })
    }
}

fn decoded(value: &[u8]) -> Result<String, Wrong> {
    let spaced: Vec<u8> = value
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    let text = percent_decode(&spaced).decode_utf8();
    text.map(Into::into).map_err(|_| Wrong::Encoding)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use actix_web::test::TestRequest;

    use super::*;

    fn read(kind: &str, body: &[u8]) -> Result<(String, String), Wrong> {
        let request = TestRequest::default().insert_header(("content-type", kind));
        let typed = Typed::read(&request.to_http_request(), body)?;
        Ok((typed.text, typed.language))
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
            assert_eq!(read(FORM, body), Err(Wrong::Encoding), "{body:?}");
        }
        let latin = format!("{FORM}; charset=iso-8859-2");
        assert_eq!(read(&latin, b"text=a"), Err(Wrong::Encoding));
        let named = format!("{FORM}; charset=UTF-8");
        assert!(read(&named, b"text=a").is_ok());
    }

    #[test]
    fn what_is_no_such_form_is_not_guessed_at() {
        assert_eq!(read("text/plain", b"text=a"), Err(Wrong::Unreadable));
        assert_eq!(read(FORM, b"text=a&text=b"), Err(Wrong::Unreadable));
    }
}
