//! Requests: filed by agencies, answered by platforms.

pub mod acknowledge;
pub mod answer_links;
pub mod ask_scrutiny;
pub mod attribute;
pub mod batch;
pub mod close;
pub mod correct;
pub mod corrections;
pub mod decide;
pub mod documents;
pub mod erase;
pub mod file;
pub mod forms;
pub mod history;
pub mod holds;
pub mod internal_notes;
pub mod list;
pub mod messages;
pub mod non_disclosure;
pub mod outcome;
pub mod preservation;
pub mod read;
pub mod reads;
pub mod record_copy;
pub mod record_final;
pub mod reopen;
pub mod signed;
pub mod tombstone;
pub mod view;
pub mod withdraw;

use crate::http::register::Register;
use actix_web::HttpResponse;

use crate::app::Caller;
use crate::app::once::Answer;
use crate::app::requests::{Filed, RequestView};
use crate::http::v1::operations::view::OperationBrief;

/// Registers the endpoints.
pub fn configure(config: &mut impl Register) {
    config
        .service(file::file_request)
        .service(batch::file_batch)
        .service(list::list_requests)
        .service(read::read_request)
        .service(signed::read_signed)
        .service(forms::read_form)
        .service(tombstone::read_tombstone)
        .service(history::read_history)
        .service(reads::list_reads)
        .service(acknowledge::acknowledge)
        .service(decide::decide)
        .service(close::close)
        .service(messages::list_messages)
        .service(messages::post_message)
        .service(documents::attach_document)
        .service(documents::read_document)
        .service(internal_notes::list_internal_notes)
        .service(internal_notes::write_internal_note)
        .service(withdraw::withdraw)
        .service(correct::correct)
        .service(corrections::list_corrections)
        .service(attribute::attribute)
        .service(non_disclosure::extend::extend_non_disclosure)
        .service(non_disclosure::lift::lift_non_disclosure)
        .service(preservation::hold::hold_preservation)
        .service(preservation::extend::extend_preservation)
        .service(preservation::release::release_preservation)
        .service(preservation::delete::delete_preserved)
        .service(ask_scrutiny::ask_scrutiny)
        .service(record_copy::record_copy)
        .service(record_final::record_final)
        .service(erase::erase_request)
        .service(holds::place_hold)
        .service(holds::read_hold)
        .service(holds::lift_hold)
        .service(answer_links::send_link)
        .service(answer_links::revoke_links)
        .service(reopen::reopen);
}

/// The whole request with 200.
pub(super) fn ok(view: &RequestView, caller: &Caller) -> Answer {
    whole(200, view, caller)
}

/// The whole request with 201 and its address.
fn created(view: &RequestView, caller: &Caller) -> Answer {
    let mut answer = whole(201, view, caller);
    let location = format!("/v1/requests/{}", view.request.id);
    answer.headers.push(("location".into(), location));
    answer
}

/// The request with 201; the operation and its requests with 200, so that each status has one form.
fn filed(filed: &Filed<'_>, caller: &Caller) -> Answer {
    let (operation, requests) = match filed {
        Filed::One(only) => return created(only, caller),
        Filed::Several(operation, requests) => (OperationBrief::of(operation), requests),
    };
    let headers = vec![("location".into(), operation.location())];
    let body = view::FiledTogether {
        operation,
        requests: requests
            .iter()
            .map(|r| view::Request::of(r, caller))
            .collect(),
    };
    Answer {
        status: 200,
        headers,
        body: serde_json::to_string(&body).unwrap_or_default(),
    }
}

fn whole(status: u16, view: &RequestView, caller: &Caller) -> Answer {
    Answer {
        status,
        headers: vec![("etag".into(), format!("\"{}\"", view.request.version))],
        body: serde_json::to_string(&view::Request::of(view, caller)).unwrap_or_default(),
    }
}

fn page<T: serde::Serialize>(page: &T) -> HttpResponse {
    HttpResponse::Ok().json(page)
}
