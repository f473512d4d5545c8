//! Mapping files: the printed one is right, and a wrong one says where.

use takedown_core::request::OutcomeCode;

use super::{EXAMPLE, Mapping, mapping};
use crate::cli::import::mapping::Member;

const SHORT: &str = "[columns]\nlocator = \"Link\"\nsent_on = \"Sent\"\n";

#[test]
fn the_printed_example_is_read() {
    let example = mapping(EXAMPLE);
    assert_eq!(example.heading(Member::Locator), Some("Link"));
    assert_eq!(
        example.words.outcome.get("deleted"),
        Some(&Some(OutcomeCode::Removed))
    );
    assert_eq!(example.words.outcome.get("no answer"), Some(&None));
    assert_eq!(example.zone, chrono_tz::Europe::Warsaw);
    // What is only remarked there is right as well.
    let all: Vec<String> = EXAMPLE
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            // A remark in words has several of them before the sign.
            Some(said)
                if said.starts_with("[words")
                    || said
                        .split_once(" = ")
                        .is_some_and(|(key, _)| !key.contains(' ')) =>
            {
                said.to_owned()
            }
            _ => line.to_owned(),
        })
        .collect();
    let whole = mapping(&all.join("\n"));
    assert_eq!(whole.columns.len(), 12);
    assert_eq!(whole.delimiter, Some(';'));
    assert!(whole.encoding.is_some() && whole.sheet.is_some() && whole.asked.is_some());
    assert!(!whole.words.kind.is_empty() && !whole.words.asked.is_empty());
}

#[test]
fn what_is_wrong_is_named_with_file_and_line() {
    let said = |text: &str| {
        let errors = Mapping::parse("m.toml", text).unwrap_err();
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        lines.join("\n")
    };
    for (text, wanted) in [
        ("", "m.toml:1: missing field `columns`"),
        (
            "[columns]\nlocator = \"Link\"\n",
            "m.toml:1: missing field `sent_on`",
        ),
        (
            "[columns]\nlocater = \"Link\"\nsent_on = \"Sent\"\n",
            "m.toml:2: unknown field `locater`",
        ),
        (
            "[columns]\nlocator = 7\nsent_on = \"Sent\"\n",
            "m.toml:2: invalid type",
        ),
        (
            "[columns]\nlocator = \"Link\"\nsent_on = \" link \"\n",
            "m.toml:3: the column \" link \" is named twice",
        ),
    ] {
        let found = said(text);
        assert!(found.starts_with(wanted), "{found}");
    }
    for (more, wanted) in [
        (
            "[read]\ndates = [\"%Q\"]\n",
            ":5: `dates`: \"%Q\" is no form of a day",
        ),
        (
            "[read]\ndates = [\"yyyy\"]\n",
            ":5: `dates`: \"yyyy\" is no form of a day",
        ),
        (
            "[read]\ntime_zone = \"Warsaw\"\n",
            ":5: `time_zone`: write the IANA name",
        ),
        (
            "[read]\nfill_down = [\"Case\"]\n",
            ":5: `fill_down`: \"Case\" is no heading",
        ),
        (
            "[read]\nencoding = \"x\"\n",
            ":5: `encoding`: it is not known",
        ),
        (
            "[read]\ndelimiter = \";;\"\n",
            ":5: `delimiter`: it is one sign",
        ),
        (
            "[read]\nlink_separators = [\"\"]\n",
            ":5: `link_separators`: an empty text",
        ),
        (
            "[defaults]\nkind = \"page\"\n",
            ":5: `kind`: \"page\" is not an item kind",
        ),
        (
            "[words.outcome]\n\"gone\" = \"deleted\"\n",
            ":5: `words.outcome`: \"deleted\" is not an outcome",
        ),
        (
            "[words.outcome]\n\"Gone\" = \"removed\"\n\"gone\" = \"removed\"\n",
            "`words.outcome`: \"gone\" stands there twice",
        ),
    ] {
        let found = said(&format!("{SHORT}{more}"));
        assert!(found.contains(wanted), "{found}");
    }
    // All of them at once.
    let several = said(&format!(
        "{SHORT}[read]\ntime_zone = \"x\"\ndelimiter = \"\"\n"
    ));
    assert_eq!(several.lines().count(), 2, "{several}");
}
