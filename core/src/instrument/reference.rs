//! The catalogue as a page, checked in as `docs/instruments.md`.

use std::fmt::Write;

use super::{Catalogue, Element, Instrument, Kind, TerritoryRule};

/// What people look for and do not find, and why.
const NOT_OFFERED: &[(&str, &str)] = &[
    (
        "Germany: NetzDG",
        "Repealed on 14.5.2024 with the entry into force of the DDG. Its 24 hours and 7 days were for complaints of users.",
    ),
    (
        "Austria: KoPl-G",
        "Repealed in 2024; the Court of Justice had held in C-376/22 that it could not be applied to platforms of other Member States.",
    ),
    (
        "Canada: Bill C-63",
        "Never became law: it died when Parliament was prorogued in January 2025.",
    ),
    (
        "United States: TAKE IT DOWN Act (2025)",
        "Law, but no power of an authority: the 48 hours (from 19.5.2026) run from the valid request of the victim, made to the platform itself. \
         A police unit that helps a victim files a `referral` and says so; no deadline is shown, because none follows from what it files.",
    ),
    (
        "United Kingdom: Online Safety Act 2023",
        "Duties of services towards Ofcom. It gives police no notice to a platform, and no number of hours follows from their referral [R]. \
         Police use `referral`, or `uk-ta2006-s3-notice`.",
    ),
    (
        "India: complaints of users (7 days; urgent 36 hours)",
        "Times of the platform's own grievance officer towards its users. Only the two hours of rule 3(2)(b) are offered, because a unit may complain on behalf of the person depicted.",
    ),
    (
        "EU and UK internet referral units",
        "Referrals are voluntary: they are `referral`, without a clock.",
    ),
];

/// The catalogue of this release as a Markdown document.
pub fn table() -> String {
    let catalogue = Catalogue::builtin();
    let mut text = String::from(
        "# Instruments\n\n\
         Generated from `core/data/instruments`; `UPDATE_GOLDEN=1 cargo test -p takedown-core` writes it anew. \
         An exchange answers `GET /v1/instruments` with what *it* offers: these, and its operator's own \
         ([how to add one](guides/national-power.md)).\n\n\
         The exchange records what an agency claims. It never says that an order is lawful or binding; it refuses a filing that contradicts \
         the instrument it names. **[R]** marks an instrument of which something was recalled rather than read in the official text; what, stands below.\n\n\
         | id | what | who | clock |\n|---|---|---|---|\n",
    );
    for instrument in catalogue.iter() {
        let mark = if instrument.recalled.is_empty() {
            ""
        } else {
            " [R]"
        };
        let _ = writeln!(
            text,
            "| [`{id}`](#{id}) | {}{mark} | {}; {} | {} |",
            cell(&instrument.title),
            instrument.jurisdiction,
            issuers(instrument),
            clock(instrument),
            id = instrument.id,
        );
    }
    text.push_str("\n## Not offered\n\n| what | why |\n|---|---|\n");
    for (what, why) in NOT_OFFERED {
        let _ = writeln!(text, "| {what} | {why} |");
    }
    text.push_str("\n## Calendars of working days\n\n| id | what | years |\n|---|---|---|\n");
    for calendar in catalogue.calendars().iter() {
        let _ = writeln!(
            text,
            "| `{}` | {} | {} to {} |",
            calendar.id,
            cell(&calendar.title),
            calendar.first_year,
            calendar.last_year
        );
    }
    text.push_str(
        "\nBeyond its years a calendar has no answer: a filing whose deadline would lie there is refused with the calendar and the year, and a \
         clock that would start there waits without a date. A date is never guessed. No instrument of an EU Member State in this \
         catalogue counts working days, so no calendar of one is shipped.\n",
    );
    for instrument in catalogue.iter() {
        one(&mut text, instrument);
    }
    text
}

fn one(text: &mut String, instrument: &Instrument) {
    let _ = write!(
        text,
        "\n## {}\n\n**{}**, {}. {}\n\n{} {}\n\n",
        instrument.id,
        instrument.title,
        instrument.citation,
        match instrument.kind {
            Kind::Referral => "Voluntary.",
            Kind::Order => "Binding as claimed.",
        },
        instrument.summary,
        instrument.effect,
    );
    let mut line = |name: &str, value: String| {
        let _ = writeln!(text, "- {name}: {value}");
    };
    line(
        "used by",
        format!("{}; {}", instrument.jurisdiction, issuers(instrument)),
    );
    line("clock", clock(instrument));
    if let Some(citation) = &instrument.clock_citation {
        line("clock after", citation.clone());
    }
    if let Some(floor) = &instrument.rank_floor {
        for ladder in &floor.ladders {
            let types: Vec<_> = ladder.agency_types.iter().map(|t| t.as_str()).collect();
            line(
                "rank",
                format!(
                    "{}: {} ({})",
                    types.join(", "),
                    ladder.wanted(),
                    floor.citation
                ),
            );
        }
    }
    let needs: Vec<&str> = [
        (instrument.needs_reasons, "reasons"),
        (instrument.needs_provision, "the provision of law"),
    ]
    .into_iter()
    .filter_map(|(needed, what)| needed.then_some(what))
    .chain(instrument.elements.iter().map(|element| match element {
        Element::LegalBasis => "the legal basis",
        Element::Redress => "redress",
        Element::BonaFide => "a statement of good faith",
    }))
    .collect();
    line("needs", needs.join(", "));
    line(
        "territory",
        match instrument.territory {
            TerritoryRule::Any => "as the filing says",
            TerritoryRule::Limited => "named countries, never worldwide",
            TerritoryRule::AllMemberStates => "all Member States of the Union",
        }
        .to_owned(),
    );
    if let Some(rule) = &instrument.prior_notice {
        line(
            "prior notice",
            format!(
                "before a first order to a platform, {} hours ({})",
                rule.hours, rule.citation
            ),
        );
    }
    if let Some(rule) = &instrument.scrutiny {
        line(
            "scrutiny",
            format!(
                "by the authority of the platform's country, which gets a copy of an order from another Member State: asked for within {} hours, decided within {} hours ({})",
                rule.request_hours, rule.decide_hours, rule.citation
            ),
        );
    }
    if let Some(rule) = &instrument.finality {
        line(
            "final",
            format!(
                "recorded ({}); {} final orders in {} months may be a reason to find the platform exposed ({})",
                rule.citation, rule.exposed_orders, rule.exposed_months, rule.exposed_citation
            ),
        );
    }
    if let Some(languages) = &instrument.languages {
        line("language", languages.clone());
    }
    for form in &instrument.forms {
        line("form", form.clone());
    }
    if instrument.any_ground {
        line("grounds", "every one of the catalogue".to_owned());
    } else {
        for ground in &instrument.grounds {
            line(
                "ground",
                format!("`{}` {} ({})", ground.code, ground.title, ground.citation),
            );
        }
    }
    for remark in &instrument.remarks {
        line("remark", remark.clone());
    }
    for recalled in &instrument.recalled {
        line("**[R]**", recalled.clone());
    }
}

fn issuers(instrument: &Instrument) -> String {
    if instrument.issuer_types.is_empty() {
        return "every type of agency".to_owned();
    }
    let types: Vec<_> = instrument.issuer_types.iter().map(|t| t.as_str()).collect();
    types.join(", ")
}

fn clock(instrument: &Instrument) -> String {
    instrument
        .clock
        .as_ref()
        .map_or_else(|| "none".to_owned(), ToString::to_string)
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
