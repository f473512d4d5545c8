//! What the entries make of each item.

use sha2::{Digest as _, Sha256};
use takedown_core::history::replay::{ItemPast, Replayed, told};
use takedown_core::locator::Locator;
use takedown_core::request::{Item, Outcome, RestorationAnswer};
use takedown_core::time::At;

use super::{compare, written};
use crate::app::parties::parsed;
use crate::store::StoreError;
use crate::store::decisions::DecisionRow;
use crate::store::log::deep::Whole;
use crate::store::requests::ItemRow;

/// Compares every item of a request, and every outcome that was ever given.
pub(super) fn all(
    whole: &Whole,
    replayed: &Replayed,
    fault: &mut dyn FnMut(String),
) -> Result<(), StoreError> {
    let (stored, made) = (whole.items.len(), replayed.items.len());
    if stored != made {
        fault(format!("it has {stored} items, its entries make {made}"));
        return Ok(());
    }
    let said = replayed.request.items.iter().zip(&replayed.items);
    for (row, (item, past)) in whole.items.iter().zip(said) {
        let mut of_item = |what: String| fault(format!("item {}: {what}", row.id));
        let given = whole.decisions.get(&row.id).map_or(&[][..], Vec::as_slice);
        if let Err(error) = one(row, (item, past), given, &mut of_item) {
            of_item(error.to_string());
        }
    }
    Ok(())
}

fn one(
    row: &ItemRow,
    (item, past): (&Item, &ItemPast),
    given: &[DecisionRow],
    fault: &mut dyn FnMut(String),
) -> Result<(), StoreError> {
    let id = item.id.to_string();
    let millis = |at: Option<At>| at.map(|at| at.timestamp_millis());
    let code = |outcome: Option<&Outcome>| outcome.map(|outcome| outcome.code.as_str());
    let outcome = item.outcome.as_ref();
    let answer = item.answer.as_ref();
    for (column, stored, made) in [
        ("id", Some(row.id.as_str()), Some(id.as_str())),
        ("outcome", row.outcome.as_deref(), code(outcome)),
        (
            "restoration_outcome",
            row.restoration_outcome.as_deref(),
            code(answer.map(|answer| &answer.outcome)),
        ),
        (
            "withdrawal",
            row.withdrawal.as_deref(),
            item.withdrawal.map(|taken| taken.reason.as_str()),
        ),
    ] {
        compare::<&str>(column, stored, made, fault);
    }
    for (column, stored, made) in [
        (
            "position",
            Some(row.position.into()),
            Some(item.position.into()),
        ),
        ("decided_at", row.decided_at, millis(past.decided_at)),
        (
            "first_decided_at",
            row.first_decided_at,
            millis(past.first_decided_at),
        ),
        (
            "withdrawn_at",
            row.withdrawn_at,
            millis(item.withdrawal.map(|taken| taken.at)),
        ),
    ] {
        compare::<i64>(column, stored, made, fault);
    }
    compare(
        "restore",
        row.restore,
        item.withdrawal.map(|taken| taken.restore),
        fault,
    );
    let mut parse = |column: &str, json: &Option<String>| -> Result<Option<Outcome>, StoreError> {
        let outcome = json.as_deref().map(|json| written(column, json, fault));
        Ok(outcome.transpose()?.map(told))
    };
    let shown = parse("outcome_detail", &row.outcome_detail)?;
    let undone = parse("undone", &row.undone)?;
    let stored: Option<RestorationAnswer> = row
        .answer
        .as_deref()
        .map(|json| written("answer", json, fault))
        .transpose()?;
    let mut every = Vec::with_capacity(given.len());
    for row in given {
        let outcome: Outcome = written("detail of its decisions", &row.detail, fault)?;
        let code = Some(outcome.code.as_str());
        compare(
            "outcome of its decisions",
            Some(row.outcome.as_str()),
            code,
            fault,
        );
        every.push((told(outcome), row.at));
    }
    let mut differs = |column: &str, differs: bool| {
        if differs {
            fault(format!(
                "its column {column} is not what the entries make of it"
            ));
        }
    };
    differs("outcome_detail", shown.as_ref() != outcome);
    differs("undone", undone != past.undone);
    let stored = stored.map(|answer| RestorationAnswer {
        outcome: told(answer.outcome),
        done: answer.done.map(told),
        ..answer
    });
    differs("answer", stored.as_ref() != answer);
    let made: Vec<(Outcome, i64)> = past
        .decisions
        .iter()
        .map(|(outcome, at)| (outcome.clone(), at.timestamp_millis()))
        .collect();
    differs("decisions", every != made);
    key(row, fault)
}

/// What makes it the same as another follows from its locator.
fn key(row: &ItemRow, fault: &mut dyn FnMut(String)) -> Result<(), StoreError> {
    let Ok(locator) = Locator::parse(parsed("item kind", &row.kind)?, &row.locator) else {
        fault("its column locator has none".to_owned());
        return Ok(());
    };
    let key = locator.key().as_str().to_owned();
    if row.comparison_digest != Sha256::digest(&key)[..16] {
        fault("its column comparison_digest is not that of its locator".to_owned());
    }
    if row.comparison_key != key {
        fault("its column comparison_key is not that of its locator".to_owned());
    }
    Ok(())
}
