//! What everybody gets to see: that a link opens nothing, and how to get a new one.

use askama::Template;

use super::super::words::{ALL, Words};
use crate::web::docs::Docs;

/// A title, some lines, and the form for a new link where it helps.
pub(in crate::web) struct Notice {
    w: &'static Words,
    title: &'static str,
    lines: Vec<&'static str>,
    form: bool,
}

impl Notice {
    pub(in crate::web) fn gone(w: &'static Words) -> Self {
        Self::new(w, w.gone_title, vec![w.gone_line, w.gone_why], true)
    }

    pub(in crate::web) fn renew(w: &'static Words) -> Self {
        Self::new(w, w.renew_title, Vec::new(), true)
    }

    pub(in crate::web) fn renewed(w: &'static Words) -> Self {
        Self::new(w, w.renewed_title, vec![w.renewed_line], false)
    }

    pub(in crate::web) fn thanks(w: &'static Words) -> Self {
        Self::new(w, w.thanks_title, vec![w.thanks_line], false)
    }

    pub(in crate::web) fn later(w: &'static Words) -> Self {
        Self::new(w, w.later_title, vec![w.later_line], false)
    }

    fn new(w: &'static Words, title: &'static str, lines: Vec<&'static str>, form: bool) -> Self {
        Self {
            w,
            title,
            lines,
            form,
        }
    }

    pub(in crate::web) fn with(self, docs: &Docs) -> NoticePage<'_> {
        NoticePage {
            w: self.w,
            all: &ALL,
            title: self.title,
            lines: self.lines,
            form: self.form,
            contact: docs.contact(),
        }
    }
}

/// The page of a notice.
#[derive(Template)]
#[template(path = "web/answer_notice.html")]
pub(in crate::web) struct NoticePage<'a> {
    w: &'static Words,
    all: &'static [&'static Words],
    title: &'static str,
    lines: Vec<&'static str>,
    form: bool,
    contact: Option<&'a str>,
}
