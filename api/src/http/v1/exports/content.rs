//! `GET /v1/exports/{id}/content`

use actix_web::body::SizedStream;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentEncoding, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, get, web};
use data_encoding::BASE64;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{KnownFormat, RefOr, SchemaFormat};
use utoipa::{PartialSchema, ToSchema};

use crate::app::export::{self, Part};
use crate::app::{Caller, Cx};
use crate::http::problem::{Code, Problem, ProblemBody};
use crate::http::v1::responses::{Calling, Finding};

/// A file, byte for byte.
#[derive(Debug)]
pub struct FileContent;

impl PartialSchema for FileContent {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::String))
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
            .into()
    }
}

impl ToSchema for FileContent {}

/// Download an export
///
/// All of it, or with `Range: bytes=…` one part (RFC 9110, section 14): a download that broke off goes on where it was, with the
/// `ETag` in `If-Range`. `Repr-Digest` is of the whole file.
#[utoipa::path(
    tag = "exports",
    operation_id = "download_export",
    params(
        ("id" = String, Path, description = "Identifier, `exp_…`."),
        ("Range" = Option<String>, Header, description = "`bytes=1000-`: from this byte on. Several parts at once are passed over, and all of it is sent."),
        ("If-Range" = Option<String>, Header, description = "The ETag of what you have part of; of another file all is sent."),
    ),
    responses(
        (status = 200, description = "The file.", content(
            (inline(FileContent) = "application/zip"),
            (inline(FileContent) = "application/x-ndjson"),
            (inline(FileContent) = "text/csv"),
            (inline(FileContent) = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (inline(FileContent) = "application/vnd.apache.parquet"),
            (inline(FileContent) = "application/octet-stream"),
        ), headers(
            ("content-disposition" = String, description = "A name for the file."),
            ("etag" = String, description = "Which file it is: its SHA-256 digest."),
            ("repr-digest" = String, description = "SHA-256 of all its bytes (RFC 9530)."),
            ("accept-ranges" = String, description = "`bytes`."),
        )),
        (status = 206, description = "The part that was asked for.", content(
            (inline(FileContent) = "application/zip"),
            (inline(FileContent) = "application/x-ndjson"),
            (inline(FileContent) = "text/csv"),
            (inline(FileContent) = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (inline(FileContent) = "application/vnd.apache.parquet"),
            (inline(FileContent) = "application/octet-stream"),
        ), headers(
            ("content-range" = String, description = "Which part, of how many bytes."),
            ("etag" = String, description = "Which file it is: its SHA-256 digest."),
        )),
        (status = 409, description = "It is not made yet, could not be made, or its time is over.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 416, description = "The file has no byte at that place.", body = ProblemBody, content_type = "application/problem+json", headers(
            ("content-range" = String, description = "How many bytes it has."),
        )),
        Calling, Finding,
    ),
)]
#[get("/v1/exports/{id}/content")]
pub async fn download_export(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let (file, pieces) = export::content(&cx, &caller, &id).await?;
    let size = u64::try_from(file.bytes).map_err(Problem::internal)?;
    let digest = file
        .digest
        .ok_or_else(|| Problem::internal("a file without a digest"))?;
    let etag = format!("\"{digest}\"");
    let all = Part { from: 0, to: size };
    let part = match wanted(&http, &etag, size) {
        Ranged::All => None,
        Ranged::Part(part) => Some(part),
        Ranged::Nothing => return Err(unsatisfiable(size)),
    };
    let Part { from, to } = part.unwrap_or(all);
    let mut answer = HttpResponse::build(match part {
        Some(_) => StatusCode::PARTIAL_CONTENT,
        None => StatusCode::OK,
    });
    if let Some(part) = part {
        answer.insert_header((header::CONTENT_RANGE, format!("bytes {part}/{size}")));
    }
    Ok(answer
        .content_type(file.media_type())
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}\"", file.name()),
        ))
        .insert_header((header::ETAG, etag))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((
            "repr-digest",
            format!("sha-256=:{}:", BASE64.encode(digest.as_bytes())),
        ))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        // Digest, length and places are those of the bytes that travel.
        .insert_header(ContentEncoding::Identity)
        .body(SizedStream::new(to - from, pieces.part(Part { from, to }))))
}

/// What of a file is asked for.
#[derive(Debug, PartialEq, Eq)]
enum Ranged {
    All,
    Part(Part),
    Nothing,
}

fn wanted(http: &HttpRequest, etag: &str, size: u64) -> Ranged {
    let text = |name: HeaderName| {
        http.headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let same = text(header::IF_RANGE).is_none_or(|known| known.trim() == etag);
    match text(header::RANGE) {
        Some(range) if same => ranged(range, size),
        _ => Ranged::All,
    }
}

/// One part of a file. What is not understood is passed over, as RFC 9110 (section 14.2) asks.
fn ranged(range: &str, size: u64) -> Ranged {
    let Some((first, last)) = range
        .trim()
        .strip_prefix("bytes=")
        .and_then(|part| part.split_once('-'))
    else {
        return Ranged::All;
    };
    let part = match (first.trim().parse::<u64>(), last.trim()) {
        (Ok(first), "") => (first, size),
        (Ok(first), last) => match last.parse::<u64>() {
            Ok(last) if last >= first => (first, last.saturating_add(1).min(size)),
            _ => return Ranged::All,
        },
        (Err(_), last) if first.trim().is_empty() => match last.parse::<u64>() {
            Ok(0) => return Ranged::Nothing,
            Ok(last) => (size.saturating_sub(last), size),
            Err(_) => return Ranged::All,
        },
        _ => return Ranged::All,
    };
    match part {
        (from, to) if from < to => Ranged::Part(Part { from, to }),
        _ => Ranged::Nothing,
    }
}

fn unsatisfiable(size: u64) -> Problem {
    let problem = Problem::new(
        Code::RangeNotSatisfiable,
        format!("The file has {size} bytes, and no byte of it is where you ask."),
    );
    match HeaderValue::from_str(&format!("bytes */{size}")) {
        Ok(value) => problem.header(header::CONTENT_RANGE, value),
        Err(_) => problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_part_is_understood_and_everything_else_is_passed_over() {
        let part = |from, to| Ranged::Part(Part { from, to });
        for (range, wanted) in [
            ("bytes=0-", part(0, 100)),
            ("bytes=10-", part(10, 100)),
            ("bytes=10-19", part(10, 20)),
            ("bytes=10-1000", part(10, 100)),
            ("bytes=-10", part(90, 100)),
            ("bytes=-1000", part(0, 100)),
            ("bytes=100-", Ranged::Nothing),
            ("bytes=-0", Ranged::Nothing),
            ("bytes=20-10", Ranged::All),
            ("bytes=0-1,5-6", Ranged::All),
            ("bytes=a-b", Ranged::All),
            ("lines=0-", Ranged::All),
            ("", Ranged::All),
        ] {
            assert_eq!(ranged(range, 100), wanted, "{range}");
        }
    }
}
