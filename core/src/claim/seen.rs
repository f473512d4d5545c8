//! What was seen where a proof is to be, told so precisely that it can be put right.

use serde::{Deserialize, Serialize};

use crate::platform::ControlMethod;
use crate::text::{coded_enum, visible};

/// How much of a text that is something else is shown, in characters.
const SHOWN: usize = 60;
/// So many characters of the whole line must be right in front and behind before a text is called almost right.
const ALMOST: usize = 20;

coded_enum! {
    /// Why nothing could be seen.
    pub enum Fault, "a fault of a look" {
        /// The name servers answered with an error.
        ServerFailure => "server_failure",
        /// Nobody answered in time.
        NoAnswer => "no_answer",
        /// The name leads to another name at whose end there is nothing, or in a circle.
        DeadEnd => "dead_end",
        /// There is more than is read.
        TooMuch => "too_much",
        /// The host has no address.
        NoAddress => "no_address",
        /// One of its addresses is not public.
        NotPublic => "not_public",
        /// No connection came about.
        NoConnection => "no_connection",
        /// The connection is not safe: the certificate is not one for this host that is trusted.
        Certificate => "certificate",
        /// It is no text in UTF-8.
        NoText => "no_text",
    }
}

/// What was seen in one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "found", rename_all = "snake_case")]
pub enum Found {
    /// The proof.
    Proof,
    /// Nothing: no TXT record of that name.
    Nothing,
    /// The proof within quotation marks.
    Quoted,
    /// What stands behind the sign of equality alone.
    Bare,
    /// A code that is not that of this claim: an older one, or somebody else's.
    OtherCode,
    /// The beginning of the proof.
    Cut {
        /// So many characters are there.
        after: u32,
    },
    /// Almost the proof.
    Differs {
        /// The first character that is wrong, from 1.
        character: u32,
        /// What stands there; empty when the text ends.
        stands: String,
        /// What is to stand there; empty when nothing is.
        wanted: String,
    },
    /// Something else.
    Other {
        /// Its beginning.
        shown: String,
    },
    /// The proof, at another name.
    Elsewhere {
        /// Where it stands.
        name: String,
    },
    /// An answer of the web server that is no success.
    Status {
        /// Which.
        status: u16,
    },
    /// An answer that leads elsewhere, which is not followed.
    Redirect {
        /// Where to, if it says so.
        to: Option<String>,
    },
    /// A page instead of a text.
    Html,
    /// It could not be looked at.
    Failed {
        /// Why.
        why: Fault,
    },
}

impl Found {
    /// What it is, as one word: that of its JSON.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Proof => "proof",
            Self::Nothing => "nothing",
            Self::Quoted => "quoted",
            Self::Bare => "bare",
            Self::OtherCode => "other_code",
            Self::Cut { .. } => "cut",
            Self::Differs { .. } => "differs",
            Self::Other { .. } => "other",
            Self::Elsewhere { .. } => "elsewhere",
            Self::Status { .. } => "status",
            Self::Redirect { .. } => "redirect",
            Self::Html => "html",
            Self::Failed { .. } => "failed",
        }
    }

    /// Which of several texts in one place tells most: the highest.
    const fn tells(&self) -> u8 {
        match self {
            Self::Proof => 9,
            Self::Quoted => 8,
            Self::Bare => 7,
            Self::Differs { .. } | Self::Cut { .. } => 6,
            Self::OtherCode => 5,
            Self::Elsewhere { .. } => 4,
            Self::Failed { .. } => 3,
            Self::Redirect { .. } | Self::Html | Self::Status { .. } => 2,
            Self::Other { .. } => 1,
            Self::Nothing => 0,
        }
    }
}

/// One place that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sight {
    /// For which kind of proof.
    pub method: ControlMethod,
    /// The name of the record, or the address of the file.
    pub at: String,
    /// What was there.
    #[serde(flatten)]
    pub found: Found,
}

/// What tells most of several.
#[must_use]
pub fn best(found: impl IntoIterator<Item = Found>) -> Option<Found> {
    found.into_iter().reduce(|best, next| {
        if next.tells() > best.tells() {
            next
        } else {
            best
        }
    })
}

