//! The jobs, one file each.

mod cosign;
mod erase;
mod exports;
mod forget;
mod kept;
mod mail;
mod publish;
mod recall;
mod records;
mod remind;
mod returned;
mod robots;
mod say_key;
mod seal;
mod verifications;
mod webhooks;

pub use cosign::Cosign;
pub use erase::Erase;
pub use exports::Exports;
pub use forget::Forget;
pub use kept::Kept;
pub use mail::{Mail, Post};
pub use publish::Publish;
pub use recall::Recall;
pub use records::Records;
pub use remind::Remind;
pub use returned::ReturnedMail;
pub use robots::Robots;
pub use say_key::{NodeKey, SayKey};
pub use seal::Seal;
pub use verifications::Verifications;
pub use webhooks::Webhooks;
