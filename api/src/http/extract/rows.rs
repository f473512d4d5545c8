//! Batches: many JSON texts in one body, each to be judged on its own.

use actix_web::{FromRequest, HttpRequest, dev};
use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use serde_json::value::RawValue;

use super::depth::too_deep;
use super::read::{MAX_DEPTH, Size, read};
use crate::http::problem::{Code, Problem};

const ARRAY: &str = "application/json";
const LINES: &str = "application/x-ndjson";

/// The body of a batch: a JSON array, or one JSON text per line.
#[derive(Debug, Clone)]
pub struct Rows {
    bytes: Bytes,
    lines: bool,
}

impl Rows {
    /// The body as it was sent.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Each row as its own JSON text, in order; parse it with [`super::parse`], so that a bad row sinks no other.
    ///
    /// # Errors
    /// `malformed-body` when the array itself cannot be taken apart, `invalid` when there are more than `max` rows.
    pub fn split(&self, max: usize) -> Result<Vec<&[u8]>, Problem> {
        let rows = if self.lines {
            self.bytes
                .split(|byte| *byte == b'\n')
                .filter(|line| !line.iter().all(u8::is_ascii_whitespace))
                .collect()
        } else {
            self.elements()?
        };
        match rows.len() {
            0 => Err(Problem::new(
                Code::Invalid,
                "The batch is empty; send at least one row.",
            )),
            count if count > max => Err(Problem::new(
                Code::Invalid,
                format!("The batch has {count} rows; send at most {max}."),
            )),
            _ => Ok(rows),
        }
    }

    fn elements(&self) -> Result<Vec<&[u8]>, Problem> {
        if let Some(offset) = too_deep(&self.bytes, MAX_DEPTH + 1) {
            return Err(Problem::new(
                Code::MalformedBody,
                format!("The batch nests too deeply at byte {offset}."),
            ));
        }
        let elements: Vec<&RawValue> = serde_json::from_slice(&self.bytes).map_err(|error| {
            if error.is_data() {
                Problem::new(Code::Invalid, "The batch must be a JSON array.")
            } else {
                Problem::new(
                    Code::MalformedBody,
                    format!(
                        "The batch is not valid JSON, at line {} column {}. Send one row per line as {LINES} to have every row judged on its own.",
                        error.line(),
                        error.column()
                    ),
                )
            }
        })?;
        Ok(elements
            .into_iter()
            .map(|raw| raw.get().as_bytes())
            .collect())
    }
}

impl FromRequest for Rows {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        async move {
            let (bytes, media) = read(request, payload, &[ARRAY, LINES], Size::Filing).await?;
            Ok(Self {
                bytes,
                lines: media == LINES,
            })
        }
        .boxed_local()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn rows(text: &'static str, lines: bool) -> Rows {
        Rows {
            bytes: Bytes::from_static(text.as_bytes()),
            lines,
        }
    }

    #[test]
    fn rows_are_taken_apart_without_being_judged() {
        let array = rows(r#"[{"a":1}, 7, "x"]"#, false);
        assert_eq!(
            array.split(3).unwrap(),
            [b"{\"a\":1}".as_slice(), b"7", b"\"x\""]
        );
        let lines = rows("{\"a\":1}\r\n\n{broken\n", true);
        assert_eq!(lines.split(3).unwrap().len(), 2);
    }

    #[test]
    fn a_batch_that_is_none_is_refused_whole() {
        for (text, code) in [
            ("{}", Code::Invalid),
            ("[]", Code::Invalid),
            ("[1,2,3,4]", Code::Invalid),
            ("[1,", Code::MalformedBody),
        ] {
            assert_eq!(
                rows(text, false).split(3).unwrap_err().code(),
                code,
                "{text}"
            );
        }
        assert_eq!(
            rows("\n\n", true).split(3).unwrap_err().code(),
            Code::Invalid
        );
    }
}
