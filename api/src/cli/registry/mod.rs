//! Registry commands of the operator: agencies, platforms, and the programs that act for them.

mod agency;
mod client;
mod common;
mod platform;

pub(super) use agency::run as agency;
pub(super) use client::run as client;
pub(super) use platform::run as platform;

pub use agency::AgencyCommand;
pub use client::ClientCommand;
pub use platform::PlatformCommand;
