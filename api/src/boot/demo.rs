//! The demonstration: its parties, what `serve --demo-parties` prints, and `takedown demo`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::{Value, json};
use url::Url;

use super::exchange::Exchange;
use super::serve::{jobs, listen};
use super::{Failed, ended};
use crate::app::bootstrap::{Demo, DemoParty, demo as demo_parties};
use crate::cli::DemoArgs;
use crate::client::wire::Decision;
use crate::client::{Client, Credentials, Filters, InboxQuery, RetryPolicy, Settings};
use crate::config::Config;

/// Brings the demonstration's parties in, or finds them. Their secrets are kept in a file that only its owner reads.
pub(super) async fn parties(config: &Config, exchange: &Exchange) -> Result<Demo, Failed> {
    let path = config.data_dir.join("demo.json");
    let earlier = match std::fs::read(&path) {
        Ok(bytes) => {
            Some(serde_json::from_slice(&bytes).map_err(|e| format!("{}: {e}", path.display()))?)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(format!("{}: {error}", path.display()).into()),
    };
    let cx = &exchange.cx;
    let demo = demo_parties(&cx.store, earlier, cx.now()).await?;
    cx.registry.changed();
    keep(&path, &serde_json::to_vec_pretty(&demo)?)?;
    Ok(demo)
}

fn keep(path: &Path, bytes: &[u8]) -> Result<(), Failed> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let fresh = path.with_extension("json.new");
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&fresh)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(std::fs::rename(fresh, path)?)
}

fn party<'a>(demo: &'a Demo, handle: &str) -> Result<&'a DemoParty, Failed> {
    demo.party(handle)
        .ok_or_else(|| format!("the demonstration has no {handle}").into())
}

/// What a stranger reads first: where things are, who there is, and four lines that do the main job.
pub(super) fn introduction(config: &Config, demo: &Demo, base: &str) -> Result<String, Failed> {
    let mut text = format!(
        "\nTakedown exchange, with demonstration parties.\n\n  documentation  {base}/docs\n  transparency   {base}/transparency\n"
    );
    if let crate::config::mail::Transport::Directory(mails) = &config.mail.transport {
        text += &format!(
            "  mails          {}/*.eml (no mail server is set)\n",
            mails.display()
        );
    }
    text += &format!(
        "  credentials    {} (kept there, mode 0600)\n\n",
        config.data_dir.join("demo.json").display()
    );
    for p in &demo.parties {
        text += &format!(
            "  {:<9} {:<38} {}  {}\n",
            p.role, p.name, p.credentials.client_id, p.credentials.client_secret
        );
    }
    let token = |p: &DemoParty| {
        format!(
            "$(curl -s -u {}:{} -d grant_type=client_credentials {base}/oauth/token | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')",
            p.credentials.client_id, p.credentials.client_secret
        )
    };
    let (unit, owner) = (party(demo, "unit-pl")?, party(demo, "paste")?);
    let filing = json!({
        "instrument": "referral",
        "grounds": ["tco:a"],
        "reasons": { "text": "The page calls for attacks and names a date.", "language": "en" },
        "items": [{ "locator": "hxxps[:]//paste[.]example/abc#key" }],
    });
    text += &format!(
        "\nThe main job, by copy and paste (a token lives {} minutes):\n\n\
         UNIT={}\n\
         OWNER={}\n\n\
         # 1. The unit files: the 201 comes after the commit.\n\
         FILED=$(curl -s -H \"Authorization: Bearer $UNIT\" -H 'Content-Type: application/json' -d '{filing}' {base}/v1/requests); echo \"$FILED\"\n\n\
         # 2. The owner of the paste site reads it: that is the receipt.\n\
         ID=$(echo \"$FILED\" | sed 's/^{{\"id\":\"\\([^\"]*\\)\".*/\\1/'); curl -s -H \"Authorization: Bearer $OWNER\" {base}/v1/requests/$ID; echo\n\n\
         # 3. \"We have it.\"\n\
         curl -s -X PUT -H \"Authorization: Bearer $OWNER\" {base}/v1/requests/$ID/acknowledgement; echo\n\n\
         # 4. Removed, by his own terms. Closed.\n\
         curl -s -X PUT -H \"Authorization: Bearer $OWNER\" -H 'If-Match: *' -H 'Content-Type: application/json' -d '{}' {base}/v1/requests/$ID/closure; echo\n\n",
        config.oauth.token_lifetime.as_secs() / 60,
        token(unit),
        token(owner),
        json!({ "remaining": { "outcome": "removed", "basis": "terms" } }),
    );
    Ok(text)
}

