//! The two calls of c2sp.org/tlog-witness, and a page that says who this is.

use std::time::{SystemTime, UNIX_EPOCH};

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use actix_web::{HttpResponse, web};
use takedown_core::log::witness::{Refusal, SIZE_MEDIA_TYPE};

use super::{Unanswered, Witness};

/// The largest body that is read: 63 hashes and a checkpoint with a hundred signatures, the large ones of ML-DSA too.
pub const BODY_LIMIT: usize = 512 << 10;

const TEXT: &str = "text/plain; charset=utf-8";

/// Registers the calls; the application needs a `web::Data<Witness>`.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .app_data(web::PayloadConfig::new(BODY_LIMIT))
        .service(
            web::resource("/add-checkpoint")
                .route(web::post().to(add_checkpoint))
                .default_service(web::to(|| other_method("POST"))),
        )
        .service(
            web::resource("/{hash}/checkpoint")
                .route(web::get().to(checkpoint))
                .route(web::head().to(checkpoint))
                .default_service(web::to(|| other_method("GET"))),
        )
        .service(
            web::resource("/")
                .route(web::get().to(about))
                .route(web::head().to(about))
                .default_service(web::to(|| other_method("GET"))),
        )
        .default_service(web::to(nothing_here));
}

/// `POST /add-checkpoint`
async fn add_checkpoint(witness: web::Data<Witness>, body: web::Bytes) -> HttpResponse {
    let signed = web::block(move || {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        witness.add(&body, now.map_or(0, |since| since.as_secs()))
    });
    match signed.await {
        Ok(Ok(line)) => answer(StatusCode::OK, TEXT, line),
        Ok(Err(refused)) => refuse(&refused),
        Err(_) => answer(
            StatusCode::SERVICE_UNAVAILABLE,
            TEXT,
            "this witness is ending; ask again later\n".to_owned(),
        ),
    }
}

fn refuse(refused: &Unanswered) -> HttpResponse {
    let status = match refused {
        Unanswered::NotText | Unanswered::Request(_) => 400,
        Unanswered::Refused(refusal) => refusal.status(),
        Unanswered::Unsigned(_) | Unanswered::NotKept(_) => 500,
    };
    match refused {
        Unanswered::Unsigned(_) | Unanswered::NotKept(_) => {
            tracing::error!(error = %refused, "not signed");
        }
        other => tracing::info!(status, reason = %other, "not signed"),
    }
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match refused {
        Unanswered::Refused(Refusal::OtherSize { size }) => {
            answer(status, SIZE_MEDIA_TYPE, format!("{size}\n"))
        }
        // Which file failed, and how, is nothing for a caller.
        Unanswered::NotKept(_) => answer(
            status,
            TEXT,
            "what is signed could not be kept, so nothing was signed\n".to_owned(),
        ),
        other => answer(status, TEXT, format!("{other}\n")),
    }
}

/// `GET /<SHA-256 of the origin>/checkpoint`
async fn checkpoint(witness: web::Data<Witness>, hash: web::Path<String>) -> HttpResponse {
    match witness.latest(&hash) {
        Some(checkpoint) => answer(StatusCode::OK, TEXT, checkpoint),
        None => answer(
            StatusCode::NOT_FOUND,
            TEXT,
            "this witness signed no checkpoint of a log whose origin has this SHA-256\n".to_owned(),
        ),
    }
}

/// `GET /`
async fn about(witness: web::Data<Witness>) -> HttpResponse {
    let mut text = format!("{}\n", witness.key());
    for (origin, size) in witness.logs() {
        text.push_str(&format!("log {origin} {size}\n"));
    }
    answer(StatusCode::OK, TEXT, text)
}

async fn other_method(allowed: &'static str) -> HttpResponse {
    HttpResponse::MethodNotAllowed()
        .insert_header(("Allow", allowed))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .content_type(TEXT)
        .body(format!("this is for {allowed}\n"))
}

async fn nothing_here() -> HttpResponse {
    answer(
        StatusCode::NOT_FOUND,
        TEXT,
        "there is nothing here; a witness has /add-checkpoint and /<SHA-256 of an origin>/checkpoint\n".to_owned(),
    )
}

fn answer(status: StatusCode, media_type: &str, body: String) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .content_type(media_type)
        .body(body)
}
