//! Agencies, platforms and clients as the use cases see them: parsed once when they are read.

use serde::{Deserialize, Serialize};
use takedown_core::agency::{AgencyStatus, AgencyType, Verification};
use takedown_core::id::{AgencyId, PlatformId};
use takedown_core::instrument::InstrumentId;
use takedown_core::platform::{SizeClass, Standing, Wishes};
use takedown_core::text::{Country, Language};
use takedown_core::time::{At, from_millis};

use crate::store::StoreError;
use crate::store::agencies::AgencyRow;
use crate::store::clients::ClientRow;
use crate::store::platforms::PlatformRow;

/// Whoever files.
#[derive(Debug, Clone)]
pub struct Agency {
    /// Its identifier.
    pub id: AgencyId,
    /// Its name, as platforms see it.
    pub name: String,
    /// Whose authority it is.
    pub country: Country,
    /// Police, judicial, regulator or other.
    pub agency_type: AgencyType,
    /// Only a verified agency files.
    pub status: AgencyStatus,
    /// Why it is suspended, in the operator's words: for him alone.
    pub suspension_reason: Option<String>,
    /// Where a platform or an uploader complains: a mail address or an https URL.
    pub complaints: String,
    /// Where it is told of answers.
    pub mail: String,
    /// The language of those mails.
    pub language: Language,
    /// IANA name of the zone its times are shown in.
    pub time_zone: String,
    /// How, by whom and until when it was verified.
    pub verification: Option<Verification>,
    /// Counts changes, from 1.
    pub version: i32,
    /// When it was registered.
    pub created_at: At,
    /// When it was last changed.
    pub updated_at: At,
    /// Whether others who ask about the same item may be told its name, if they agreed to that as well.
    pub naming_agreed: bool,
    /// Under which instruments it scrutinises the orders of other authorities to platforms of its country.
    pub scrutinises: Vec<InstrumentId>,
    /// Whether nothing is taken from it that its unit has not signed.
    pub signature_required: bool,
    /// How it wants its mails.
    pub wishes: Wishes,
}

impl Agency {
    /// Whether it may file at this instant.
    #[must_use]
    pub fn may_file(&self, now: At) -> bool {
        self.status == AgencyStatus::Verified
            && self.verification.as_ref().is_some_and(|v| v.holds(now))
    }
}

impl TryFrom<AgencyRow> for Agency {
    type Error = StoreError;

    fn try_from(row: AgencyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: parsed("agency id", &row.id)?,
            name: row.name,
            country: parsed("country", &row.country)?,
            agency_type: parsed("agency type", &row.agency_type)?,
            status: parsed("agency status", &row.status)?,
            suspension_reason: row.suspension_reason,
            complaints: row.complaints,
            mail: row.mail,
            language: parsed("language", &row.language)?,
            time_zone: row.time_zone,
            verification: row
                .verification
                .as_deref()
                .map(serde_json::from_str)
                .transpose()?,
            version: row.version,
            created_at: instant(row.created_at)?,
            updated_at: instant(row.updated_at)?,
            naming_agreed: row.naming_agreed,
            scrutinises: serde_json::from_str(&row.scrutinises)?,
            signature_required: row.signature_required,
            wishes: wishes(row.notification.as_deref())?,
        })
    }
}

impl TryFrom<&Agency> for AgencyRow {
    type Error = StoreError;

    fn try_from(agency: &Agency) -> Result<Self, StoreError> {
        Ok(Self {
            id: agency.id.to_string(),
            name: agency.name.clone(),
            country: agency.country.to_string(),
            agency_type: agency.agency_type.as_str().to_owned(),
            status: agency.status.as_str().to_owned(),
            suspension_reason: agency.suspension_reason.clone(),
            complaints: agency.complaints.clone(),
            mail: agency.mail.clone(),
            language: agency.language.to_string(),
            time_zone: agency.time_zone.clone(),
            verification: agency
                .verification
                .as_ref()
                .map(serde_json::to_string)
                .transpose()?,
            version: agency.version,
            created_at: agency.created_at.timestamp_millis(),
            updated_at: agency.updated_at.timestamp_millis(),
            naming_agreed: agency.naming_agreed,
            scrutinises: serde_json::to_string(&agency.scrutinises)?,
            signature_required: agency.signature_required,
            notification: stored(&agency.wishes)?,
        })
    }
}

/// What stands in the column of a platform whose country nobody knows: a code that ISO 3166-1 leaves to its users and will
/// never give to a country.
const UNKNOWN_COUNTRY: &str = "ZZ";

/// Whoever is asked.
#[derive(Debug, Clone)]
pub struct Platform {
    /// Its identifier.
    pub id: PlatformId,
    /// Its name.
    pub name: String,
    /// Where it is established, once that is known.
    pub country: Option<Country>,
    /// From sighted to active.
    pub standing: Standing,
    /// Its clients may not call while this holds.
    pub suspended: bool,
    /// Why it is suspended, in the operator's words: for him alone.
    pub suspension_reason: Option<String>,
    /// The hosts that lead to it, sorted.
    pub hosts: Vec<String>,
    /// The languages it accepts, the preferred one first.
    pub languages: Vec<Language>,
    /// IANA name of its zone.
    pub time_zone: String,
    /// Mail addresses, the first one first.
    pub contacts: Vec<String>,
    /// How large it is.
    pub size_class: SizeClass,
    /// Counts changes, from 1.
    pub version: i32,
    /// When it was registered.
    pub created_at: At,
    /// When it was last changed.
    pub updated_at: At,
    /// How it wants its mails.
    pub wishes: Wishes,
}

