//! What the registry keeps of parties, parsed once at the door and never invalid afterwards.

use serde::{Deserialize, Serialize};
use takedown_core::contact::MailAddress;
use takedown_core::locator::{self, Host};
use takedown_core::platform::TimeZoneName;
use takedown_core::text::{bounded, bounded_line};

/// Longest name of a party or a client, in characters.
pub const MAX_NAME: usize = 200;
/// Longest reason or note, in characters.
pub const MAX_NOTE: usize = 500;
/// Longest address for complaints, in characters.
pub const MAX_COMPLAINTS: usize = 500;

/// Why a text is not such a value: a sentence that says what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotValid(String);

macro_rules! value {
    ($(#[$meta:meta])* $name:ident, $parse:expr) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl $name {
            /// Reads it.
            ///
            /// # Errors
            /// [`NotValid`], saying what would be right.
            pub fn parse(text: &str) -> Result<Self, NotValid> {
                let parse: fn(&str) -> Result<String, NotValid> = $parse;
                parse(text).map(Self)
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotValid;

            fn try_from(text: String) -> Result<Self, NotValid> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    };
}

value!(
    /// The name of a party or a client: one line of 1 to 200 characters.
    Name,
    |text| line("the name", text, MAX_NAME)
);
value!(
    /// Who checked something, as the operator's people are named to others: one line of 1 to 200 characters.
    Checker,
    |text| line("the name of who checked", text, MAX_NAME)
);
value!(
    /// Why something was done: one line of 1 to 500 characters.
    Reason,
    |text| line("the reason", text, MAX_NOTE)
);
value!(
    /// What else is worth knowing: 1 to 500 characters.
    Note,
    note
);
value!(
    /// Where somebody complains: a mail address, or an https URL without a user in it.
    Complaints,
    complaints
);
value!(
    /// The IANA name of a time zone that exists.
    Zone,
    zone
);
value!(
    /// A host that a platform can be registered under, in lower-case ASCII.
    HostName,
    |text| {
        if text.chars().count() > 253 {
            // RFC 1035, section 2.3.4, without the dot at the end.
            return Err(NotValid("a host name has at most 253 characters".to_owned()));
        }
        locator::registrable(text)
            .map(|host: Host| host.as_str().to_owned())
            .map_err(|error| NotValid(error.to_string()))
    }
);

fn line(what: &str, text: &str, max: usize) -> Result<String, NotValid> {
    let text = text.trim();
    bounded_line(what, text, max).map_err(|error| NotValid(error.to_string()))?;
    if text.is_empty() {
        return Err(NotValid(format!("{what} must not be empty")));
    }
    Ok(text.to_owned())
}

fn note(text: &str) -> Result<String, NotValid> {
    let text = text.trim();
    bounded("the note", text, MAX_NOTE).map_err(|error| NotValid(error.to_string()))?;
    if text.is_empty() {
        return Err(NotValid("the note must not be empty; leave it out".into()));
    }
    Ok(text.to_owned())
}

fn complaints(text: &str) -> Result<String, NotValid> {
    if text.chars().count() > MAX_COMPLAINTS {
        return Err(NotValid(format!(
            "must have at most {MAX_COMPLAINTS} characters"
        )));
    }
    // Mails and pages show it as a link, so only what a link can safely hold is taken.
    if text.starts_with("https://") {
        let url = url::Url::parse(text)
            .map_err(|error| NotValid(format!("is not a URL that can be opened: {error}")))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(NotValid("write the URL without a user name".into()));
        }
        return Ok(url.into());
    }
    if text.contains("://") {
        return Err(NotValid(
            "a URL for complaints begins with https://".to_owned(),
        ));
    }
    MailAddress::parse(text)
        .map(|address| address.as_str().to_owned())
        .map_err(|error| NotValid(format!("give a mail address or an https URL; {error}")))
}

fn zone(text: &str) -> Result<String, NotValid> {
    let name: TimeZoneName = text
        .parse()
        .map_err(|error: takedown_core::platform::TimeZoneError| NotValid(error.to_string()))?;
    if name.as_str().parse::<chrono_tz::Tz>().is_err() {
        return Err(NotValid(format!(
            "the tz database has no zone {name}; examples: Europe/Warsaw, Asia/Kolkata, UTC"
        )));
    }
    Ok(name.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn refused<T: std::fmt::Debug>(parsed: Result<T, NotValid>) -> String {
        parsed.unwrap_err().to_string()
    }

    #[test]
    fn names_are_one_line() {
        assert_eq!(
            Name::parse("  Cyber Unit Kraków ").unwrap().as_str(),
            "Cyber Unit Kraków"
        );
        assert!(refused(Name::parse(" \u{3000} ")).contains("must not be empty"));
        assert!(refused(Name::parse("a\nb")).contains("U+000A"));
        assert!(refused(Name::parse(&"x".repeat(201))).contains("200"));
    }

    #[test]
    fn complaints_go_to_a_mail_address_or_an_https_url() {
        assert_eq!(
            Complaints::parse("Rzecznik@Police.EXAMPLE")
                .unwrap()
                .as_str(),
            "Rzecznik@police.example"
        );
        assert_eq!(
            Complaints::parse("https://police.example/skargi")
                .unwrap()
                .as_str(),
            "https://police.example/skargi"
        );
        assert!(refused(Complaints::parse("http://police.example/")).contains("https://"));
        assert!(refused(Complaints::parse("javascript:alert(1)")).contains("mail address"));
        assert!(refused(Complaints::parse("https://u:p@police.example/")).contains("user name"));
        assert!(refused(Complaints::parse("https://")).contains("URL"));
    }

    #[test]
    fn zones_exist() {
        assert_eq!(
            Zone::parse("Asia/Kolkata").unwrap().as_str(),
            "Asia/Kolkata"
        );
        assert!(refused(Zone::parse("Europe/Atlantis")).contains("has no zone"));
        assert!(refused(Zone::parse("+02:00")).contains("Europe/Warsaw"));
    }

    #[test]
    fn hosts_are_ones_own() {
        assert_eq!(
            HostName::parse("Paste.Example").unwrap().as_str(),
            "paste.example"
        );
        assert!(HostName::parse(&"0".repeat(301)).is_err());
        for wrong in [
            "co.uk",
            "https://paste.example",
            "*.paste.example",
            "paste.example:8080",
            "",
        ] {
            assert!(HostName::parse(wrong).is_err(), "{wrong}");
        }
    }
}
