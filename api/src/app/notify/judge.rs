//! Whether a notification should still be sent, and to whom: decided at the moment of sending, never earlier.

use takedown_core::agency::AgencyStatus;
use takedown_core::contact::MailAddress;
use takedown_core::platform::Standing;
use takedown_core::request::{Clock, Side, Status};
use takedown_core::text::Language;
use takedown_core::time::At;

use super::gather::Digest;
use super::memo::Memo;
use super::outbox::Due;
use crate::app::notices::NoticeView;
use crate::app::operations::{INVITED, PartView};
use crate::app::parties::{Agency, Platform};
use crate::app::requests::RequestView;

const FILED: &str = "request.filed";
const COPIED: &str = "order.copied";
/// A new answer link was asked for.
pub const LINK_SENT: &str = "answer_link.sent";
const DOUBTED: &str = "doubt.raised";
const WITHDRAWN: &str = "request.withdrawn";
pub(super) const DEADLINE_NEAR: &str = "deadline.near";
pub(super) const WITHHELD: &str = "withheld while the agency is suspended";
const WITHHELD_PLATFORM: &str = "withheld while the platform is suspended";

/// What a notification is about.
#[derive(Debug, Clone)]
pub enum About {
    /// A request.
    Request(Box<RequestView>),
    /// A notice before a first order.
    Notice(Box<NoticeView>),
    /// An agency's part in an operation.
    Part(Box<PartView>),
    /// Several requests.
    Digest(Box<Digest>),
    /// No request: the party itself.
    Memo(Box<Memo>),
}

/// A notification that is to be sent, with everything that may be said in it.
#[derive(Debug, Clone)]
pub struct Letter {
    /// What it is about, with the parties as they are now.
    pub about: About,
    /// Whether it goes to an authority that has a copy of the order, and to neither side.
    pub to_authority: bool,
    /// The addresses, the preferred one first. One of them gets the mail: the first that does not refuse it for good.
    pub contacts: Vec<String>,
    /// The recipient's languages, the preferred one first.
    pub languages: Vec<Language>,
    /// IANA name of the recipient's zone.
    pub time_zone: String,
    /// Whether the recipient has no other way in, so that the mail carries a link by which he can answer.
    pub by_link: bool,
}

/// What is known of the way to a platform besides itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Way {
    /// Addresses whose reader said that it is not his.
    pub rejected: Vec<String>,
    /// Addresses that this very mail came back from for good.
    pub given_up: Vec<String>,
    /// Addresses that are tried after the others: something came back from there, or the mail before was not read.
    pub last: Vec<String>,
    /// Whether a program acts for it, which has an inbox.
    pub has_client: bool,
}

impl Way {
    /// Whether nobody can answer for the platform but by a link. Whoever signed up has better ways, and a secret in a mail is
    /// one more that can be stolen.
    pub(super) fn by_link(&self, platform: &Platform) -> bool {
        let unclaimed = matches!(platform.standing, Standing::Sighted | Standing::Contacted);
        unclaimed && !self.has_client
    }
}

/// What is to become of a notification.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// Send it.
    Send(Box<Letter>),
    /// Not now: look again later.
    Hold(String),
    /// Not before this instant, as the recipient wishes.
    Wait(At, String),
    /// With others in one mail, which goes to this party at this instant.
    Gather(String, At),
    /// It is no longer true; sending it would mislead.
    Drop(String),
    /// It cannot be sent: the operator and the agency should know.
    Fail(String),
}

/// Judges a notification on the present state. `unannounced` tells that the first notice of the request was dropped.
pub(super) fn verdict(
    due: &Due,
    request: RequestView,
    authority: Option<Agency>,
    (unannounced, way): (bool, &Way),
    now: At,
) -> Verdict {
    let to_authority = authority.is_some();
    if let Some(stale) = stale(due, &request, unannounced, now) {
        return Verdict::Drop(stale.to_owned());
    }
    let mut by_link = false;
    let (contacts, languages, time_zone) = match due.side {
        Side::Platform => {
            let platform = &request.platform;
            if let Some(verdict) = unreachable(platform) {
                return verdict;
            }
            // What was not yet delivered when the operator stopped an agency is withheld, and goes out if it was a
            // false alarm. Later mails go out, and say that the agency is suspended.
            if due.event == FILED && request.agency.status == AgencyStatus::Suspended {
                return Verdict::Hold(WITHHELD.to_owned());
            }
            by_link = way.by_link(platform);
            if due.event == LINK_SENT && !by_link {
                return Verdict::Drop("the platform has an inbox of its own by now".to_owned());
            }
            let contacts = match addresses(due, platform, way) {
                Ok(contacts) => contacts,
                Err(verdict) => return verdict,
            };
            (
                contacts,
                platform.languages.clone(),
                platform.time_zone.clone(),
            )
        }
        Side::Agency => {
            let agency = authority.as_ref().unwrap_or(&request.agency);
            if agency.status == AgencyStatus::Suspended {
                return Verdict::Hold(WITHHELD.to_owned());
            }
            (
                of_agency(due, agency),
                vec![agency.language.clone()],
                agency.time_zone.clone(),
            )
        }
    };
    if contacts.is_empty() {
        return Verdict::Fail("no mail address is registered".to_owned());
    }
    Verdict::Send(Box::new(Letter {
        about: About::Request(Box::new(request)),
        to_authority,
        contacts,
        languages,
        time_zone,
        by_link,
    }))
}

