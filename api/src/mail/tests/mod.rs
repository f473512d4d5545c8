//! What a person sees (golden files) and what must hold for every mail.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod build;
mod fake_smtp;
mod golden;
mod memo;
mod rules;
mod send;
mod words;
mod xarf;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::*;

pub(super) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The mail that a platform gets about a new referral; tests change what they are about.
pub(super) fn facts() -> MailFacts {
    MailFacts {
        event: MailEvent::RequestFiled,
        at: at("2026-03-14T11:00:00Z"),
        to: MailSide::Platform,
        reference: "7K3F9-QMD2A-X".into(),
        power: Power::Voluntary,
        instrument_title: "Referral".into(),
        citation: "Art. 18(6) Regulation (EU) 2016/794".into(),
        agency: Asker {
            name: "Example Internet Unit".into(),
            country: "PL".into(),
            verified: Verified::By {
                method: "call-back to a published number".into(),
                verified_at: at("2026-01-05T09:00:00Z"),
                until: Some(at("2027-01-05T09:00:00Z")),
                by_two: false,
            },
        },
        member: Some(Member {
            name: "Other Example Unit".into(),
            country: "DE".into(),
        }),
        platform_name: "Small Paste Service".into(),
        host: Some("paste.example".into()),
        counts: Counts {
            items: 3,
            decided: 0,
            acted_on: 0,
            told: 0,
        },
        obstacle: None,
        restoration_asked: false,
        asks_to_wait: false,
        signed: false,
        reported: false,
        withdrawn: false,
        lasts_until: None,
        document: None,
        check_code: "K7M2-Q4".into(),
        link: Link::check("https://exchange.example", "K7M2-Q4").unwrap(),
        by_link: false,
        check_page: Link::check_page("https://exchange.example"),
        languages: vec!["en".into()],
        time_zone: Tz::Europe__Berlin,
        thread_id: "req_01kkr0000000000000000000".into(),
        outbox_id: "out_01kkr0000000000000000001".into(),
    }
}

pub(super) fn order(duty: Duty) -> MailFacts {
    MailFacts {
        power: Power::BindingAsClaimed(duty),
        instrument_title: "Removal order".into(),
        citation: "Art. 3 Regulation (EU) 2021/784".into(),
        ..facts()
    }
}

/// The same for whoever has no other way in.
fn by_link(facts: MailFacts) -> MailFacts {
    let link = Link::answer(
        "https://exchange.example",
        "7k3f9qmd2axr04tb7k3f9qmd2axr04tb",
    );
    MailFacts {
        link: link.unwrap(),
        by_link: true,
        ..facts
    }
}

