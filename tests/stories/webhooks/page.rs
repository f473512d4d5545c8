//! The receivers of docs/webhooks.md do what the page says.

use super::{filed, registered, world};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use takedown_tests::paths::{self, Scratch};
use takedown_tests::{Db, both_databases, wait};

both_databases!(the_receivers_of_the_page_receive);

/// The program in the page's first block of a language.
fn program(language: &str) -> String {
    let page = std::fs::read_to_string(paths::root().join("docs/webhooks.md")).unwrap();
    let (_, rest) = page.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn the_receivers_of_the_page_receive(db: Db) {
    let w = world(db).await;
    for (language, file) in [("python", "receive.py"), ("js", "receive.cjs")] {
        let scratch = Scratch::new("receiver");
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let text = program(language);
        assert!(text.contains("8000"));
        std::fs::write(scratch.join(file), text.replace("8000", &port.to_string())).unwrap();
        let webhook = registered(&w.platform, &format!("http://127.0.0.1:{port}/")).await;
        std::fs::write(
            scratch.join("webhook-secret"),
            webhook["secret"].as_str().unwrap(),
        )
        .unwrap();
        let out = std::fs::File::create(scratch.join("out")).unwrap();
        let mut command = if language == "python" {
            Command::new(paths::tool("venv/bin/python"))
        } else {
            Command::new("node")
        };
        let running = command
            .arg(file)
            .current_dir(scratch.path())
            .env("PYTHONUNBUFFERED", "1")
            .env("NODE_PATH", paths::tool("node/node_modules"))
            .stdout(out)
            .stderr(Stdio::null())
            .spawn();
        let _running = Running(running.unwrap());
        let request = filed(&w, language).await;
        // Until it listens, the message is repeated.
        wait::until("the receiver to tell", || async {
            let told = std::fs::read_to_string(scratch.join("out")).unwrap_or_default();
            let expected = format!("request.filed {}", request["id"].as_str().unwrap());
            told.contains(&expected).then_some(())
        })
        .await;
    }
}
