//! A running server with everyone registered, and what it costs.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use takedown::store::Conn;
use takedown::store::backend::{Access, Location, migrate};
use takedown_tests::database::Database;
use takedown_tests::seams::setting;
use takedown_tests::{Api, Db, Server};

use crate::Failed;
use crate::parties::{self, AGENCY, AUDITOR, PLATFORMS};

/// A server and everyone's tokens.
pub struct Site {
    pub server: Server,
    pub agency: String,
    pub auditor: String,
    pub platforms: Vec<String>,
    /// From the start of the process until it was ready to serve.
    pub ready_after: Duration,
}

/// Where a database lies.
#[derive(Clone)]
pub struct Place {
    pub database: Arc<Database>,
    pub location: Location,
    settings: Vec<(String, String)>,
}

impl Place {
    /// A SQLite file.
    pub fn file(path: &Path) -> Place {
        let url = format!("sqlite://{}", path.display());
        Place {
            database: Arc::new(Database::Sqlite),
            location: Location::Sqlite(path.to_owned()),
            settings: vec![setting("TAKEDOWN_DATABASE_URL", &url)],
        }
    }

    /// A fresh PostgreSQL database.
    pub fn postgres() -> Result<Place, Failed> {
        let database = Arc::new(Database::fresh(Db::Postgres));
        let url = database.url().ok_or("PostgreSQL has a URL")?;
        Ok(Place {
            database,
            location: Location::Postgres(url),
            settings: Vec::new(),
        })
    }

    /// A connection for writing.
    pub fn open(&self) -> Result<Conn, Failed> {
        Ok(self.location.open(Access::Write)?)
    }

    /// Makes the tables and brings everyone in.
    pub fn prepare(&self) -> Result<(), Failed> {
        let mut conn = self.open()?;
        migrate(&mut conn)?;
        parties::register(&mut conn)?;
        Ok(())
    }

    /// Starts a server on it.
    pub fn serve(&self, runtime: &tokio::runtime::Runtime) -> Result<Site, Failed> {
        self.serve_with(runtime, &[])
    }

    /// The same with further settings, which count more than those of the bench.
    pub fn serve_with(
        &self,
        runtime: &tokio::runtime::Runtime,
        further: &[(String, String)],
    ) -> Result<Site, Failed> {
        let mut settings = self.settings.clone();
        settings.extend([
            setting("TAKEDOWN_LIMITS_ENABLED", "false"),
            setting("TAKEDOWN_WORKER_ENABLED", "false"),
            setting("TAKEDOWN_OAUTH_TOKEN_LIFETIME", "3600s"),
        ]);
        settings.extend_from_slice(further);
        let mut server = Server::on(Arc::clone(&self.database), &settings);
        let started = Instant::now();
        server.restart();
        let anonymous = Api::anonymous(server.address());
        runtime.block_on(async { anonymous.get("/readyz").await.is(200) });
        let ready_after = started.elapsed();
        let token = |number| {
            let api = anonymous.acting_as(parties::credentials(number));
            runtime.block_on(async move { api.token().await })
        };
        Ok(Site {
            agency: token(AGENCY),
            auditor: token(AUDITOR),
            platforms: (0..PLATFORMS).map(token).collect(),
            server,
            ready_after,
        })
    }
}

impl Site {
    /// The most memory the process has had resident, in MiB.
    pub fn peak_mib(&self) -> Result<f64, Failed> {
        status_mib(self.server.pid(), "VmHWM:")
    }

    /// The memory that the process has resident now, in MiB.
    pub fn resident_mib(&self) -> Result<f64, Failed> {
        status_mib(self.server.pid(), "VmRSS:")
    }

    /// How many connections and files the process has open.
    pub fn open(&self) -> Result<usize, Failed> {
        let open = std::fs::read_dir(format!("/proc/{}/fd", self.server.pid()))?;
        Ok(open.count())
    }

    /// How long the process has computed so far, and all servers of PostgreSQL on this machine, in seconds.
    pub fn computed(&self) -> Result<(f64, f64), Failed> {
        let own = std::fs::read_to_string(format!("/proc/{}/stat", self.server.pid()))?;
        let (_, own) = computed(&own).ok_or("no such fields in /proc")?;
        let mut database = 0.0;
        for process in std::fs::read_dir("/proc")? {
            // Most that end while we look are none of these.
            let stat = std::fs::read_to_string(process?.path().join("stat"));
            if let Some(("postgres", seconds)) = stat.as_deref().ok().and_then(computed) {
                database += seconds;
            }
        }
        Ok((own, database))
    }
}

/// Of a line of /proc/*/stat: the name, and user and system time (fields 14 and 15), which Linux counts in hundredths of a second.
fn computed(stat: &str) -> Option<(&str, f64)> {
    let (before, rest) = stat.rsplit_once(") ")?;
    let (_, name) = before.split_once('(')?;
    let mut fields = rest.split(' ').skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((name, (user + system) / 100.0))
}

fn status_mib(pid: u32, field: &str) -> Result<f64, Failed> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let kib: f64 = status
        .lines()
        .find_map(|line| line.strip_prefix(field))
        .and_then(|rest| rest.split_whitespace().next())
        .ok_or("no such line in /proc")?
        .parse()?;
    Ok(kib / 1024.0)
}
