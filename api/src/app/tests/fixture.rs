//! For tests: a store with an agency and a platform, and the few things that tests do to them.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::path::PathBuf;

use chrono::TimeDelta;
use diesel::prelude::*;
use takedown_core::agency::{Verification, VerificationMethod};
use takedown_core::history::{Digest, Via};
use takedown_core::id::{AgencyId, ClientId, PlatformId};
use takedown_core::locator::{ItemKind, Locator};
use takedown_core::policy::{Actor, Party, Scopes};
use takedown_core::request::WithdrawalReason;
use uuid::Uuid;

use crate::app::once::Answer;
use crate::app::requests::filing::{Filing, ItemDetail, NewFiling, NewItem, Territory, Text};
use crate::app::requests::{self, Expected, RequestView};
use crate::app::{Caller, Cx, Settings};
use crate::store::agencies::AgencyRow;
use crate::store::backend::Location;
use crate::store::outbox::{MailRow, OutboxRow};
use crate::store::platforms::PlatformRow;
use crate::store::schema::{
    agencies, mails, outbox, platforms, requests as request_rows, signing_keys,
};
use crate::store::{Conn, Store, StoreError};

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Db {
    Sqlite,
    Postgres,
}

/// Runs tests (`async fn(Db)`) on both databases; on PostgreSQL only beside a server (`scripts/with-postgres`).
macro_rules! on_both {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test($crate::app::tests::fixture::Db::Sqlite).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                if std::env::var_os("TAKEDOWN_TEST_POSTGRES").is_none() {
                    eprintln!("not run: there is no PostgreSQL; scripts/with-postgres starts one");
                    return;
                }
                super::$test($crate::app::tests::fixture::Db::Postgres).await;
            })+
        }
    };
}
pub(crate) use on_both;

pub struct World {
    location: Location,
    pub cx: Cx,
    pub agency: Caller,
    pub platform: Caller,
    pub folder: PathBuf,
}

