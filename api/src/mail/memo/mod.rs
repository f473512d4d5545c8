//! What the exchange tells a party, or its own operator, about itself. It is about no request, and has no link: nothing is done from it.

mod words;

use askama::Template;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use self::words::Words;
use super::lang;
use super::render::Rendered;
use super::sheet::{Line, Piece, RenderError};
use super::{inert, times};

/// What it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemoAbout {
    /// An agency's verification is about to end.
    VerificationEnding {
        /// Its name.
        agency: String,
        /// Its identifier.
        id: String,
        /// When.
        until: DateTime<Utc>,
        /// Whether the operator is written to, and not the agency.
        to_operator: bool,
    },
    /// A webhook was switched off by the exchange.
    WebhookDisabled {
        /// Its identifier.
        webhook: String,
        /// The host it leads to.
        host: String,
        /// Whether its receiver wanted no more (410).
        gone: bool,
        /// What failed last.
        error: String,
    },
}

/// Everything that such a mail may say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemoFacts {
    /// What it is about.
    pub about: MemoAbout,
    /// The recipient's languages (BCP 47), most wanted first.
    pub languages: Vec<String>,
    /// The recipient's time zone.
    pub time_zone: Tz,
    /// What all mails about the same hang under.
    pub thread_id: String,
    /// The outbox row, so that a repeat after a crash is the same mail.
    pub outbox_id: String,
}

impl MemoFacts {
    /// What stands in the place of a request's reference in names of files and log lines.
    pub(super) const fn word(&self) -> &'static str {
        match self.about {
            MemoAbout::VerificationEnding { .. } => "verification",
            MemoAbout::WebhookDisabled { .. } => "webhook",
        }
    }

    fn value(&self, name: &str) -> Piece {
        let command = match (&self.about, name) {
            (MemoAbout::VerificationEnding { id, .. }, "command") => {
                format!("takedown agency verify {id}")
            }
            (MemoAbout::VerificationEnding { id, .. }, "call") => {
                format!("PUT /v1/agencies/{id}/verification")
            }
            (MemoAbout::WebhookDisabled { webhook, .. }, "command") => {
                format!("takedown webhooks change {webhook} --status active")
            }
            (MemoAbout::WebhookDisabled { webhook, .. }, "call") => {
                format!("PATCH /v1/webhooks/{webhook} {{\"status\": \"active\"}}")
            }
            (MemoAbout::WebhookDisabled { webhook, .. }, "list") => {
                format!("takedown webhooks deliveries {webhook}")
            }
            _ => String::new(),
        };
        let text = match (&self.about, name) {
            (MemoAbout::VerificationEnding { agency, .. }, "agency") => inert::name(agency),
            (MemoAbout::VerificationEnding { until, .. }, "day") => times::day(*until),
            (MemoAbout::VerificationEnding { until, .. }, "until") => {
                times::both(*until, self.time_zone)
            }
            (MemoAbout::WebhookDisabled { webhook, .. }, "webhook") => inert::line(webhook, 64),
            (MemoAbout::WebhookDisabled { host, .. }, "host") => inert::defang(host),
            (MemoAbout::WebhookDisabled { error, .. }, "error") => inert::line(error, 200),
            _ if !command.is_empty() => command,
            // A test looks through every mail in every language for a placeholder without a value.
            (_, other) => format!("{{{other}}}"),
        };
        Piece { text, value: true }
    }

    fn subject(&self, words: &Words) -> &'static str {
        match self.about {
            MemoAbout::VerificationEnding {
                to_operator: true, ..
            } => words.ending_subject_operator,
            MemoAbout::VerificationEnding { .. } => words.ending_subject,
            MemoAbout::WebhookDisabled { .. } => words.webhook_subject,
        }
    }

    fn lines(&self, words: &Words) -> Vec<&'static str> {
        match self.about {
            MemoAbout::VerificationEnding {
                to_operator: true, ..
            } => {
                vec![
                    words.ending_headline,
                    words.ending_then,
                    words.ending_operator,
                ]
            }
            MemoAbout::VerificationEnding { .. } => {
                vec![
                    words.ending_headline,
                    words.ending_then,
                    words.ending_agency,
                ]
            }
            MemoAbout::WebhookDisabled { gone, .. } => vec![
                words.webhook_headline,
                if gone {
                    words.webhook_gone
                } else {
                    words.webhook_failing
                },
                words.webhook_last,
                words.webhook_inbox,
                words.webhook_next,
                words.webhook_list,
            ],
        }
    }
}

/// A memo in one language.
struct Section {
    tag: &'static str,
    rtl: bool,
    headline: Line,
    below: Option<&'static str>,
    lines: Vec<Line>,
    footer: &'static str,
    first: bool,
}

impl Section {
    fn of(facts: &MemoFacts, words: &'static Words, first: bool) -> Self {
        let fill = |text: &str| Line::filled(text, |name| facts.value(name));
        let mut lines = facts.lines(words).into_iter().map(fill);
        let headline = lines.next().unwrap_or(Line(Vec::new()));
        let of_mails = lang::choose(&[words.tag.to_owned()]);
        Self {
            tag: words.tag,
            rtl: of_mails.rtl,
            headline,
            below: (first && !of_mails.is_english()).then_some(of_mails.english_below),
            lines: lines.collect(),
            footer: words.footer,
            first,
        }
    }

    fn plain(&self, line: &Line) -> String {
        line.plain(self.rtl)
    }

    fn dir(&self) -> &'static str {
        if self.rtl { "rtl" } else { "ltr" }
    }
}

#[derive(Template)]
#[template(path = "mail/memo.txt")]
struct Text<'a> {
    sections: &'a [Section],
}

#[derive(Template)]
#[template(path = "mail/memo.html")]
struct Html<'a> {
    sections: &'a [Section],
    subject: &'a str,
    lang: &'static str,
    dir: &'static str,
}

/// Writes a memo in the recipient's language, with English below when that is another one.
///
/// # Errors
/// [`RenderError::Template`] when a template fails.
pub fn render_memo(facts: &MemoFacts) -> Result<Rendered, RenderError> {
    let first = words::of(lang::choose(&facts.languages).tag);
    let english = words::of("en");
    let mut sections = vec![Section::of(facts, first, true)];
    if first.tag != english.tag {
        sections.push(Section::of(facts, english, false));
    }
    let subject = Line::filled(facts.subject(first), |name| facts.value(name)).plain(false);
    let html = Html {
        sections: &sections,
        subject: &subject,
        lang: first.tag,
        dir: sections.first().map_or("ltr", Section::dir),
    };
    let text = Text {
        sections: &sections,
    };
    Ok(Rendered {
        text: text.render().map_err(|_| RenderError::Template)?,
        html: html.render().map_err(|_| RenderError::Template)?,
        languages: sections.iter().map(|section| section.tag).collect(),
        subject,
    })
}
