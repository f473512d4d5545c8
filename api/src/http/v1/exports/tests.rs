//! What the promise of the export rests on: a stream that ends with an error does not look whole on the wire.
#![allow(clippy::unwrap_used)]

use std::convert::Infallible;

use actix_web::middleware::Compress;
use actix_web::{App, HttpResponse, HttpServer, web};
use bytes::Bytes;
use futures_util::stream;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::requests::ExportParameters;
use crate::app::export::BrokenOff;
use crate::app::tests::patience::in_time;
use crate::http::extract::Query;
use crate::http::problem::Code;

const LAST_CHUNK: &[u8] = b"\r\n0\r\n\r\n";

async fn whole() -> HttpResponse {
    HttpResponse::Ok().streaming(stream::iter([Ok::<_, Infallible>(row())]))
}

async fn broken() -> HttpResponse {
    HttpResponse::Ok().streaming(stream::iter([Ok(row()), Err(BrokenOff)]))
}

fn row() -> Bytes {
    Bytes::from("{\"a\":1}\n".repeat(20_000))
}

/// Everything that the server sends until it closes the connection.
async fn answer(address: std::net::SocketAddr, path: &str, coding: &str) -> Vec<u8> {
    let mut connection = TcpStream::connect(address).await.unwrap();
    let call = format!(
        "GET {path} HTTP/1.1\r\nhost: x\r\naccept-encoding: {coding}\r\nconnection: close\r\n\r\n"
    );
    connection.write_all(call.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A connection that is reset has not ended well either; what was sent before may be lost then.
    let reading = connection.read_to_end(&mut answer);
    let _ = in_time("the end of the connection", reading).await;
    answer
}

#[actix_web::test]
async fn a_broken_export_never_sends_the_last_chunk() {
    let server = HttpServer::new(|| {
        App::new()
            .wrap(Compress::default())
            .route("/whole", web::get().to(whole))
            .route("/broken", web::get().to(broken))
    })
    .workers(1)
    .disable_signals()
    .bind(("127.0.0.1", 0))
    .unwrap();
    let address = server.addrs()[0];
    let server = server.run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    for coding in ["identity", "gzip"] {
        assert!(
            answer(address, "/whole", coding)
                .await
                .ends_with(LAST_CHUNK),
            "{coding}"
        );
        assert!(
            !answer(address, "/broken", coding)
                .await
                .ends_with(LAST_CHUNK),
            "{coding}"
        );
    }
    handle.stop(false).await;
}

#[test]
fn parameters_are_refused_by_name() {
    for query in [
        "",
        "format=csv&status=closed&filed_from=2026-01-01T00:00:00Z&agency_reference=KP-1%2F26",
    ] {
        assert!(Query::<ExportParameters>::parse(query).is_ok(), "{query}");
    }
    for (query, name) in [
        ("format=xlsx", "format"),
        ("status=open", "status"),
        ("agency=platform_00000000000000000000000000", "agency"),
        ("filed_to=yesterday", "filed_to"),
        ("reference=AAAAA", "reference"),
        ("limit=5", "limit"),
    ] {
        let problem = Query::<ExportParameters>::parse(query).unwrap_err();
        assert_eq!(problem.code(), Code::InvalidParameter, "{query}");
        let named = problem.field_errors()[0].parameter.clone();
        assert_eq!(named.as_deref(), Some(name), "{query}");
    }
}
