//! The forms of Regulation (EU) 2021/784: the removal order (Annex I), and the platform's answers to it (Annexes II and
//! III), filled from what the exchange has on record.
//!
//! What nobody recorded is left to be filled in by hand, never guessed. Labels that were recalled and not read again in
//! the official text are marked, on the form too: whoever uses it as a legal form compares them first.

mod annexes;
mod answers;
mod order;
mod print;

#[cfg(test)]
mod tests;

use thiserror::Error;

use crate::agency::AgencyType;
use crate::instrument::Obstacle;
use crate::request::Outcome;
use crate::text::{Country, Language, coded_enum};
use crate::time::At;

pub use annexes::draw;

/// The instrument whose forms these are.
const INSTRUMENT: &str = "eu-tco-order";

coded_enum! {
    /// One of the forms.
    pub enum FormKind, "a form" {
        /// The removal order.
        AnnexI => "annex_i",
        /// Feedback following removal or disabling of access.
        AnnexII => "annex_ii",
        /// That the order cannot be carried out.
        AnnexIII => "annex_iii",
    }
}

impl FormKind {
    /// Its name.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::AnnexI => "Annex I: removal order",
            Self::AnnexII => {
                "Annex II: feedback following removal of or disabling of access to terrorist content"
            }
            Self::AnnexIII => {
                "Annex III: information about the impossibility to execute the removal order"
            }
        }
    }

    /// The article that asks for it.
    #[must_use]
    pub const fn citation(self) -> &'static str {
        match self {
            Self::AnnexI => "Regulation (EU) 2021/784, Article 3",
            Self::AnnexII => "Regulation (EU) 2021/784, Article 3(6)",
            Self::AnnexIII => "Regulation (EU) 2021/784, Article 3(7) and (8)",
        }
    }
}

/// What is known of an order and of the answers to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The claimed power, by its name in the catalogue.
    pub instrument: String,
    /// Ours.
    pub reference: String,
    /// Who ordered.
    pub authority: Authority,
    /// Who was ordered.
    pub provider: Provider,
    /// When it was filed.
    pub issued_at: At,
    /// When it was handed over.
    pub received_at: Option<At>,
    /// Codes of the grounds.
    pub grounds: Vec<String>,
    /// The statement of reasons and its translation.
    pub reasons: Vec<(Language, String)>,
    /// What is to be removed.
    pub items: Vec<Item>,
    /// Whether the uploader may not be told.
    pub non_disclosure: bool,
    /// When the whole order was taken back.
    pub withdrawn_at: Option<At>,
    /// What the platform reported, oldest first.
    pub obstacles: Vec<Reported>,
}

/// The authority that issued the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// Its name.
    pub name: String,
    /// Its Member State.
    pub country: Country,
    /// What kind of authority it is.
    pub agency_type: AgencyType,
    /// Name and rank of its officer, as far as the reader may know them.
    pub officer: Option<String>,
    /// Its own file number.
    pub file_number: Option<String>,
}

/// The hosting service provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Its name.
    pub name: String,
    /// Where it is established, once that is known.
    pub country: Option<Country>,
    /// Its own ticket.
    pub reference: Option<String>,
}

/// One place of content.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its place in the order, from 1.
    pub position: i32,
    /// Exactly as filed.
    pub locator: String,
    /// What else helps to find it.
    pub description: Option<String>,
    /// The platform's latest answer.
    pub outcome: Option<Outcome>,
    /// When it was taken back, and the rest of the order not.
    pub withdrawn_at: Option<At>,
}

/// An obstacle that the platform reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// Which.
    pub obstacle: Obstacle,
    /// When.
    pub at: At,
    /// In its words.
    pub text: String,
}

/// A form, filled as far as the record goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Which.
    pub kind: FormKind,
    /// What a reader has to know first: that the order does not stand any more.
    pub remark: Option<String>,
    /// Its sections.
    pub sections: Vec<Section>,
}

/// A section of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its letter.
    pub letter: &'static str,
    /// What it is about.
    pub title: &'static str,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// What has to be said.
    pub label: &'static str,
    /// What is said.
    pub value: Value,
    /// The label was recalled, not read in the official text.
    pub recalled: bool,
}

/// What stands in a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text, one or more lines.
    Lines(Vec<String>),
    /// Boxes, each ticked or not.
    Boxes(Vec<TickBox>),
    /// Nobody recorded it.
    ByHand,
}

/// A box of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TickBox {
    /// Whether it is ticked.
    pub ticked: bool,
    /// What it says.
    pub text: &'static str,
    /// The text was recalled, not read in the official text.
    pub recalled: bool,
}

/// Why there is no such form.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoForm {
    /// The request is not a removal order.
    #[error("the forms are those of an eu-tco-order; the instrument of this request is {0}")]
    OtherInstrument(String),
    /// Nothing was removed.
    #[error(
        "no item is removed, and access to none is disabled in all Member States, so there is no feedback to give"
    )]
    NothingDone,
    /// Nothing stood in the way.
    #[error("no obstacle was reported, and no item was answered as impossible")]
    NothingReported,
}
