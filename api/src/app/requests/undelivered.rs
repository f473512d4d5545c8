//! A mail came back: it goes to the next address of its party, and the agency is told that this one was not reached.

use takedown_core::contact::MailAddress;
use takedown_core::history::{Author, By, Data, Digest, Via};
use takedown_core::id::RequestId;
use takedown_core::request::Side;
use takedown_core::time::At;

use super::commit::{Published, brought_about};
use super::link::whole;
use super::load;
use crate::app::deliveries::status_code;
use crate::app::registry::load_platform;
use crate::app::{Cx, Error};
use crate::store::bounces::{self, BounceRow};
use crate::store::outbox::{self, OutboxRow};
use crate::store::requests::Scope;
use crate::store::wishes::DIGEST;
use crate::store::{Conn, StoreError, links};

/// So many failures for now count as one for good: the mail server had tried for days before each.
const ENOUGH: usize = 2;

/// What a report says of a mail.
#[derive(Debug, Clone)]
pub struct Undelivered {
    /// Which delivery.
    pub delivery: String,
    /// The address it did not reach, under each name the report has for it.
    pub recipients: Vec<String>,
    /// RFC 3463.
    pub status: String,
    /// Whether it never will.
    pub permanent: bool,
}

/// What became of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Followed {
    /// It is noted, and the mail goes out once more: to the same address, or to the next.
    GoesOn,
    /// It is noted, and the mail is given up.
    GivenUp,
    /// It was noted before.
    Known,
    /// No such mail was sent to that address.
    Unknown,
}

/// The addresses of a delivery that are given up: refused for good, or twice for now.
pub(in crate::app) fn given_up(conn: &mut Conn, outbox: &str) -> Result<Vec<String>, StoreError> {
    let all = bounces::of_outbox(conn, outbox)?;
    let mut given_up: Vec<String> = Vec::new();
    for row in &all {
        let times = all.iter().filter(|one| one.address == row.address).count();
        if (row.permanent || times >= ENOUGH) && !given_up.contains(&row.address) {
            given_up.push(row.address.clone());
        }
    }
    Ok(given_up)
}

/// Notes that a mail came back, in one commit with everything that follows from it. A report that comes twice changes nothing.
///
/// # Errors
/// Those of the store.
pub async fn undelivered(cx: &Cx, report: Undelivered) -> Result<Followed, Error> {
    let now = cx.now();
    let cx2 = cx.clone();
    let (told, _) = cx
        .store
        .write_then(
            move |conn| noted(conn, &cx2, &report, now),
            Published::announce(cx),
        )
        .await?;
    if told == Followed::GoesOn {
        cx.wake.notify_one();
    }
    Ok(told)
}

fn noted(
    conn: &mut Conn,
    cx: &Cx,
    report: &Undelivered,
    now: At,
) -> Result<(Followed, Vec<Published>), Error> {
    let nothing = |told| Ok((told, Vec::new()));
    let Some(row) = outbox::find(conn, &report.delivery)? else {
        return nothing(Followed::Unknown);
    };
    let sent = bounces::sent(conn, &row.id)?;
    let named = |address: &str| {
        let mut names = report.recipients.iter();
        names.any(|name| name.eq_ignore_ascii_case(address))
    };
    let Some((mail, address)) = sent.into_iter().find(|(_, to)| named(to)) else {
        return nothing(Followed::Unknown);
    };
    let bounce = BounceRow {
        mail_id: mail,
        outbox_id: row.id.clone(),
        party_id: row.party_id.clone(),
        address: address.clone(),
        status: report.status.clone(),
        permanent: report.permanent,
        bounced_at: now.timestamp_millis(),
    };
    if !bounces::insert(conn, &bounce)? {
        return nothing(Followed::Known);
    }
    let given_up = given_up(conn, &row.id)?;
    let lost = given_up.contains(&address);
    let goes_on = !lost || another(conn, &row, &given_up)?;
    let why = format!("{address}: came back, {}", report.status);
    let at = now.timestamp_millis();
    if !bounces::returned(conn, &row.id, (goes_on, &why), at)? {
        // It is on its way again already.
        return nothing(Followed::GoesOn);
    }
    if row.event == DIGEST && !goes_on {
        bounces::scatter(conn, &row.id, at)?;
    }
    let published = if lost {
        tell(conn, cx, (&row, &address), (&report.status, goes_on), now)?
    } else {
        Vec::new()
    };
    let told = if goes_on {
        Followed::GoesOn
    } else {
        Followed::GivenUp
    };
    Ok((told, published))
}

/// Whether the party has another address that may be tried.
fn another(conn: &mut Conn, row: &OutboxRow, given_up: &[String]) -> Result<bool, Error> {
    if row.side != Side::Platform.as_str() {
        return Ok(false);
    }
    let Some(platform) = load_platform(conn, &row.party_id)? else {
        return Ok(false);
    };
    let rejected = links::rejected(conn, &row.party_id)?;
    let left = |contact: &String| {
        !given_up.contains(contact) && !rejected.iter().any(|row| row.address == *contact)
    };
    Ok(platform.contacts.iter().any(left))
}

/// Tells the agency of a mail that the mail server refused for good, or put off until it was given up, in the commit that gives it
/// up. `why` begins with the address.
pub(in crate::app) fn refused(
    conn: &mut Conn,
    cx: &Cx,
    delivery: &str,
    why: &str,
) -> Result<Vec<Published>, Error> {
    let address = why.split_once(": ").map(|(address, _)| address);
    let address = address.and_then(|address| MailAddress::parse(address).ok());
    let row = outbox::find(conn, delivery)?;
    let (Some(address), Some(row)) = (address, row) else {
        return Ok(Vec::new());
    };
    let status = status_code(why);
    tell(
        conn,
        cx,
        (&row, address.as_str()),
        (&status, false),
        cx.now(),
    )
}

/// Tells the agency of a request that its platform was not reached at an address.
fn tell(
    conn: &mut Conn,
    cx: &Cx,
    (row, address): (&OutboxRow, &str),
    (status, goes_on): (&str, bool),
    now: At,
) -> Result<Vec<Published>, Error> {
    let of_request = row.side == Side::Platform.as_str();
    if !of_request || row.request_id.parse::<RequestId>().is_err() {
        return Ok(Vec::new());
    }
    let held = load::hold(conn, &Scope::All, &row.request_id)?;
    let mut view = whole(cx, conn, held)?;
    if view.erased_at.is_some() {
        return Ok(Vec::new());
    }
    let change = view.request.clone().delivery_failed()?;
    let data = Data::DeliveryFailed {
        contact: Digest::of(address),
        status: status.to_owned(),
        goes_on,
    };
    let nobody = Author {
        by: By::System,
        via: Via::Worker,
        client: None,
    };
    brought_about(conn, cx, nobody, &mut view, (&change, data), now)
}
