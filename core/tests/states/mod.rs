//! The transition table, found by trying every command of every side in every state.

use std::fmt::Write;

use takedown_core::{
    id::{AgencyId, ItemId, PlatformId, RequestId},
    instrument::{AfterInterruption, ClockRule, ClockStart, Kind, Obstacle, Unit},
    request::{
        Applied, Basis, Change, Command, CommandName, Confidence, Correction, Fact, Illegal,
        NewRequest, Outcome, OutcomeCode, Overseen, ReopenReason, Request, RevisionReason, Side,
        Starts, State, Status, UploaderInformed, WithdrawalReason,
    },
    time::{At, from_millis},
};
use uuid::Uuid;

fn at(seconds: i64) -> At {
    from_millis((1_772_452_800 + seconds) * 1_000).unwrap()
}

fn item() -> ItemId {
    ItemId::from_uuid(Uuid::from_u128(1))
}

fn outcome(code: OutcomeCode) -> Outcome {
    Outcome::new(code, Basis::Law, at(0), UploaderInformed::No)
}

fn filed() -> Request {
    with(vec![item()])
}

fn other() -> ItemId {
    ItemId::from_uuid(Uuid::from_u128(2))
}

fn with(items: Vec<ItemId>) -> Request {
    let id = Uuid::from_u128(1);
    let new = NewRequest {
        id: RequestId::from_uuid(id),
        agency: AgencyId::from_uuid(id),
        platform: PlatformId::from_uuid(id),
        kind: Kind::Order,
        instrument: "eu-tco-order".parse().unwrap(),
        clock: Some(ClockRule {
            starts: ClockStart::Receipt,
            amount: 1,
            unit: Unit::Hours,
            after_interruption: AfterInterruption::Restarts,
        }),
        starts: Starts::default(),
        items,
    };
    Request::file(new, at(0)).unwrap().request
}

fn then(request: Request, commands: &[Command]) -> Request {
    commands.iter().cloned().fold(request, |request, command| {
        let by = command.name().sides()[0];
        request.apply(command, by, at(60)).unwrap().into_request()
    })
}

fn removed() -> Command {
    Command::Close {
        rest: Some(outcome(OutcomeCode::Removed)),
    }
}

/// A request in every state that commands tell apart.
fn situations() -> Vec<(&'static str, Request)> {
    let fetched = then(filed(), &[Command::Fetch]);
    let acknowledged = then(fetched.clone(), &[Command::Acknowledge]);
    let force_majeure = Command::ReportObstacle(Obstacle::ForceMajeure);
    let manifest_error = Command::ReportObstacle(Obstacle::ManifestError);
    let closed = then(acknowledged.clone(), &[removed()]);
    let withdraw = Command::Withdraw(WithdrawalReason::Annulled);
    let withdrawn = then(closed.clone(), std::slice::from_ref(&withdraw));
    let restored = Command::Decide(vec![(item(), outcome(OutcomeCode::Restored))]);
    vec![
        ("filed", filed()),
        ("fetched", fetched.clone()),
        ("acknowledged", acknowledged.clone()),
        (
            "needs_information: asked before the acknowledgement",
            then(fetched, &[Command::Ask]),
        ),
        (
            "needs_information: asked after it",
            then(acknowledged.clone(), &[Command::Ask]),
        ),
        (
            "needs_information: manifest error or insufficient information reported",
            then(acknowledged.clone(), &[manifest_error]),
        ),
        (
            "needs_information: force majeure reported",
            then(acknowledged, &[force_majeure]),
        ),
        (
            "acknowledged, doubted",
            then(
                filed(),
                &[Command::Fetch, Command::Acknowledge, Command::Doubt],
            ),
        ),
        ("closed", closed),
        (
            "closed, the first of two items withdrawn after it was acted on",
            then(
                with(vec![item(), other()]),
                &[
                    Command::Fetch,
                    Command::Acknowledge,
                    removed(),
                    Command::WithdrawItems {
                        items: vec![item()],
                        reason: WithdrawalReason::Mistake,
                    },
                ],
            ),
        ),
        (
            "withdrawn before anything was acted on",
            then(filed(), &[withdraw]),
        ),
        ("withdrawn, restoration asked", withdrawn.clone()),
        (
            "withdrawn, restoration answered",
            then(withdrawn, &[restored]),
        ),
    ]
}