impl Platform {
    /// From its row and its hosts.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] when a column does not hold what it should.
    pub fn from_rows(row: PlatformRow, hosts: Vec<String>) -> Result<Self, StoreError> {
        Ok(Self {
            id: parsed("platform id", &row.id)?,
            name: row.name,
            country: match row.country.as_str() {
                UNKNOWN_COUNTRY => None,
                country => Some(parsed("country", country)?),
            },
            standing: parsed("standing", &row.standing)?,
            suspended: row.suspended,
            suspension_reason: row.suspension_reason,
            hosts,
            languages: serde_json::from_str(&row.languages)?,
            time_zone: row.time_zone,
            contacts: serde_json::from_str(&row.contacts)?,
            size_class: parsed("size class", &row.size_class)?,
            version: row.version,
            created_at: instant(row.created_at)?,
            updated_at: instant(row.updated_at)?,
            wishes: wishes(row.notification.as_deref())?,
        })
    }
}

impl TryFrom<&Platform> for PlatformRow {
    type Error = StoreError;

    fn try_from(platform: &Platform) -> Result<Self, StoreError> {
        Ok(Self {
            id: platform.id.to_string(),
            name: platform.name.clone(),
            country: platform
                .country
                .map_or(UNKNOWN_COUNTRY, Country::as_str)
                .to_owned(),
            standing: platform.standing.as_str().to_owned(),
            suspended: platform.suspended,
            suspension_reason: platform.suspension_reason.clone(),
            languages: serde_json::to_string(&platform.languages)?,
            time_zone: platform.time_zone.clone(),
            contacts: serde_json::to_string(&platform.contacts)?,
            size_class: platform.size_class.as_str().to_owned(),
            version: platform.version,
            created_at: platform.created_at.timestamp_millis(),
            updated_at: platform.updated_at.timestamp_millis(),
            notification: stored(&platform.wishes)?,
        })
    }
}

fn wishes(column: Option<&str>) -> Result<Wishes, StoreError> {
    let wishes = column.map(serde_json::from_str).transpose()?;
    Ok(wishes.unwrap_or_default())
}

/// As the column holds them: nothing for whoever wants each mail at once.
fn stored(wishes: &Wishes) -> Result<Option<String>, StoreError> {
    let wished = (*wishes != Wishes::default()).then(|| serde_json::to_string(wishes));
    Ok(wished.transpose()?)
}

/// A secret's digest. The secret itself is shown once and kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretDigest {
    /// SHA-256 in lower-case hex.
    pub sha256: String,
    /// When it stops working; a rotation sets this on the older ones.
    pub expires_at: Option<At>,
}

/// An API client.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its identifier (`client_id`).
    pub id: String,
    /// What it is for.
    pub name: String,
    /// `agency`, `platform`, `auditor` or `operator`.
    pub role: String,
    /// The agency it acts for; for an auditor, the one agency he may see.
    pub agency: Option<AgencyId>,
    /// The platform it acts for; for an auditor, the one platform he may see.
    pub platform: Option<PlatformId>,
    /// The scopes it may ask for, separated by spaces.
    pub scopes: String,
    /// Its secrets.
    pub secrets: Vec<SecretDigest>,
    /// Its public keys as a JSON Web Key Set.
    pub jwks: Option<String>,
    /// It may not call while this holds.
    pub suspended: bool,
    /// Why it is suspended, in the operator's words: for him alone.
    pub suspension_reason: Option<String>,
    /// Tokens issued before are refused.
    pub tokens_not_before: At,
    /// When it was registered.
    pub created_at: At,
    /// When it was last changed.
    pub updated_at: At,
}

impl TryFrom<ClientRow> for Client {
    type Error = StoreError;

    fn try_from(row: ClientRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            name: row.name,
            role: row.role,
            agency: row
                .agency_id
                .as_deref()
                .map(|id| parsed("agency id", id))
                .transpose()?,
            platform: row
                .platform_id
                .as_deref()
                .map(|id| parsed("platform id", id))
                .transpose()?,
            scopes: row.scopes,
            secrets: serde_json::from_str(&row.secrets)?,
            jwks: row.jwks,
            suspended: row.suspended,
            suspension_reason: row.suspension_reason,
            tokens_not_before: instant(row.tokens_not_before)?,
            created_at: instant(row.created_at)?,
            updated_at: instant(row.updated_at)?,
        })
    }
}

impl TryFrom<&Client> for ClientRow {
    type Error = StoreError;

    fn try_from(client: &Client) -> Result<Self, StoreError> {
        Ok(Self {
            id: client.id.clone(),
            name: client.name.clone(),
            role: client.role.clone(),
            agency_id: client.agency.map(|id| id.to_string()),
            platform_id: client.platform.map(|id| id.to_string()),
            scopes: client.scopes.clone(),
            secrets: serde_json::to_string(&client.secrets)?,
            jwks: client.jwks.clone(),
            suspended: client.suspended,
            suspension_reason: client.suspension_reason.clone(),
            tokens_not_before: client.tokens_not_before.timestamp_millis(),
            created_at: client.created_at.timestamp_millis(),
            updated_at: client.updated_at.timestamp_millis(),
        })
    }
}

/// Reads a column that holds a word or an identifier.
pub(super) fn parsed<T: std::str::FromStr>(what: &str, text: &str) -> Result<T, StoreError>
where
    T::Err: std::fmt::Display,
{
    text.parse()
        .map_err(|error| StoreError::Inconsistent(format!("{what} {text:?}: {error}")))
}

/// Reads a column that holds an instant.
pub(super) fn instant(millis: i64) -> Result<At, StoreError> {
    from_millis(millis).map_err(|error| StoreError::Inconsistent(error.to_string()))
}
