//! `/v1/platforms/{id}/contacts`: where a platform that nobody speaks for can be written to.

use actix_web::{HttpRequest, HttpResponse, get, post, put, web};
use serde::{Deserialize, Serialize};
use takedown_core::policy::Action;
use takedown_core::sighting::ContactSource;
use takedown_core::text::Language;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::app::sightings::{self, ContactsView, NewContacts, Pasted};
use crate::app::{Caller, Cx};
use crate::http::problem::Problem;
use crate::http::v1::registry::sent;
use crate::http::v1::responses::{Calling, Finding, SpokenFor, Writing};
use crate::http::v1::sightings::record::NewContact;
use crate::http::wire::{self, Instant};

/// Addresses that were found: named, or in a text that was copied.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "something"))]
pub struct FoundContacts {
    /// Addresses, the one to write to first.
    #[serde(default)]
    #[validate(length(max = 10))]
    #[schema(max_items = 10)]
    contacts: Vec<NewContact>,
    /// A text that was copied, such as a `security.txt` or the answer of a registry: every mail address in it is taken, those for
    /// abuse first. Nothing is looked up anywhere.
    #[validate(nested)]
    pasted: Option<PastedText>,
    /// The languages in which the site is written, the most used one first: mails are written in the first one there is.
    #[validate(length(max = 20))]
    #[schema(value_type = Option<Vec<String>>, max_items = 20)]
    languages: Option<Vec<Language>>,
}

/// A text that was copied.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PastedText {
    /// The text. It is not kept.
    #[validate(length(min = 1, max = 40000))]
    #[schema(min_length = 1, max_length = 40000)]
    text: String,
    /// Where it comes from.
    #[schema(schema_with = wire::contact_source)]
    source: ContactSource,
}

fn something(given: &FoundContacts) -> Result<(), ValidationError> {
    if given.contacts.is_empty() && given.pasted.is_none() {
        let says = "name `contacts`, or paste a text in `pasted`";
        return Err(ValidationError::new("contacts").with_message(says.into()));
    }
    Ok(())
}

impl FoundContacts {
    fn into_contacts(self, all: bool) -> NewContacts {
        NewContacts {
            contacts: self.contacts.into_iter().map(Into::into).collect(),
            pasted: self.pasted.map(|pasted| Pasted {
                text: pasted.text,
                source: pasted.source,
            }),
            languages: self.languages,
            all,
        }
    }
}

/// How a platform can be reached, as far as your agency found it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlatformContacts {
    /// Identifier, `platform_…`.
    pub platform: String,
    /// Its name.
    pub name: String,
    /// How well it is known; once it is `claimed` it says itself where it is written to.
    pub standing: String,
    /// The languages that mails to it are written in, the preferred one first.
    pub languages: Vec<String>,
    /// The addresses that your agency found.
    pub contacts: Vec<PlatformContact>,
    /// What was read from the text of this call, those for abuse first.
    pub read: Vec<ReadContact>,
    /// What in it looks like an address and is none that may be written to.
    pub refused: Vec<RefusedContact>,
    /// How many addresses more than ten it holds.
    pub left_out: usize,
}

/// An address that your agency found.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlatformContact {
    /// The address.
    pub address: String,
    /// `abuse_mailbox`, `security_txt`, `rdap`, `site` or `other`.
    pub source: String,
    /// When it was recorded.
    pub found_at: Instant,
    /// Its place among all addresses of the platform, from 1: the first that does not refuse gets the mail. `null` when nothing
    /// is sent there.
    #[schema(required = true)]
    pub place: Option<usize>,
    /// Since when nothing is sent there, because whoever reads it said that the site is not his.
    #[schema(required = true)]
    pub rejected_at: Option<Instant>,
}

/// An address in a text.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadContact {
    /// The address.
    pub address: String,
    /// In which line it stands, from 1.
    pub line: usize,
    /// `abuse`, `contact` or `other`.
    pub purpose: String,
    /// Whether it lies at one of the platform's own hosts, rather than at a registry or at a host of many sites.
    pub own_domain: bool,
}

