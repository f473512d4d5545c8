//! `takedown statement`: statements of reasons for the Commission's transparency database.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value, json};

use super::{CliError, ConnectionArgs, Exit, output, show};
use crate::client::Client;
use crate::client::wire::{Item, Request};

/// Most statements in one call of the database.
const MOST: usize = 100;
/// What is a list on the wire.
const LISTS: [&str; 5] = [
    "decision_visibility",
    "content_type",
    "category_addition",
    "category_specification",
    "territorial_scope",
];
/// What is yes or no to us, not to the database.
const FLAGS: [&str; 2] = ["recipient_contact_known", "offered_in_union"];

/// `takedown statement`.
#[derive(Debug, Args)]
#[command(after_help = "\
Without --set and --from it shows what stands already and what you have to add. With them it prints the JSON that the
database takes: one statement for one link (POST /api/v1/statement), for several {\"statements\": […]}, 100 a line
(POST /api/v1/statements). You send it yourself; the exchange sends nothing. When none is due, the article is named.

  takedown statement 7K3F9-QMD2A-X --item 1 --set content_type=CONTENT_TYPE_TEXT --set content_date=2026-11-20 \\
    --set incompatible_content_ground='Terms, section 4' --set incompatible_content_explanation='Calls for violence.' \\
    --set decision_facts='A notification named the page. It was read and removed.' --set automated_detection=No \\
    --set automated_decision=AUTOMATED_DECISION_NOT_AUTOMATED --set recipient_contact_known=yes

Exit codes: 0 done, 1 refused or none due, 2 wrong command line.")]
pub struct StatementArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Id (req_…) or speakable reference
    #[arg(value_name = "REQUEST")]
    request: String,
    /// The link, by its number (repeat); by default every link on which a measure was taken
    #[arg(long = "item", value_name = "N")]
    items: Vec<u64>,
    /// A field that only you know, by the database's name (repeat; lists take commas)
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = named)]
    set: Vec<(String, String)>,
    /// The same from a file with one JSON object; --set counts above it
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
}

fn named(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once('=')
        .filter(|(name, _)| !name.is_empty())
        .ok_or("give a field and its value, for instance automated_detection=No")?;
    Ok((name.to_owned(), value.to_owned()))
}

pub(super) async fn run(args: StatementArgs) -> Result<Exit, CliError> {
    let given = args.given()?;
    let client = args.connection.connect()?;
    let request = show::find(&client, &args.request).await?.body;
    let items = args.chosen(&request)?;
    match given {
        None => drafts(&client, &request, &items).await?,
        Some(given) => made(&client, &request, &items, &given).await?,
    }
    Ok(Exit::Done)
}

async fn drafts(client: &Client, request: &Request, items: &[&Item]) -> Result<(), CliError> {
    for item in items {
        let draft = client.statement_draft(&request.id, &item.id).await?;
        output::line(&format!("{:#}", draft.body))?;
    }
    Ok(())
}

async fn made(
    client: &Client,
    request: &Request,
    items: &[&Item],
    given: &Value,
) -> Result<(), CliError> {
    if let [item] = items {
        let made = client.statement(&request.id, &item.id, given).await?;
        return output::line(&made.body.to_string());
    }
    for some in items.chunks(MOST) {
        let wanted: Vec<_> = some
            .iter()
            .map(|item| json!({ "request": request.id, "item": item.id }))
            .collect();
        let body = json!({ "common": given, "statements": wanted });
        let made = client.statements(&body).await?;
        output::line(&made.body.to_string())?;
    }
    Ok(())
}

impl StatementArgs {
    fn chosen<'a>(&self, request: &'a Request) -> Result<Vec<&'a Item>, CliError> {
        if self.items.is_empty() {
            let measured = |item: &&Item| {
                let code = item.outcome.as_ref().map(|o| o.code.parse());
                matches!(code, Some(Ok(code)) if takedown_core::request::OutcomeCode::acted_on(code))
            };
            let all: Vec<_> = request.items.iter().filter(measured).collect();
            return if all.is_empty() {
                Err(CliError::input(
                    "no measure was taken on any link, so no statement is due (Regulation (EU) 2022/2065, Article 17(1))",
                ))
            } else {
                Ok(all)
            };
        }
        let find = |number: &u64| {
            request
                .items
                .iter()
                .find(|item| item.position == *number)
                .ok_or_else(|| {
                    CliError::input(format!(
                        "there is no link {number}; the request has {}",
                        request.items.len()
                    ))
                })
        };
        self.items.iter().map(find).collect()
    }

    /// What the platform adds; nothing when it added nothing.
    fn given(&self) -> Result<Option<Value>, CliError> {
        let mut given = match &self.from {
            None if self.set.is_empty() => return Ok(None),
            None => Map::new(),
            Some(path) => {
                let wrong = |why: String| CliError::input(format!("{}: {why}", path.display()));
                let text = std::fs::read_to_string(path).map_err(|e| wrong(e.to_string()))?;
                serde_json::from_str(&text)
                    .map_err(|e| wrong(format!("is not a JSON object: {e}")))?
            }
        };
        for (name, value) in &self.set {
            given.insert(name.clone(), field(name, value)?);
        }
        Ok(Some(given.into()))
    }
}

fn field(name: &str, value: &str) -> Result<Value, CliError> {
    if LISTS.contains(&name) {
        return Ok(value.split(',').map(str::trim).collect());
    }
    if name == "content_id" {
        return Ok(json!({ "EAN-13": value }));
    }
    if FLAGS.contains(&name) {
        return match value.to_ascii_lowercase().as_str() {
            "yes" | "true" => Ok(true.into()),
            "no" | "false" => Ok(false.into()),
            _ => Err(CliError::usage(format!("{name} is yes or no"))),
        };
    }
    Ok(value.into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn values_take_the_shape_of_their_field() {
        let read = |name, value| field(name, value).unwrap();
        assert_eq!(read("content_type", "A, B"), json!(["A", "B"]));
        assert_eq!(read("content_id", "1"), json!({ "EAN-13": "1" }));
        assert_eq!(read("recipient_contact_known", "Yes"), json!(true));
        assert_eq!(read("automated_detection", "No"), json!("No"));
        assert!(field("offered_in_union", "perhaps").is_err());
        assert!(named("=x").is_err() && named("x").is_err());
    }
}
