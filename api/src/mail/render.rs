//! The sheet becomes text and HTML through two templates shared by all languages.

use askama::Template;

use super::facts::MailFacts;
use super::sheet::{RenderError, Sheet, sheet};

/// A mail's words, not yet addressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Subject, one line.
    pub subject: String,
    /// Body as plain text, lines ended by LF.
    pub text: String,
    /// Body as HTML with the same facts.
    pub html: String,
    /// Languages in it (BCP 47), first one first.
    pub languages: Vec<&'static str>,
}

#[derive(Template)]
#[template(path = "mail/mail.txt")]
struct Text<'a> {
    sheet: &'a Sheet,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "mail/mail.html")]
struct Html<'a> {
    sheet: &'a Sheet,
    link: &'a str,
    link_shown: &'a str,
    lang: &'static str,
    dir: &'static str,
}

/// Writes a mail in the recipient's language, with English below when that is another one.
///
/// # Errors
/// [`RenderError::ReferralIsNoOrder`] for `deadline.near` and the like on a referral.
pub fn render(facts: &MailFacts) -> Result<Rendered, RenderError> {
    let sheet = sheet(facts)?;
    let first = sheet.sections.first().ok_or(RenderError::Template)?;
    let text = Text {
        sheet: &sheet,
        link: facts.link.as_str(),
    };
    let html = Html {
        sheet: &sheet,
        link: facts.link.as_str(),
        link_shown: facts.link.shown(),
        lang: first.words.tag,
        dir: first.dir(),
    };
    Ok(Rendered {
        text: text.render().map_err(|_| RenderError::Template)?,
        html: html.render().map_err(|_| RenderError::Template)?,
        languages: sheet
            .sections
            .iter()
            .map(|section| section.words.tag)
            .collect(),
        subject: sheet.subject,
    })
}
