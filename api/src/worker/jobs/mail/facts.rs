//! From what the hallway knows to what a mail may say.

use takedown_core::agency::{AgencyStatus, VerificationMethod};
use takedown_core::instrument::{ClockRule, Kind, Obstacle as CoreObstacle, Unit};
use takedown_core::request::{Clock, EventType, Side, Start, Status};
use takedown_core::time::At;

use crate::app::notices::NoticeView;
use crate::app::notify::{About, Digest, Due, Letter};
use crate::app::operations::PartView;
use crate::app::parties::Agency;
use crate::app::requests::RequestView;
use crate::mail::{
    Asker, Counts, DigestFacts, Document, Duty, FactsError, Link, MailEvent, MailFacts, MailSide,
    Member, Obstacle, Power, Span, Verified,
};

/// Everything that the mail of this notification may say; `reported` is whether reports for programs go with it.
///
/// # Errors
/// When no mail is written about the event, or the public address cannot carry the link.
pub(super) fn of(
    due: &Due,
    letter: &Letter,
    public_url: &str,
    reported: bool,
) -> Result<MailFacts, FactsError> {
    let view = match &letter.about {
        About::Request(view) => view,
        About::Notice(notice) => return of_notice(due, letter, notice, public_url),
        About::Part(part) => return of_part(due, letter, part, public_url),
        About::Digest(digest) => return whole(due, letter, digest, public_url),
        About::Memo(_) => return Err(FactsError::UnknownEvent(due.event.clone())),
    };
    let (instrument_title, citation) = view.filing.power(view.request.instrument.as_str());
    let code = view.check_code.as_str();
    Ok(MailFacts {
        event: due.event.parse::<MailEvent>()?,
        at: due.created_at,
        to: match due.side {
            Side::Agency if letter.to_authority => MailSide::Authority,
            Side::Agency => MailSide::Agency,
            Side::Platform => MailSide::Platform,
        },
        reference: view.reference.to_string(),
        power: match view.request.kind {
            Kind::Referral => Power::Voluntary,
            Kind::Order => Power::BindingAsClaimed(duty(&view.request.clock)),
        },
        instrument_title,
        citation,
        agency: asker(&view.agency),
        member: None,
        platform_name: view.platform.name.clone(),
        host: host(view),
        counts: Counts {
            items: u32::try_from(due.facts.items).unwrap_or(0),
            decided: u32::try_from(due.facts.items - due.facts.undecided).unwrap_or(0),
            acted_on: u32::try_from(due.facts.acted_on).unwrap_or(0),
            told: u32::try_from(due.facts.told).unwrap_or(0),
        },
        obstacle: due.facts.obstacle.map(|obstacle| match obstacle {
            CoreObstacle::ForceMajeure => Obstacle::ForceMajeure,
            CoreObstacle::ManifestError => Obstacle::ManifestError,
            CoreObstacle::InsufficientInformation => Obstacle::InsufficientInformation,
        }),
        restoration_asked: due.facts.restoration_asked,
        // As the request stands when the mail leaves: nobody is to remove what is a suspected decoy by now. Only the mail
        // about the suspicion itself tells what was said, also when the request was closed since.
        asks_to_wait: view.asks_to_wait()
            || due.event == EventType::AttributionRevised.as_str() && due.facts.asks_to_wait,
        signed: view.signed.is_some(),
        reported,
        withdrawn: view.request.status() == Status::Withdrawn,
        lasts_until: lasts_until(due, view),
        document: due.facts.document.as_ref().map(|document| Document {
            name: document.name.clone(),
            digest: document.digest.to_string(),
        }),
        check_code: code.to_owned(),
        // Whoever answers by link is given one when it is known to which mailbox it goes.
        link: if letter.by_link {
            Link::blanked(public_url)?
        } else {
            Link::check(public_url, code)?
        },
        by_link: letter.by_link,
        check_page: Link::check_page(public_url),
        languages: letter.languages.iter().map(ToString::to_string).collect(),
        time_zone: letter.time_zone.parse().unwrap_or(chrono_tz::Tz::UTC),
        thread_id: view.request.id.to_string(),
        outbox_id: due.id.clone(),
    })
}

