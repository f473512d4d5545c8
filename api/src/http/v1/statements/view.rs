//! Statements as they leave.

use std::collections::HashSet;

use serde::Serialize;
use serde_json::Value;
use takedown_core::statement::{Fault, Fields, NotDue, Problem as Wrong};
use utoipa::ToSchema;

use crate::app::statements::Stated;
use crate::http::problem::{Code, FieldError, Problem};

/// How far a statement of reasons has come.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatementDraft {
    /// Whether a statement is due at all.
    pub due: bool,
    /// Why not, when none is.
    #[schema(required = true)]
    pub not_due: Option<NoStatement>,
    /// What stands already, under the database's own names; what follows from the decision is there.
    #[schema(value_type = Object)]
    pub statement: Value,
    /// What you have to add, field by field. Send it with `POST` to the same address.
    pub missing: Vec<MissingField>,
    /// Whether a micro or small enterprise is exempt from sending it to the database (Article 19(1)). The uploader is
    /// told all the same (Article 17).
    pub submission_exempt: bool,
}

/// Why no statement is due.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoStatement {
    /// `undecided`, `article_9_order`, `no_measure`, `duplicate`, `restored`, `uploader_unknown`, `not_yet`,
    /// `outside_union` or `not_offered`.
    pub reason: &'static str,
    /// The article from which it follows.
    pub article: String,
    /// The same in words.
    pub detail: String,
}

/// A field that the platform has to add.
#[derive(Debug, Serialize, ToSchema)]
pub struct MissingField {
    /// Its name.
    pub field: &'static str,
    /// What to write.
    pub detail: String,
}

/// A statement of reasons exactly as the transparency database takes it, under its own names.
#[derive(Debug, Serialize, ToSchema)]
#[schema(value_type = Object)]
pub struct StatementOfReasons(pub Value);

/// The body that the database takes for several statements at once.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatementBatch {
    /// The statements, in the order of the call.
    #[schema(value_type = Vec<Object>)]
    pub statements: Vec<Value>,
}

fn json(fields: &Fields) -> Value {
    serde_json::to_value(fields).unwrap_or_default()
}

impl StatementDraft {
    pub(super) fn of(stated: Stated) -> Self {
        let (not_due, statement, missing) = match stated.outcome {
            Err(not_due) => (Some(not_due), Value::Object(Default::default()), Vec::new()),
            Ok(draft) => (None, json(&draft.fields), draft.problems),
        };
        Self {
            due: not_due.is_none(),
            not_due: not_due.map(|why| NoStatement {
                reason: why.code(),
                article: why.article(),
                detail: format!("{why}."),
            }),
            statement,
            missing: missing
                .into_iter()
                .map(|wrong| MissingField {
                    field: wrong.field,
                    detail: wrong.detail,
                })
                .collect(),
            submission_exempt: stated.submission_exempt,
        }
    }
}

/// Where a field of a statement stands in the body.
fn field(at: &str, wrong: &Wrong) -> FieldError {
    let what = match wrong.fault {
        Fault::Missing => "missing: ",
        Fault::NotWanted => "has no place here: ",
        _ => "",
    };
    FieldError::at(
        &format!("{at}/{}", wrong.field),
        format!("{what}{}", wrong.detail),
    )
}

fn refused(why: &NotDue) -> Problem {
    Problem::new(Code::NoStatementDue, format!("{why} ({}).", why.article()))
        .with("reason", why.code())
        .with("article", why.article())
}

/// The whole statement, or why there is none.
pub(super) fn whole(stated: Stated) -> Result<Value, Problem> {
    let draft = stated.outcome.map_err(|why| refused(&why))?;
    if draft.problems.is_empty() {
        return Ok(json(&draft.fields));
    }
    Err(Problem::invalid(
        draft
            .problems
            .iter()
            .map(|wrong| field("", wrong))
            .collect(),
    ))
}

/// All of them, or what is wrong with any: the database takes all or nothing.
pub(super) fn all(stated: Vec<Option<Stated>>) -> Result<Vec<Value>, Problem> {
    let (mut statements, mut errors) = (Vec::new(), Vec::new());
    let mut names = HashSet::new();
    for (index, stated) in stated.into_iter().enumerate() {
        let at = format!("/statements/{index}");
        match stated.map(|s| s.outcome) {
            None => errors.push(FieldError::at(
                &format!("{at}/item"),
                "there is no such item that you may see",
            )),
            Some(Err(why)) => errors.push(FieldError::at(
                &at,
                format!("no statement is due: {why} ({})", why.article()),
            )),
            Some(Ok(draft)) if !names.insert(draft.fields.puid.clone()) => {
                let puid = draft.fields.puid.unwrap_or_default();
                errors.push(FieldError::at(
                    &format!("{at}/item"),
                    format!("its decision {puid} has a statement in this call; the database takes a puid once"),
                ));
            }
            Some(Ok(draft)) if draft.problems.is_empty() => statements.push(json(&draft.fields)),
            Some(Ok(draft)) => {
                errors.extend(draft.problems.iter().map(|wrong| field(&at, wrong)));
            }
        }
    }
    if errors.is_empty() {
        Ok(statements)
    } else {
        Err(Problem::invalid(errors))
    }
}
