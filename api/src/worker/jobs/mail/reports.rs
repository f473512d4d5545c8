//! The reports for programs that a mail carries, for whoever wished for them.

use takedown_core::contact::MailAddress;
use takedown_core::instrument::Kind;
use takedown_core::locator::ItemKind;
use takedown_core::request::{EventType, Side};
use takedown_core::xarf::report_type;

use crate::app::notify::{About, Due, Letter};
use crate::mail::{Report, web_address};

/// So many a mail has at most; with more it has none, since part of a list would pass for the whole.
const MOST: usize = 50;

/// The reports of a mail: of a new request whose grounds the format has a word for, one for each address of the web.
///
/// None to whoever answers by a link, who can wish for nothing; none while the agency asks to wait, since programs would not; none
/// when the agency has no mail address for complaints, which the format demands.
pub(super) fn of(due: &Due, letter: &Letter) -> Vec<Report> {
    let About::Request(view) = &letter.about else {
        return Vec::new();
    };
    let new = due.side == Side::Platform && due.event == EventType::RequestFiled.as_str();
    if !new || !view.platform.wishes.xarf || letter.by_link || view.asks_to_wait() {
        return Vec::new();
    }
    let contact = MailAddress::parse(&view.agency.complaints);
    let (Some(told), Ok(contact)) = (report_type(&view.filing.grounds), contact) else {
        return Vec::new();
    };
    let left = view.items.iter().filter(|item| {
        item.item.withdrawal.is_none() && matches!(item.kind, ItemKind::Url | ItemKind::Listing)
    });
    let report = |item: &crate::app::requests::ItemView| {
        Some(Report {
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
            address: Some(web_address(&item.locator)?),
        })
    };
    let reports: Vec<Report> = left.filter_map(report).collect();
    if reports.len() > MOST {
        return Vec::new();
    }
    reports
}