/// Several mails in one, without what its link ends.
///
/// # Errors
/// As [`of`].
pub(super) fn of_digest(
    due: &Due,
    letter: &Letter,
    digest: &Digest,
    public_url: &str,
) -> Result<DigestFacts, FactsError> {
    let entries = digest.entries.iter();
    let entries: Result<Vec<MailFacts>, FactsError> = entries
        .map(|(due, letter)| of(due, letter, public_url, false))
        .collect();
    Ok(DigestFacts {
        whole: whole(due, letter, digest, public_url)?,
        entries: entries?,
        unsubscribe: match digest.platform {
            Some(_) => Some(Link::unsubscribe_blanked(public_url)?),
            None => None,
        },
    })
}

/// What a digest has in common with every mail; it is about its newest entry as much as about any other.
fn whole(
    due: &Due,
    letter: &Letter,
    digest: &Digest,
    public_url: &str,
) -> Result<MailFacts, FactsError> {
    let newest = digest.entries.last();
    let (newest, about) = newest.ok_or_else(|| FactsError::UnknownEvent(due.event.clone()))?;
    let items = u32::try_from(digest.entries.len()).unwrap_or(u32::MAX);
    Ok(MailFacts {
        at: due.created_at,
        reference: due.event.clone(),
        counts: Counts {
            items,
            ..Counts::default()
        },
        languages: letter.languages.iter().map(ToString::to_string).collect(),
        thread_id: due.party.clone(),
        outbox_id: due.id.clone(),
        ..of(newest, about, public_url, false)?
    })
}

/// A notice before a first order asks nothing: it has no items and no time to act by.
fn of_notice(
    due: &Due,
    letter: &Letter,
    notice: &NoticeView,
    public_url: &str,
) -> Result<MailFacts, FactsError> {
    let (instrument_title, citation) = notice.power.clone();
    let code = notice.check_code.as_str();
    Ok(MailFacts {
        event: due.event.parse::<MailEvent>()?,
        at: due.created_at,
        to: MailSide::Platform,
        reference: notice.reference.to_string(),
        power: Power::BindingAsClaimed(Duty::None),
        instrument_title,
        citation,
        agency: asker(&notice.agency),
        member: None,
        platform_name: notice.platform.name.clone(),
        host: None,
        counts: Counts::default(),
        obstacle: None,
        restoration_asked: false,
        asks_to_wait: false,
        document: None,
        lasts_until: None,
        signed: false,
        reported: false,
        withdrawn: false,
        check_code: code.to_owned(),
        link: Link::check(public_url, code)?,
        by_link: false,
        check_page: Link::check_page(public_url),
        languages: letter.languages.iter().map(ToString::to_string).collect(),
        time_zone: letter.time_zone.parse().unwrap_or(chrono_tz::Tz::UTC),
        thread_id: notice.id.to_string(),
        outbox_id: due.id.clone(),
    })
}

fn of_part(
    due: &Due,
    letter: &Letter,
    part: &PartView,
    public_url: &str,
) -> Result<MailFacts, FactsError> {
    let code = part.check_code.as_str();
    Ok(MailFacts {
        event: due.event.parse::<MailEvent>()?,
        at: due.created_at,
        to: MailSide::Agency,
        reference: part.reference.to_string(),
        power: Power::Voluntary,
        instrument_title: String::new(),
        citation: String::new(),
        agency: asker(&part.lead),
        member: Some(Member {
            name: part.member.name.clone(),
            country: part.member.country.to_string(),
        }),
        platform_name: String::new(),
        host: None,
        counts: Counts::default(),
        obstacle: None,
        restoration_asked: false,
        asks_to_wait: false,
        document: None,
        lasts_until: None,
        signed: false,
        reported: false,
        withdrawn: false,
        check_code: code.to_owned(),
        link: Link::check(public_url, code)?,
        by_link: false,
        check_page: Link::check_page(public_url),
        languages: letter.languages.iter().map(ToString::to_string).collect(),
        time_zone: letter.time_zone.parse().unwrap_or(chrono_tz::Tz::UTC),
        thread_id: part.id.to_string(),
        outbox_id: due.id.clone(),
    })
}

