//! Typed identifiers (TypeID) and the short reference that can be read aloud.

mod base32;
mod reference;

pub use reference::{Reference, ReferenceError};

use base32::Base32Error;

/// A text that is not an identifier of the expected kind. Every message names the expected prefix.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// An identifier of something else, or no identifier.
    #[error("\"{}\" does not begin with {expected}_", crate::text::visible(found))]
    Prefix {
        /// The prefix that was expected.
        expected: &'static str,
        /// What was given, cut to 40 characters.
        found: String,
    },
    /// Not 26 characters after the prefix.
    #[error("after {expected}_ an id has 26 characters; this one has {found}")]
    Length {
        /// The prefix that was expected.
        expected: &'static str,
        /// Characters after it.
        found: usize,
    },
    /// A character outside lower-case Crockford base32.
    #[error("an id {expected}_… is written with 0-9 and a-z without i, l, o, u; \"{}\" is not among them", crate::text::visible(&found.to_string()))]
    Character {
        /// The prefix that was expected.
        expected: &'static str,
        /// The first character that is not taken.
        found: char,
    },
    /// More than 128 bits: the first character after the prefix is above 7.
    #[error("an id {expected}_… continues with 0 to 7 after the prefix")]
    Overflow {
        /// The prefix that was expected.
        expected: &'static str,
    },
}

fn parse(expected: &'static str, s: &str) -> Result<uuid::Uuid, IdError> {
    let suffix = s
        .strip_prefix(expected)
        .and_then(|rest| rest.strip_prefix('_'))
        .ok_or_else(|| IdError::Prefix {
            expected,
            found: s.chars().take(40).collect(),
        })?;
    base32::decode(suffix)
        .map(uuid::Uuid::from_u128)
        .map_err(|error| match error {
            Base32Error::Length(found) => IdError::Length { expected, found },
            Base32Error::Character(found) => IdError::Character { expected, found },
            Base32Error::Overflow => IdError::Overflow { expected },
        })
}

