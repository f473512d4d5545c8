//! What the bytes of an entry say, without a copy of them: there are millions.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

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

    /// What a request was filed as.
    pub fn filed(&self) -> Filed<'a> {
        let data = self.data.map(RawValue::get);
        data.and_then(|data| serde_json::from_str(data).ok())
            .unwrap_or_default()
    }

    /// All it says, if a member of this name may be in it.
    pub fn with(&self, member: &str) -> Option<Value> {
        let data = self.data.map(RawValue::get)?;
        data.contains(&format!("\"{member}\""))
            .then(|| serde_json::from_str(data).ok())?
    }
}
