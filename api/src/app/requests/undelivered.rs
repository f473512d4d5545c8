//! A mail came back: it goes to the next address of its party, and the agency is told that this one was not reached.

use std::collections::HashSet;

use chrono::TimeDelta;
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
use crate::store::requests::{self, Scope};
use crate::store::wishes::{self, DIGEST};
use crate::store::{Conn, StoreError, links};

/// So many failures for now count as one for good: the mail server had tried for days before each.
const ENOUGH: usize = 2;
/// For how long a mail can come back: mail servers try for days, and the return address stands in each delivered mail.
const BELIEVED_FOR: TimeDelta = TimeDelta::days(10);

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
    /// It changes nothing: what the mail told was fetched since, or told anew, or the mail is so old that no server still tries it.
    Overtaken,
    /// No such mail was sent to that address.
    Unknown,
}

/// The addresses of a delivery that are given up: refused for good, or twice for now.
pub(in crate::app) fn given_up(conn: &mut Conn, outbox: &str) -> Result<Vec<String>, StoreError> {
    Ok(over(&bounces::of_outbox(conn, outbox)?))
}

/// The addresses of a platform that were given up since the oldest of these lines was queued. What comes back with one digest is told
/// with the next, and not for ever: at each address that is left.
pub(in crate::app) fn given_up_since(
    conn: &mut Conn,
    platform: &str,
    lines: &[OutboxRow],
) -> Result<Vec<String>, StoreError> {
    let Some(oldest) = lines.iter().map(|line| line.created_at).min() else {
        return Ok(Vec::new());
    };
    Ok(over(&bounces::of_digests(conn, platform, oldest)?))
}

fn over(all: &[BounceRow]) -> Vec<String> {
    let mut given_up: Vec<String> = Vec::new();
    for row in all {
        let times = all.iter().filter(|one| one.address == row.address).count();
        if (row.permanent || times >= ENOUGH) && !given_up.contains(&row.address) {
            given_up.push(row.address.clone());
        }
    }
    given_up
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
    let Some((mail, address, sent_at)) = sent.into_iter().find(|(_, to, _)| named(to)) else {
        return nothing(Followed::Unknown);
    };
    let at = now.timestamp_millis();
    let lines = unread(conn, &row, sent_at)?;
    if lines.is_empty() || at - sent_at > BELIEVED_FOR.num_milliseconds() {
        return nothing(Followed::Overtaken);
    }
    let bounce = BounceRow {
        mail_id: mail,
        outbox_id: row.id.clone(),
        party_id: row.party_id.clone(),
        address: address.clone(),
        status: report.status.clone(),
        permanent: report.permanent,
        bounced_at: at,
    };
    if !bounces::insert(conn, &bounce)? {
        return nothing(Followed::Known);
    }
    let several = row.event == DIGEST;
    let given_up = if several {
        given_up_since(conn, &row.party_id, &lines)?
    } else {
        given_up(conn, &row.id)?
    };
    let lost = given_up.contains(&address);
    let goes_on = !lost || another(conn, &row, &given_up)?;
    let why = format!("{address}: came back, {}", report.status);
    if several {
        // It never leaves again: what it told goes on with the next one, of which a platform has one at a time.
        let itself = std::slice::from_ref(&row.id);
        bounces::returned(conn, itself, (false, &why), at)?;
    }
    let ids: Vec<String> = lines.iter().map(|line| line.id.clone()).collect();
    if bounces::returned(conn, &ids, (goes_on, &why), at)? == 0 {
        // It is on its way again already.
        return nothing(Followed::GoesOn);
    }
    let published = if lost {
        let said = (report.status.as_str(), goes_on);
        tell(conn, cx, (&lines, &address), said, now)?
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

/// What a mail told, each by itself, without what its platform has fetched since: that was not lost, whatever a report says.
fn unread(conn: &mut Conn, mail: &OutboxRow, sent_at: i64) -> Result<Vec<OutboxRow>, StoreError> {
    let told = if mail.event == DIGEST {
        wishes::told(conn, &mail.id)?
    } else {
        vec![mail.clone()]
    };
    if mail.side != Side::Platform.as_str() {
        return Ok(told);
    }
    let mut unread = Vec::with_capacity(told.len());
    for line in told {
        let request = requests::find(conn, &Scope::All, &line.request_id)?;
        let fetched = request.and_then(|request| request.fetched_at);
        if fetched.is_none_or(|fetched| fetched < sent_at) {
            unread.push(line);
        }
    }
    Ok(unread)
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

/// Tells the agencies of what the mail server refused for good, or put off until it was given up, in the commit that gives it up: of
/// each of these deliveries, which one mail would have told. `why` begins with the address.
pub(in crate::app) fn refused(
    conn: &mut Conn,
    cx: &Cx,
    deliveries: &[String],
    why: &str,
) -> Result<Vec<Published>, Error> {
    let address = why.split_once(": ").map(|(address, _)| address);
    let Some(address) = address.and_then(|address| MailAddress::parse(address).ok()) else {
        return Ok(Vec::new());
    };
    let mut rows = Vec::with_capacity(deliveries.len());
    for delivery in deliveries {
        rows.extend(outbox::find(conn, delivery)?);
    }
    let status = status_code(why);
    let said = (status.as_str(), false);
    tell(conn, cx, (&rows, address.as_str()), said, cx.now())
}

/// Tells the agency of each request that its platform was not reached at an address: once, however much was told of it.
fn tell(
    conn: &mut Conn,
    cx: &Cx,
    (lines, address): (&[OutboxRow], &str),
    said: (&str, bool),
    now: At,
) -> Result<Vec<Published>, Error> {
    let mut told = HashSet::new();
    let mut published = Vec::new();
    for line in lines {
        if told.insert(line.request_id.as_str()) {
            published.extend(tell_of(conn, cx, (line, address), said, now)?);
        }
    }
    Ok(published)
}

fn tell_of(
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
