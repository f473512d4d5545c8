//! Closed lists of words: enums that are written the same way in the API, in the database and in logs.

/// A word that is not in the closed list it was looked up in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{}\" is not {what}; it is one of {}", crate::text::visible(found), allowed.join(", "))]
pub struct UnknownCode {
    /// What was expected, with its article: "an item kind".
    pub what: &'static str,
    /// What was given, cut to 40 characters.
    pub found: String,
    /// Every word that would have been understood.
    pub allowed: &'static [&'static str],
}

/// Declares an enum whose variants are words: `as_str`, `ALL`, `CODES`, `FromStr`, `Display` and serde
/// all come from one table, so that they cannot drift apart.
macro_rules! coded_enum {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident, $what:literal {
            $( $(#[$vmeta:meta])* $variant:ident => $code:literal ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name {
            $( $(#[$vmeta])* $variant ),+
        }

        impl $name {
            /// Every value, in the order of the vocabulary.
            pub const ALL: &'static [Self] = &[ $( Self::$variant ),+ ];
            /// The word of every value, in the same order.
            pub const CODES: &'static [&'static str] = &[ $( $code ),+ ];

            /// The word used in the API, in the database and in logs.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $code ),+ }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::text::UnknownCode;

            fn from_str(s: &str) -> Result<Self, Self::Err> {
                match s {
                    $( $code => Ok(Self::$variant), )+
                    _ => Err($crate::text::UnknownCode {
                        what: $what,
                        found: s.chars().take(40).collect(),
                        allowed: Self::CODES,
                    }),
                }
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::text::parsed(deserializer)
            }
        }
    };
}
pub(crate) use coded_enum;

/// Deserializes a string through `FromStr`, so that a value is never invalid after it was read.
///
/// # Errors
/// The error of the format, or the one of `FromStr` as its message.
pub(crate) fn parsed<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: std::str::FromStr<Err: std::fmt::Display>,
{
    struct Text<T>(std::marker::PhantomData<T>);

    impl<T: std::str::FromStr<Err: std::fmt::Display>> serde::de::Visitor<'_> for Text<T> {
        type Value = T;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: serde::de::Error>(self, s: &str) -> Result<T, E> {
            s.parse().map_err(E::custom)
        }
    }

    deserializer.deserialize_str(Text(std::marker::PhantomData))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    coded_enum! {
        /// Sizes.
        enum Size, "a size" {
            /// S.
            Small => "small",
            /// L.
            VeryLarge => "very_large",
        }
    }

    #[test]
    fn word_and_value_are_one() {
        for &size in Size::ALL {
            assert_eq!(size.as_str().parse::<Size>().unwrap(), size);
            let json = serde_json::to_string(&size).unwrap();
            assert_eq!(json, format!("\"{size}\""));
            assert_eq!(serde_json::from_str::<Size>(&json).unwrap(), size);
        }
        assert_eq!(Size::CODES, ["small", "very_large"]);
    }

    #[test]
    fn an_unknown_word_is_told_the_known_ones() {
        let error = "Small\u{202E}".parse::<Size>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "\"Small<U+202E>\" is not a size; it is one of small, very_large"
        );
        let error = serde_json::from_str::<Size>("\"x\"").unwrap_err();
        assert!(error.to_string().starts_with("\"x\" is not a size"));
    }
}