fn commands(request: &Request) -> Vec<Command> {
    let taken_back = request.items.iter().any(|item| item.withdrawal.is_some());
    let answer = match request.status() {
        _ if taken_back => OutcomeCode::Restored,
        Status::Withdrawn => OutcomeCode::DeclinedNotUnlawful,
        _ => OutcomeCode::NotFound,
    };
    CommandName::ALL
        .iter()
        .map(|name| match name {
            CommandName::Fetch => Command::Fetch,
            CommandName::Acknowledge => Command::Acknowledge,
            CommandName::Refer => Command::Refer,
            CommandName::Decide => Command::Decide(vec![(item(), outcome(answer))]),
            CommandName::Close => Command::Close {
                rest: Some(outcome(OutcomeCode::NotFound)),
            },
            CommandName::Ask => Command::Ask,
            CommandName::ReportObstacle => Command::ReportObstacle(Obstacle::ManifestError),
            CommandName::ObstacleOver => Command::ObstacleOver,
            CommandName::Answer => Command::Answer,
            CommandName::Note => Command::Note,
            CommandName::Withdraw => Command::Withdraw(WithdrawalReason::Mistake),
            CommandName::WithdrawItems => Command::WithdrawItems {
                items: vec![item()],
                reason: WithdrawalReason::Mistake,
            },
            CommandName::Correct => Command::Correct(Correction {
                facts: vec![Fact::Reasons],
                served: None,
            }),
            CommandName::Attribute => Command::Attribute {
                was: None,
                now: Confidence::Probable,
            },
            CommandName::ExtendNonDisclosure => Command::ExtendNonDisclosure,
            CommandName::LiftNonDisclosure => Command::LiftNonDisclosure,
            CommandName::HoldPreservation => Command::HoldPreservation,
            CommandName::ExtendPreservation => Command::ExtendPreservation,
            CommandName::ReleasePreservation => Command::ReleasePreservation,
            CommandName::DeletePreserved => Command::DeletePreserved,
            CommandName::Revise => Command::Revise {
                reason: RevisionReason::AppealUpheld,
                outcomes: vec![(item(), outcome(OutcomeCode::Restored))],
            },
            CommandName::Reopen => Command::Reopen(ReopenReason::NewFacts),
            CommandName::AskScrutiny => Command::AskScrutiny,
            CommandName::RecordCopy => Command::RecordCopy,
            CommandName::RecordFinal => Command::RecordFinal,
            CommandName::Doubt => Command::Doubt,
        })
        .collect()
}

fn after(change: &Change) -> String {
    let after = &change.request;
    let detail = match &after.state {
        State::Withdrawn { restoration, .. } => {
            format!(", restoration {}", restoration.as_str())
        }
        _ => String::new(),
    };
    format!(
        "{}{detail}; clock {}; `{}`",
        after.status(),
        after.clock.state(),
        change.event
    )
}

/// What the authority of the platform's country brings about.
fn overseen(before: &Request, act: Overseen) -> String {
    match before.clone().oversee(act, at(120)) {
        Ok(change) => after(&change),
        Err(illegal) => format!("refused: {illegal}"),
    }
}

fn outcome_of(before: &Request, command: Command, by: Side) -> String {
    match before.clone().apply(command, by, at(120)) {
        Ok(Applied::Unchanged(_)) => "no change".into(),
        Ok(Applied::Changed(change)) => after(&change),
        Err(Illegal::Side { .. }) => "not its command".into(),
        Err(illegal) => format!("refused: {illegal}"),
    }
}

/// The table as a Markdown document.
pub fn table() -> String {
    let mut text = String::from(
        "# States of a request\n\n\
         Generated from the code by trying every command of either side in every state (`core/tests/states`);\n\
         `UPDATE_GOLDEN=1 cargo test -p takedown-core` writes it anew. The example is an order with a clock of one hour from receipt \
         that starts anew after an obstacle, and with one item unless another is said; corrected are the reasons; a referral goes the same ways and its clock is always `none`.\n\n\
         - **no change**: it was so already. Nothing is stored, nobody is told, it is no error.\n\
         - **not its command**: the command belongs to the other side.\n\
         - A refusal changes nothing.\n\n\
         ## Who gives which command, and when\n\n\
         | command | sides | in status |\n|---|---|---|\n",
    );
    for name in CommandName::ALL {
        let sides: Vec<_> = name.sides().iter().map(|side| side.as_str()).collect();
        let needs: Vec<_> = name.needs().iter().map(|status| status.as_str()).collect();
        let needs = if needs.len() == Status::ALL.len() {
            "any".into()
        } else {
            needs.join(", ")
        };
        let _ = writeln!(text, "| {name} | {} | {needs} |", sides.join(", "));
    }
    text.push_str(
        "\n`decide` also answers a restoration after a withdrawal, for an item withdrawn by itself in any status; `decide` and `close` in needs_information need the \
         acknowledgement.\n",
    );
    for (name, request) in situations() {
        let _ = write!(
            text,
            "\n## {name}\n\nWaiting for: {}. Clock: {}.\n\n| command | platform | agency |\n|---|---|---|\n",
            request.waiting_for(),
            request.clock.state()
        );
        for command in commands(&request) {
            let _ = writeln!(
                text,
                "| {} | {} | {} |",
                command.name(),
                outcome_of(&request, command.clone(), Side::Platform),
                outcome_of(&request, command, Side::Agency)
            );
        }
        text.push_str("\n| authority of the platform's country | |\n|---|---|\n");
        for act in Overseen::ALL {
            let _ = writeln!(text, "| {act} | {} |", overseen(&request, *act));
        }
    }
    text
}