/// Every event as it is really sent: to which side, under which power, in which language.
pub(super) fn every_mail() -> Vec<(String, MailFacts)> {
    use MailEvent as E;
    let mut all = Vec::new();
    for event in E::ALL {
        let sides: &[MailSide] = match event {
            E::RequestFiled
            | E::AnswerGiven
            | E::RequestWithdrawn
            | E::ItemsWithdrawn
            | E::RequestCorrected
            | E::AttributionRevised
            | E::NonDisclosureExtended
            | E::NonDisclosureLifted
            | E::PreservationExtended
            | E::PreservationReleased
            | E::LinkSent
            | E::ObjectionMade => &[MailSide::Platform],
            E::NoteAdded
            | E::RequestReopened
            | E::DeadlineNear
            | E::DoubtSettled
            | E::PreservationExpired => &[MailSide::Platform, MailSide::Agency],
            E::NoticeGiven => &[MailSide::Platform],
            E::OrderCopied => &[MailSide::Authority],
            E::ScrutinyAsked => &[MailSide::Agency, MailSide::Authority],
            E::ScrutinyDecided | E::RequestAnnulled => &[MailSide::Platform, MailSide::Agency],
            E::OrderFinal => &[MailSide::Platform, MailSide::Authority],
            _ => &[MailSide::Agency],
        };
        let duty = match event {
            E::RequestFiled => Duty::FromReceipt(Span::Hours(1)),
            E::QuestionAsked | E::ObstacleReported | E::DoubtRaised => Duty::StandsStill,
            E::RequestDecided
            | E::RequestClosed
            | E::RequestWithdrawn
            | E::RestorationAnswered
            | E::NonDisclosureExtended
            | E::NonDisclosureLifted
            | E::PreservationExtended
            | E::PreservationReleased
            | E::PreservationEnding
            | E::PreservationExpired
            | E::ObjectionMade => Duty::None,
            _ => Duty::By(at("2026-03-14T12:00:00Z")),
        };
        for &to in sides {
            for power in [Power::Voluntary, Power::BindingAsClaimed(duty)] {
                let of_orders = matches!(
                    event,
                    E::DeadlineNear
                        | E::NonDisclosureExtended
                        | E::NonDisclosureLifted
                        | E::PreservationExtended
                        | E::PreservationReleased
                        | E::PreservationEnding
                        | E::PreservationExpired
                );
                let never = match power {
                    Power::Voluntary => of_orders || event.needs_an_order(),
                    Power::BindingAsClaimed(_) => {
                        event == E::AttributionRevised || event.is_between_agencies()
                    }
                };
                if never {
                    continue;
                }
                for language in languages() {
                    let mut facts = match power {
                        Power::Voluntary => facts(),
                        Power::BindingAsClaimed(duty) => order(duty),
                    };
                    facts.event = event;
                    facts.to = to;
                    facts.languages = vec![language.into()];
                    facts.obstacle =
                        (event == E::ObstacleReported).then_some(Obstacle::InsufficientInformation);
                    facts.restoration_asked = matches!(
                        event,
                        E::RequestWithdrawn | E::ItemsWithdrawn | E::RequestAnnulled
                    );
                    if matches!(
                        event,
                        E::RequestDecided
                            | E::RequestClosed
                            | E::RestorationAnswered
                            | E::DecisionRevised
                            | E::ObjectionMade
                    ) {
                        facts.counts = Counts {
                            items: 3,
                            decided: 3,
                            acted_on: 2,
                            told: 0,
                        };
                    }
                    if language == "ar" {
                        facts.time_zone = Tz::Asia__Amman;
                        facts.platform_name = "خدمة اللصق الصغيرة".into();
                    }
                    let side = match to {
                        MailSide::Platform => "platform",
                        MailSide::Agency => "agency",
                        MailSide::Authority => "authority",
                    };
                    let of_order = power != Power::Voluntary;
                    let kind = match of_order {
                        _ if event.is_between_agencies() => "operation",
                        true => "order",
                        false => "referral",
                    };
                    let name = format!("{event}.{side}.{kind}.{language}");
                    let ends = of_orders
                        && !matches!(
                            event,
                            E::DeadlineNear | E::NonDisclosureLifted | E::PreservationReleased
                        );
                    facts.lasts_until = ends.then(|| at("2026-09-14T11:00:00Z"));
                    if event == E::RequestWithdrawn && of_order {
                        let kept = MailFacts {
                            restoration_asked: false,
                            lasts_until: Some(at("2026-09-14T11:00:00Z")),
                            ..facts.clone()
                        };
                        all.push((format!("{name}.kept"), kept));
                    }
                    if event == E::RequestDecided && of_order {
                        let mut told = facts.clone();
                        told.counts.told = 1;
                        all.push((format!("{name}.told"), told));
                    }
                    if event == E::LinkSent {
                        facts = by_link(facts);
                    }
                    if event == E::RequestFiled {
                        all.push((format!("{name}.link"), by_link(facts.clone())));
                        let reported = MailFacts {
                            reported: true,
                            ..facts.clone()
                        };
                        all.push((format!("{name}.xarf"), reported));
                    }
                    if event == E::DoubtSettled {
                        let forged = MailFacts {
                            withdrawn: true,
                            ..facts.clone()
                        };
                        all.push((format!("{name}.forged"), forged));
                    }
                    if event == E::AttributionRevised {
                        let waits = MailFacts {
                            asks_to_wait: true,
                            ..facts.clone()
                        };
                        all.push((format!("{name}.decoy"), waits));
                    }
                    if event == E::ObstacleReported {
                        let lasts = MailFacts {
                            obstacle: Some(Obstacle::ForceMajeure),
                            ..facts.clone()
                        };
                        all.push((format!("{name}.force-majeure"), lasts));
                    }
                    all.push((name, facts));
                }
            }
        }
    }
    all
}

/// A digest in every language: to a platform of a new referral and of an answer to a question about another, to an agency of what was
/// done about two.
pub(super) fn every_digest() -> Vec<(String, DigestFacts)> {
    let in_language = |(to, language): (MailSide, &'static str)| {
        let entry = |event, reference: &str, code: &str| MailFacts {
            event,
            to,
            reference: reference.into(),
            check_code: code.into(),
            languages: vec![language.into()],
            ..facts()
        };
        let told = match to {
            MailSide::Platform => [MailEvent::RequestFiled, MailEvent::AnswerGiven],
            _ => [MailEvent::RequestDecided, MailEvent::RequestClosed],
        };
        let entries = vec![
            entry(told[0], "7K3F9-QMD2A-X", "K7M2-Q4"),
            entry(told[1], "8M4G0-RNE3B-Y", "L8N3-R5"),
        ];
        let whole = MailFacts {
            reference: "digest".into(),
            counts: Counts {
                items: 2,
                ..Counts::default()
            },
            ..entry(told[0], "", "")
        };
        let unsubscribe = Link::unsubscribe("https://exchange.example", "7k3f9qmd2axr04tb");
        let facts = DigestFacts {
            whole,
            entries,
            unsubscribe: (to == MailSide::Platform).then(|| unsubscribe.unwrap()),
        };
        let name = match to {
            MailSide::Platform => format!("digest.{language}"),
            _ => format!("digest.agency.{language}"),
        };
        (name, facts)
    };
    let sides = [MailSide::Platform, MailSide::Agency].into_iter();
    let all = sides.flat_map(|to| languages().into_iter().map(move |language| (to, language)));
    all.map(in_language).collect()
}
