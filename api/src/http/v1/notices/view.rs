//! A notice as it is answered.

use serde::Serialize;
use utoipa::ToSchema;

use crate::app::notices::NoticeView;
use crate::app::once::Answer;
use crate::http::v1::registry::created;
use crate::http::v1::requests::view::{AgencyBrief, PlatformBrief, Text};
use crate::http::wire::Instant;

/// What an agency tells a platform before its first order: no order yet, and nothing to act on.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriorNotice {
    /// What lists and the inbox show of it too.
    #[serde(flatten)]
    pub brief: PriorNoticeBrief,
    /// What is told: procedures and deadlines.
    pub text: Text,
}

/// A notice without its text.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriorNoticeBrief {
    /// Identifier, `notice_…`.
    pub id: String,
    /// Short, speakable, with a check character.
    pub reference: String,
    /// Who gives it.
    pub agency: AgencyBrief,
    /// Who is told.
    pub platform: PlatformBrief,
    /// The power under which an order may follow.
    pub instrument: String,
    /// Its name for people.
    pub title: String,
    /// Where it is written down.
    pub citation: String,
    /// When it was given.
    pub given_at: Instant,
    /// From when on a first order can follow it.
    #[schema(required = true)]
    pub order_from: Option<Instant>,
    /// When the platform first read it.
    #[schema(required = true)]
    pub read_at: Option<Instant>,
}

impl PriorNoticeBrief {
    /// Without its text.
    #[must_use]
    pub fn of(notice: &NoticeView) -> Self {
        let (title, citation) = notice.power.clone();
        Self {
            id: notice.id.to_string(),
            reference: notice.reference.to_string(),
            agency: AgencyBrief::of(&notice.agency),
            platform: PlatformBrief::of(&notice.platform),
            instrument: notice.instrument.clone(),
            title,
            citation,
            given_at: Instant(notice.given_at),
            order_from: notice.order_from.map(Instant),
            read_at: notice.read_at.map(Instant),
        }
    }
}

impl PriorNotice {
    /// The whole notice.
    #[must_use]
    pub fn of(notice: &NoticeView) -> Self {
        Self {
            brief: PriorNoticeBrief::of(notice),
            text: (&notice.text).into(),
        }
    }
}

/// 201 with the notice and its address.
pub(super) fn made(notice: &NoticeView) -> Answer {
    let location = format!("/v1/notices/{}", notice.id);
    created(location, None, &PriorNotice::of(notice))
}
