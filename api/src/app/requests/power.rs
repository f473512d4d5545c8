//! The power that a request names, as the request itself keeps it.
//!
//! Built-in instruments never leave the catalogue. An operator's own can be changed or removed, and another node may
//! not have it: so a request under one keeps what readers need of it, and stays readable, answerable and exportable.

use serde::{Deserialize, Serialize};
use takedown_core::instrument::{Catalogue, Instrument, Obstacle};

use super::filing::Filing;

/// What a request keeps of an instrument that is not of this release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Its name.
    pub title: String,
    /// Where it is written down.
    pub citation: String,
    /// The grounds that the filing names.
    pub grounds: Vec<KeptGround>,
    /// What may be reported as standing in the way.
    pub obstacles: Vec<Obstacle>,
}

/// A ground as it was filed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptGround {
    /// Its code.
    pub code: String,
    /// What the code stands for.
    pub title: String,
}

impl Kept {
    /// What a filing under this instrument keeps; nothing of a built-in one.
    #[must_use]
    pub fn of(instrument: &Instrument, filed: &[String]) -> Option<Self> {
        (!Catalogue::is_builtin(instrument.id.as_str())).then(|| Self {
            title: instrument.title.clone(),
            citation: instrument.citation.clone(),
            grounds: instrument
                .grounds
                .iter()
                .filter(|ground| filed.contains(&ground.code))
                .map(|ground| KeptGround {
                    code: ground.code.clone(),
                    title: ground.title.clone(),
                })
                .collect(),
            obstacles: instrument.obstacles.clone(),
        })
    }
}

impl Filing {
    /// The grounds are other ones now: keeps what these stand for.
    pub(super) fn keep_grounds(&mut self, instrument: &Instrument) {
        let now = Kept::of(instrument, &self.grounds);
        if let (Some(kept), Some(now)) = (&mut self.kept, now) {
            kept.grounds = now.grounds;
        }
    }

    /// Title and citation of the instrument of this name: as kept, else as this release says.
    #[must_use]
    pub fn power(&self, instrument: &str) -> (String, String) {
        let known = Catalogue::builtin().get(instrument);
        match (&self.kept, known) {
            (Some(kept), _) => (kept.title.clone(), kept.citation.clone()),
            (None, Some(known)) => (known.title.clone(), known.citation.clone()),
            (None, None) => (instrument.to_owned(), String::new()),
        }
    }

    /// What the code of a ground stands for; the code itself when nobody knows.
    #[must_use]
    pub fn ground_title(&self, code: &str) -> String {
        let kept = self.kept.iter().flat_map(|kept| &kept.grounds);
        kept.filter(|ground| ground.code == code)
            .map(|ground| &ground.title)
            .chain(
                Catalogue::builtin()
                    .ground(code)
                    .map(|ground| &ground.title),
            )
            .next()
            .map_or_else(|| code.to_owned(), Clone::clone)
    }

    /// What may be reported as standing in the way; `None` when nobody knows.
    #[must_use]
    pub fn obstacles(&self, instrument: &str) -> Option<&[Obstacle]> {
        let kept = self.kept.as_ref().map(|kept| kept.obstacles.as_slice());
        kept.or_else(|| {
            Catalogue::builtin()
                .get(instrument)
                .map(|known| known.obstacles.as_slice())
        })
    }
}