/// The end that the mail is about, as it was when it happened. A withdrawal speaks of it when something is still to be
/// kept, as it stands now.
fn lasts_until(due: &Due, view: &RequestView) -> Option<At> {
    match due.event.parse::<EventType>().ok()? {
        EventType::NonDisclosureExtended => due.facts.silent_until,
        EventType::PreservationExtended
        | EventType::PreservationEnding
        | EventType::PreservationExpired => due.facts.kept_until,
        EventType::RequestWithdrawn => {
            let kept = view.preservation.as_ref();
            kept.filter(|kept| kept.stands()).map(|kept| kept.until)
        }
        _ => None,
    }
}

/// The duty as the clock stands when the mail leaves: what to act by is never told from memory.
fn duty(clock: &Clock) -> Duty {
    match clock {
        Clock::None | Clock::Stopped { .. } => Duty::None,
        Clock::Waiting { rule, until } => match until {
            Start::Receipt => Duty::FromReceipt(span(rule)),
            Start::Service => Duty::FromService(span(rule)),
            // Nobody has said yet by when, or no calendar can.
            Start::Specification | Start::Calendar => Duty::None,
        },
        Clock::Running { due_at, .. } => Duty::By(*due_at),
        Clock::Standing { .. } => Duty::StandsStill,
    }
}

fn span(rule: &ClockRule) -> Span {
    match rule.unit {
        Unit::Hours => Span::Hours(rule.amount),
        Unit::WorkingDays { .. } => Span::WorkingDays(rule.amount),
    }
}

fn asker(agency: &Agency) -> Asker {
    let verified = match (&agency.status, &agency.verification) {
        (AgencyStatus::Suspended, _) => Verified::Suspended,
        (AgencyStatus::Verified, Some(v)) => Verified::By {
            method: method(v.method).to_owned(),
            verified_at: v.verified_at,
            until: Some(v.expires_at),
            by_two: v.is_by_two(),
        },
        (AgencyStatus::Pending, _) | (AgencyStatus::Verified, None) => Verified::Pending,
    };
    Asker {
        name: agency.name.clone(),
        country: agency.country.to_string(),
        verified,
    }
}

/// In plain English; mails in other languages quote it.
const fn method(method: VerificationMethod) -> &'static str {
    match method {
        VerificationMethod::InPerson => "met in person, warrant cards shown",
        VerificationMethod::CallBack => "called back on an independently found number",
        VerificationMethod::OfficialLetter => "signed letter to an independently found address",
        VerificationMethod::OfficialDomain => "control of the authority's own domain proved",
        VerificationMethod::OfficialList => "found in a published official list",
        VerificationMethod::Vouched => "vouched for by a verified agency",
    }
}

/// The platform's own host on which the first item lies: of what was filed itself nothing is told.
fn host(view: &RequestView) -> Option<String> {
    let item = view.items.iter().find_map(|item| item.host.as_deref());
    let covers = |own: &&String| {
        item.is_some_and(|item| {
            item == own.as_str()
                || item
                    .strip_suffix(own.as_str())
                    .is_some_and(|rest| rest.ends_with('.'))
        })
    };
    let hosts = &view.platform.hosts;
    hosts
        .iter()
        .filter(covers)
        .max_by_key(|own| own.len())
        .or_else(|| hosts.first())
        .cloned()
}
