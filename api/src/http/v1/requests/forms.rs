//! `GET /v1/requests/{id}/forms/{form}`

use actix_web::http::header::ACCEPT_LANGUAGE;
use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use takedown_core::form::{self, FormLanguage, NoForm, Value};
use takedown_core::text::Language;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::app::{Caller, Cx, forms};
use crate::http::extract::Query;
use crate::http::problem::{Code, Problem, ProblemBody};
use crate::http::v1::responses::{Calling, Finding};
use crate::http::wire;

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
    /// An order of Article 9.
    #[serde(rename = "dsa_art9")]
    DsaArt9,
    /// The effect given to it.
    #[serde(rename = "dsa_art9_effect")]
    DsaArt9Effect,
    /// The receipt of a notice of Article 16.
    #[serde(rename = "dsa_art16_receipt")]
    DsaArt16Receipt,
    /// The decision on it.
    #[serde(rename = "dsa_art16_decision")]
    DsaArt16Decision,
}

/// A form of Regulation (EU) 2021/784 or 2022/2065, filled as far as the record goes.
#[derive(Debug, Serialize, ToSchema)]
pub struct Forms {
    /// Which: `annex_i`, `annex_ii`, `annex_iii`, `dsa_art9`, `dsa_art9_effect`, `dsa_art16_receipt` or `dsa_art16_decision`.
    pub form: &'static str,
    /// Its name.
    pub title: &'static str,
    /// The article that asks for it.
    pub citation: &'static str,
    /// The language of the labels: translations of ours, not the official text.
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
    fn of(kind: form::FormKind, forms: &[form::Form], language: FormLanguage) -> Self {
        Self {
            form: kind.as_str(),
            title: language.say(kind.title()),
            citation: kind.citation(),
            language: language.as_str(),
            copies: forms
                .iter()
                .map(|form| FormCopy::of(form, language))
                .collect(),
        }
    }
}

impl FormCopy {
    fn of(form: &form::Form, language: FormLanguage) -> Self {
        let sections = form.sections.iter().map(|section| FormSection {
            section: section.letter,
            title: language.say(section.title),
            fields: section
                .fields
                .iter()
                .map(|field| FormField::of(field, language))
                .collect(),
        });
        Self {
            remark: form.remark(language),
            sections: sections.collect(),
            print: form.print(language),
        }
    }
}

impl FormField {
    fn of(field: &form::Field, language: FormLanguage) -> Self {
        let (values, boxes) = match &field.value {
            Value::Lines(lines) => (lines.clone(), Vec::new()),
            Value::Boxes(boxes) => (
                Vec::new(),
                boxes.iter().map(|one| FormBox::of(one, language)).collect(),
            ),
            Value::ByHand => (Vec::new(), Vec::new()),
        };
        Self {
            label: language.say(field.label),
            values,
            boxes,
            by_hand: field.value == Value::ByHand,
            recalled: field.recalled,
        }
    }
}

impl FormBox {
    fn of(one: &form::TickBox, language: FormLanguage) -> Self {
        Self {
            ticked: one.ticked,
            text: language.say(one.text),
            recalled: one.recalled,
        }
    }
}

/// In which language to print.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// The language of the labels. Unless said: the first of `Accept-Language` that there is, else the first that the
    /// platform accepts, else English.
    #[param(schema_with = wire::form_language)]
    language: Option<FormLanguage>,
}

/// The first language of the header that we have, in the order in which it names them.
fn accepted(http: &HttpRequest) -> Option<FormLanguage> {
    let header = http.headers().get(ACCEPT_LANGUAGE)?.to_str().ok()?;
    let tags = header.split(',').filter_map(|one| {
        let tag: Language = one.split(';').next()?.trim().parse().ok()?;
        Some(tag)
    });
    FormLanguage::first_of(&tags.collect::<Vec<_>>())
}

fn refused(why: &NoForm) -> Problem {
    Problem::new(Code::NoForm, format!("{why}."))
}

/// Read a form
///
/// For an EU removal order (`eu-tco-order`): `annex_i` is the order, `annex_ii` the platform's feedback from its latest
/// outcomes, `annex_iii` what it reported as impossible. For an order of the Digital Services Act (`eu-dsa-art9-order`):
/// `dsa_art9` is the order, `dsa_art9_effect` which effect was given to it, and when. For a notice (`eu-dsa-art16-notice`):
/// `dsa_art16_receipt` confirms that it was received, `dsa_art16_decision` is what was decided on it. What the exchange was not told is left to be completed by hand.
/// For the platform this is reading the request: the first time it is the receipt. Nothing is stored and nothing is sent.
#[utoipa::path(
    tag = "requests",
    operation_id = "read_form",
    params(
        ("id" = String, Path, description = "Identifier, `req_…`."),
        ("form" = inline(FormKind), Path, description = "Which form."),
        Wanted,
    ),
    responses(
        (status = 200, description = "The form.", body = Forms),
        (status = 409, description = "There is nothing to say in it: it belongs to another instrument, or what it tells has not happened.", body = ProblemBody, content_type = "application/problem+json"),
        Calling, Finding,
    ),
)]
#[get("/v1/requests/{id}/forms/{form}")]
pub async fn read_form(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    place: web::Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let (id, form) = place.into_inner();
    let kind: form::FormKind = form.parse().map_err(|_| Problem::not_found())?;
    let drawn = forms::draw(&cx, &caller, &id, kind).await?;
    let drawn = drawn.map_err(|why| refused(&why))?;
    let language = wanted
        .language
        .or_else(|| accepted(&http))
        .or_else(|| FormLanguage::first_of(&drawn.languages))
        .unwrap_or(FormLanguage::English);
    Ok(HttpResponse::Ok().json(Forms::of(kind, &drawn.forms, language)))
}
