//! Which objects are asked for.

use serde::Deserialize;
use takedown_core::time::{At, parse_rfc3339};
use validator::Validate;

use crate::app::collections;
use crate::http::problem::{Code, FieldError, Problem};

/// The most objects on a page: for each request among them a receipt or a read is entered.
const MOST: usize = 200;
/// How many there are when nothing is said.
const USUAL: usize = 100;

/// What TAXII 2.1 has to choose by.
#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    added_after: Option<String>,
    limit: Option<String>,
    next: Option<String>,
    #[serde(rename = "match[id]")]
    id: Option<String>,
    #[serde(rename = "match[type]")]
    kind: Option<String>,
    #[serde(rename = "match[version]")]
    version: Option<String>,
    #[serde(rename = "match[spec_version]")]
    spec_version: Option<String>,
}

impl Wanted {
    /// What a use case is asked for.
    pub(super) fn read(self) -> Result<collections::Chosen, Problem> {
        let versions = self.version.as_deref().map(versions).transpose()?;
        let spec = self.spec_version.as_deref();
        let others = spec.is_some_and(|spec| !list(spec).iter().any(|version| version == "2.1"));
        Ok(collections::Chosen {
            added_after: self.added_after.as_deref().map(added_after).transpose()?,
            limit: self.limit.as_deref().map_or(Ok(USUAL), limit)?,
            next: self.next,
            ids: self
                .id
                .map_or(Ok(Vec::new()), |id| names("match[id]", &id))?,
            types: self
                .kind
                .map_or(Ok(Vec::new()), |kind| names("match[type]", &kind))?,
            versions: versions.unwrap_or_default(),
            nothing: others,
        })
    }

    /// The same of one object, which is named in the address.
    pub(super) fn of_one(self) -> Result<collections::Chosen, Problem> {
        for (name, given) in [("match[id]", &self.id), ("match[type]", &self.kind)] {
            if given.is_some() {
                let why = "is not taken here: the address names the object";
                return Err(refused(name, why.to_owned()));
            }
        }
        self.read()
    }
}

fn refused(name: &str, detail: String) -> Problem {
    Problem::new(Code::InvalidParameter, format!("{name}: {detail}"))
        .errors([FieldError::parameter(name, detail)])
}

fn list(given: &str) -> Vec<String> {
    let values = given.split(',').map(str::trim);
    values
        .filter(|value| !value.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Identifiers or types. What cannot be one is refused, as it names nothing.
fn names(name: &str, given: &str) -> Result<Vec<String>, Problem> {
    let named = list(given);
    if named.iter().all(|one| collections::can_be(one)) {
        return Ok(named);
    }
    let why = "must be of lower-case letters, digits and hyphens, such as url or report--…; several are separated by commas";
    Err(refused(name, why.to_owned()))
}

fn limit(given: &str) -> Result<usize, Problem> {
    match given.parse::<u64>() {
        Ok(limit) if limit > 0 => Ok(usize::try_from(limit).unwrap_or(MOST).min(MOST)),
        _ => Err(refused(
            "limit",
            "must be a whole number above 0".to_owned(),
        )),
    }
}

fn added_after(given: &str) -> Result<i64, Problem> {
    match chrono::DateTime::parse_from_rfc3339(given) {
        Ok(at) => Ok(at.timestamp_micros()),
        Err(error) => Err(refused(
            "added_after",
            format!("must be an instant such as 2026-03-01T09:30:00.000000Z ({error})"),
        )),
    }
}

/// The versions that are named; none when it is the last, the first or all, which are the same here.
fn versions(given: &str) -> Result<Vec<At>, Problem> {
    let mut named = Vec::new();
    for version in list(given) {
        match version.as_str() {
            "last" | "first" | "all" => return Ok(Vec::new()),
            at => named.push(parse_rfc3339(at).map_err(|error| {
                refused(
                    "match[version]",
                    format!("must be last, first, all or an instant: {error}"),
                )
            })?),
        }
    }
    Ok(named)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::http::extract::Query;

    fn read(query: &str) -> Result<collections::Chosen, Problem> {
        Query::<Wanted>::parse(query)?.read()
    }

    #[test]
    fn what_is_asked_for_is_understood() {
        let chosen = read("added_after=2026-03-01T09:30:00.000001Z&limit=7&match[type]=url,%20report&match[version]=last").unwrap();
        assert_eq!(chosen.added_after, Some(1_772_357_400_000_001));
        assert_eq!(
            (chosen.limit, chosen.types),
            (7, vec!["url".to_owned(), "report".to_owned()])
        );
        assert!(chosen.versions.is_empty() && !chosen.nothing);
        let chosen =
            read("limit=100000&match[version]=2026-03-01T09:30:00.000Z&match[spec_version]=2.0")
                .unwrap();
        assert_eq!(
            (chosen.limit, chosen.versions.len(), chosen.nothing),
            (MOST, 1, true)
        );
        assert!(!read("match[spec_version]=2.0,2.1").unwrap().nothing);
    }

    #[test]
    fn what_is_not_is_refused_by_name() {
        for (query, name) in [
            ("limit=0", "limit"),
            ("limit=-1", "limit"),
            ("limit=many", "limit"),
            ("added_after=yesterday", "added_after"),
            ("match[version]=newest", "match[version]"),
            ("match[color]=red", "match[color]"),
            ("match[id]=url--1%00", "match[id]"),
            ("match[type]=report,A", "match[type]"),
        ] {
            let problem = read(query).unwrap_err();
            let errors = problem.field_errors();
            let named = format!("{:?}", errors.first());
            assert!(named.contains(name), "{query}: {named}");
        }
    }
}
