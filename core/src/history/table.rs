//! From the table of what is recorded to its type.

macro_rules! data {
    ($($(#[$meta:meta])* $variant:ident => $word:literal { $($(#[$fmeta:meta])* $field:ident: $type:ty, $says:literal;)* })+) => {
        /// What happened. The type of the entry follows from it, so the two cannot disagree.
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
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