/// Something in a text that is no address to write to.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusedContact {
    /// In which line it stands, from 1.
    pub line: usize,
    /// Why it is not taken.
    pub detail: String,
}

fn shown(view: &ContactsView) -> HttpResponse {
    let read = view.read.as_ref();
    HttpResponse::Ok().json(PlatformContacts {
        platform: view.platform.id.to_string(),
        name: view.platform.name.clone(),
        standing: view.platform.standing.to_string(),
        languages: view
            .platform
            .languages
            .iter()
            .map(ToString::to_string)
            .collect(),
        contacts: view
            .contacts
            .iter()
            .map(|contact| PlatformContact {
                address: contact.address.clone(),
                source: contact.source.to_string(),
                found_at: Instant(contact.found_at),
                place: contact.place,
                rejected_at: contact.rejected_at.map(Instant),
            })
            .collect(),
        read: read
            .into_iter()
            .flat_map(|read| &read.found)
            .map(|found| ReadContact {
                address: found.address.as_str().to_owned(),
                line: found.line,
                purpose: found.purpose.to_string(),
                own_domain: view.is_own(found),
            })
            .collect(),
        refused: read
            .into_iter()
            .flat_map(|read| &read.refused)
            .map(|(line, why)| RefusedContact {
                line: *line,
                detail: why.to_string(),
            })
            .collect(),
        left_out: read.map_or(0, |read| read.left_out),
    })
}

/// Read how a platform can be reached
///
/// For an agency: the addresses that it found for a platform, where, and which of them are written to. What other agencies found
/// is not shown.
#[utoipa::path(
    tag = "sightings",
    operation_id = "read_contacts",
    params(("id" = String, Path, description = "Identifier, `platform_…`.")),
    responses((status = 200, description = "The addresses.", body = PlatformContacts), Calling, Finding),
)]
#[get("/v1/platforms/{id}/contacts")]
pub async fn read_contacts(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    Ok(shown(&sightings::contacts(&cx, &caller, &id).await?))
}

/// Add addresses of a platform
///
/// For an agency, while nobody speaks for the platform. New addresses stand behind those it has. Addresses that are known change
/// nothing. A pasted text is searched for addresses, and the answer says what was found in it.
#[utoipa::path(
    tag = "sightings",
    operation_id = "add_contacts",
    params(("id" = String, Path, description = "Identifier, `platform_…`.")),
    request_body(content = FoundContacts, description = "What was found, and where."),
    responses((status = 200, description = "The addresses that your agency found.", body = PlatformContacts), Writing, Finding, SpokenFor),
)]
#[post("/v1/platforms/{id}/contacts")]
pub async fn add_contacts(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<FoundContacts>(&caller, Action::AddContacts, &http, payload).await?;
    let new = body.value.into_contacts(false);
    Ok(shown(
        &sightings::set_contacts(&cx, &caller, &id, new).await?,
    ))
}

/// Replace the addresses of a platform
///
/// For an agency, while nobody speaks for the platform: these are all that hold. Those that it had found and does not name are
/// not written to any more, unless another agency found them too, and answer links that went there end.
#[utoipa::path(
    tag = "sightings",
    operation_id = "replace_contacts",
    params(("id" = String, Path, description = "Identifier, `platform_…`.")),
    request_body(content = FoundContacts, description = "What holds, and where it was found."),
    responses((status = 200, description = "The addresses that your agency found.", body = PlatformContacts), Writing, Finding, SpokenFor),
)]
#[put("/v1/platforms/{id}/contacts")]
pub async fn replace_contacts(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<FoundContacts>(&caller, Action::ReplaceContacts, &http, payload).await?;
    let new = body.value.into_contacts(true);
    Ok(shown(
        &sightings::set_contacts(&cx, &caller, &id, new).await?,
    ))
}