/// `takedown demo`
#[must_use]
pub fn demo(args: DemoArgs) -> ExitCode {
    ended(run(&args))
}

fn run(args: &DemoArgs) -> Result<(), Failed> {
    let scratch = Scratch::new(args.keep.clone())?;
    let data = scratch
        .path
        .to_str()
        .ok_or("the scratch directory's path is not UTF-8")?
        .to_owned();
    // A port of our own choosing, because the issuer of tokens must know it before the server listens.
    let port = std::net::TcpListener::bind("127.0.0.1:0")?
        .local_addr()?
        .port();
    let (listen_on, public) = (
        format!("127.0.0.1:{port}"),
        format!("http://127.0.0.1:{port}"),
    );
    let config = Config::from_layers({
        let mut layers = crate::config::Layers::default();
        for (key, value) in [
            ("data_dir", data.as_str()),
            ("server.listen", &listen_on),
            ("server.public_url", &public),
            ("log.level", "error"),
        ] {
            layers.set(key, value);
        }
        layers
    })?;
    crate::observe::init(&config.log)?;
    actix_web::rt::System::new().block_on(async {
        let exchange = Exchange::open(&config).await?;
        let demo = parties(&config, &exchange).await?;
        let jobs = jobs(&config, &exchange)?;
        let server = listen(&config, &exchange)?;
        let handle = server.handle();
        let serving = actix_web::rt::spawn(server);
        let told = tell(&demo, &public).await;
        let mails = wait_for_mails(&scratch.path.join("mail"), 3).await;
        handle.stop(true).await;
        serving.await??;
        jobs.stop(std::time::Duration::from_secs(5)).await;
        told?;
        say(7, "Both sides were told by mail", &mails);
        println!("\nThat was the whole job. `make run` starts a server that stays.");
        if args.keep.is_some() {
            println!("Database and mails are in {}.", scratch.path.display());
        }
        Ok(())
    })
}

/// A directory that is gone afterwards, unless somebody wants to keep it.
struct Scratch {
    path: PathBuf,
    keep: bool,
}

