//! Old records: what an agency asked before it used the exchange.

mod bring;
mod list;
mod read;
mod row;
pub mod view;
mod withdraw;

use crate::http::register::Register;

/// Registers the endpoints.
pub fn configure(config: &mut impl Register) {
    config
        .service(bring::import_records)
        .service(list::list_imports)
        .service(read::read_import)
        .service(withdraw::withdraw_import);
}