/// Judges the mail of a notice before a first order.
pub(super) fn verdict_of_notice(notice: NoticeView) -> Verdict {
    let platform = &notice.platform;
    if let Some(verdict) = unreachable(platform) {
        return verdict;
    }
    if notice.agency.status == AgencyStatus::Suspended {
        return Verdict::Hold(WITHHELD.to_owned());
    }
    if platform.contacts.is_empty() {
        return Verdict::Fail("no mail address is registered".to_owned());
    }
    Verdict::Send(Box::new(Letter {
        contacts: platform.contacts.clone(),
        languages: platform.languages.clone(),
        time_zone: platform.time_zone.clone(),
        to_authority: false,
        by_link: false,
        about: About::Notice(Box::new(notice)),
    }))
}

/// Judges the mail of an agency's part in an operation.
pub(super) fn verdict_of_part(due: &Due, part: PartView) -> Verdict {
    if !part.still(&due.event) {
        return Verdict::Drop("the agency's part in the operation has changed since".to_owned());
    }
    let to = part.told(&due.event);
    let stopped = |agency: &Agency| agency.status == AgencyStatus::Suspended;
    if stopped(to) || due.event == INVITED && stopped(&part.lead) {
        return Verdict::Hold(WITHHELD.to_owned());
    }
    if to.mail.is_empty() {
        return Verdict::Fail("no mail address is registered".to_owned());
    }
    Verdict::Send(Box::new(Letter {
        contacts: vec![to.mail.clone()],
        languages: vec![to.language.clone()],
        time_zone: to.time_zone.clone(),
        to_authority: false,
        by_link: false,
        about: About::Part(Box::new(part)),
    }))
}

/// Where a platform may be written to: nowhere that somebody said is not it, and a new link only to where one went before.
pub(super) fn addresses(due: &Due, platform: &Platform, way: &Way) -> Result<Vec<String>, Verdict> {
    let meant = |contact: &&String| due.facts.contact.as_ref().is_none_or(|one| one == *contact);
    let left = |contact: &&String| !way.rejected.contains(contact);
    let contacts = platform.contacts.iter().filter(meant).filter(left);
    let mut contacts: Vec<String> = contacts.cloned().collect();
    let before = contacts.len();
    contacts.retain(|contact| !way.given_up.contains(contact));
    if before > 0 && contacts.is_empty() {
        return Err(Verdict::Fail(
            "the mail came back from every address of the platform".to_owned(),
        ));
    }
    contacts.sort_by_key(|contact| way.last.contains(contact));
    if !contacts.is_empty() || platform.contacts.is_empty() {
        return Ok(contacts);
    }
    let why = match &due.facts.contact {
        Some(_) => "the address is none of the platform's any more",
        None => {
            "whoever reads the address said that the platform is not his; the agency finds another one"
        }
    };
    Err(Verdict::Fail(why.to_owned()))
}

/// A doubt goes first to whom complaints about the agency go: whoever filed it may be the one that reads its other mail.
fn of_agency(due: &Due, agency: &Agency) -> Vec<String> {
    let second = (due.event == DOUBTED)
        .then(|| MailAddress::parse(&agency.complaints).ok())
        .flatten();
    let second = second.map(|address| address.as_str().to_owned());
    let mail = Some(agency.mail.clone()).filter(|mail| !mail.is_empty());
    let mut contacts: Vec<String> = second.into_iter().chain(mail).collect();
    contacts.dedup();
    contacts
}

pub(super) fn unreachable(platform: &Platform) -> Option<Verdict> {
    if platform.suspended {
        return Some(Verdict::Hold(WITHHELD_PLATFORM.to_owned()));
    }
    (!platform.standing.can_be_asked()).then(|| Verdict::Fail("the platform is gone".to_owned()))
}

fn stale(due: &Due, view: &RequestView, unannounced: bool, now: At) -> Option<&'static str> {
    let status = view.request.status();
    match due.event.as_str() {
        // "Here is something new to answer" would be wrong by now.
        FILED if status == Status::Withdrawn => {
            Some("the request was withdrawn before its first notice was sent")
        }
        FILED if status == Status::Closed => {
            Some("the request was closed before its first notice was sent")
        }
        COPIED if status == Status::Withdrawn => {
            Some("the order was withdrawn before its copy was announced")
        }
        // Whoever was never told of a request, nor has read it, need not be told that it is gone.
        WITHDRAWN if unannounced && view.request.state.fetched_at().is_none() => {
            Some("the recipient had not been told of the request")
        }
        DEADLINE_NEAR => match view.request.clock {
            Clock::Running { due_at, .. } if due_at > now => None,
            Clock::Running { .. } => Some("the time had passed before the reminder was sent"),
            _ => Some("the clock no longer runs"),
        },
        _ => None,
    }
}
