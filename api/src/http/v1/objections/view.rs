//! An objection as it is answered.

use serde::Serialize;
use takedown_core::objection::ObjectionState;
use utoipa::ToSchema;

use crate::app::requests::ObjectionView;
use crate::app::requests::filing::Text;
use crate::http::wire::Instant;

/// What an uploader says against what was done to an item, and what the platform answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct Objection {
    /// Identifier, `obj_…`.
    pub id: String,
    /// The request, `req_…`.
    pub request: String,
    /// The item, `item_…`.
    pub item: String,
    /// `made` or `answered`.
    pub status: String,
    /// When it was made.
    pub made_at: Instant,
    /// What the uploader wrote; the agency does not read it.
    #[schema(required = true)]
    pub text: Option<ObjectionText>,
    /// The message in which he did; the agency does not see it.
    #[schema(required = true)]
    pub message: Option<String>,
    /// The platform's answer that holds.
    #[schema(required = true)]
    pub answer: Option<ObjectionAnswer>,
}

/// What a platform answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObjectionAnswer {
    /// `upheld`, `partly_upheld`, `rejected` or `inadmissible`.
    pub outcome: String,
    /// When.
    pub at: Instant,
    /// The item was put back with it.
    pub restored: bool,
    /// How many answers it took the place of.
    pub corrections: i32,
    /// What the uploader reads; the agency does not.
    #[schema(required = true)]
    pub text: Option<ObjectionText>,
}

/// A text and its language.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObjectionText {
    /// The text.
    pub text: String,
    /// Language tag of BCP 47; `und` when the uploader named none.
    pub language: String,
}

impl ObjectionText {
    fn of(text: &Text) -> Self {
        Self {
            text: text.text.clone(),
            language: text.language.to_string(),
        }
    }
}

impl Objection {
    pub(super) fn of(view: &ObjectionView) -> Self {
        let objection = &view.objection;
        let words = view.words.as_ref();
        let answer = match objection.state {
            ObjectionState::Made => None,
            ObjectionState::Answered(answer) => Some(ObjectionAnswer {
                outcome: answer.outcome.to_string(),
                at: Instant(answer.at),
                restored: answer.restored,
                corrections: answer.corrections,
                text: words.and_then(|w| w.answer.as_ref()).map(ObjectionText::of),
            }),
        };
        Self {
            id: objection.id.to_string(),
            request: view.request.clone(),
            item: objection.item.to_string(),
            status: objection.state.as_str().to_owned(),
            made_at: Instant(objection.made_at),
            text: words.map(|w| ObjectionText::of(&w.text)),
            message: words.map(|w| w.message.clone()),
            answer,
        }
    }
}
