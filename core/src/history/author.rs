//! Who brought something about, and by which way.

use serde::{Deserialize, Serialize};

use crate::{
    id::{AgencyId, AuditorId, ClientId, OperatorId, PlatformId},
    policy::Party,
    request::Side,
    text::coded_enum,
};

coded_enum! {
    /// By which way something came in.
    pub enum Via, "a way in" {
        /// The programming interface.
        Api => "api",
        /// The console.
        Console => "console",
        /// The answer link of a mail.
        Link => "link",
        /// A page that needs no login.
        Page => "page",
        /// A command on the server itself.
        Cli => "cli",
        /// The exchange's own work, for instance a date that came.
        Worker => "worker",
    }
}

/// Who.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "side", rename_all = "snake_case")]
pub enum By {
    /// An agency.
    Agency {
        /// Which.
        id: AgencyId,
    },
    /// A platform.
    Platform {
        /// Which.
        id: PlatformId,
    },
    /// An authority that is neither side and scrutinises an order.
    Authority {
        /// Which; registered as an agency.
        id: AgencyId,
    },
    /// An auditor.
    Auditor {
        /// Which, where the exchange knows him apart from his client.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        id: Option<AuditorId>,
    },
    /// The operator.
    Operator {
        /// Which, where the exchange knows him apart from his client.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        id: Option<OperatorId>,
    },
    /// Whoever put an item there. He has no account and no name here: he has a code.
    Uploader,
    /// Whoever reads a mailbox that was written to, and says that the site is not his: so he is not the platform.
    Recipient,
    /// The exchange itself.
    System,
}

impl By {
    /// The party as one word: `agency`, `platform`, `authority`, `auditor`, `operator`, `uploader`, `recipient` or `system`.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Agency { .. } => "agency",
            Self::Platform { .. } => "platform",
            Self::Authority { .. } => "authority",
            Self::Auditor { .. } => "auditor",
            Self::Operator { .. } => "operator",
            Self::Uploader => "uploader",
            Self::Recipient => "recipient",
            Self::System => "system",
        }
    }

    /// The side of a request, if it is one.
    pub const fn side(&self) -> Option<Side> {
        match self {
            Self::Agency { .. } => Some(Side::Agency),
            Self::Platform { .. } => Some(Side::Platform),
            Self::Authority { .. }
            | Self::Auditor { .. }
            | Self::Operator { .. }
            | Self::Uploader
            | Self::Recipient
            | Self::System => None,
        }
    }
}

impl From<Party> for By {
    /// Nobody unknown can bring anything about, so an anonymous party stands for the exchange's own doing.
    fn from(party: Party) -> Self {
        match party {
            Party::Agency(id) => Self::Agency { id },
            Party::Platform(id) => Self::Platform { id },
            Party::Auditor(_) => Self::Auditor { id: None },
            Party::Operator => Self::Operator { id: None },
            Party::Anonymous => Self::System,
        }
    }
}

/// Who, by which way, and with whose credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Author {
    /// Who.
    #[serde(flatten)]
    pub by: By,
    /// By which way.
    pub via: Via,
    /// The client whose credentials were used, if any were.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub client: Option<ClientId>,
}
