//! Several mails in one, for a party that wishes so: one line each, and for a platform the link by which such mails are ended.

use askama::Template;

use super::facts::{Link, MailFacts, MailSide};
use super::lang::{self, Words};
use super::render::Rendered;
use super::sheet::{Line, RenderError, Writer};

/// What a digest may say: what the mails it stands for would say in their subjects.
#[derive(Debug, Clone)]
pub struct DigestFacts {
    /// What it has in common with every mail: to whom it goes, in which languages, under which identifiers. Its count is that of
    /// the lines.
    pub whole: MailFacts,
    /// The mails it stands for, oldest first.
    pub entries: Vec<MailFacts>,
    /// Ends such mails; none for an agency, which says so itself.
    pub unsubscribe: Option<Link>,
}

/// A digest in one language.
struct Section {
    words: &'static Words,
    headline: Line,
    below: Option<&'static str>,
    lines: Vec<Entry>,
    open: Line,
    check: Line,
    first: bool,
    /// What ends such mails, in the first section.
    unsubscribe: Option<Link>,
    footer: Line,
}

struct Entry {
    text: String,
    code: String,
}

impl Section {
    fn of(facts: &DigestFacts, words: &'static Words, first: bool) -> Self {
        let whole = Writer {
            facts: &facts.whole,
            words,
        };
        let entry = |facts: &MailFacts| Entry {
            text: Writer { facts, words }.subject(),
            code: facts.check_code.clone(),
        };
        let headline = match facts.whole.to {
            MailSide::Platform => words.digest_headline,
            MailSide::Agency | MailSide::Authority => words.digest_headline_agency,
        };
        Self {
            words,
            headline: whole.fill(headline),
            below: (first && !words.is_english()).then_some(words.english_below),
            lines: facts.entries.iter().map(entry).collect(),
            open: whole.fill(words.digest_open),
            check: whole.fill(words.digest_check),
            first,
            unsubscribe: facts.unsubscribe.clone().filter(|_| first),
            footer: whole.fill(words.footer),
        }
    }

    fn plain(&self, line: &Line) -> String {
        line.plain(self.words.rtl)
    }

    fn dir(&self) -> &'static str {
        if self.words.rtl { "rtl" } else { "ltr" }
    }
}

#[derive(Template)]
#[template(path = "mail/digest.txt")]
struct Text<'a> {
    sections: &'a [Section],
}

#[derive(Template)]
#[template(path = "mail/digest.html")]
struct Html<'a> {
    sections: &'a [Section],
    subject: &'a str,
    lang: &'static str,
    dir: &'static str,
}

/// Writes a digest in the recipient's language, with English below when that is another one.
///
/// # Errors
/// [`RenderError::Template`] when a template fails.
pub fn render_digest(facts: &DigestFacts) -> Result<Rendered, RenderError> {
    let words = lang::choose(&facts.whole.languages);
    let mut sections = vec![Section::of(facts, words, true)];
    if !words.is_english() {
        sections.push(Section::of(facts, lang::english(), false));
    }
    let whole = Writer {
        facts: &facts.whole,
        words,
    };
    let subject = whole.fill(words.digest_subject).plain(false);
    let text = Text {
        sections: &sections,
    };
    let html = Html {
        sections: &sections,
        subject: &subject,
        lang: words.tag,
        dir: if words.rtl { "rtl" } else { "ltr" },
    };
    Ok(Rendered {
        text: text.render().map_err(|_| RenderError::Template)?,
        html: html.render().map_err(|_| RenderError::Template)?,
        languages: sections.iter().map(|section| section.words.tag).collect(),
        subject,
    })
}
