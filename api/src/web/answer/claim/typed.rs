//! What the forms of the page send.

use actix_web::HttpRequest;
use takedown_core::contact::MailAddress;
use takedown_core::text::Language;

use super::words::Words;
use crate::app::claims::{Credentials, Wishes};
use crate::app::parties::Platform;
use crate::app::values::Zone;
use crate::web::form::Fields;

/// So many addresses and languages a platform has at most.
const MOST: usize = 10;
const NAMES: [&str; 8] = [
    "do",
    "host",
    "once",
    "ticket",
    "contacts",
    "languages",
    "time_zone",
    "end_links",
];

/// Something that is wrong with a field; the one without a name is the whole form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    pub field: &'static str,
    pub says: String,
}

impl Wrong {
    pub(super) fn of(field: &'static str, says: impl Into<String>) -> Self {
        Self {
            field,
            says: says.into(),
        }
    }
}

/// What was typed, as it was sent.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed(Vec<(&'static str, String)>);

impl Typed {
    /// Reads the body of a request.
    pub(super) fn read(request: &HttpRequest, body: &[u8]) -> Result<Self, ()> {
        let fields = Fields::read(request, body, |name| NAMES.contains(&name)).map_err(|_| ())?;
        Ok(Self(
            NAMES
                .map(|name| (name, fields.text(name)))
                .into_iter()
                .collect(),
        ))
    }

    /// What is known of a platform, to be put right by whoever was given this.
    pub(super) fn of(platform: &Platform, given: &Credentials) -> Self {
        let languages: Vec<String> = platform.languages.iter().map(ToString::to_string).collect();
        Self(vec![
            ("ticket", given.ticket.as_str().to_owned()),
            ("contacts", given.contacts.join("\n")),
            ("languages", languages.join(", ")),
            ("time_zone", platform.time_zone.clone()),
        ])
    }

    /// What stands in a field.
    pub(super) fn get(&self, name: &str) -> &str {
        let field = self.0.iter().find(|(known, _)| *known == name);
        field.map_or("", |(_, value)| value)
    }

    /// How the platform wants to be written to.
    pub(super) fn wishes(&self, words: &Words) -> Result<Wishes, Vec<Wrong>> {
        let mut wrong = Vec::new();
        let contacts = some(self.get("contacts"), |one| {
            MailAddress::parse(one).map_err(|error| format!("{one}: {error}"))
        })
        .unwrap_or_else(|why| {
            wrong.push(said("contacts", words.wrong_contacts, &why));
            Vec::new()
        });
        let languages = some(self.get("languages"), |one| {
            one.parse::<Language>()
                .map_err(|error| format!("{one}: {error}"))
        })
        .unwrap_or_else(|why| {
            wrong.push(said("languages", words.wrong_languages, &why));
            Vec::new()
        });
        let zone = Zone::parse(self.get("time_zone").trim());
        match zone {
            Ok(time_zone) if wrong.is_empty() => Ok(Wishes {
                contacts,
                languages,
                time_zone,
                end_links: !self.get("end_links").is_empty(),
            }),
            Ok(_) => Err(wrong),
            Err(error) => {
                wrong.push(said("time_zone", words.wrong_zone, &error.to_string()));
                Err(wrong)
            }
        }
    }
}

fn said(field: &'static str, says: &str, why: &str) -> Wrong {
    if why.is_empty() {
        Wrong::of(field, says)
    } else {
        Wrong::of(field, format!("{says} \u{2068}{why}\u{2069}"))
    }
}

/// The values of a field, one a line or separated by commas, each once; one at least.
fn some<T: PartialEq>(
    text: &str,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    let mut values = Vec::new();
    let parts = text.split(['\n', ',', ';', ' ', '\u{60c}']).map(str::trim);
    for part in parts.filter(|part| !part.is_empty()) {
        let value = parse(part)?;
        if !values.contains(&value) {
            values.push(value);
        }
    }
    if values.is_empty() || values.len() > MOST {
        return Err(String::new());
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::web::answer::claim::words;

    fn typed(contacts: &str, languages: &str, zone: &str) -> Typed {
        Typed(vec![
            ("contacts", contacts.to_owned()),
            ("languages", languages.to_owned()),
            ("time_zone", zone.to_owned()),
        ])
    }

    #[test]
    fn what_is_wrong_is_named_beside_its_field() {
        let words = words::of("en");
        let wishes = typed(
            "owner@small.test\r\nabuse@small.test, owner@small.test",
            "ar، en",
            "Africa/Cairo",
        );
        let wishes = wishes.wishes(words).unwrap();
        assert_eq!((wishes.contacts.len(), wishes.languages.len()), (2, 2));
        assert!(!wishes.end_links);
        let wrong = typed("owner at small", "Klingon!", "Moon/Base");
        let wrong = wrong.wishes(words).unwrap_err();
        let fields: Vec<&str> = wrong.iter().map(|wrong| wrong.field).collect();
        assert_eq!(fields, ["contacts", "languages", "time_zone"]);
        assert!(wrong[2].says.contains("Europe/Warsaw") || wrong[2].says.contains("Moon/Base"));
        let many: String = (0..11).map(|n| format!("b{n}@small.test ")).collect();
        assert_eq!(
            typed(&many, "en", "UTC").wishes(words).unwrap_err()[0].field,
            "contacts"
        );
    }
}
