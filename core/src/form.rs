//! The forms of Regulation (EU) 2021/784: the removal order (Annex I), and the platform's answers to it (Annexes II and
//! III); and what Regulation (EU) 2022/2065 asks of an order (Article 9), a notice (Article 16) and their answers. All
//! are filled from what the exchange has on record.
//!
//! What nobody recorded is left to be filled in by hand, never guessed. Labels that were recalled and not read again in
//! the official text are marked, on the form too: whoever uses it as a legal form compares them first.

mod annexes;
mod answers;
mod dsa;
mod labels;
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
pub use labels::FormLanguage;

/// The instruments whose forms these are.
const REMOVAL_ORDER: &str = "eu-tco-order";
const ARTICLE_9: &str = "eu-dsa-art9-order";
const ARTICLE_16: &str = "eu-dsa-art16-notice";

coded_enum! {
    /// One of the forms.
    pub enum FormKind, "a form" {
        /// The removal order.
        AnnexI => "annex_i",
        /// Feedback following removal or disabling of access.
        AnnexII => "annex_ii",
        /// That the order cannot be carried out.
        AnnexIII => "annex_iii",
        /// An order to act against illegal content.
        DsaArt9 => "dsa_art9",
        /// Which effect was given to it.
        DsaArt9Effect => "dsa_art9_effect",
        /// That a notice was received.
        DsaArt16Receipt => "dsa_art16_receipt",
        /// What was decided on it.
        DsaArt16Decision => "dsa_art16_decision",
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
            Self::DsaArt9 => "Order to act against illegal content",
            Self::DsaArt9Effect => "Information on the effect given to an order",
            Self::DsaArt16Receipt => "Confirmation of receipt of a notice",
            Self::DsaArt16Decision => "Decision on a notice",
        }
    }

    /// The article that asks for it.
    #[must_use]
    pub const fn citation(self) -> &'static str {
        match self {
            Self::AnnexI => "Regulation (EU) 2021/784, Article 3",
            Self::AnnexII => "Regulation (EU) 2021/784, Article 3(6)",
            Self::AnnexIII => "Regulation (EU) 2021/784, Article 3(7) and (8)",
            Self::DsaArt9 => "Regulation (EU) 2022/2065, Article 9(2)",
            Self::DsaArt9Effect => "Regulation (EU) 2022/2065, Article 9(1)",
            Self::DsaArt16Receipt => "Regulation (EU) 2022/2065, Article 16(4)",
            Self::DsaArt16Decision => "Regulation (EU) 2022/2065, Article 16(5) and (6)",
        }
    }

    /// The instrument that has it.
    #[must_use]
    pub const fn instrument(self) -> &'static str {
        match self {
            Self::AnnexI | Self::AnnexII | Self::AnnexIII => REMOVAL_ORDER,
            Self::DsaArt9 | Self::DsaArt9Effect => ARTICLE_9,
            Self::DsaArt16Receipt | Self::DsaArt16Decision => ARTICLE_16,
        }
    }

    /// The official text with which recalled wording is to be compared.
    const fn official_text(self) -> &'static str {
        match self {
            Self::AnnexI | Self::AnnexII | Self::AnnexIII => {
                "OJ L 172, 17.5.2021, p. 79; corrigenda OJ L 266, 13.10.2022, p. 23, and L 328, 22.12.2022, p. 171"
            }
            _ => "Regulation (EU) 2022/2065",
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
    /// Whether the filing decided that the uploader may not be told.
    pub non_disclosure: bool,
    /// Why the platform was not told beforehand, where this is a first order and the notice was waived.
    pub prior_notice_waived: Option<String>,
    /// To whom and when the copy for the platform's Member State went; the name where it is known.
    pub copied: Option<Copied>,
    /// By whom and when the order was annulled.
    pub annulled: Option<(String, At)>,
    /// The present end of that, as long as it lasts.
    pub silent_until: Option<At>,
    /// The law that gives the authority its power.
    pub legal_basis: Option<String>,
    /// The provision of law that makes the content illegal.
    pub provision: Option<String>,
    /// How it can be challenged, in the authority's words.
    pub redress: Option<(Language, String)>,
    /// Which other authority is told of the effect.
    pub effect_to: Option<String>,
    /// The notice is made in good faith.
    pub bona_fide: bool,
    /// Where effect is asked.
    pub territory: Vec<Country>,
    /// Effect is asked everywhere.
    pub worldwide: bool,
    /// When the platform said that it has it.
    pub acknowledged_at: Option<At>,
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
    /// Where it is written to: a mail address or an https URL.
    pub complaints: String,
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
    /// The languages it declared.
    pub languages: Vec<Language>,
}

impl Provider {
    /// Whether a text in this language is in one that it declared, whatever the region.
    fn accepts(&self, language: &Language) -> bool {
        let primary = |of: &Language| of.as_str().split('-').next().map(str::to_ascii_lowercase);
        self.languages
            .iter()
            .any(|own| primary(own) == primary(language))
    }
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

/// The copy for the authority of the provider's Member State.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Its name.
    pub to: String,
    /// When it was sent.
    pub at: At,
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
    /// When the authority took it back.
    pub taken_back_at: Option<At>,
    /// By whom and when it was annulled.
    pub annulled: Option<(String, At)>,
    /// Why the platform was not told before a first order.
    pub prior_notice_waived: Option<String>,
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
    /// The form belongs to another instrument.
    #[error("it is a form of {form}; the instrument of this request is {request}")]
    OtherInstrument {
        /// The instrument that has the form.
        form: &'static str,
        /// That of the request.
        request: String,
    },
    /// Nothing was removed.
    #[error(
        "no item is removed, and access to none is disabled in all Member States, so there is no feedback to give"
    )]
    NothingDone,
    /// Nothing stood in the way.
    #[error("no obstacle was reported, and no item was answered as impossible")]
    NothingReported,
    /// No item was answered.
    #[error("no item has an outcome yet, so there is neither an effect nor a decision to tell")]
    NothingDecided,
    /// The platform has not read it.
    #[error("the platform has not read the notice yet, so there is no receipt to confirm")]
    NotReceived,
}
