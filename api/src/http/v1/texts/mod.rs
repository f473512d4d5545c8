//! Saved texts: reasons of an agency, answers of a platform.

pub mod fill;
pub mod list;
pub mod read;
pub mod remove;
pub mod replace;
pub mod save;
pub mod view;

use crate::http::register::Register;

/// Registers the endpoints.
pub fn configure(config: &mut impl Register) {
    config
        .service(list::list_texts)
        .service(save::save_text)
        .service(read::read_text)
        .service(replace::replace_text)
        .service(remove::remove_text)
        .service(fill::fill_text);
}