/// Compares a text with the line that is to stand there. White space round it and the case of letters do not matter.
#[must_use]
pub fn read(text: &str, line: &str) -> Found {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if text.eq_ignore_ascii_case(line) {
        return Found::Proof;
    }
    if text.is_empty() {
        return Found::Other {
            shown: String::new(),
        };
    }
    let marks = [
        '"', '\'', '\u{201c}', '\u{201d}', '\u{201e}', '\u{ab}', '\u{bb}', '\\',
    ];
    let unquoted = text.trim_matches(|c: char| c.is_whitespace() || marks.contains(&c));
    if unquoted.eq_ignore_ascii_case(line) {
        return Found::Quoted;
    }
    let (name, code) = line.split_once('=').unwrap_or(("", line));
    if unquoted.eq_ignore_ascii_case(code) {
        return Found::Bare;
    }
    let lower = unquoted.to_ascii_lowercase();
    let (is, wanted): (Vec<char>, Vec<char>) = (lower.chars().collect(), line.chars().collect());
    let front = is.iter().zip(&wanted).take_while(|(a, b)| a == b).count();
    let behind = is[front..]
        .iter()
        .rev()
        .zip(wanted[front..].iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    // One that shares half of its digits was copied wrongly.
    let other_code = lower.split_once('=').is_some_and(|(other, digits)| {
        other == name
            && digits.len() == code.len()
            && digits
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && front + behind < name.len() + 1 + code.len() / 2
    });
    if other_code {
        return Found::OtherCode;
    }
    if front + behind < ALMOST {
        return Found::Other {
            shown: visible(text).chars().take(SHOWN).collect(),
        };
    }
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    if front == is.len() {
        return Found::Cut {
            after: number(front),
        };
    }
    // A character too many, or too few, and not one in the place of another.
    let at = |text: &[char], other: &[char]| {
        let within = front + behind < text.len();
        let shorter = text.len() < other.len() && front + behind == text.len();
        text.get(front)
            .filter(|_| within && !shorter)
            .map(|c| visible(&c.to_string()).into_owned())
            .unwrap_or_default()
    };
    Found::Differs {
        character: number(front + 1),
        stands: at(&is, &wanted),
        wanted: at(&wanted, &is),
    }
}

/// Compares a file with the line that is to stand in it: one of its lines has to be the proof. In a page nothing is one, because
/// whoever may write on a site could have written it.
#[must_use]
pub fn read_file(body: &str, line: &str) -> Found {
    let text = body.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if text.starts_with('<') {
        return Found::Html;
    }
    let found = best(
        text.lines()
            .filter(|one| !one.trim().is_empty())
            .map(|one| read(one, line)),
    );
    found.unwrap_or(Found::Other {
        shown: String::new(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    use super::super::NAME;

    const LINE: &str = "takedown-exchange-claim=0123456789abcdefghjkmnpqrstvwxyz";

    fn differs(character: u32, stands: &str, wanted: &str) -> Found {
        Found::Differs {
            character,
            stands: stands.to_owned(),
            wanted: wanted.to_owned(),
        }
    }

    #[test]
    fn what_is_almost_right_is_told_by_its_first_wrong_character() {
        for (text, found) in [
            (LINE.to_owned(), Found::Proof),
            (format!("  {LINE}\r\n"), Found::Proof),
            (format!("\u{feff}{LINE}"), Found::Proof),
            (LINE.to_ascii_uppercase(), Found::Proof),
            (format!("\"{LINE}\""), Found::Quoted),
            (format!("\\\"{LINE}\\\""), Found::Quoted),
            (format!("\u{201c}{LINE}\u{201d}"), Found::Quoted),
            (LINE[24..].to_owned(), Found::Bare),
            (LINE[..40].to_owned(), Found::Cut { after: 40 }),
            (LINE.replace('8', "9"), differs(33, "9", "8")),
            (LINE.replace('v', ""), differs(52, "", "v")),
            (LINE.replace('v', "vx"), differs(53, "x", "")),
            (format!("{LINE}x"), differs(57, "x", "")),
            (LINE.replacen('-', "_", 1), differs(9, "_", "-")),
            (LINE[1..].to_owned(), differs(1, "", "t")),
            (LINE.replace('=', ":"), differs(24, ":", "=")),
            (
                format!("{NAME}zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"),
                Found::OtherCode,
            ),
            (
                "v=spf1 -all".to_owned(),
                Found::Other {
                    shown: "v=spf1 -all".into(),
                },
            ),
        ] {
            assert_eq!(read(&text, LINE), found, "{text}");
        }
    }

    #[test]
    fn of_many_records_the_one_that_tells_most_counts() {
        let read = |text: &str| read(text, LINE);
        assert_eq!(
            best([read("v=spf1"), read(&LINE[..40]), read("x")]),
            Some(Found::Cut { after: 40 })
        );
        assert_eq!(best([read("v=spf1"), read(LINE)]), Some(Found::Proof));
        assert_eq!(best([]), None);
    }

    #[test]
    fn a_file_has_the_line_among_its_lines() {
        assert_eq!(
            read_file(&format!("# ours\n\n{LINE}\n"), LINE),
            Found::Proof
        );
        assert_eq!(read_file("<!DOCTYPE html><p>Not found", LINE), Found::Html);
        for page in [
            format!("<p>{LINE}</p>"),
            format!("<pre>\n{LINE}\n</pre>"),
            format!("\u{feff}\r\n  <!DOCTYPE html>\n{LINE}\n"),
        ] {
            assert_eq!(read_file(&page, LINE), Found::Html, "{page}");
        }
        assert_eq!(
            read_file("", LINE),
            Found::Other {
                shown: String::new()
            }
        );
    }

    #[test]
    fn it_is_kept_as_json() {
        let sight = Sight {
            method: ControlMethod::DnsTxt,
            at: "_takedown-exchange.small.test".to_owned(),
            found: differs(33, "9", "8"),
        };
        let json = serde_json::to_value(&sight).unwrap();
        assert_eq!(json["found"], sight.found.word());
        assert_eq!(
            json,
            serde_json::json!({
                "method": "dns_txt", "at": "_takedown-exchange.small.test", "found": "differs", "character": 33,
                "stands": "9", "wanted": "8",
            })
        );
        assert_eq!(serde_json::from_value::<Sight>(json).unwrap(), sight);
    }

    proptest! {
        #[test]
        fn nothing_but_the_line_is_the_proof(text in "\\PC{0,80}") {
            let found = read(&text, LINE);
            let same = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').eq_ignore_ascii_case(LINE);
            prop_assert_eq!(found == Found::Proof, same);
            prop_assert!(!found.to_string().is_empty());
        }

        #[test]
        fn one_wrong_character_is_named(place in 0usize..56, other in "[!-~]") {
            let mut text: Vec<char> = LINE.chars().collect();
            let c = other.chars().next().unwrap().to_ascii_lowercase();
            prop_assume!(text[place] != c && !"\"'\\".contains(c));
            text[place] = c;
            let text: String = text.into_iter().collect();
            match read(&text, LINE) {
                Found::Differs { character, .. } => {
                    prop_assert_eq!(usize::try_from(character).unwrap(), place + 1);
                },
                other => prop_assert!(false, "{:?}", other),
            }
        }
    }
}
