//! Registry commands of the operator: agencies, platforms, and the programs that act for them.

mod agency;
mod claim;
mod client;
mod common;
mod platform;

pub(super) use agency::run as agency;
pub(super) use claim::run as claim;
pub(super) use client::run as client;
pub(super) use platform::run as platform;

pub use agency::AgencyCommand;
pub use claim::ClaimCommand;
pub use client::ClientCommand;
pub use platform::PlatformCommand;