impl Drop for World {
    fn drop(&mut self) {
        if let Location::Postgres(url) = &self.location {
            let (server, name) = url.rsplit_once('/').unwrap();
            statement(server, &format!("DROP DATABASE {name} WITH (FORCE)"));
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn answer(view: &RequestView, _: &Caller) -> Answer {
    Answer {
        status: 200,
        headers: Vec::new(),
        body: view.request.id.to_string(),
    }
}

fn caller(party: Party) -> Caller {
    Caller {
        client: ClientId::from_uuid(Uuid::now_v7()),
        actor: Actor::new(party, Scopes::all()),
        via: Via::Api,
    }
}

impl World {
    pub async fn new() -> Self {
        Self::on(Db::Sqlite).await
    }

    pub async fn on(db: Db) -> Self {
        let folder = std::env::temp_dir().join(format!("takedown-worker-{}", Uuid::now_v7()));
        std::fs::create_dir_all(&folder).unwrap();
        let location = match db {
            Db::Sqlite => Location::Sqlite(folder.join("takedown.db")),
            Db::Postgres => postgres(),
        };
        let cx = open(&location);
        let agency = AgencyId::from_uuid(Uuid::now_v7());
        let platform = PlatformId::from_uuid(Uuid::now_v7());
        let rows = (agency_row(&cx, agency), platform_row(&cx, platform));
        cx.store
            .write(move |conn| {
                crate::store::agencies::insert(conn, &rows.0)?;
                crate::store::platforms::insert(conn, &rows.1, &["paste.example".to_owned()])
            })
            .await
            .unwrap_or_else(|e: StoreError| panic!("{e}"));
        Self {
            location,
            cx,
            agency: caller(Party::Agency(agency)),
            platform: caller(Party::Platform(platform)),
            folder,
        }
    }

    /// Another node over the same database file.
    pub fn other_node(&self) -> Cx {
        open(&self.location)
    }

    pub async fn file(&self, instrument: &str, ground: &str) -> String {
        let locator = format!("https://paste.example/secret-path-{}", Uuid::now_v7());
        let new = NewFiling {
            instrument: instrument.to_owned(),
            platform: None,
            agency_reference: None,
            operation: None,
            jurisdiction: None,
            filing: Filing {
                grounds: vec![ground.to_owned()],
                reasons: Text {
                    text: "secret reasons".to_owned(),
                    language: "pl".parse().unwrap(),
                },
                translation: None,
                provision: Some("Art. 255a".to_owned()),
                territory: Territory::default(),
                officer: None,
                service: None,
                specified: None,
                non_disclosure: None,
                preservation: None,
                attribution: None,
            },
            items: vec![NewItem {
                kind: ItemKind::Url,
                locator: Locator::parse(ItemKind::Url, &locator).unwrap(),
                detail: ItemDetail::default(),
            }],
            digest: Digest::of(&locator),
        };
        let filed = requests::file(&self.cx, &self.agency, None, new, answer).await;
        filed.unwrap().body
    }

    pub async fn referral(&self) -> String {
        self.file("referral", "terms").await
    }

    pub async fn withdraw(&self, id: &str) {
        let reason = (WithdrawalReason::Mistake, None);
        let any = Expected::Any;
        requests::withdraw(&self.cx, &self.agency, id.to_owned(), any, reason, answer)
            .await
            .unwrap();
    }

    pub async fn fetch(&self, id: &str) {
        requests::read(&self.cx, &self.platform, id).await.unwrap();
    }

    pub async fn check_code(&self, id: &str) -> String {
        let view = requests::read(&self.cx, &self.agency, id).await.unwrap();
        view.check_code.to_string()
    }

    pub async fn status(&self, id: &str) -> &'static str {
        let view = requests::read(&self.cx, &self.agency, id).await.unwrap();
        view.request.status().as_str()
    }

    pub async fn outbox(&self) -> Vec<OutboxRow> {
        let rows = |conn: &mut Conn| -> Result<Vec<OutboxRow>, StoreError> {
            Ok(outbox::table
                .order(outbox::id)
                .select(OutboxRow::as_select())
                .load(conn)?)
        };
        self.cx.store.read(rows).await.unwrap()
    }

    pub async fn kept(&self) -> Vec<MailRow> {
        let rows = |conn: &mut Conn| -> Result<Vec<MailRow>, StoreError> {
            Ok(mails::table
                .order(mails::id)
                .select(MailRow::as_select())
                .load(conn)?)
        };
        self.cx.store.read(rows).await.unwrap()
    }

    pub async fn only(&self) -> OutboxRow {
        let mut rows = self.outbox().await;
        assert_eq!(rows.len(), 1, "{rows:?}");
        rows.remove(0)
    }

    /// Lets every pause and lease of the outbox end now.
    pub async fn everything_is_due(&self) {
        let change = |conn: &mut Conn| -> Result<usize, StoreError> {
            Ok(diesel::update(outbox::table)
                .set((outbox::next_at.eq(0), outbox::lease_until.eq(0)))
                .execute(conn)?)
        };
        self.cx.store.write(change).await.unwrap();
    }

    /// As if another node had taken everything over.
    pub async fn lease_to(&self, lease: &'static str) {
        let until = self.cx.now().timestamp_millis() + 60_000;
        let change = move |conn: &mut Conn| -> Result<usize, StoreError> {
            Ok(diesel::update(outbox::table)
                .set((outbox::lease.eq(lease), outbox::lease_until.eq(until)))
                .execute(conn)?)
        };
        self.cx.store.write(change).await.unwrap();
    }

    pub async fn set_platform(
        &self,
        suspended: bool,
        standing: &'static str,
        contacts: &'static str,
    ) {
        let change = move |conn: &mut Conn| -> Result<usize, StoreError> {
            Ok(diesel::update(platforms::table)
                .set((
                    platforms::suspended.eq(suspended),
                    platforms::standing.eq(standing),
                    platforms::contacts.eq(contacts),
                ))
                .execute(conn)?)
        };
        self.cx.store.write(change).await.unwrap();
    }

    pub async fn set_agency(&self, status: &'static str) {
        let change = move |conn: &mut Conn| -> Result<usize, StoreError> {
            Ok(diesel::update(agencies::table)
                .set(agencies::status.eq(status))
                .execute(conn)?)
        };
        self.cx.store.write(change).await.unwrap();
    }

    /// As if every running clock had begun so long ago that a minute is left.
    pub async fn short_clocks(&self) {
        let ago = self.cx.now() - TimeDelta::minutes(59);
        let left = self.cx.now() + TimeDelta::minutes(1);
        let change = move |conn: &mut Conn| -> Result<(), StoreError> {
            let all: Vec<(String, String)> = request_rows::table
                .select((request_rows::id, request_rows::clock))
                .load(conn)?;
            for (id, clock) in all {
                let mut clock: serde_json::Value = serde_json::from_str(&clock)?;
                clock["started_at"] = serde_json::to_value(ago)?;
                clock["due_at"] = serde_json::to_value(left)?;
                diesel::update(request_rows::table.find(id))
                    .set((
                        request_rows::clock.eq(clock.to_string()),
                        request_rows::remind_at.eq(1),
                    ))
                    .execute(conn)?;
            }
            Ok(())
        };
        self.cx.store.write(change).await.unwrap();
    }

    /// As if the process had died after the mail had left.
    pub async fn forget_settling(&self) {
        let change = |conn: &mut Conn| -> Result<usize, StoreError> {
            Ok(diesel::update(outbox::table)
                .set((
                    outbox::status.eq("pending"),
                    outbox::attempts.eq(0),
                    outbox::settled_at.eq(None::<i64>),
                ))
                .execute(conn)?)
        };
        self.cx.store.write(change).await.unwrap();
    }

    pub async fn old_answers(&self, count: i32) {
        let change = move |conn: &mut Conn| -> Result<(), StoreError> {
            for n in 0..count {
                let row = crate::store::idempotency::AnswerRow {
                    client_id: "client".to_owned(),
                    key: n.to_string(),
                    fingerprint: vec![0; 32],
                    status: 201,
                    headers: "[]".to_owned(),
                    body: "{}".to_owned(),
                    created_at: i64::from(n),
                };
                crate::store::idempotency::keep(conn, &row, 0)?;
            }
            Ok(())
        };
        self.cx.store.write(change).await.unwrap();
    }

    pub async fn age_keys(&self) {
        let change = |conn: &mut Conn| -> Result<usize, StoreError> {
            Ok(diesel::update(signing_keys::table)
                .set(signing_keys::seen_at.eq(0))
                .execute(conn)?)
        };
        self.cx.store.write(change).await.unwrap();
    }

    pub async fn remind_now(&self) {
        let change = |conn: &mut Conn| -> Result<usize, StoreError> {
            Ok(
                diesel::update(request_rows::table.filter(request_rows::remind_at.is_not_null()))
                    .set(request_rows::remind_at.eq(1))
                    .execute(conn)?,
            )
        };
        self.cx.store.write(change).await.unwrap();
    }
}

/// A database of its own on the server that the tests were given.
fn postgres() -> Location {
    let maintenance = std::env::var("TAKEDOWN_TEST_POSTGRES").unwrap();
    let (server, _) = maintenance.rsplit_once('/').unwrap();
    let name = format!("unit_{}", Uuid::now_v7().simple());
    statement(server, &format!("CREATE DATABASE {name}"));
    Location::Postgres(format!("{server}/{name}"))
}

fn statement(server: &str, statement: &str) {
    let mut conn = PgConnection::establish(&format!("{server}/postgres")).unwrap();
    diesel::sql_query(statement).execute(&mut conn).unwrap();
}

fn open(location: &Location) -> Cx {
    let store = Store::open(location.clone(), 2).unwrap();
    Cx::new(
        store,
        Settings {
            public_url: "https://exchange.example".to_owned(),
            render_event: |event| event.id.clone(),
        },
    )
}

fn agency_row(cx: &Cx, id: AgencyId) -> AgencyRow {
    let now = cx.now();
    let verification = Verification {
        method: VerificationMethod::CallBack,
        by: "Duty desk".to_owned(),
        verified_at: now - TimeDelta::days(1),
        expires_at: now + TimeDelta::days(300),
        note: None,
    };
    AgencyRow {
        id: id.to_string(),
        name: "Cyber Unit Krak\u{f3}w".to_owned(),
        country: "PL".to_owned(),
        agency_type: "police".to_owned(),
        status: "verified".to_owned(),
        complaints: "https://police.example/complaints".to_owned(),
        mail: "unit@police.example".to_owned(),
        language: "en".to_owned(),
        time_zone: "Europe/Warsaw".to_owned(),
        verification: Some(serde_json::to_string(&verification).unwrap()),
        version: 1,
        created_at: now.timestamp_millis(),
        updated_at: now.timestamp_millis(),
    }
}

fn platform_row(cx: &Cx, id: PlatformId) -> PlatformRow {
    let now = cx.now().timestamp_millis();
    PlatformRow {
        id: id.to_string(),
        name: "Small Paste Service".to_owned(),
        country: "DE".to_owned(),
        standing: "active".to_owned(),
        suspended: false,
        languages: r#"["en"]"#.to_owned(),
        time_zone: "Europe/Berlin".to_owned(),
        contacts: r#"["owner@paste.example"]"#.to_owned(),
        size_class: "micro".to_owned(),
        version: 1,
        created_at: now,
        updated_at: now,
    }
}
