//! What the stories stand on: real servers, real databases, a real mail server, and the parties who talk through them.
//!
//! Nothing here links the product: a story sees the `takedown` binary, its HTTP interface, its command line and its mails, as a
//! stranger would. `seams` is the one place that knows how the binary is started and told its settings.
#![allow(clippy::unwrap_used, clippy::expect_used)]

pub mod api;
pub mod cli;
pub mod database;
pub mod disk;
pub mod domain;
pub mod events;
pub mod filing;
pub mod hurl;
pub mod link;
pub mod names;
pub mod paths;
pub mod pdf;
pub mod postfix;
pub mod postgres;
pub mod relay;
pub mod seams;
pub mod server;
pub mod shared;
pub mod sink;
pub mod smtp;
pub mod tls;
pub mod wait;
pub mod witness;
pub mod world;

pub use api::{Answer, Api};
pub use database::Db;
pub use filing::Filing;
pub use server::Server;
pub use world::World;

/// Tells each story twice: once on the embedded SQLite, once on PostgreSQL. A story is an `async fn(Db)`.
#[macro_export]
macro_rules! both_databases {
    ($($story:ident),+ $(,)?) => {$(
        mod $story {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                Box::pin(super::$story($crate::Db::Sqlite)).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                Box::pin(super::$story($crate::Db::Postgres)).await;
            }
        }
    )+};
}
