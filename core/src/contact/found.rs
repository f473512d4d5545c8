//! Addresses in a text that somebody copied: a `security.txt` (RFC 9116), what a registry tells (RFC 3912, RFC 9083), an imprint.

use std::fmt;

use super::{MailAddress, MailAddressError};

/// So many addresses are taken from one text: whoever pastes a whole directory wants something else.
pub const MOST: usize = 10;

/// What an address is for, as far as the text says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// For reports of abuse: the mailbox is called so (RFC 2142, section 4), or the line is.
    Abuse,
    /// For whoever wants to reach the site: a line `Contact:`, or a mailbox for security.
    Contact,
    /// Something else: whoever registered the name, a technician, a registry.
    Other,
}

impl Purpose {
    /// `abuse`, `contact` or `other`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Abuse => "abuse",
            Self::Contact => "contact",
            Self::Other => "other",
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An address that stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The address.
    pub address: MailAddress,
    /// In which line it stands first, from 1.
    pub line: usize,
    /// What it is for.
    pub purpose: Purpose,
}

/// What a text holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// Addresses, those for abuse first; each once.
    pub found: Vec<Found>,
    /// What looks like one and is none that may be written to: line, and why.
    pub refused: Vec<(usize, MailAddressError)>,
    /// How many more there are.
    pub left_out: usize,
}

/// Reads a text. Nothing is looked up anywhere: what does not stand in it is not found.
#[must_use]
pub fn read(text: &str) -> Reading {
    let mut reading = Reading::default();
    for (number, line) in (1..).zip(text.lines()) {
        for word in line.split(between).filter(|word| word.contains('@')) {
            let word = word.trim_matches(['.', '-']);
            match MailAddress::parse(word) {
                Ok(address) => reading.take(address, number, line),
                Err(why) if word.len() > 2 => reading.refused.push((number, why)),
                Err(_) => {}
            }
        }
    }
    reading
        .found
        .sort_by_key(|found| (found.purpose, found.line));
    reading.left_out = reading.found.len().saturating_sub(MOST);
    reading.found.truncate(MOST);
    reading.refused.truncate(MOST);
    reading
}

/// What separates an address from what stands beside it: also quotes of JSON, the colon of `mailto:` and the `?` after it.
fn between(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '<' | '>'
                | '('
                | ')'
                | '['
                | ']'
                | '{'
                | '}'
                | ','
                | ';'
                | ':'
                | '"'
                | '\''
                | '?'
                | '|'
                | '\\'
        )
}

impl Reading {
    fn take(&mut self, address: MailAddress, line: usize, said: &str) {
        let purpose = purpose(&address, said);
        match self.found.iter_mut().find(|known| known.address == address) {
            Some(known) => known.purpose = known.purpose.min(purpose),
            None => self.found.push(Found {
                address,
                line,
                purpose,
            }),
        }
    }
}

fn purpose(address: &MailAddress, line: &str) -> Purpose {
    let local = address.local().to_ascii_lowercase();
    let label = line.split_once(':').map_or("", |(label, _)| label);
    let label = label.trim().to_ascii_lowercase();
    if local.contains("abuse") || label.contains("abuse") {
        Purpose::Abuse
    } else if label == "contact" || local == "security" {
        Purpose::Contact
    } else {
        Purpose::Other
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    fn seen(text: &str) -> Vec<(String, usize, &'static str)> {
        let found = read(text).found.into_iter();
        found
            .map(|one| {
                (
                    one.address.as_str().to_owned(),
                    one.line,
                    one.purpose.as_str(),
                )
            })
            .collect()
    }

    fn one(address: &str, line: usize, purpose: &'static str) -> (String, usize, &'static str) {
        (address.to_owned(), line, purpose)
    }

    #[test]
    fn what_registries_and_sites_write_is_read() {
        let whois = "Registrant Email: owner@paste.example\r\nRegistrar Abuse Contact Email: Desk@Registrar.example\r\n\
                     OrgAbuseEmail:  abuse@host.example\r\n";
        assert_eq!(
            seen(whois),
            [
                one("Desk@registrar.example", 2, "abuse"),
                one("abuse@host.example", 3, "abuse"),
                one("owner@paste.example", 1, "other")
            ]
        );
        let security = "# who?\nContact: mailto:team@forum.example?subject=x\nContact: https://forum.example/contact\n";
        assert_eq!(seen(security), [one("team@forum.example", 2, "contact")]);
        let rdap = r#"["vcard", [["version", {}, "text", "4.0"], ["email", {}, "text", "abuse@host.example"]]]"#;
        assert_eq!(seen(rdap), [one("abuse@host.example", 1, "abuse")]);
        let page = "Write to <a href=\"mailto:owner@paste.example\">owner@paste.example</a>.";
        assert_eq!(seen(page), [one("owner@paste.example", 1, "other")]);
        assert_eq!(seen("nothing here; % @ !"), []);
    }

    #[test]
    fn what_is_no_address_is_said_and_so_is_how_many_are_left() {
        let reading = read("e-mail: oWner@localhost\nok@paste.example\nö@paste.example");
        assert_eq!(reading.found.len(), 1);
        let lines: Vec<usize> = reading.refused.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [1, 3]);
        let many: String = (0..14).map(|n| format!("a{n}@paste.example\n")).collect();
        let reading = read(&many);
        assert_eq!((reading.found.len(), reading.left_out), (MOST, 4));
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC{0,200}|[@a-z.\\s:<>\"]{0,80}") {
            let reading = read(&text);
            prop_assert!(reading.found.len() <= MOST);
            for found in &reading.found {
                prop_assert!(text.to_ascii_lowercase().contains(&found.address.as_str().to_ascii_lowercase()));
            }
        }
    }
}
