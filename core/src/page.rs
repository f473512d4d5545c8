//! Keyset cursors: where a list is to be continued.
//!
//! To clients a cursor is an opaque text. It holds no secret and is not signed: a made-up cursor only moves
//! its own maker within rows that he may read anyway, because every query is bound to the caller besides.

use data_encoding::BASE64URL_NOPAD;

/// Longest cursor that is looked at, in characters.
const MAX_CURSOR: usize = 256;

/// Why a list cannot be continued from a text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CursorError {
    /// Longer than any cursor given out.
    #[error("the cursor has {0} characters; no cursor given out is longer than 256")]
    TooLong(usize),
    /// Not base64url without padding.
    #[error("the cursor is not base64url without padding; pass it on exactly as it was given out")]
    Encoding,
    /// A cursor of another list, or of a version that is no longer understood.
    #[error("the cursor does not belong to this list; begin again without a cursor")]
    Kind,
    /// A cursor that was given to another party.
    #[error("the cursor was given to another party; begin again without a cursor")]
    Foreign,
    /// The right kind, with contents that were never given out.
    #[error("the cursor was cut or changed; pass it on exactly as it was given out")]
    Content,
}

/// Where a party's inbox is to be read on: after a position in commit order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxCursor {
    /// Whose inbox: the text of the platform's id.
    pub party: String,
    /// The last position that was read; 0 before the first.
    pub position: i64,
}

impl InboxCursor {
    /// The text for the client.
    #[must_use]
    pub fn encode(&self) -> String {
        BASE64URL_NOPAD.encode(format!("i1.{}.{}", self.position, self.party).as_bytes())
    }

    /// Reads a cursor that `party` sent back.
    ///
    /// # Errors
    /// [`CursorError`]; [`CursorError::Foreign`] if it was given to another party.
    pub fn decode(text: &str, party: &str) -> Result<Self, CursorError> {
        let (position, owner) = parts(text, "i1")?;
        let cursor = Self {
            position: number(&position)
                .filter(|n| *n >= 0)
                .ok_or(CursorError::Content)?,
            party: owner,
        };
        if cursor.party == party {
            Ok(cursor)
        } else {
            Err(CursorError::Foreign)
        }
    }
}

/// Where a platform's collection is to be read on: after the instant at which an object was added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectionCursor {
    /// Whose collection: the text of the platform's id.
    pub party: String,
    /// When the last object that was read was added, in microseconds since 1970.
    pub added_at: i64,
}

impl CollectionCursor {
    /// The text for the client.
    #[must_use]
    pub fn encode(&self) -> String {
        BASE64URL_NOPAD.encode(format!("c1.{}.{}", self.added_at, self.party).as_bytes())
    }

    /// Reads a cursor that `party` sent back.
    ///
    /// # Errors
    /// [`CursorError`]; [`CursorError::Foreign`] if it was given to another party.
    pub fn decode(text: &str, party: &str) -> Result<Self, CursorError> {
        let (added_at, owner) = parts(text, "c1")?;
        let added_at = number(&added_at).ok_or(CursorError::Content)?;
        if owner != party {
            return Err(CursorError::Foreign);
        }
        Ok(Self {
            party: owner,
            added_at,
        })
    }
}

/// Where a list ordered by time and id is to be continued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeysetCursor {
    /// The last row's instant, in milliseconds since 1970.
    pub at_millis: i64,
    /// The last row's id, which decides between rows of one instant.
    pub id: String,
}

impl KeysetCursor {
    /// The text for the client.
    #[must_use]
    pub fn encode(&self) -> String {
        BASE64URL_NOPAD.encode(format!("k1.{}.{}", self.at_millis, self.id).as_bytes())
    }

    /// Reads a cursor that a client sent back.
    ///
    /// # Errors
    /// [`CursorError`]
    pub fn decode(text: &str) -> Result<Self, CursorError> {
        let (at_millis, id) = parts(text, "k1")?;
        let is_id = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if id.is_empty() || !id.bytes().all(is_id) {
            return Err(CursorError::Content);
        }
        Ok(Self {
            at_millis: number(&at_millis).ok_or(CursorError::Content)?,
            id,
        })
    }
}

