//! Whoever takes too long, and whatever breaks.

use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tracing_actix_web::TracingLogger;

use super::*;
use crate::auth::Tokens;
use crate::auth::fixture::tokens;
use crate::http::problem::Code;

/// What a raw client sees; the server is a real one, for the time of the test.
async fn talk(address: std::net::SocketAddr, sent: &str) -> String {
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(sent.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    tokio::time::timeout(Duration::from_secs(10), read)
        .await
        .unwrap()
        .unwrap();
    String::from_utf8(answer).unwrap()
}

#[actix_web::test]
async fn slow_bodies_slow_handlers_and_panics_end_in_problems() {
    let edge_data = edge_data(&[("server.request_timeout", "1s")]);
    let tokens = tokens().0;
    let server = HttpServer::new(move || {
        App::new()
            .app_data(edge_data.clone())
            .app_data(allowed())
            .app_data(web::Data::from(tokens.clone() as Arc<Tokens>))
            .configure(routes)
            .wrap(TracingLogger::<CallSpan>::new())
            .wrap(from_fn(edge))
    })
    .workers(1)
    .disable_signals()
    .bind(("127.0.0.1", 0))
    .unwrap();
    let address = server.addrs()[0];
    let server = server.run();
    let handle = server.handle();
    let running = actix_web::rt::spawn(server);

    let slow = talk(address, "POST /v1/notes HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n{\"te").await;
    assert!(slow.starts_with("HTTP/1.1 408 "), "{slow}");
    assert!(
        slow.contains("\"code\":\"timeout\"") && slow.contains("connection: close"),
        "{slow}"
    );
    let late = talk(address, "GET /v1/sleeps HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert!(
        late.starts_with("HTTP/1.1 503 ") && late.contains("retry-after: 1"),
        "{late}"
    );
    let panic = talk(
        address,
        "GET /v1/panics HTTP/1.1\r\nhost: a\r\nx-request-id: p1\r\n\r\n",
    )
    .await;
    assert!(
        panic.starts_with("HTTP/1.1 500 ") && panic.contains("\"request_id\":\"p1\""),
        "{panic}"
    );
    assert!(!panic.contains("secret detail"), "{panic}");
    let alive = talk(
        address,
        "GET /v1/page HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
    )
    .await;
    assert!(alive.starts_with("HTTP/1.1 200 "), "{alive}");
    assert_eq!(Code::Timeout.status(), 503);

    handle.stop(false).await;
    running.await.unwrap().unwrap();
}
