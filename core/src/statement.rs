//! Statements of reasons (Regulation (EU) 2022/2065, Article 17) as the Commission's transparency database takes them.
//!
//! [`draft`] takes a platform's decision and what only the platform knows, and answers with a [`Statement`] that the
//! database accepts, with what is still missing or wrong, or with the article by which none is due ([`NotDue`]). A
//! [`Statement`] cannot hold what the database refuses. Nothing that an agency wrote, and no place of content, ever
//! enters it (Article 24(5)). The platform sends it; the exchange sends nothing.

mod case;
mod category;
mod draft;
mod reader;
mod sorting;
mod value;
mod wire;
mod words;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

pub use case::{Case, NotDue};
pub use category::{Category, Keyword};
pub use draft::{Draft, draft};
pub use reader::{Additions, Problem};
pub use sorting::sorted;
pub use value::{
    Chosen, ContentLanguage, Day, Ean13, Fault, HasOther, Puid, Refusal, TerritorialScope,
    WebAddress, Words, is_eea,
};
pub use wire::Fields;
pub use words::{
    Account, AccountType, AutomatedDecision, ContentType, GroundKind, Monetary, Provision,
    SourceType, Visibility, YesNo,
};

/// The most statements in one call of the database.
pub const MAX_STATEMENTS: usize = 100;

/// What was done; at least one of the four kinds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Measures {
    visibility: Option<Chosen<Visibility>>,
    monetary: Option<Chosen<Monetary>>,
    provision: Option<Provision>,
    account: Option<Account>,
    account_type: Option<AccountType>,
    ends: Ends,
}

/// When a restriction ends; without a day it has no end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ends {
    visibility: Option<Day>,
    monetary: Option<Day>,
    service: Option<Day>,
    account: Option<Day>,
}

/// On which ground, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ground {
    /// The content is illegal.
    Illegal {
        /// The provision.
        legal_ground: Words<500>,
        /// Why it applies.
        explanation: Words<2000>,
    },
    /// The content breaks the platform's terms.
    Incompatible {
        /// Which of them.
        ground: Words<500>,
        /// Why it applies.
        explanation: Words<2000>,
        /// Whether it is held to be illegal, too.
        illegal: Option<YesNo>,
    },
}

/// How the content is sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sorting {
    category: Category,
    further: BTreeSet<Category>,
    keywords: BTreeSet<Keyword>,
    keyword_other: Option<Words<500>>,
}

/// What was said of the content itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    types: Chosen<ContentType>,
    id: Option<Ean13>,
    language: Option<ContentLanguage>,
    date: Day,
}

/// How the decision came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Making {
    facts: Words<5000>,
    source: SourceType,
    source_identity: Option<Words<500>>,
    automated_detection: YesNo,
    automated_decision: AutomatedDecision,
}

/// A statement of reasons that the database accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    measures: Measures,
    ground: Ground,
    reference_url: Option<WebAddress>,
    sorting: Sorting,
    content: Content,
    scope: TerritorialScope,
    application_date: Day,
    making: Making,
    puid: Puid,
}
