//! A form as text that can be printed, filled in by hand and signed.

use super::{ARTICLE_16, Field, Form, FormLanguage, Value};
use crate::text::visible_lines;
use crate::time::rfc3339;

/// So many characters in a line; what has no space, such as a link, is never broken.
const WIDTH: usize = 96;
const LINE: &str = "____________________________________________________________";
const MARK: &str = "[R]";
/// A line begins from the right, whatever its first letter is (RIGHT-TO-LEFT MARK).
const FROM_THE_RIGHT: &str = "\u{200f}";

/// A page being written in one language.
struct Page {
    text: String,
    language: FormLanguage,
}

impl Form {
    /// As plain text. Control and direction characters are written out, so that nothing on paper is other than it looks;
    /// exactly as filed a locator stands in the fields.
    #[must_use]
    pub fn print(&self, language: FormLanguage) -> String {
        let mut page = Page {
            text: String::new(),
            language,
        };
        page.line(language.say(self.kind.title()));
        page.line(self.kind.citation());
        if let Some(remark) = self.remark(language) {
            page.line("");
            remark.lines().for_each(|line| page.line(line));
        }
        for section in &self.sections {
            page.line("");
            let (word, title) = (language.say("Section"), language.say(section.title));
            page.line(&format!("{word} {}: {title}", section.letter));
            for field in &section.fields {
                field.print(&mut page);
            }
        }
        page.line("");
        self.foot(&mut page);
        page.text
    }

    /// What a reader has to know first: that it holds no more, and that nobody was told before.
    #[must_use]
    pub fn remark(&self, language: FormLanguage) -> Option<String> {
        let over = match (&self.annulled, self.taken_back_at) {
            (Some((by, at)), _) => Some(format!(
                "{} {by}, {}",
                language.say(
                    "This order was annulled and has no legal effect any more. By whom, and when:"
                ),
                rfc3339(*at)
            )),
            (None, Some(at)) => Some(self.taken_back(language, &rfc3339(at))),
            (None, None) => None,
        };
        let waived = self.prior_notice_waived.as_ref().map(|why| {
            let says = language.say("First order to this provider without notice 12 hours before (Article 3(2)), as the authority says because:");
            format!("{says} {}", visible_lines(why))
        });
        let said: Vec<String> = over.into_iter().chain(waived).collect();
        (!said.is_empty()).then(|| said.join("\n"))
    }

    fn taken_back(&self, language: FormLanguage, at: &str) -> String {
        if language != FormLanguage::English {
            let says =
                language.say("The authority took this back: nothing is asked any more. Since:");
            return format!("{says} {at}");
        }
        let what = if self.kind.instrument() == ARTICLE_16 {
            "notice"
        } else {
            "order"
        };
        format!("The authority took this {what} back on {at}: nothing is asked any more.")
    }

    fn foot(&self, page: &mut Page) {
        let language = page.language;
        let recalled = language.say(
            "The wording of this field was recalled and not compared with the official text. Compare it before you use this as the legal form:",
        );
        page.line(&format!("{MARK} {recalled}"));
        page.line(&format!("    {}", self.kind.official_text()));
        let by_hand = language.say("Nobody recorded it: fill it in by hand.");
        page.line(&format!("{LINE} {by_hand}"));
        page.line(language.say(
            "Times are UTC. The exchange records what an authority claims; it does not say that the claim is lawful.",
        ));
        page.line(language.say(
            "The labels are in English. They are ours where no mark stands, and not the official text.",
        ));
    }
}

impl Field {
    fn print(&self, page: &mut Page) {
        let mark = if self.recalled { MARK } else { "" };
        page.line("");
        let label = format!("  {} {mark}", page.language.say(self.label));
        page.line(label.trim_end());
        match &self.value {
            Value::ByHand => page.line(&format!("    {LINE}")),
            Value::Lines(lines) => {
                for text in lines {
                    visible_lines(text)
                        .lines()
                        .for_each(|line| page.wrapped(line, true));
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
                    let text = page.language.say(one.text);
                    page.wrapped(&format!("{tick} {text}{mark}"), false);
                }
            }
        }
    }
}

impl Page {
    /// A line of our words.
    fn line(&mut self, text: &str) {
        if self.language.is_rtl() && !text.is_empty() {
            self.text += FROM_THE_RIGHT;
        }
        self.text += text;
        self.text += "\n";
    }

    /// Breaks at spaces only. On a page from right to left a value keeps its own direction, line by line (FSI … PDI).
    fn wrapped(&mut self, text: &str, value: bool) {
        let isolated = value && self.language.is_rtl();
        let (open, close) = if isolated {
            ("\u{2068}", "\u{2069}")
        } else {
            ("", "")
        };
        let mut line = format!("    {open}");
        let mut used = 0;
        for word in text.split(' ') {
            let width = word.chars().count();
            if used > 0 && used + 1 + width > WIDTH {
                self.line(&format!("{line}{close}"));
                line = format!("      {open}");
                used = 2;
            } else if used > 0 {
                line.push(' ');
                used += 1;
            }
            line += word;
            used += width.max(1);
        }
        self.line(&format!("{line}{close}"));
    }
}
