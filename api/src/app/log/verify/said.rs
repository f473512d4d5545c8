//! What the bytes of an entry say, without a copy of them: there are millions.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use takedown_core::time::parse_rfc3339;

use crate::store::log::whole::WholeRow;

/// An entry, as far as something stands beside it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Said<'a> {
    /// Entries of the first versions do not name themselves.
    #[serde(borrow)]
    pub id: Option<&'a str>,
    #[serde(rename = "type")]
    pub event: Option<&'a str>,
    pub by: By<'a>,
    pub at: Option<&'a str>,
    pub subject: Subject<'a>,
    data: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct By<'a> {
    pub side: Option<&'a str>,
    pub id: Option<&'a str>,
    pub client: Option<&'a str>,
    pub via: Option<&'a str>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Subject<'a> {
    kind: Option<&'a str>,
    id: Option<&'a str>,
    version: Option<i32>,
}

/// What a request was filed as.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filed<'a> {
    #[serde(borrow)]
    pub agency: Option<&'a str>,
    pub platform: Option<&'a str>,
    pub instrument: Option<&'a str>,
    pub kind: Option<&'a str>,
    pub filing: Option<&'a str>,
}

impl<'a> Filed<'a> {
    /// What these bytes say of a filing.
    pub fn of(data: &'a str) -> Self {
        serde_json::from_str(data).unwrap_or_default()
    }
}

impl<'a> Said<'a> {
    /// What these bytes say; none when they are no entry.
    pub fn of(bytes: &'a str) -> Option<Self> {
        serde_json::from_str(bytes).ok()
    }

    /// Request and version, of an entry about a request.
    pub fn request(&self) -> (Option<&'a str>, Option<i32>) {
        match self.subject.kind {
            Some("request") => (self.subject.id, self.subject.version),
            _ => (None, None),
        }
    }

    /// The identifier of what it is about.
    pub fn about(&self) -> Option<&'a str> {
        self.subject.id
    }

    /// The bytes of what happened.
    pub fn data(&self) -> &'a str {
        self.data.map_or("", RawValue::get)
    }
}

/// All that these bytes of what happened say, if a member of this name may be in it.
pub(super) fn with(data: &str, member: &str) -> Option<Value> {
    data.contains(&format!("\"{member}\""))
        .then(|| serde_json::from_str(data).ok())?
}

/// The bytes of what happened, if an entry says in the form in which the exchange writes it exactly what stands beside it: the
/// usual case, which needs no JSON read. Whatever differs, and be it in its form, is for [`Said::of`].
pub(super) fn as_written(row: &WholeRow) -> Option<&str> {
    let mut cursor = Cursor::of(&row.data);
    cursor.word("{\"id\":\"", &row.id)?;
    match &row.request_id {
        Some(request) => {
            cursor.word(",\"subject\":{\"kind\":\"request\",\"id\":\"", request)?;
            cursor.mark(",\"version\":")?;
            if cursor.until('}')?.parse() != Ok(row.version?) {
                return None;
            }
        }
        None => {
            cursor.mark(",\"subject\":{\"kind\":\"")?;
            let of_none = row.version.is_none() && cursor.until('"')? != "request";
            of_none.then(|| cursor.until('}'))??;
        }
    }
    cursor.word(",\"by\":{\"side\":\"", &row.side)?;
    match (&row.party_id, row.is_of_party()) {
        (Some(party), true) => cursor.word(",\"id\":\"", party)?,
        (None, false) => {
            // An auditor or operator whom the exchange knows stands in no column.
            if cursor.mark(",\"id\":\"").is_some() {
                cursor.until('"')?;
            }
        }
        _ => return None,
    }
    cursor.word(",\"via\":\"", &row.via)?;
    if let Some(client) = &row.client_id {
        cursor.word(",\"client\":\"", client)?;
    }
    cursor.mark("},\"at\":\"")?;
    let at = parse_rfc3339(cursor.until('"')?).ok()?;
    if at.timestamp_millis() != row.at {
        return None;
    }
    cursor.word(",\"type\":\"", &row.event)?;
    cursor.mark(",\"data\":")?;
    cursor.0.strip_suffix('}')
}

/// Reads bytes that are expected to have a certain form, from left to right.
pub(super) struct Cursor<'a>(&'a str);

