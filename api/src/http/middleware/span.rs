//! The span that every log line of a call belongs to: method, route pattern, id. Never a path or a query, for they may
//! hold what no log may hold.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::{Error, HttpMessage};
use tracing::Span;
use tracing::field::Empty;
use tracing_actix_web::RootSpanBuilder;

use super::context::RequestId;

/// Makes the span: `TracingLogger::<CallSpan>::new()`, inside of [`super::edge`].
pub struct CallSpan;

impl RootSpanBuilder for CallSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let extensions = request.extensions();
        let id = extensions.get::<RequestId>().map_or("", |id| &id.0);
        let route = request.match_pattern();
        tracing::info_span!(
            "call",
            method = %request.method(),
            route = route.as_deref().unwrap_or("unmatched"),
            request_id = id,
            client = Empty,
            status = Empty,
        )
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let status = match outcome {
            Ok(response) => response.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        span.record("status", status.as_u16());
    }
}
