//! The outermost middleware: names the call, bounds its time, turns every error into a problem, limits, counts, logs.

use std::any::Any;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse, ResponseError, web};
use futures_util::FutureExt;

use super::context::{Edge, RequestId, Spent};
use super::fallback::{head_as_get, not_allowed};
use super::{headers, receipt};
use crate::app::Cx;
use crate::app::log::noting;
use crate::http::extract::Deadline;
use crate::http::headers::patience;
use crate::http::problem::{Code, Problem, adopt};
use crate::http::taxii;

/// Beyond the deadline of the body the handler gets this much longer, so that the more exact error wins.
const GRACE: Duration = Duration::from_secs(1);

/// Wraps the whole application: `App::new().wrap(TracingLogger::<CallSpan>::new()).wrap(from_fn(edge))`.
///
/// # Errors
/// Answers that could not be tied to their request any more; they render themselves.
pub async fn edge<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let Some(edge) = request.app_data::<web::Data<Edge>>().cloned() else {
        return Err(Problem::internal("the edge is not configured").into());
    };
    let started = Instant::now();
    let call = Call {
        id: RequestId::of(request.headers()),
        method: request.method().clone(),
        path: request.match_info().as_str().to_owned(),
        route: request.match_pattern(),
    };
    let deadline = started + edge.request_timeout;
    head_as_get(&mut request);
    request.extensions_mut().insert(call.id.clone());
    request.extensions_mut().insert(Deadline(deadline.into()));
    let latest = deadline + GRACE + wait(&request);

    if let Err(problem) = edge.check_limit(request.request()) {
        let turned_away = finish(&edge, &call, request.error_response(problem));
        call.done(&edge, turned_away.status(), started.elapsed());
        return Ok(turned_away.map_into_boxed_body().map_into_right_body());
    }

    let cx = request.app_data::<web::Data<Cx>>().cloned();
    let patience = patience(request.request());
    let in_flight = InFlight::begin(&edge);
    let within = tokio::time::timeout_at(
        latest.into(),
        AssertUnwindSafe(noting(next.call(request))).catch_unwind(),
    );
    let outcome = match within.await {
        Ok(Ok((mut outcome, appended))) => {
            if let (Ok(response), Some(cx), false) = (&mut outcome, cx, appended.is_empty()) {
                receipt::attach(&cx, &appended, patience, response.headers_mut()).await;
            }
            Ok(Ok(outcome))
        }
        Ok(Err(panic)) => Ok(Err(panic)),
        Err(late) => Err(late),
    };
    drop(in_flight);

    let outcome = match outcome {
        Ok(Ok(Ok(response))) => Ok(finish(&edge, &call, response)),
        Ok(Ok(Err(error))) => Err(call.lost(&edge, of_error(&error))),
        Ok(Err(panic)) => Err(call.lost(&edge, of_panic(&*panic))),
        Err(_) => Err(call.lost(
            &edge,
            Problem::new(Code::Timeout, "The exchange did not finish in time.")
                .retry_after(1)
                .closing(),
        )),
    };
    let status = match &outcome {
        Ok(response) => response.status(),
        Err(lost) => lost.as_response_error().status_code(),
    };
    call.done(&edge, status, started.elapsed());
    outcome
}

/// What must be known of a call when its request is gone.
struct Call {
    id: RequestId,
    method: Method,
    /// As it is routed: decoded.
    path: String,
    route: Option<String>,
}

impl Call {
    fn done(self, edge: &Edge, status: StatusCode, took: Duration) {
        self.log(status, took);
        edge.metrics
            .answered(self.method.as_str(), self.route, status.as_u16(), took);
    }

    /// One line per call; reads that went well only when debugging, so that polling does not fill the log.
    fn log(&self, status: StatusCode, took: Duration) {
        let (method, route, id) = (
            self.method.as_str(),
            self.route.as_deref().unwrap_or("unmatched"),
            &*self.id.0,
        );
        let (status_code, ms) = (status.as_u16(), took.as_secs_f64() * 1_000.0);
        if self.method == Method::GET && !(status.is_client_error() || status.is_server_error()) {
            tracing::debug!(
                method,
                route,
                status = status_code,
                ms,
                request_id = id,
                "answered"
            );
        } else {
            tracing::info!(
                method,
                route,
                status = status_code,
                ms,
                request_id = id,
                "answered"
            );
        }
    }

    /// Logs what the caller is not told. This is the one place where it is logged.
    fn report(&self, problem: &Problem) {
        if !problem.status().is_server_error() {
            return;
        }
        let cause = problem.cause_chain().unwrap_or_default();
        let (code, route) = (
            problem.code().as_str(),
            self.route.as_deref().unwrap_or("unmatched"),
        );
        if problem.code() == Code::Internal {
            tracing::error!(
                code,
                cause,
                route,
                request_id = &*self.id.0,
                "the exchange failed"
            );
        } else {
            tracing::warn!(code, cause, route, request_id = &*self.id.0, "turned away");
        }
    }