/// The two parts of a cursor of one kind.
fn parts(text: &str, kind: &str) -> Result<(String, String), CursorError> {
    if text.len() > MAX_CURSOR {
        return Err(CursorError::TooLong(text.chars().count()));
    }
    let bytes = BASE64URL_NOPAD
        .decode(text.as_bytes())
        .map_err(|_| CursorError::Encoding)?;
    let plain = String::from_utf8(bytes).map_err(|_| CursorError::Content)?;
    let (found, rest) = plain.split_once('.').ok_or(CursorError::Kind)?;
    if found != kind {
        return Err(CursorError::Kind);
    }
    let (first, second) = rest.split_once('.').ok_or(CursorError::Content)?;
    Ok((first.to_owned(), second.to_owned()))
}

/// A number in its only writing: no plus sign, no leading zeros.
fn number(s: &str) -> Option<i64> {
    s.parse::<i64>().ok().filter(|n| n.to_string() == s)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    const PARTY: &str = "platform_01h455vb4pex5vsknk084sn02q";

    fn raw(plain: &str) -> String {
        BASE64URL_NOPAD.encode(plain.as_bytes())
    }

    #[test]
    fn each_refusal_has_its_name() {
        let inbox = |text: &str| InboxCursor::decode(text, PARTY).unwrap_err();
        assert_eq!(inbox(&"A".repeat(257)), CursorError::TooLong(257));
        assert_eq!(inbox("not base64!"), CursorError::Encoding);
        assert_eq!(inbox(""), CursorError::Kind);
        assert_eq!(inbox(&raw("k1.5.req_1")), CursorError::Kind);
        assert_eq!(inbox(&raw("i1.5")), CursorError::Content);
        assert_eq!(inbox(&raw(&format!("i1.-5.{PARTY}"))), CursorError::Content);
        assert_eq!(inbox(&raw(&format!("i1.05.{PARTY}"))), CursorError::Content);
        assert_eq!(inbox(&raw("i1.5.platform_x")), CursorError::Foreign);
        let collection = |text: &str| CollectionCursor::decode(text, PARTY).unwrap_err();
        assert_eq!(collection(&raw("i1.5.platform_x")), CursorError::Kind);
        assert_eq!(collection(&raw("c1.5.platform_x")), CursorError::Foreign);
        assert_eq!(
            collection(&raw(&format!("c1.x.{PARTY}"))),
            CursorError::Content
        );
        assert_eq!(
            KeysetCursor::decode(&raw("k1.5.' OR 1")),
            Err(CursorError::Content)
        );
        assert_eq!(
            KeysetCursor::decode(&raw("k1.5.")),
            Err(CursorError::Content)
        );
        assert_eq!(
            KeysetCursor::decode(&BASE64URL_NOPAD.encode(&[0xFF])),
            Err(CursorError::Content)
        );
    }

    proptest! {
        #[test]
        fn there_and_back(position in 0i64.., at_millis in any::<i64>(), id in "[a-z0-9_]{1,40}") {
            let cursor = InboxCursor { party: PARTY.to_owned(), position };
            prop_assert_eq!(InboxCursor::decode(&cursor.encode(), PARTY).unwrap(), cursor);
            let cursor = CollectionCursor { party: PARTY.to_owned(), added_at: at_millis };
            prop_assert_eq!(CollectionCursor::decode(&cursor.encode(), PARTY).unwrap(), cursor);
            let cursor = KeysetCursor { at_millis, id };
            prop_assert_eq!(KeysetCursor::decode(&cursor.encode()).unwrap(), cursor);
        }

        #[test]
        fn never_panics(s in any::<String>(), plain in "[ik]1\\.\\PC{0,20}") {
            let _ = InboxCursor::decode(&s, PARTY);
            let _ = KeysetCursor::decode(&s);
            let _ = InboxCursor::decode(&raw(&plain), PARTY);
            let _ = KeysetCursor::decode(&raw(&plain));
        }
    }
}
