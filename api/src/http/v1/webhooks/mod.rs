//! Webhooks: addresses of a party's own that are told of what comes into its inbox.

pub mod change;
pub mod create;
pub mod deliveries;
pub mod health;
pub mod list;
pub mod read;
pub mod remove;
pub mod replay;
pub mod rotate;
pub mod test;
pub mod view;

use crate::http::register::Register;

/// Registers the endpoints.
pub fn configure(config: &mut impl Register) {
    config
        .service(list::list_webhooks)
        .service(create::create_webhook)
        .service(read::read_webhook)
        .service(change::change_webhook)
        .service(remove::remove_webhook)
        .service(rotate::rotate_webhook_keys)
        .service(test::test_webhook)
        .service(deliveries::list_webhook_deliveries)
        .service(replay::replay_webhook)
        .service(health::list_webhook_health);
}