    fn render(&self, edge: &Edge, problem: &Problem) -> HttpResponse {
        self.report(problem);
        let mut response = said(problem, &edge.public_url, &self.id, &self.path);
        headers::name_call(response.headers_mut(), &self.id);
        headers::protect(response.headers_mut(), &self.path);
        response
    }

    /// An answer without its request.
    fn lost(&self, edge: &Edge, problem: Problem) -> Error {
        self.report(&problem);
        Lost {
            base: edge.public_url.clone(),
            id: self.id.clone(),
            path: self.path.clone(),
            is_sandbox: edge.is_sandbox,
            problem,
        }
        .into()
    }
}

/// A problem as the door that was called says it.
fn said(problem: &Problem, base: &str, id: &RequestId, path: &str) -> HttpResponse {
    if taxii::serves(path) {
        taxii::error(problem, base, &id.0)
    } else {
        problem.response(base, Some(&id.0))
    }
}

/// Completes an answer.
fn finish<B: MessageBody + 'static>(
    edge: &Edge,
    call: &Call,
    response: ServiceResponse<B>,
) -> ServiceResponse<EitherBody<B, BoxBody>> {
    let spent = response.request().extensions_mut().remove::<Spent>();
    let own = response
        .response()
        .error()
        .and_then(|error| error.as_error::<Problem>())
        .map(|problem| call.render(edge, problem));
    let replaced = own.or_else(|| {
        let mut problem = adopt(response.response())?;
        if problem.code() == Code::MethodNotAllowed {
            problem = not_allowed(response.request()).unwrap_or(problem);
        }
        Some(call.render(edge, &problem))
    });
    let mut response = match replaced {
        Some(replaced) => response.into_response(replaced).map_into_right_body(),
        None => response.map_into_left_body(),
    };
    let not_modified = response.status() == StatusCode::NOT_MODIFIED;
    let headers = response.headers_mut();
    headers::name_call(headers, &call.id);
    headers::mark(headers, edge.is_sandbox);
    headers::protect(headers, &call.path);
    if let Some(mut spent) = spent {
        if not_modified && let (Some(limiter), Some(client)) = (&edge.limits.clients, &spent.client)
        {
            limiter.give_back(client);
            spent.budget.remaining += 1;
        }
        headers::budget(headers, &spent);
    }
    response
}

/// `Prefer: wait=30` lengthens the time that reading may take.
fn wait(request: &ServiceRequest) -> Duration {
    if request.method() == Method::GET {
        patience(request.request())
    } else {
        Duration::ZERO
    }
}

/// A call under way; callers who hang up drop it before its end.
struct InFlight<'a>(&'a Edge);

impl<'a> InFlight<'a> {
    fn begin(edge: &'a Edge) -> Self {
        edge.metrics.in_flight.inc();
        Self(edge)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.metrics.in_flight.dec();
    }
}

fn of_error(error: &Error) -> Problem {
    let response: HttpResponse = error.error_response();
    let text = error.to_string();
    adopt(&response).unwrap_or_else(|| Problem::internal(text))
}

/// The message of a panic may quote what was sent, so it stays out of the log; the panic hook names the place.
fn of_panic(_: &(dyn Any + Send)) -> Problem {
    Problem::internal("a handler panicked").closing()
}

/// A problem whose request is gone (a timeout, a panic); it renders itself.
struct Lost {
    base: String,
    id: RequestId,
    path: String,
    is_sandbox: bool,
    problem: Problem,
}

impl fmt::Debug for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.problem, f)
    }
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.problem, f)
    }
}

impl ResponseError for Lost {
    fn status_code(&self) -> StatusCode {
        self.problem.status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = said(&self.problem, &self.base, &self.id, &self.path);
        headers::name_call(response.headers_mut(), &self.id);
        headers::mark(response.headers_mut(), self.is_sandbox);
        headers::protect(response.headers_mut(), &self.path);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn a_call_may_take_as_long_as_its_handler_was_asked_to_wait() {
        for prefer in [
            "wait=45",
            "Wait=45",
            "wait=\"45\"",
            "respond-async, wait = 45",
        ] {
            let request = TestRequest::get()
                .insert_header(("Prefer", prefer))
                .to_srv_request();
            assert_eq!(wait(&request), Duration::from_secs(45), "{prefer}");
        }
        let endless = TestRequest::get()
            .insert_header(("Prefer", "wait=999999"))
            .to_srv_request();
        assert_eq!(wait(&endless), Duration::from_secs(60));
        let post = TestRequest::post()
            .insert_header(("Prefer", "wait=45"))
            .to_srv_request();
        assert_eq!(wait(&post), Duration::ZERO);
    }
}
