//! `client_secret_basic` (RFC 6749 section 2.3.1): id and secret, each form-encoded, in an HTTP Basic header.

use data_encoding::BASE64;
use secrecy::SecretString;

/// The id and the secret of an `Authorization` header, or `None` when it is no such header.
#[must_use]
pub fn parse(header: &str) -> Option<(String, SecretString)> {
    let (scheme, credentials) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") || credentials.len() > 2_048 {
        return None;
    }
    let decoded = BASE64.decode(credentials.trim().as_bytes()).ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    let (id, secret) = (form_decoded(id)?, form_decoded(secret)?);
    if id.is_empty() {
        return None;
    }
    Some((id, SecretString::from(secret)))
}

fn form_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = char::from(rest.next()?).to_digit(16)?;
                let low = char::from(rest.next()?).to_digit(16)?;
                u8::try_from(high * 16 + low).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use secrecy::ExposeSecret;

    use super::*;

    fn header(text: &str) -> Option<(String, String)> {
        let (id, secret) = parse(&format!("Basic {}", BASE64.encode(text.as_bytes())))?;
        Some((id, secret.expose_secret().to_owned()))
    }

    #[test]
    fn id_and_secret_are_form_decoded() {
        let pair = |id: &str, secret: &str| Some((id.to_owned(), secret.to_owned()));
        assert_eq!(
            header("client_01:tdx_abc-_"),
            pair("client_01", "tdx_abc-_")
        );
        assert_eq!(header("a%3Ab:c%2Bd+e%25"), pair("a:b", "c+d e%"));
        assert_eq!(header("a:b:c"), pair("a", "b:c"));
        assert_eq!(header("a:"), pair("a", ""));
    }

    #[test]
    fn what_is_no_basic_header_is_none() {
        for text in [":x", "nocolon", "a:%zz", "a:%f", "a:%ff"] {
            assert_eq!(header(text), None, "{text}");
        }
        for raw in ["", "Basic", "Bearer YTpi", "Basic YTpi=", "Basic !!!!"] {
            assert!(parse(raw).is_none(), "{raw}");
        }
        assert!(parse("basic YTpi").is_some());
    }
}
