//! Agencies: who asks, and how it is known that they are real.

pub mod change;
pub mod competence;
pub mod confirm;
pub mod list;
pub mod name;
pub mod notification;
pub mod read;
pub mod record;
pub mod register;
pub mod reinstate;
pub mod signing;
pub mod signing_keys;
pub mod suspend;
pub mod verify;
pub mod view;

use crate::http::register::Register;

/// Registers the endpoints.
pub fn configure(config: &mut impl Register) {
    config
        .service(list::list_agencies)
        .service(register::register_agency)
        .service(read::read_agency)
        .service(record::read_agency_record)
        .service(change::change_agency)
        .service(name::name_agency)
        .service(notification::set_agency_notification)
        .service(signing::require_signatures)
        .service(competence::record_competence)
        .service(signing_keys::add::add_signing_key)
        .service(signing_keys::list::list_signing_keys)
        .service(signing_keys::confirm::confirm_signing_key)
        .service(signing_keys::revoke::revoke_signing_key)
        .service(signing_keys::uses::list_signing_key_uses)
        .service(verify::verify_agency)
        .service(confirm::confirm_agency)
        .service(suspend::suspend_agency)
        .service(reinstate::reinstate_agency);
}
