//! The jobs, one file each.

mod forget;
mod kept;
mod mail;
mod records;
mod remind;
mod say_key;

pub use forget::Forget;
pub use kept::Kept;
pub use mail::{Mail, Post};
pub use records::Records;
pub use remind::Remind;
pub use say_key::{NodeKey, SayKey};
