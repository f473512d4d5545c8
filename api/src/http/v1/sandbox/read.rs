//! `GET /v1/sandbox`

use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::refused;
use crate::app::Cx;
use crate::app::sandbox::{self, ROBOTS, Told};
use crate::http::headers::acceptable;
use crate::http::problem::{Problem, ProblemBody};
use crate::http::v1::responses::Trying;
use crate::http::wire::Instant;

/// How a sandbox stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct SandboxState {
    /// What time it is in the sandbox: deadlines, reminders, expiries and what is shown go by it. Tokens, rate limits, the timestamps in
    /// signatures of webhooks, and TLS go by the real clock.
    pub now: Instant,
    /// How far that is ahead of the real time, in seconds.
    #[schema(example = 7200)]
    pub ahead_seconds: i64,
    /// The platforms that act by themselves.
    pub robots: Vec<SandboxRobot>,
    /// What goes wrong on purpose.
    pub mischief: SandboxMischief,
}

/// A platform that acts by itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct SandboxRobot {
    /// File something on this host, or on any below it. A label such as `2h` (`s`, `m`, `h`, `d`) before it lets the robot wait so long,
    /// by the clock of the sandbox: `2h.removes.test`.
    #[schema(example = "removes.test")]
    pub host: String,
    /// What it does with it.
    #[schema(example = "reads, acknowledges, removes and closes")]
    pub does: String,
}

/// What goes wrong on purpose, within what is promised. It follows from the seed and the `position` in your inbox alone.
#[derive(Debug, Serialize, ToSchema)]
pub struct SandboxMischief {
    /// Where the dice begin.
    #[schema(example = 1)]
    pub seed: u32,
    /// Percent of the messages of webhooks that come twice. `Takedown-Sandbox` of such a message says `doubled`.
    #[schema(example = 10)]
    pub doubled: u8,
    /// Percent that come late (`late`).
    #[schema(example = 10)]
    pub late: u8,
    /// How late at the most, in seconds.
    #[schema(example = 20)]
    pub late_seconds: u64,
    /// Percent that come after those that follow them (`reordered`).
    #[schema(example = 10)]
    pub reordered: u8,
    /// Percent of the entries after which a stream of events breaks, with a comment that says so.
    #[schema(example = 5)]
    pub cut: u8,
}

impl SandboxState {
    pub(super) fn of(told: &Told) -> Self {
        let mischief = told.mischief;
        Self {
            now: Instant(told.now),
            ahead_seconds: told.ahead.num_seconds(),
            robots: ROBOTS
                .iter()
                .map(|robot| SandboxRobot {
                    host: robot.host.to_owned(),
                    does: robot.says.to_owned(),
                })
                .collect(),
            mischief: SandboxMischief {
                seed: mischief.seed,
                doubled: mischief.doubled,
                late: mischief.late,
                late_seconds: mischief.late_for.as_secs(),
                reordered: mischief.reordered,
                cut: mischief.cut,
            },
        }
    }
}

/// See how a sandbox stands
///
/// What time it is there, which hosts act by themselves and what they do, and what goes wrong on purpose. Only a sandbox (`takedown sandbox`)
/// answers it; each of its answers, to whatever call, carries the header `Takedown-Sandbox`.
#[utoipa::path(
    tag = "sandbox",
    operation_id = "read_sandbox",
    security(()),
    responses(
        (status = 200, description = "How it stands.", body = SandboxState),
        (status = 406, description = "Accept names no media type of the answers.", body = ProblemBody, content_type = "application/problem+json"),
        Trying,
    ),
)]
#[get("/v1/sandbox")]
pub async fn read_sandbox(cx: web::Data<Cx>, http: HttpRequest) -> Result<HttpResponse, Problem> {
    acceptable(&http)?;
    let told = sandbox::tell(&cx).map_err(|error| refused(&cx, error))?;
    Ok(HttpResponse::Ok().json(SandboxState::of(&told)))
}
