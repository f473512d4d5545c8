//! What an agency's requests came to, counted when it is asked.

use diesel::dsl::{count_star, sql, sum};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use super::schema::{items, requests};
use super::{Conn, StoreError};

/// What was counted, of which kind, how many.
pub type Count = (&'static str, String, i64);

/// Counts over the requests of one agency.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn of_agency(conn: &mut Conn, agency: &str) -> Result<Vec<Count>, StoreError> {
    let mut counts = Vec::new();
    let own = requests::agency_id.eq(agency);
    let (filed, corrected): (i64, i64) = (
        requests::table.filter(own).count().get_result(conn)?,
        requests::table
            .filter(own.and(requests::corrections.gt(0)))
            .count()
            .get_result(conn)?,
    );
    let corrections: Option<i64> = requests::table
        .filter(own)
        .select(sum(requests::corrections))
        .get_result(conn)?;
    counts.push(("requests", "filed".to_owned(), filed));
    counts.push(("requests", "corrected".to_owned(), corrected));
    counts.push((
        "requests",
        "corrections".to_owned(),
        corrections.unwrap_or(0),
    ));
    let of: Vec<(Option<String>, i64)> = requests::table
        .filter(own.and(requests::withdrawal.is_not_null()))
        .group_by(requests::withdrawal)
        .select((requests::withdrawal, count_star()))
        .load(conn)?;
    counts.extend(named("withdrawn", of));
    let of: Vec<(Option<String>, i64)> = requests::table
        .filter(own.and(requests::restoration.is_not_null()))
        .group_by(requests::restoration)
        .select((requests::restoration, count_star()))
        .load(conn)?;
    counts.extend(named("restorations", of));
    let of: Vec<(Option<String>, i64)> = items::table
        .inner_join(requests::table)
        .filter(own.and(items::withdrawal.is_not_null()))
        .group_by(items::withdrawal)
        .select((items::withdrawal, count_star()))
        .load(conn)?;
    counts.extend(named("items_withdrawn", of));
    let reason = sql::<Nullable<Text>>("COALESCE(items.withdrawal, requests.withdrawal)");
    let of: Vec<(Option<String>, i64)> = items::table
        .inner_join(requests::table)
        .filter(own)
        .filter(
            items::withdrawal
                .is_not_null()
                .or(requests::withdrawal.is_not_null()),
        )
        .group_by(reason.clone())
        .select((reason, count_star()))
        .load(conn)?;
    counts.extend(named("items_taken_back", of));
    let of: Vec<(Option<String>, i64)> = items::table
        .inner_join(requests::table)
        .filter(own.and(items::restoration_outcome.is_not_null()))
        .group_by(items::restoration_outcome)
        .select((items::restoration_outcome, count_star()))
        .load(conn)?;
    counts.extend(named("restoration_answers", of));
    let of: Vec<(Option<String>, i64)> = items::table
        .inner_join(requests::table)
        .filter(own)
        .group_by(items::outcome)
        .select((items::outcome, count_star()))
        .load(conn)?;
    counts.extend(named("outcomes", of));
    Ok(counts)
}

fn named(what: &'static str, of: Vec<(Option<String>, i64)>) -> impl Iterator<Item = Count> {
    of.into_iter()
        .map(move |(which, count)| (what, which.unwrap_or_else(|| "undecided".to_owned()), count))
}
