//! What only a sandbox answers: credentials for whoever wants to try, a clock that is moved, and a robot that asks. Elsewhere each of
//! these addresses is a 404 that says so.

pub mod clock;
pub mod credentials;
pub mod file;
pub mod read;

use crate::app::{self, Cx};
use crate::http::problem::{Code, Problem};
use crate::http::register::Register;

/// Registers the endpoints.
pub fn configure(config: &mut impl Register) {
    config
        .service(read::read_sandbox)
        .service(credentials::make_test_parties)
        .service(clock::move_test_clock)
        .service(file::file_by_robot);
}

/// Why nothing was done. Whoever asks an exchange for what only a sandbox has is told where he is.
fn refused(cx: &Cx, error: app::Error) -> Problem {
    match error {
        app::Error::NotFound if cx.sandbox.is_none() => Problem::new(
            Code::NotFound,
            "This exchange is no sandbox: everything here is real. `takedown sandbox` starts one of your own.",
        ),
        other => other.into(),
    }
}
