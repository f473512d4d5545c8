//! A form as text that can be printed, filled in by hand and signed.

use super::{Field, Form, Value};
use crate::text::visible_lines;

/// So many characters in a line; what has no space, such as a link, is never broken.
const WIDTH: usize = 96;
const LINE: &str = "____________________________________________________________";
const MARK: &str = "[R]";

impl Form {
    /// As plain text. Control and direction characters are written out, so that nothing on paper is other than it looks;
    /// exactly as filed a locator stands in the fields.
    #[must_use]
    pub fn print(&self) -> String {
        let mut page = format!("{}\n{}\n", self.kind.title(), self.kind.citation());
        if let Some(remark) = &self.remark {
            page += &format!("\n{}\n", visible_lines(remark));
        }
        for section in &self.sections {
            page += &format!("\nSection {}: {}\n", section.letter, section.title);
            for field in &section.fields {
                field.print(&mut page);
            }
        }
        page += &format!(
            "\n{MARK} The wording of this field was recalled and not compared with the official text (OJ L 172, 17.5.2021, p. 79; corrigenda\n    OJ L 266, 13.10.2022, p. 23, and L 328, 22.12.2022, p. 171). Compare it before you use this as the legal form.\n{LINE} Nobody recorded it: fill it in by hand.\nTimes are UTC. The exchange records what an authority claims; it does not say that the order is lawful.\n",
        );
        page
    }
}

impl Field {
    fn print(&self, page: &mut String) {
        let mark = if self.recalled { MARK } else { "" };
        *page += &format!("\n  {} {mark}", self.label);
        *page = page.trim_end().to_owned() + "\n";
        match &self.value {
            Value::ByHand => *page += &format!("    {LINE}\n"),
            Value::Lines(lines) => {
                for text in lines {
                    visible_lines(text)
                        .lines()
                        .for_each(|line| wrapped(page, line));
                }
            }
            Value::Boxes(boxes) => {
                for one in boxes {
                    let tick = if one.ticked { "[x]" } else { "[ ]" };
                    // Where the label is marked, so are its boxes.
                    let mark = if one.recalled && !self.recalled {
                        " [R]"
                    } else {
                        ""
                    };
                    wrapped(page, &format!("{tick} {}{mark}", one.text));
                }
            }
        }
    }
}

/// Breaks at spaces only.
fn wrapped(page: &mut String, text: &str) {
    let mut used = 0;
    for word in text.split(' ') {
        let width = word.chars().count();
        if used == 0 {
            *page += "    ";
        } else if used + 1 + width > WIDTH {
            *page += "\n      ";
            used = 2;
        } else {
            *page += " ";
            used += 1;
        }
        *page += word;
        used += width.max(1);
    }
    *page += "\n";
}
