//! What no route takes: 404, or 405 with the methods that are allowed.

use actix_web::dev::{ResourceDef, ServiceRequest};
use actix_web::http::Method;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::{HttpRequest, web};

use crate::http::openapi::Operations;
use crate::http::problem::{Code, Problem};

/// Which methods exist at which address, as app data (`web::Data<Allowed>`).
#[derive(Default)]
pub struct Allowed(Vec<(ResourceDef, Vec<&'static str>)>);

impl Allowed {
    /// Taken from the published description, which is complete.
    #[must_use]
    pub fn of(described: &[(String, Operations)]) -> Self {
        let paths = described.iter();
        Self::default().and(paths.map(|(path, item)| (path.as_str(), methods(item))))
    }

    /// With addresses that are not described, such as `/metrics`.
    #[must_use]
    pub fn and<'a>(
        mut self,
        others: impl IntoIterator<Item = (&'a str, Vec<&'static str>)>,
    ) -> Self {
        self.0.extend(
            others
                .into_iter()
                .map(|(path, methods)| (ResourceDef::new(path), methods)),
        );
        self
    }

    /// The value of the Allow header for this path, if the path exists.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<String> {
        let (_, methods) = self.0.iter().find(|(pattern, _)| pattern.is_match(path))?;
        Some(methods.join(", "))
    }
}

/// What reading does something by: to a platform the answer is the receipt, content that goes out is entered in the history.
/// Neither may happen without the answer, so HEAD is not offered there; nor where the answer has no end.
const READ_BY_GET_ONLY: [&str; 20] = [
    "draft_statement",
    "export_imports",
    "export_requests",
    "follow_inbox",
    "list_corrections",
    "list_internal_notes",
    "list_messages",
    "list_objections",
    "list_objections_of_request",
    "list_sightings",
    "read_chain",
    "read_document",
    "read_form",
    "read_history",
    "read_hold",
    "read_request",
    "read_scrutiny",
    "read_sighting",
    "read_signed",
    "read_tombstone",
];

fn methods(item: &Operations) -> Vec<&'static str> {
    let has = |method: &str| item.contains_key(method);
    let only_get = item
        .get("get")
        .is_some_and(|get| READ_BY_GET_ONLY.contains(&&*get.operation_id));
    [
        ("GET", has("get")),
        ("PUT", has("put")),
        ("POST", has("post")),
        ("DELETE", has("delete")),
        ("PATCH", has("patch")),
        ("HEAD", has("get") && !only_get),
        ("OPTIONS", has("options")),
    ]
    .into_iter()
    .filter_map(|(method, exists)| exists.then_some(method))
    .collect()
}

/// HEAD is GET without the body, which the connection leaves out by itself (RFC 9110 section 9.3.2).
pub(super) fn head_as_get(request: &mut ServiceRequest) {
    let offered = *request.method() == Method::HEAD
        && request
            .app_data::<web::Data<Allowed>>()
            .and_then(|allowed| allowed.at(request.path()))
            .is_some_and(|allowed| allowed.split(", ").any(|method| method == "HEAD"));
    if offered {
        request.head_mut().method = Method::GET;
    }
}

/// The problem for a method that is not allowed.
pub(super) fn not_allowed(request: &HttpRequest) -> Option<Problem> {
    let allowed = request
        .app_data::<web::Data<Allowed>>()?
        .at(request.path())?;
    let problem = Problem::new(Code::MethodNotAllowed, format!("Allowed here: {allowed}."));
    Some(match HeaderValue::from_str(&allowed) {
        Ok(value) => problem.header(ALLOW, value),
        Err(_) => problem,
    })
}

/// The default service of the application.
///
/// # Errors
/// Always: that is what it is for.
pub async fn fallback(request: HttpRequest) -> Result<&'static str, Problem> {
    let known = request
        .app_data::<web::Data<Allowed>>()
        .and_then(|allowed| allowed.at(request.path()));
    // The path with this very method exists, so something more particular refused it.
    if known.is_some_and(|allowed| {
        allowed
            .split(", ")
            .any(|method| method == request.method().as_str())
    }) {
        return Err(Problem::not_found());
    }
    Err(not_allowed(&request).unwrap_or_else(Problem::not_found))
}
