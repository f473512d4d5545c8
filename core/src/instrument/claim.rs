//! What a filing claims, as far as its instrument judges it, and how it can contradict that instrument.

use std::fmt;

use super::kinds::ServiceMethod;
use crate::agency::AgencyType;
use crate::locator::ItemKind;
use crate::text::Country;
use crate::time::At;

/// Everything in a filing that an instrument has something to say about.
///
/// Start from [`Claim::by`] and set what the filing has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Claim<'a> {
    /// The country of the agency.
    pub country: Country,
    /// The type of the agency.
    pub agency_type: AgencyType,
    /// Whose law is claimed.
    pub jurisdiction: Country,
    /// The officer's rank as written.
    pub officer_rank: Option<&'a str>,
    /// The codes of the grounds, in the order of the filing.
    pub grounds: &'a [&'a str],
    /// There is a statement of reasons.
    pub has_reasons: bool,
    /// The provision of law cited.
    pub provision: Option<&'a str>,
    /// The law that gives the authority its power, as cited.
    pub legal_basis: Option<&'a str>,
    /// It says how it can be challenged.
    pub has_redress: bool,
    /// It says that it is made in good faith.
    pub bona_fide: bool,
    /// Where effect is asked, if the filing says so.
    pub territory: Option<ClaimedTerritory<'a>>,
    /// The kind of each item, in the order of the filing.
    pub items: &'a [ItemKind],
    /// Service outside the exchange, if it took place.
    pub service: Option<ClaimedService>,
    /// The date that an order itself specifies.
    pub specified: Option<ClaimedSpecified<'a>>,
    /// The wish that the uploader is not told.
    pub non_disclosure: Option<ClaimedNonDisclosure<'a>>,
    /// Until when what is removed is to be kept.
    pub preservation_until: Option<At>,
    /// It says why the platform was not told beforehand.
    pub waives_prior_notice: bool,
    /// When it is filed.
    pub filed_at: At,
}

impl Claim<'_> {
    /// The claim of a filing that says nothing yet, under the agency's own law.
    pub fn by(country: Country, agency_type: AgencyType, filed_at: At) -> Self {
        Self {
            country,
            agency_type,
            jurisdiction: country,
            officer_rank: None,
            grounds: &[],
            has_reasons: false,
            provision: None,
            legal_basis: None,
            has_redress: false,
            bona_fide: false,
            territory: None,
            items: &[],
            service: None,
            specified: None,
            non_disclosure: None,
            preservation_until: None,
            waives_prior_notice: false,
            filed_at,
        }
    }
}

/// Where effect is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimedTerritory<'a> {
    /// The countries named.
    pub countries: &'a [Country],
    /// Everywhere.
    pub worldwide: bool,
}

/// How and when it was served outside the exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimedService {
    /// The way it was given.
    pub method: ServiceMethod,
    /// When it was given; by post, when delivery was recorded.
    pub served_at: At,
}

/// The date that the order itself sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimedSpecified<'a> {
    /// By when it asks for action.
    pub due_at: At,
    /// Who set it, for example the court.
    pub issued_by: Option<&'a str>,
}

/// A wish for silence towards the uploader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimedNonDisclosure<'a> {
    /// Until when.
    pub until: At,
    /// Why.
    pub reason: Option<&'a str>,
}

/// One way in which a filing contradicts the instrument it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// The code of the rule, one of [`RULES`].
    pub rule: &'static str,
    /// Where the rule is written down.
    pub citation: String,
    /// JSON pointer (RFC 6901) into the filing.
    pub pointer: String,
    /// What is wrong, and what would be right.
    pub detail: String,
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.pointer, self.detail, self.citation)
    }
}

macro_rules! rules {
    ($($name:ident = $code:literal, $says:literal;)+) => {
        $(pub(in crate::instrument) const $name: &str = $code;)+

        /// Every rule that [`Instrument::check`](super::Instrument::check) can name: its code and what it says.
        pub const RULES: &[(&str, &str)] = &[$(($name, $says)),+];
    };
}

rules! {
    JURISDICTION = "instrument.jurisdiction", "The agency's country, and the law it claims, must be one whose authorities have this power.";
    ISSUER_TYPE = "instrument.issuer_type", "Only the named types of agency have this power.";
    RANK_FLOOR = "instrument.rank_floor", "The officer's rank must not lie below the floor that the law sets.";
    GROUND_REQUIRED = "instrument.ground_required", "At least one ground is needed.";
    GROUND = "instrument.ground", "Each ground must be one on which this instrument can rest.";
    REASONS = "instrument.reasons", "A statement of reasons is part of it.";
    PROVISION = "instrument.provision", "The provision of law has to be cited.";
    LEGAL_BASIS = "instrument.legal_basis", "The law that gives the authority its power has to be cited.";
    REDRESS = "instrument.redress", "It has to say how it can be challenged.";
    NO_REDRESS = "instrument.no_redress", "A referral is voluntary, so there is nothing to challenge.";
    BONA_FIDE = "instrument.bona_fide", "It has to be made in good faith.";
    NO_BONA_FIDE = "instrument.no_bona_fide", "Only a notice that asks for it carries a statement of good faith.";
    TERRITORY = "instrument.territory", "Effect can only be asked in the territory that the instrument reaches.";
    ITEM_KIND = "instrument.item_kind", "Each item must be of a kind that this instrument can name.";
    NO_SERVICE = "instrument.no_service", "This instrument knows no service apart from filing.";
    SERVICE_METHOD = "instrument.service_method", "It must be served in a way that the law knows.";
    SERVICE_TIME = "instrument.service_time", "Service lies in the past, and in years for which the deadline can be computed.";
    NO_SPECIFIED = "instrument.no_specified", "Under this instrument nobody sets a date by hand.";
    SPECIFIED = "instrument.specified", "The order's own date and its issuer are needed.";
    SPECIFIED_TIME = "instrument.specified_time", "The date that the order sets must lie in the future.";
    NO_NON_DISCLOSURE = "instrument.no_non_disclosure", "This instrument cannot forbid telling the uploader.";
    NON_DISCLOSURE_TIME = "instrument.non_disclosure_time", "Non-disclosure ends in the future and within the time that the law allows.";
    NON_DISCLOSURE_REASON = "instrument.non_disclosure_reason", "Non-disclosure needs a reason.";
    NON_DISCLOSURE_ENDED = "instrument.non_disclosure_ended", "Only a non-disclosure that still lasts can be extended.";
    NON_DISCLOSURE_EXTENSIONS = "instrument.non_disclosure_extensions", "Non-disclosure is extended only as often as the law allows.";
    NO_PRESERVATION = "instrument.no_preservation", "This instrument cannot require preservation.";
    PRIOR_NOTICE = "instrument.prior_notice", "Before a first order the platform is told of procedures and deadlines, in time.";
    NO_PRIOR_NOTICE = "instrument.no_prior_notice", "This instrument knows no notice before a first order that could be waived.";
    PRESERVATION_TIME = "instrument.preservation_time", "Preservation ends in the future, not before the time that the law sets, and within what can be asked at once.";
}
