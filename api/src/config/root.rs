//! Keys that belong to no section.

use std::path::PathBuf;

use super::key::{Key, Preset, Privacy};
use super::reader::Reader;

pub(super) const KEYS: &[&Key] = &[&DATA_DIR];

static DATA_DIR: Key = Key {
    name: "data_dir",
    preset: Preset::Value("./data"),
    accepts: "a directory that the exchange may create and write",
    about: "Where the embedded database, the signing keys and the mails of the directory transport live.",
    privacy: Privacy::Open,
};

pub(super) fn read(reader: &mut Reader) -> Option<PathBuf> {
    reader.value(&DATA_DIR, |text| {
        if text.is_empty() || text.contains('\0') {
            Err(None)
        } else {
            Ok(PathBuf::from(text))
        }
    })
}
