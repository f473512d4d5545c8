//! Whether an agency is verified or suspended is what its entries say, whatever stands in its row.
#![allow(clippy::unwrap_used, clippy::panic)]

use takedown_core::agency::AgencyStatus;
use takedown_core::history::{Author, By, Data, Subject, Via};
use takedown_core::id::AgencyId;
use takedown_core::log::SignedCheckpoint;
use uuid::Uuid;

use super::dialect::without_foreign_keys;
use super::world::key;
use super::{faults, tried};
use crate::app::Error;
use crate::app::log::{Log, Memory, advance};
use crate::app::parties::Agency;
use crate::app::registering::record;
use crate::app::tests::fixture::{Db, World, on_both};
use crate::store::agencies;

on_both!(a_forged_verification_and_a_suspension_taken_back_are_named);

/// An agency that came to stand so by its entries.
async fn entered(w: &World, status: AgencyStatus) -> String {
    let agency = AgencyId::from_uuid(Uuid::now_v7());
    let mut row = w.agency_row(agency);
    let at = w.cx.now();
    let expires_at = Agency::try_from(row.clone()).unwrap().verification;
    let expires_at = expires_at.map(|found| found.expires_at);
    let mut happened = vec![Data::AgencyRegistered {}];
    row.status = status.as_str().to_owned();
    match status {
        AgencyStatus::Pending => row.verification = None,
        _ => happened.push(Data::AgencyVerified { expires_at }),
    }
    if status == AgencyStatus::Suspended {
        let reason = "Its officer was arrested.".to_owned();
        row.suspension_reason = Some(reason.clone());
        happened.push(Data::AgencySuspended { reason });
    }
    let id = row.id.clone();
    let write = move |conn: &mut crate::store::Conn| {
        agencies::insert(conn, &row)?;
        let by = Author {
            by: By::System,
            via: Via::Worker,
            client: None,
        };
        for data in happened.clone() {
            record(conn, by, Subject::Agency { id: agency }, at, data)?;
        }
        Ok::<_, Error>(())
    };
    w.cx.store.write(write).await.unwrap();
    id
}

async fn a_forged_verification_and_a_suspension_taken_back_are_named(db: Db) {
    let mut w = World::on(db).await;
    let log = Log::new(Some(key()), Memory::default(), None);
    w.cx = w.cx.clone().with_log(log);
    let pending = entered(&w, AgencyStatus::Pending).await;
    let verified = entered(&w, AgencyStatus::Verified).await;
    let suspended = entered(&w, AgencyStatus::Suspended).await;
    advance(&w.cx).await.unwrap();
    let known = SignedCheckpoint::clone(&w.cx.log.newest().unwrap());
    let mut conn = w.connection();
    without_foreign_keys(&mut conn);
    // That of the fixture was entered beside the exchange.
    let fixture = w.agency.actor.agency().unwrap().to_string();
    let untouched = [format!("the agency {fixture}: no entry registered it")];
    assert_eq!(faults(&mut conn, &known), untouched);

    let of_another = format!("(SELECT verification FROM agencies WHERE id = '{verified}')");
    for (id, set, says) in [
        (
            &pending,
            format!("verification = {of_another}, status = 'verified'"),
            "its column verification has 2",
        ),
        (
            &pending,
            "status = 'verified'".to_owned(),
            "its column status has verified, its entries say pending",
        ),
        (
            &suspended,
            "status = 'verified', suspension_reason = NULL".to_owned(),
            "its column status has verified, its entries say suspended",
        ),
        (
            &verified,
            "verification = NULL, status = 'pending'".to_owned(),
            "its column verification has nothing, its entries say 2",
        ),
    ] {
        let sql = format!("UPDATE agencies SET {set} WHERE id = '{id}'");
        let found = tried(&mut conn, &known, &sql).unwrap_or_else(|| panic!("{sql}: not done"));
        let says = format!("the agency {id}: {says}");
        let named = found.iter().any(|what| what.starts_with(&says));
        assert!(named, "{sql}: {says}, not {found:?}");
    }
}
