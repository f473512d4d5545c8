//! The powers that can be claimed on this exchange.

use takedown_core::instrument::{Catalogue, FileError, Instrument};
use takedown_core::policy::{Action, Resource, authorize};

use super::{Caller, Cx, Error};

/// The catalogue of this node: the built-in instruments and the operator's own.
#[derive(Debug, Clone)]
pub struct Powers {
    /// What can be filed under.
    pub catalogue: Catalogue,
    /// What is wrong in the operator's files that were left out.
    pub refused: Vec<FileError>,
}

impl Default for Powers {
    fn default() -> Self {
        Self {
            catalogue: Catalogue::builtin().clone(),
            refused: Vec::new(),
        }
    }
}

impl Powers {
    /// How many instruments are the operator's own.
    #[must_use]
    pub fn own(&self) -> usize {
        let own = |instrument: &&Instrument| !Catalogue::is_builtin(instrument.id.as_str());
        self.catalogue.iter().filter(own).count()
    }
}

/// All instruments, in the order of their names.
///
/// # Errors
/// Those of the policy.
pub fn list<'a>(cx: &'a Cx, caller: &Caller) -> Result<Vec<&'a Instrument>, Error> {
    authorize(&caller.actor, Action::ListInstruments, &Resource::Exchange)?;
    Ok(cx.powers.catalogue.iter().collect())
}

/// One instrument.
///
/// # Errors
/// [`Error::NotFound`] when there is none of this name, and those of the policy.
pub fn read<'a>(cx: &'a Cx, caller: &Caller, id: &str) -> Result<&'a Instrument, Error> {
    authorize(&caller.actor, Action::ReadInstrument, &Resource::Exchange)?;
    cx.powers.catalogue.get(id).ok_or(Error::NotFound)
}
