//! The reports for programs that a mail carries, for whoever wished for them.

use takedown_core::contact::MailAddress;
use takedown_core::instrument::Kind;
use takedown_core::locator::{ItemKind, Locator};
use takedown_core::request::{EventType, Side};
use takedown_core::time::At;
use takedown_core::xarf::report_type;
use url::Url;

use crate::app::notify::{About, Due, Letter};
use crate::app::requests::{ItemView, RequestView};
use crate::mail::{Report, web_address};

/// So many a mail has at most; with more it has none, since part of a list would pass for the whole.
const MOST: usize = 50;

/// The reports of a mail: of a new request whose grounds the format has a word for, one for each address of the web.
///
/// None to whoever answers by a link, who can wish for nothing; none where a program would do what the mail asks not to do yet, or not
/// to say ([`is_delicate`]); none when the agency has no mail address for complaints, which the format demands; none when a link has
/// no address of the web.
pub(super) fn of(due: &Due, letter: &Letter, now: At) -> Vec<Report> {
    let About::Request(view) = &letter.about else {
        return Vec::new();
    };
    let new = due.side == Side::Platform && due.event == EventType::RequestFiled.as_str();
    if !new || !view.platform.wishes.xarf || letter.by_link || is_delicate(view, now) {
        return Vec::new();
    }
    let contact = MailAddress::parse(&view.agency.complaints);
    let (Some(told), Ok(contact)) = (report_type(&view.filing.grounds), contact) else {
        return Vec::new();
    };
    let left = view.items.iter().filter(|item| {
        item.item.withdrawal.is_none() && matches!(item.kind, ItemKind::Url | ItemKind::Listing)
    });
    let mut addresses = Vec::new();
    for item in left {
        match (address(item), item.kind) {
            (Some(address), _) => addresses.push((item, address)),
            // It would be missing among the others, and nobody would know.
            (None, ItemKind::Url) => return Vec::new(),
            (None, _) => {}
        }
    }
    if addresses.len() > MOST {
        return Vec::new();
    }
    let report = |(item, address): (&ItemView, Url)| Report {
        item: item.item.id.to_string(),
        told,
        at: due.created_at,
        reference: view.reference.to_string(),
        kind: match view.request.kind {
            Kind::Referral => "referral",
            Kind::Order => "order",
        },
        agency: view.agency.name.clone(),
        contact: contact.clone(),
        address: Some(address),
    };
    addresses.into_iter().map(report).collect()
}

/// Whether the agency asks to wait, the uploader may not be told, or it is doubted that it is the agency who asks. The mail says so, and
/// a program that reads the report alone would remove at once, and tell the uploader.
fn is_delicate(view: &RequestView, now: At) -> bool {
    let silent = view.filing.non_disclosure.as_ref();
    view.asks_to_wait()
        || view.request.is_doubted()
        || silent.is_some_and(|silent| silent.lasts(now))
}

/// The address of an item as it is called up: programs know no defanged writing.
fn address(item: &ItemView) -> Option<Url> {
    let locator = Locator::parse(item.kind, &item.locator).ok()?;
    web_address(locator.refanged().unwrap_or(locator.filed()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use std::sync::Arc;
    use std::time::Duration;

    use chrono::TimeDelta;

    use super::*;
    use crate::app::notify::{self, Verdict};
    use crate::app::requests::filing::{ItemDetail, NewItem, NonDisclosure};
    use crate::app::tests::fixture::World;

    /// The mail about a new request for fraud at these links, to a platform that wishes for reports.
    async fn about(world: &World, links: &[&str]) -> (Due, Letter) {
        let mut new = World::filing("referral", "dsa:scams_and_fraud", links[0]);
        let item = |link: &&str| NewItem {
            role: None,
            kind: ItemKind::Url,
            locator: Locator::parse(ItemKind::Url, link).unwrap(),
            detail: ItemDetail::default(),
        };
        new.items = links.iter().map(item).collect();
        world.file_this(new).await;
        let lease = notify::lease(&world.cx, Duration::from_secs(20), 20);
        let due = lease.await.unwrap().1.pop().unwrap();
        let Verdict::Send(mut letter) = notify::judge(&world.cx, &due).await.unwrap() else {
            panic!("it is not sent")
        };
        let view = view(&mut letter);
        Arc::make_mut(&mut view.platform).wishes.xarf = true;
        Arc::make_mut(&mut view.agency).complaints = "complaints@police.example".to_owned();
        (due, *letter)
    }

    fn view(letter: &mut Letter) -> &mut RequestView {
        match &mut letter.about {
            About::Request(view) => view,
            other => panic!("{other:?}"),
        }
    }

    fn addresses(reports: Vec<Report>) -> Vec<String> {
        let address = |report: Report| report.address.unwrap().to_string();
        reports.into_iter().map(address).collect()
    }

    #[tokio::test]
    async fn every_link_has_a_report_in_its_live_writing_or_none_has_one() {
        let world = World::new().await;
        let live = "https://paste.example/one";
        let (due, letter) = about(&world, &[live, "hxxps://paste[.]example/two"]).await;
        let reports = of(&due, &letter, world.cx.now());
        assert_eq!(addresses(reports), [live, "https://paste.example/two"]);
        for other in ["ftp://paste.example/three", "paste.example/four"] {
            let (due, letter) = about(&world, &[live, other]).await;
            assert!(of(&due, &letter, world.cx.now()).is_empty(), "{other}");
        }
    }

    #[tokio::test]
    async fn what_is_to_be_kept_from_the_uploader_or_is_doubted_has_no_report() {
        let world = World::new().await;
        let (due, mut letter) = about(&world, &["https://paste.example/one"]).await;
        let now = world.cx.now();
        let until = now + TimeDelta::days(1);
        let silent = NonDisclosure::new(until, "An arrest is being prepared.".into());
        view(&mut letter).filing.non_disclosure = Some(silent);
        assert!(of(&due, &letter, now).is_empty());
        assert_eq!(of(&due, &letter, until).len(), 1, "it has ended");
        view(&mut letter).filing.non_disclosure = None;
        assert_eq!(of(&due, &letter, now).len(), 1);
        view(&mut letter).request.doubted_at = Some(now);
        assert!(of(&due, &letter, now).is_empty());
    }
}
