//! An imported record as it is shown.

use std::sync::Arc;

use takedown_core::imported::Facts;
use takedown_core::locator::{ItemKind, Locator};
use takedown_core::time::At;

use crate::app::parties::{Platform, instant, parsed};
use crate::app::{Cx, Error};
use crate::store::StoreError;
use crate::store::imports::ImportRow;

/// An imported record, read.
#[derive(Debug, Clone)]
pub struct RecordView {
    /// As stored.
    pub row: ImportRow,
    /// What the list says.
    pub facts: Facts,
    /// What was asked about.
    pub locator: Locator,
    /// The platform that was registered for it when it was imported.
    pub platform: Option<Arc<Platform>>,
    /// When it was imported.
    pub imported_at: At,
    /// When it was taken back.
    pub withdrawn_at: Option<At>,
}

impl RecordView {
    pub(super) async fn of(cx: &Cx, row: ImportRow) -> Result<Self, Error> {
        let kind: ItemKind = parsed("item kind", &row.item_kind)?;
        let locator = Locator::parse(kind, &row.locator)
            .map_err(|e| StoreError::Inconsistent(e.to_string()))?;
        let platform = match &row.platform_id {
            Some(id) => cx.registry.platform(id).await?,
            None => None,
        };
        Ok(Self {
            facts: serde_json::from_str(&row.facts).map_err(StoreError::from)?,
            locator,
            platform,
            imported_at: instant(row.imported_at)?,
            withdrawn_at: row.withdrawn_at.map(instant).transpose()?,
            row,
        })
    }
}