impl Scratch {
    fn new(keep: Option<PathBuf>) -> Result<Self, Failed> {
        let kept = keep.is_some();
        let path = keep.unwrap_or_else(|| {
            std::env::temp_dir().join(format!("takedown-demo-{}", uuid::Uuid::now_v7().simple()))
        });
        std::fs::create_dir_all(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        Ok(Self { path, keep: kept })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if !self.keep {
            // It lies in the system's temporary directory, which is cleared in the end anyway.
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

fn client(demo: &Demo, handle: &str, server: &str) -> Result<Client, Failed> {
    let who = &party(demo, handle)?.credentials;
    Ok(Client::new(Settings {
        server: Url::parse(server)?,
        credentials: Credentials::secret(who.client_id.clone(), who.client_secret.clone()),
        authorities: None,
        issuer: None,
        allow_http: false,
        retry: RetryPolicy::default(),
    })?)
}

fn say(step: u8, what: &str, lines: &[String]) {
    println!("\n{step}. {what}.");
    for line in lines {
        println!("     {line}");
    }
}

async fn tell(demo: &Demo, server: &str) -> Result<(), Failed> {
    let unit = client(demo, "unit-pl", server)?;
    let owner = client(demo, "paste", server)?;
    let auditor = client(demo, "auditor", server)?;
    println!("A police unit in Warsaw finds two pages on a paste site in the Netherlands.");
    let filing = json!({
        "instrument": "referral",
        "agency_reference": "KP-17/26",
        "grounds": ["tco:a"],
        "reasons": { "text": "Both pages call for attacks and name a date.", "language": "en" },
        "items": [
            { "locator": "hxxps[:]//paste[.]example/abc#key", "language": "en", "graphic": 1 },
            { "locator": "https://paste.example/def", "language": "ar" },
        ],
    });
    let filed = unit.file(&filing.to_string(), true).await?;
    let seen: Value = serde_json::from_str(&filed.text)?;
    let id = filed.body.id.clone();
    say(
        1,
        "The unit files one request for both",
        &[
            format!(
                "{} is {} as {}",
                id,
                word(&seen["status"]),
                word(&seen["reference"])
            ),
            word(&seen["summary"]),
        ],
    );
    let inbox = owner
        .inbox(&InboxQuery {
            limit: 50,
            ..InboxQuery::default()
        })
        .await?;
    let page: Value = serde_json::from_str(&inbox.text)?;
    say(
        2,
        "The owner's inbox has it, without a link or a text",
        &[format!(
            "{} {}",
            word(&page["items"][0]["type"]),
            word(&page["items"][0]["request"]["summary"])
        )],
    );
    let read = owner.request(&id).await?;
    let seen: Value = serde_json::from_str(&read.text)?;
    let mut lines = vec![format!(
        "now it is {}: reading was the receipt",
        word(&seen["status"])
    )];
    lines.extend(
        seen["items"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|i| word(&i["defanged"])),
    );
    say(3, "He reads it in full", &lines);
    let had = owner.acknowledge(&id, None, Some("ticket 4711")).await?;
    say(4, "He says \"we have it\"", &[status(&had.text)?]);
    let items: Vec<String> = seen["items"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|i| word(&i["id"]))
        .collect();
    let first = items.first().cloned().unwrap_or_default();
    let decided = owner
        .decide(
            &id,
            had.etag.as_deref(),
            &[decision(Some(first), "removed")],
        )
        .await?;
    let closed = owner
        .close(
            &id,
            decided.etag.as_deref(),
            Some(&decision(None, "declined_within_terms")),
        )
        .await?;
    let seen: Value = serde_json::from_str(&closed.text)?;
    let outcomes = seen["items"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|i| format!("{}  {}", word(&i["defanged"]), word(&i["outcome"]["code"])));
    let mut lines = vec![format!(
        "{}, {}",
        word(&seen["status"]),
        word(&seen["result"])
    )];
    lines.extend(outcomes);
    say(
        5,
        "He removes one and keeps the other, which his terms allow: an ordinary answer",
        &lines,
    );
    let exported = auditor
        .export("requests", "csv", &Filters::default())
        .await?
        .text()
        .await?;
    let rows = exported.lines().count().saturating_sub(1);
    say(
        6,
        "An auditor exports the history",
        &[format!("{rows} rows of CSV, one for each link")],
    );
    Ok(())
}

fn decision(item: Option<String>, outcome: &str) -> Decision {
    Decision {
        items: item.into_iter().collect(),
        outcome: outcome.into(),
        basis: "terms".into(),
        ..Decision::default()
    }
}

fn status(text: &str) -> Result<String, Failed> {
    Ok(word(&serde_json::from_str::<Value>(text)?["status"]))
}

fn word(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// The subjects of the mails that were written: the worker needs a moment for them.
async fn wait_for_mails(directory: &Path, enough: usize) -> Vec<String> {
    let mut names = Vec::new();
    for _ in 0..100 {
        names = std::fs::read_dir(directory)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .filter(|name| name.ends_with(".eml"))
            .collect();
        if names.len() >= enough {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    names.sort_unstable();
    names
}
