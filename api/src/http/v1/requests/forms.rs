//! `GET /v1/requests/{id}/forms/{form}`

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use takedown_core::form::{self, NoForm, Value};
use utoipa::ToSchema;

use crate::app::{Caller, Cx, forms};
use crate::http::problem::{Code, Problem, ProblemBody};
use crate::http::v1::responses::{Calling, Finding};

/// The names of the forms.
#[derive(Debug, Serialize, ToSchema)]
#[allow(
    dead_code,
    reason = "describes the address, which is read by hand: another name is not found"
)]
pub enum FormKind {
    /// The order.
    #[serde(rename = "annex_i")]
    AnnexI,
    /// The feedback.
    #[serde(rename = "annex_ii")]
    AnnexII,
    /// What stood in the way.
    #[serde(rename = "annex_iii")]
    AnnexIII,
}

/// A form of Regulation (EU) 2021/784, filled as far as the record goes.
#[derive(Debug, Serialize, ToSchema)]
pub struct Forms {
    /// Which: `annex_i`, `annex_ii` or `annex_iii`.
    pub form: &'static str,
    /// Its name.
    pub title: &'static str,
    /// The article that asks for it.
    pub citation: &'static str,
    /// The language of the labels.
    pub language: &'static str,
    /// One; of Annex II two when some content was removed and access to other content was disabled, since it ticks one of both.
    pub copies: Vec<FormCopy>,
}

/// A form as fields and as text.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormCopy {
    /// What to know first: that the order was taken back.
    #[schema(required = true)]
    pub remark: Option<String>,
    /// The sections, in order.
    pub sections: Vec<FormSection>,
    /// The same as plain text to be printed, completed by hand and signed. Control and direction characters are written
    /// out there; in the fields every text is as it was given.
    pub print: String,
}

/// A section of a form.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormSection {
    /// Its letter.
    pub section: &'static str,
    /// What it is about.
    pub title: &'static str,
    /// Its fields, in order.
    pub fields: Vec<FormField>,
}

/// A field of a form.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormField {
    /// What has to be said.
    pub label: &'static str,
    /// What is said, one or more texts.
    pub values: Vec<String>,
    /// Boxes, for a field that has some.
    pub boxes: Vec<FormBox>,
    /// Nobody recorded it: complete it by hand.
    pub by_hand: bool,
    /// The label was recalled and not compared with the official text: compare it before you use this as the legal form.
    pub recalled: bool,
}

/// A box of a form.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormBox {
    /// Whether it is ticked.
    pub ticked: bool,
    /// What it says.
    pub text: &'static str,
    /// Its text was recalled and not compared with the official one.
    pub recalled: bool,
}

impl Forms {
    fn of(kind: form::FormKind, forms: &[form::Form]) -> Self {
        Self {
            form: kind.as_str(),
            title: kind.title(),
            citation: kind.citation(),
            language: "en",
            copies: forms.iter().map(FormCopy::of).collect(),
        }
    }
}

impl FormCopy {
    fn of(form: &form::Form) -> Self {
        let sections = form.sections.iter().map(|section| FormSection {
            section: section.letter,
            title: section.title,
            fields: section.fields.iter().map(FormField::of).collect(),
        });
        Self {
            remark: form.remark.clone(),
            sections: sections.collect(),
            print: form.print(),
        }
    }
}

impl FormField {
    fn of(field: &form::Field) -> Self {
        let (values, boxes) = match &field.value {
            Value::Lines(lines) => (lines.clone(), Vec::new()),
            Value::Boxes(boxes) => (Vec::new(), boxes.iter().map(FormBox::of).collect()),
            Value::ByHand => (Vec::new(), Vec::new()),
        };
        Self {
            label: field.label,
            values,
            boxes,
            by_hand: field.value == Value::ByHand,
            recalled: field.recalled,
        }
    }
}

impl FormBox {
    fn of(one: &form::TickBox) -> Self {
        Self {
            ticked: one.ticked,
            text: one.text,
            recalled: one.recalled,
        }
    }
}

fn refused(why: &NoForm) -> Problem {
    Problem::new(Code::NoForm, format!("{why}."))
}

/// Read a form of a removal order
///
/// For an EU removal order (`eu-tco-order`): `annex_i` is the order, `annex_ii` the platform's feedback from its latest
/// outcomes, `annex_iii` what it reported as impossible. What the exchange was not told is left to be completed by hand.
/// For the platform this is reading the request: the first time it is the receipt. Nothing is stored and nothing is sent.
#[utoipa::path(
    tag = "requests",
    operation_id = "read_form",
    params(
        ("id" = String, Path, description = "Identifier, `req_…`."),
        ("form" = inline(FormKind), Path, description = "Which form."),
    ),
    responses(
        (status = 200, description = "The form.", body = Forms),
        (status = 409, description = "There is nothing to say in it: the instrument has none, nothing was removed, or no obstacle was reported.", body = ProblemBody, content_type = "application/problem+json"),
        Calling, Finding,
    ),
)]
#[get("/v1/requests/{id}/forms/{form}")]
pub async fn read_form(
    caller: Caller,
    cx: web::Data<Cx>,
    wanted: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (id, form) = wanted.into_inner();
    let kind: form::FormKind = form.parse().map_err(|_| Problem::not_found())?;
    let forms = forms::draw(&cx, &caller, &id, kind).await?;
    let forms = forms.map_err(|why| refused(&why))?;
    Ok(HttpResponse::Ok().json(Forms::of(kind, &forms)))
}
