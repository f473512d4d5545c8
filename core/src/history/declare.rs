//! How the types of entries are declared: each with its word, its members and what they say.

macro_rules! data {
    ($($(#[$meta:meta])* $variant:ident => $word:literal { $($(#[$fmeta:meta])* $field:ident: $type:ty, $says:literal;)* })+) => {
        /// What happened. The type of the entry follows from it, so the two cannot disagree.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "type", content = "data")]
        pub enum Data {
            $($(#[$meta])* #[serde(rename = $word)] $variant { $(#[doc = $says] $(#[$fmeta])* $field: $type,)* },)+
        }

        impl Data {
            /// Every type of entry.
            pub const TYPES: &'static [&'static str] = &[$($word,)+];

            /// The type of the entry.
            pub const fn event_type(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $word,)+ }
            }
        }
    };
}
pub(super) use data;
