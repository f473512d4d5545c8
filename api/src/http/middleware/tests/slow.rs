//! Whoever takes too long, and whatever breaks.

use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use actix_web::rt::task::JoinHandle;
use actix_web::{App, HttpServer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tracing_actix_web::TracingLogger;

use super::*;
use crate::app::tests::patience::in_time;
use crate::auth::Tokens;
use crate::auth::fixture::tokens;
use crate::http::problem::Code;

/// A real server, for the time of a test.
struct Served {
    address: std::net::SocketAddr,
    handle: ServerHandle,
    running: JoinHandle<std::io::Result<()>>,
}

impl Served {
    fn with(set: &[(&str, &str)]) -> Self {
        let edge_data = edge_data(set);
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
        Self {
            address,
            handle: server.handle(),
            running: actix_web::rt::spawn(server),
        }
    }

    /// What a raw client sees.
    async fn talk(&self, sent: &str) -> String {
        let mut stream = tokio::net::TcpStream::connect(self.address).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        in_time("the answer", stream.read_to_end(&mut answer))
            .await
            .unwrap();
        String::from_utf8(answer).unwrap()
    }

    async fn end(self) {
        self.handle.stop(false).await;
        self.running.await.unwrap().unwrap();
    }
}

/// Nothing here is waited for: neither the body nor the handler ever comes to its end.
#[actix_web::test]
async fn slow_bodies_and_slow_handlers_end_in_problems() {
    let served = Served::with(&[("server.request_timeout", "1s")]);
    let slow = served.talk("POST /v1/notes HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n{\"te").await;
    assert!(slow.starts_with("HTTP/1.1 408 "), "{slow}");
    assert!(
        slow.contains("\"code\":\"timeout\"") && slow.contains("connection: close"),
        "{slow}"
    );
    let late = served
        .talk("GET /v1/never HTTP/1.1\r\nhost: a\r\n\r\n")
        .await;
    assert!(
        late.starts_with("HTTP/1.1 503 ") && late.contains("retry-after: 1"),
        "{late}"
    );
    assert_eq!(Code::Timeout.status(), 503);
    served.end().await;
}

#[actix_web::test]
async fn a_panic_ends_in_a_problem_and_harms_no_other_call() {
    let served = Served::with(&[("server.request_timeout", "60s")]);
    let panic = served
        .talk("GET /v1/panics HTTP/1.1\r\nhost: a\r\nx-request-id: p1\r\n\r\n")
        .await;
    assert!(
        panic.starts_with("HTTP/1.1 500 ") && panic.contains("\"request_id\":\"p1\""),
        "{panic}"
    );
    assert!(!panic.contains("secret detail"), "{panic}");
    let alive = served
        .talk("GET /v1/page HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
        .await;
    assert!(alive.starts_with("HTTP/1.1 200 "), "{alive}");
    served.end().await;
}
