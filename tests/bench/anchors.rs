//! What the machine does with nothing of ours in the way: a bare SQLite loop, and a server that answers from memory.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use actix_web::http::header::ContentType;
use actix_web::{App, HttpResponse, HttpServer, web};
use bytes::Bytes;
use diesel::prelude::*;
use takedown::store::backend::{Access, Location, migrate};
use takedown::store::history::{self, NewEntry};
use takedown::store::requests::{self, RequestProgress, RequestRow};
use takedown::store::{Conn, StoreError};
use takedown::store::{log, schema};
use takedown_core::id::{EntryId, Reference, RequestId};
use uuid::Uuid;

use crate::Failed;

/// A real request and its first history entry, to make others alike.
#[derive(Clone)]
pub struct Pattern {
    pub request: RequestRow,
    pub entry: NewEntry,
}

impl Pattern {
    /// The request whose identifier is the newest.
    pub fn read(conn: &mut Conn) -> Result<Pattern, Failed> {
        let request: RequestRow = schema::requests::table
            .order(schema::requests::id.desc())
            .select(RequestRow::as_select())
            .first(conn)?;
        Self::of(conn, request)
    }

    /// This request.
    pub fn of(conn: &mut Conn, request: RequestRow) -> Result<Pattern, Failed> {
        let entry = history::of_request(conn, &request.id, 0, 1)?
            .pop()
            .ok_or("a request without history")?;
        Ok(Pattern {
            entry: NewEntry {
                id: entry.id,
                request_id: Some(request.id.clone()),
                version: entry.version,
                event: entry.event,
                side: entry.side,
                party_id: entry.party_id,
                client_id: entry.client_id,
                via: entry.via,
                at: entry.at,
                data: entry.data,
                salt: vec![0; 32],
                leaf: vec![0; 32],
                erased_with: None,
            },
            request,
        })
    }

    /// Another one with identifiers of its own.
    pub fn another(&self, number: u64) -> Pattern {
        let id = RequestId::from_uuid(Uuid::now_v7());
        let mut other = self.clone();
        other.request.id = id.to_string();
        other.request.reference = Reference::from_request(id).to_string();
        other.request.check_code = format!("{number:019}");
        other.request.agency_reference = Some(format!("AN-{number}/26"));
        other.entry.id = EntryId::from_uuid(Uuid::now_v7()).to_string();
        other.entry.request_id = Some(other.request.id.clone());
        other
    }
}

/// Seals an entry as a server does.
pub fn sealed(entry: &mut NewEntry) -> Result<(), StoreError> {
    let sealed = takedown::app::log::seal(&entry.data)?;
    entry.salt = sealed.salt.as_bytes().to_vec();
    entry.leaf = sealed.leaf.as_bytes().to_vec();
    Ok(())
}

/// A bare loop on a SQLite file of its own: what one thread can make durable, one commit after the other.
pub struct Bare {
    conn: Conn,
    path: PathBuf,
    pattern: Pattern,
    number: u64,
    stored: VecDeque<String>,
}

impl Bare {
    /// Makes the file.
    pub fn new(directory: &Path, pattern: Pattern) -> Result<Bare, Failed> {
        let path = directory.join(format!("bare-{}.db", Uuid::now_v7().simple()));
        let mut conn = Location::Sqlite(path.clone()).open(Access::Write)?;
        migrate(&mut conn)?;
        Ok(Bare {
            conn,
            path,
            pattern,
            number: 0,
            stored: VecDeque::new(),
        })
    }

    /// Inserts a request and a history row and syncs, for so long. Commits a second.
    pub fn insert(&mut self, longest: Duration) -> Result<f64, Failed> {
        timed(longest, || {
            self.number += 1;
            let Pattern { request, entry } = self.pattern.another(self.number);
            self.conn.transaction(|conn| {
                requests::insert(conn, &request, &[])?;
                history::append(conn, &entry)
            })?;
            self.stored.push_back(request.id);
            Ok(true)
        })
    }

