//! How often agencies used their keys, and what is kept of that.

use std::collections::BTreeMap;

use diesel::dsl::{max, min, sql};
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::store::schema::{signed_statements, unit_tags};
use crate::store::{Conn, StoreError};

/// How often the keys of an agency were used, and what is kept of that.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct Counted {
    pub agency: String,
    pub used: i32,
    pub kept: i64,
    /// How many different numbers these have, and the smallest and the highest of them.
    pub numbers: i64,
    pub first: Option<i32>,
    pub last: Option<i32>,
}

/// Of each agency of which a use was counted, or a counted use is kept.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn counted(conn: &mut Conn) -> Result<Vec<Counted>, StoreError> {
    let used: Vec<(String, i32)> = unit_tags::table
        .select((unit_tags::agency_id, unit_tags::used))
        .load(conn)?;
    let mut used: BTreeMap<String, i32> = used.into_iter().collect();
    let keep: Vec<String> = signed_statements::table
        .filter(signed_statements::number.is_not_null())
        .select(signed_statements::agency_id)
        .distinct()
        .load(conn)?;
    for agency in keep {
        used.entry(agency).or_default();
    }
    let mut counted = Vec::with_capacity(used.len());
    for (agency, used) in used {
        let numbered = signed_statements::table
            .filter(signed_statements::agency_id.eq(&agency))
            .filter(signed_statements::number.is_not_null());
        let number = signed_statements::number;
        let (kept, numbers) = (
            numbered.count().get_result(conn)?,
            numbered
                .select(sql::<BigInt>("COUNT(DISTINCT signed_statements.number)"))
                .first(conn)?,
        );
        let (first, last) = (
            numbered.select(min(number)).first(conn)?,
            numbered.select(max(number)).first(conn)?,
        );
        counted.push(Counted {
            agency,
            used,
            kept,
            numbers,
            first,
            last,
        });
    }
    Ok(counted)
}