macro_rules! ids {
    ($( $(#[$meta:meta])* $name:ident => $prefix:literal ),+ $(,)?) => { $(
        $(#[$meta])*
        ///
        /// Written as a TypeID (specification 0.3): prefix, `_`, 26 characters of lower-case Crockford base32
        /// of a UUID. There is exactly one writing of every id.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(uuid::Uuid);

        impl $name {
            /// What the text begins with, without the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// The id that carries this UUID; a version 7 one, so that ids of one place sort by time.
            #[must_use]
            pub const fn from_uuid(uuid: uuid::Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID within.
            #[must_use]
            pub const fn uuid(self) -> uuid::Uuid {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let mut buffer = [0; 26];
                f.write_str(concat!($prefix, "_"))?;
                f.write_str(base32::encode(self.0.as_u128(), &mut buffer))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;

            fn from_str(s: &str) -> Result<Self, IdError> {
                parse(Self::PREFIX, s).map(Self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::text::parsed(deserializer)
            }
        }
    )+ };
}

ids! {
    /// An agency that files.
    AgencyId => "agency",
    /// A platform that is asked.
    PlatformId => "platform",
    /// A notification on its way to somebody.
    DeliveryId => "dlv",
    /// A program with credentials of its own.
    ClientId => "client",
    /// A request.
    RequestId => "req",
    /// One thing to act on, within a request.
    ItemId => "item",
    /// A link of a past mail, taken from an agency's own list.
    ImportId => "imp",
    /// A file that is made of requests for whoever asked for it.
    ExportId => "exp",
    /// A question, obstacle, answer or note.
    MessageId => "msg",
    /// An entry of the history; the inbox shows the same id.
    EntryId => "evt",
    /// One outcome given to one item.
    DecisionId => "dec",
    /// Requests that belong together over several platforms.
    OperationId => "op",
    /// Something seen elsewhere after a request.
    SightingId => "sighting",
    /// An auditor.
    AuditorId => "auditor",
    /// An operator.
    OperatorId => "operator",
    /// A note that one side of a request writes for itself.
    InternalNoteId => "note",
    /// What an agency told a platform before its first order.
    PriorNoticeId => "notice",
    /// A text that a party keeps for use in many requests.
    SavedTextId => "text",
    /// What an uploader says against what was done to an item.
    ObjectionId => "obj",
    /// An address that is told of what comes into an inbox.
    WebhookId => "webhook",
    /// That somebody wants to prove to be in charge of a platform.
    ClaimId => "claim",
    /// A private feed of a party's inbox.
    FeedId => "feed",
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    #[test]
    fn the_vectors_of_the_specification() {
        for (text, uuid) in [
            (
                "req_00000000000000000000000000",
                "00000000-0000-0000-0000-000000000000",
            ),
            (
                "req_00000000000000000000000001",
                "00000000-0000-0000-0000-000000000001",
            ),
            (
                "req_0000000000000000000000000a",
                "00000000-0000-0000-0000-00000000000a",
            ),
            (
                "req_0000000000000000000000000g",
                "00000000-0000-0000-0000-000000000010",
            ),
            (
                "req_00000000000000000000000010",
                "00000000-0000-0000-0000-000000000020",
            ),
            (
                "req_7zzzzzzzzzzzzzzzzzzzzzzzzz",
                "ffffffff-ffff-ffff-ffff-ffffffffffff",
            ),
            (
                "req_0123456789abcdefghjkmnpqrs",
                "0110c853-1d09-52d8-d73e-1194e95b5f19",
            ),
            (
                "req_01h455vb4pex5vsknk084sn02q",
                "01890a5d-ac96-774b-bcce-b302099a8057",
            ),
        ] {
            let id = RequestId::from_uuid(uuid.parse::<Uuid>().unwrap());
            assert_eq!(id.to_string(), text);
            assert_eq!(text.parse::<RequestId>().unwrap(), id);
        }
    }

    #[test]
    fn refusals_name_the_prefix() {
        let said = |s: &str| s.parse::<ItemId>().unwrap_err().to_string();
        assert_eq!(
            said("req_01h455vb4pex5vsknk084sn02q"),
            "\"req_01h455vb4pex5vsknk084sn02q\" does not begin with item_"
        );
        assert_eq!(
            said("item_01"),
            "after item_ an id has 26 characters; this one has 2"
        );
        assert!(said("item_8zzzzzzzzzzzzzzzzzzzzzzzzz").contains("0 to 7"));
        assert!(said("item_01h455vb4pex5vsknk084sn02l").contains("\"l\" is not among them"));
        assert!(said("item_01H455VB4PEX5VSKNK084SN02Q").contains("\"H\""));
        assert!(said("item_01h455vb4pex5vsknk084sn0é").contains("\"é\""));
        assert!(said("item01h455vb4pex5vsknk084sn02q").contains("begin with item_"));
    }

    #[test]
    fn json_is_the_text() {
        let id: AgencyId = serde_json::from_str("\"agency_01h455vb4pex5vsknk084sn02q\"").unwrap();
        assert_eq!(
            serde_json::to_string(&id).unwrap(),
            "\"agency_01h455vb4pex5vsknk084sn02q\""
        );
        assert!(serde_json::from_str::<AgencyId>("7").is_err());
    }

    proptest! {
        #[test]
        fn there_and_back(bits in any::<u128>(), other in any::<u128>()) {
            let id = EntryId::from_uuid(Uuid::from_u128(bits));
            let text = id.to_string();
            prop_assert_eq!(text.parse::<EntryId>().unwrap(), id);
            // Ids sort as their texts do: the database orders the text.
            let second = EntryId::from_uuid(Uuid::from_u128(other));
            prop_assert_eq!(id.cmp(&second), text.cmp(&second.to_string()));
        }

        #[test]
        fn never_panics_and_one_writing(s in "(req_)?\\PC{0,30}") {
            if let Ok(id) = s.parse::<RequestId>() {
                prop_assert_eq!(id.to_string(), s);
            }
        }
    }
}
