//! An exchange on a database of its own, with rows put in through the store.

use std::path::PathBuf;

use futures_util::StreamExt;
use serde_json::{Value, json};
use takedown_core::history::Via;
use takedown_core::id::{AgencyId, ClientId, ItemId, PlatformId, Reference, RequestId};
use takedown_core::policy::{Actor, Party, Scopes};
use uuid::Uuid;

use crate::app::export::{Export, Format, Wanted, requests};
use crate::app::{Caller, Cx, Error, Settings};
use crate::store::agencies::{self, AgencyRow};
use crate::store::backend::Location;
use crate::store::platforms::{self, PlatformRow};
use crate::store::requests::{self as stored, ItemRow, RequestRow};
use crate::store::{Conn, Store, StoreError};

pub struct World {
    pub cx: Cx,
    pub agency: AgencyId,
    pub other_agency: AgencyId,
    pub platform: PlatformId,
    directory: PathBuf,
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

impl World {
    pub async fn new() -> Self {
        let directory = std::env::temp_dir().join(format!("takedown-export-{}", Uuid::now_v7()));
        std::fs::create_dir_all(&directory).unwrap();
        let location = Location::Sqlite(directory.join("exchange.db"));
        let settings = Settings {
            public_url: "https://exchange.example".into(),
            render_event: |_| String::new(),
            render_notice: |_| String::new(),
            render_part: |_| String::new(),
            render_webhook: |_| String::new(),
            signing_key_age: chrono::TimeDelta::hours(24),
        };
        let world = Self {
            cx: Cx::new(Store::open(location, 1).unwrap(), settings),
            agency: AgencyId::from_uuid(Uuid::now_v7()),
            other_agency: AgencyId::from_uuid(Uuid::now_v7()),
            platform: PlatformId::from_uuid(Uuid::now_v7()),
            directory,
        };
        let (one, two, platform) = (world.agency, world.other_agency, world.platform);
        world
            .write(move |conn| {
                agencies::insert(conn, &agency(one, "Unit One"))?;
                agencies::insert(conn, &agency(two, "=Unit \"Two\""))?;
                platforms::insert(conn, &platform_row(platform), &[])
            })
            .await;
        world
    }

    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Conn) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.cx.store.write(work).await.unwrap()
    }

    /// Stores requests of an agency with so many items each.
    pub async fn file(&self, by: AgencyId, count: usize, items: i32) -> Vec<String> {
        let made: Vec<_> = (0..count)
            .map(|_| request(by, self.platform, items))
            .collect();
        let ids = made.iter().map(|(row, _)| row.id.clone()).collect();
        self.insert(made).await;
        ids
    }

    pub async fn insert(&self, made: Vec<(RequestRow, Vec<ItemRow>)>) {
        self.write(move |conn| {
            made.iter()
                .try_for_each(|(row, items)| stored::insert(conn, row, items))
        })
        .await;
    }

    pub fn caller(&self, party: Party) -> Caller {
        Caller {
            client: ClientId::from_uuid(Uuid::now_v7()),
            actor: Actor::new(party, Scopes::all()),
            via: Via::Api,
        }
    }

    pub async fn export(&self, party: Party, format: Format, wanted: Wanted) -> Export {
        self.try_export(party, format, wanted).await.unwrap()
    }

    pub async fn try_export(
        &self,
        party: Party,
        format: Format,
        wanted: Wanted,
    ) -> Result<Export, Error> {
        requests(&self.cx, &self.caller(party), format, &wanted).await
    }

    pub async fn lines(&self, party: Party, wanted: Wanted) -> Vec<Value> {
        let export = self.export(party, Format::Ndjson, wanted).await;
        lines(&text(export).await)
    }

    pub async fn history(&self) -> Vec<Value> {
        use crate::store::schema::history;
        use diesel::prelude::*;
        let entries: Vec<String> = self
            .cx
            .store
            .read(|conn: &mut Conn| {
                Ok::<_, StoreError>(
                    history::table
                        .filter(history::event.eq("requests.exported"))
                        .order(history::pos)
                        .select(history::data)
                        .load(conn)?,
                )
            })
            .await
            .unwrap();
        entries
            .iter()
            .map(|entry| serde_json::from_str(entry).unwrap())
            .collect()
    }
}

/// The whole of an export.
pub async fn text(mut export: Export) -> String {
    let mut bytes = Vec::new();
    while let Some(chunk) = export.next().await {
        bytes.extend_from_slice(&chunk.unwrap());
    }
    String::from_utf8(bytes).unwrap()
}