impl<'a> Cursor<'a> {
    pub fn of(bytes: &'a str) -> Self {
        Self(bytes)
    }

    /// Passes over exactly this.
    pub fn mark(&mut self, mark: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(mark)?;
        Some(())
    }

    /// Passes over this, and then over exactly this text and the quotation mark that ends it.
    pub fn word(&mut self, mark: &str, text: &str) -> Option<()> {
        self.mark(mark)?;
        (self.until('"')? == text && !text.contains('\\')).then_some(())
    }

    /// What comes before this character, which is passed over.
    fn until(&mut self, end: char) -> Option<&'a str> {
        let (found, rest) = self.0.split_once(end)?;
        self.0 = rest;
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::beside::columns;
    use super::*;

    fn row(request: Option<&str>, party: Option<&str>, client: Option<&str>) -> WholeRow {
        let subject = match request {
            Some(id) => format!(r#"{{"kind":"request","id":"{id}","version":3}}"#),
            None => r#"{"kind":"exchange"}"#.to_owned(),
        };
        let side = if party.is_some() { "agency" } else { "system" };
        let id = party.map_or(String::new(), |id| format!(r#","id":"{id}""#));
        let of = client.map_or(String::new(), |client| format!(r#","client":"{client}""#));
        WholeRow {
            id: "evt_1".to_owned(),
            request_id: request.map(str::to_owned),
            version: request.map(|_| 3),
            event: "note.added".to_owned(),
            side: side.to_owned(),
            party_id: party.map(str::to_owned),
            client_id: client.map(str::to_owned),
            via: "api".to_owned(),
            at: 1_700_000_000_123,
            data: format!(
                r#"{{"id":"evt_1","subject":{subject},"by":{{"side":"{side}"{id},"via":"api"{of}}},"at":"2023-11-14T22:13:20.123Z","type":"note.added","data":{{"x":[1]}}}}"#
            ),
            salt: None,
            leaf: None,
            log_index: None,
        }
    }

    type Change = fn(&mut WholeRow);

    const CHANGES: [Change; 16] = [
        |row| row.id = "evt_2".to_owned(),
        |row| row.request_id = Some("req_2".to_owned()),
        |row| row.request_id = None,
        |row| row.version = Some(4),
        |row| row.version = None,
        |row| row.event = "note.adde".to_owned(),
        |row| row.side = "platform".to_owned(),
        |row| row.party_id = Some("agency_2".to_owned()),
        |row| row.party_id = None,
        |row| row.client_id = Some("client_2".to_owned()),
        |row| row.client_id = None,
        |row| row.via = "cli".to_owned(),
        // Together they would read as before.
        |row| {
            if let Some(client) = row.client_id.take() {
                row.via = format!(r#"api","client":"{client}"#);
            }
        },
        |row| row.at += 1,
        |row| row.data = row.data.replace("\"via\"", " \"via\""),
        |row| row.data = row.data.replace("exchange", "request"),
    ];

    #[test]
    fn bytes_are_as_written_only_if_every_column_is_what_they_say() {
        for (request, party, client) in [
            (Some("req_1"), Some("agency_1"), Some("client_1")),
            (Some("req_1"), None, None),
            (None, Some("agency_1"), None),
            (None, None, Some("client_1")),
        ] {
            let right = row(request, party, client);
            assert_eq!(as_written(&right), Some(r#"{"x":[1]}"#), "{right:?}");
            for change in CHANGES {
                let mut changed = right.clone();
                change(&mut changed);
                let faults = columns(&changed, Said::of(&changed.data).as_ref());
                if as_written(&changed).is_some() {
                    assert_eq!(faults, Vec::<String>::new(), "{changed:?}");
                }
                let same = format!("{changed:?}") == format!("{right:?}");
                assert!(same || as_written(&changed).is_none(), "{changed:?}");
            }
        }
    }

    #[test]
    fn entries_of_the_first_versions_and_other_forms_are_read_as_json() {
        let mut old = row(Some("req_1"), None, None);
        old.data = old.data.replace(r#""id":"evt_1","#, "");
        assert_eq!(as_written(&old), None);
        let said = Said::of(&old.data).unwrap();
        assert_eq!(columns(&old, Some(&said)), Vec::<String>::new());
        assert_eq!(said.data(), r#"{"x":[1]}"#);
    }
}