    /// The same with the entry sealed and given its place in the log in the same commit. Commits a second.
    pub fn insert_sealed(&mut self, longest: Duration) -> Result<f64, Failed> {
        timed(longest, || {
            self.number += 1;
            let Pattern { request, mut entry } = self.pattern.another(self.number);
            sealed(&mut entry)?;
            self.conn.transaction(|conn| {
                requests::insert(conn, &request, &[])?;
                history::append(conn, &entry)?;
                log::sequence(conn, 1)
            })?;
            Ok(true)
        })
    }

    /// Updates a request, inserts a history row and syncs, for so long. Commits a second.
    pub fn update(&mut self, longest: Duration) -> Result<f64, Failed> {
        timed(longest, || {
            let Some(id) = self.stored.pop_front() else {
                return Ok(false);
            };
            let mut entry = self.pattern.entry.clone();
            entry.id = EntryId::from_uuid(Uuid::now_v7()).to_string();
            entry.request_id = Some(id.clone());
            entry.version = Some(2);
            let progress = progress(&self.pattern.request);
            self.conn.transaction(|conn| {
                requests::update(conn, &id, &progress)?;
                history::append(conn, &entry)
            })?;
            Ok(true)
        })
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        remove(&self.path);
    }
}

/// Removes a SQLite file and what lies beside it.
pub fn remove(path: &Path) {
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", path.display()));
    }
}

fn timed(
    longest: Duration,
    mut step: impl FnMut() -> Result<bool, StoreError>,
) -> Result<f64, Failed> {
    let started = Instant::now();
    let mut steps = 0_u64;
    while started.elapsed() < longest && step()? {
        steps += 1;
    }
    #[allow(clippy::cast_precision_loss)]
    Ok(steps as f64 / started.elapsed().as_secs_f64())
}

fn progress(row: &RequestRow) -> RequestProgress {
    RequestProgress {
        status: "acknowledged".into(),
        result: None,
        version: row.version + 1,
        platform_reference: None,
        undecided_count: row.undecided_count,
        taken_back_count: 0,
        doubted_at: None,
        fetched_at: Some(row.filed_at),
        acknowledged_at: Some(row.filed_at),
        closed_at: None,
        withdrawn_at: None,
        due_at: None,
        remind_at: None,
        updated_at: row.filed_at,
        state: row.state.clone(),
        clock: row.clock.clone(),
        withdrawal: None,
        restoration: None,
        preservation: None,
        preservation_status: None,
        preservation_until: None,
        preservation_due: None,
    }
}

/// A bare server in a process of its own that answers every call with the same bytes.
pub struct Memory {
    child: Child,
    pub url: String,
}

impl Memory {
    /// Starts it; it has as many workers as ours.
    pub fn serve(content: &Path) -> Result<Memory, Failed> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("answer-from-memory")
            .arg(content)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        let output = child.stdout.take().ok_or("no output")?;
        BufReader::new(output).read_line(&mut line)?;
        Ok(Memory {
            child,
            url: line.trim().to_owned(),
        })
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the other process does.
pub fn answer_from_memory(content: &Path) -> Result<(), Failed> {
    let content = Bytes::from(std::fs::read(content)?);
    actix_web::rt::System::new().block_on(async move {
        let server = HttpServer::new(move || {
            let content = content.clone();
            App::new().default_service(web::to(move || {
                let content = content.clone();
                async move {
                    HttpResponse::Ok()
                        .content_type(ContentType::json())
                        .body(content)
                }
            }))
        })
        .workers(std::thread::available_parallelism().map_or(2, usize::from))
        .keep_alive(Duration::from_secs(75))
        .bind("127.0.0.1:0")?;
        for address in server.addrs() {
            println!("http://{address}");
        }
        server.run().await
    })?;
    Ok(())
}