pub fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn agency(id: AgencyId, name: &str) -> AgencyRow {
    AgencyRow {
        id: id.to_string(),
        name: name.into(),
        country: "PL".into(),
        agency_type: "police".into(),
        status: "verified".into(),
        suspension_reason: None,
        complaints: "complaints@unit.example".into(),
        mail: "desk@unit.example".into(),
        language: "pl".into(),
        time_zone: "Europe/Warsaw".into(),
        verification: None,
        version: 1,
        created_at: 0,
        updated_at: 0,
        naming_agreed: false,
        scrutinises: "[]".into(),
        signature_required: false,
        notification: None,
    }
}

fn platform_row(id: PlatformId) -> PlatformRow {
    PlatformRow {
        id: id.to_string(),
        name: "Paste".into(),
        country: "DE".into(),
        standing: "active".into(),
        suspended: false,
        suspension_reason: None,
        languages: r#"["en"]"#.into(),
        time_zone: "Europe/Berlin".into(),
        contacts: r#"["abuse@paste.example"]"#.into(),
        size_class: "micro".into(),
        version: 1,
        created_at: 0,
        updated_at: 0,
        notification: None,
    }
}

/// A referral as filing stores one.
pub fn request(agency: AgencyId, platform: PlatformId, items: i32) -> (RequestRow, Vec<ItemRow>) {
    let id = RequestId::from_uuid(Uuid::now_v7());
    let filing = json!({
        "grounds": ["tco:a", "tco:b"],
        "reasons": {"text": "Line one.\nLine \"two\" zażółć.", "language": "pl"},
        "translation": null, "provision": null,
        "territory": {"countries": ["PL"], "worldwide": false},
        "officer": {"handle": "M-17", "name": "Jan Kowalski", "rank": null},
        "service": null, "specified": null,
        "non_disclosure": {"until": "2027-01-01T00:00:00Z", "reason": "an investigation"},
        "preservation": null,
        "attribution": {"source": "a group", "confidence": "possible"},
    });
    let row = RequestRow {
        reference: Reference::from_request(id).to_string(),
        check_code: format!("check-{id}"),
        agency_id: agency.to_string(),
        platform_id: platform.to_string(),
        instrument: "referral".into(),
        jurisdiction: "PL".into(),
        kind: "referral".into(),
        status: "filed".into(),
        result: None,
        version: 1,
        agency_reference: None,
        platform_reference: None,
        operation: None,
        items_count: items,
        undecided_count: items,
        filed_at: 1_700_000_000_000,
        fetched_at: None,
        acknowledged_at: None,
        closed_at: None,
        withdrawn_at: None,
        due_at: None,
        remind_at: None,
        updated_at: 1_700_000_000_000,
        state: r#"{"status":"filed"}"#.into(),
        clock: r#"{"clock":"none"}"#.into(),
        filing: filing.to_string(),
        filing_digest: vec![0; 32],
        revisions: None,
        corrections: 0,
        withdrawal: None,
        restoration: None,
        preservation: None,
        preservation_status: None,
        preservation_until: None,
        preservation_due: None,
        part: 1,
        oversight: None,
        taken_back_count: 0,
        signed: None,
        erased_at: None,
        doubted_at: None,
        filing_salt: None,
        id: id.to_string(),
    };
    let items = (1..=items)
        .map(|position| item(&row.id, position))
        .collect();
    (row, items)
}

fn item(request: &str, position: i32) -> ItemRow {
    let detail = json!({
        "description": "=1+1\nand \"more\"", "language": "ar", "graphic": 2,
        "seen_at": "2026-01-02T03:04:05.678Z", "digests": [],
    });
    ItemRow {
        id: ItemId::from_uuid(Uuid::now_v7()).to_string(),
        request_id: request.into(),
        position,
        kind: "url".into(),
        locator: format!("hxxps://paste.example/{request}/{position}?a=\"b\",c#k=\u{202e}é"),
        comparison_key: format!("https://paste.example/{request}/{position}"),
        comparison_digest: vec![0; 16],
        host: Some("paste.example".into()),
        detail: detail.to_string(),
        outcome: None,
        outcome_detail: None,
        decided_at: None,
        withdrawn_at: None,
        withdrawal: None,
        restore: None,
        answer: None,
        restoration_outcome: None,
        first_decided_at: None,
        undone: None,
    }
}
