//! Which request a command is about, and how it is changed.

use clap::Args;
use reqwest::Method;
use serde_json::{Map, Value, json};
use takedown_core::signed::Act;
use takedown_core::text::visible;

use crate::cli::signing::SignArgs;
use crate::cli::{CliError, ConnectionArgs, Exit, output, show};
use crate::client::wire::Request;
use crate::client::{Client, Reply};

/// Which request, and how it is told.
#[derive(Debug, Args)]
pub struct One {
    #[command(flatten)]
    pub(super) connection: ConnectionArgs,
    /// Id (req_…) or speakable reference
    #[arg(value_name = "REQUEST")]
    pub(super) request: String,
    /// Why, in words; kept as a message
    #[arg(long, value_name = "TEXT")]
    pub(super) text: Option<String>,
    /// Language of every text given here (BCP 47)
    #[arg(long, value_name = "TAG", default_value = "en")]
    pub(super) language: String,
    /// Print the JSON as the exchange sends it
    #[arg(long)]
    pub(super) json: bool,
}

impl One {
    /// What was said with `--text`.
    pub(in crate::cli) fn why(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// Whether the JSON is to be printed.
    pub(in crate::cli) const fn wants_json(&self) -> bool {
        self.json
    }

    pub(in crate::cli) async fn read(&self) -> Result<(Client, Reply<Request>), CliError> {
        let client = self.connection.connect()?;
        let request = show::find(&client, &self.request).await?;
        Ok((client, request))
    }

    pub(super) fn in_words(&self, text: &str) -> Value {
        json!({ "text": text, "language": self.language })
    }

    /// Changes the version that was read, and says where the request stands.
    pub(in crate::cli) async fn change(
        &self,
        (client, read): &(Client, Reply<Request>),
        method: Method,
        what: &str,
        body: Map<String, Value>,
    ) -> Result<Exit, CliError> {
        let body = self.worded(what, body);
        let etag = version_of(read);
        let reply = client
            .mend(method, &read.body.id, what, &etag, &Value::Object(body))
            .await?;
        self.tell(&reply)
    }

    /// The same, signed by the unit where that is asked for.
    pub(in crate::cli) async fn change_signed(
        &self,
        found: &(Client, Reply<Request>),
        (method, what, act): (Method, &str, Act),
        body: Map<String, Value>,
        signature: &SignArgs,
    ) -> Result<Exit, CliError> {
        let (client, read) = found;
        let Some(signer) = signature.signer(client).await? else {
            return self.change(found, method, what, body).await;
        };
        let body = self.worded(what, body);
        let statement = signer.change(act, read.body.signature.as_ref(), body)?;
        let (id, etag) = (read.body.id.as_str(), version_of(read));
        let reply = client
            .change_signed(method, (id, what), &etag, statement)
            .await?;
        self.tell(&reply)
    }

    /// With decisions the text is their note, with an extension its reason.
    fn worded(&self, what: &str, mut body: Map<String, Value>) -> Map<String, Value> {
        if let Some(text) = &self.text
            && what != "decisions"
            && !what.ends_with("/extensions")
        {
            body.insert("text".into(), self.in_words(text));
        }
        body
    }

    fn tell(&self, reply: &Reply<Request>) -> Result<Exit, CliError> {
        if self.json {
            output::exact(&reply.text)?;
            return Ok(Exit::Done);
        }
        let request = &reply.body;
        let restoration = match request.restoration.as_deref() {
            None | Some("not_asked") => String::new(),
            Some(how) => format!(", restoration {how}"),
        };
        output::line(&format!(
            "{}: {}{}{}, version {}",
            visible(&request.reference),
            visible(&request.status),
            request
                .result
                .as_deref()
                .map_or_else(String::new, |r| format!(", {}", visible(r))),
            visible(&restoration),
            request.version,
        ))?;
        Ok(Exit::Done)
    }
}

fn version_of(read: &Reply<Request>) -> String {
    let version = format!("\"{}\"", read.body.version);
    read.etag.clone().unwrap_or(version)
}
