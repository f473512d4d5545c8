//! `/docs/api/`: the vendored Swagger UI, for trying calls out.
//!
//! Its page has no inline script or style, so the policy allows this host alone; `data:` stands for the icons in its
//! stylesheet, which are pictures and cannot run. It calls nobody: the validator badge, which would send the address
//! of every exchange to its makers, is off, and so is taking settings from the address.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, web};
use utoipa_swagger_ui::Config;

use super::Docs;
use crate::web::reply::{Keep, guarded};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(super) fn settings() -> Config<'static> {
    Config::new(["/openapi.json"])
        .use_base_layout()
        .query_config_enabled(false)
        .validator_url("none")
        .persist_authorization(false)
        .deep_linking(true)
        .doc_expansion("list")
        .default_models_expand_depth(0)
        .display_request_duration(true)
}

/// Relative addresses of the page need the slash.
pub(in crate::web) async fn swagger_without_slash() -> HttpResponse {
    HttpResponse::PermanentRedirect()
        .insert_header((LOCATION, "/docs/api/"))
        .finish()
}

/// `GET /docs/api/…`
pub(in crate::web) async fn swagger(
    docs: web::Data<Docs>,
    file: web::Path<String>,
) -> HttpResponse {
    match utoipa_swagger_ui::serve(&file, docs.swagger.clone()) {
        Ok(Some(found)) => guarded(StatusCode::OK, &found.content_type, POLICY, Keep::Minutes)
            .body(found.bytes.into_owned()),
        Ok(None) => HttpResponse::NotFound().finish(),
        Err(error) => {
            tracing::error!(%error, "a file of the API browser cannot be served");
            HttpResponse::InternalServerError().finish()
        }
    }
}
