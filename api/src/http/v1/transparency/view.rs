//! How the report is described. It is written by the core, so that whoever recomputes it comes to the same bytes; a test holds
//! what is written against this.

use chrono::NaiveDate;
use utoipa::ToSchema;

use crate::http::wire::Instant;

/// A transparency report of one period.
#[derive(Debug, ToSchema)]
pub struct TransparencyReport {
    /// The form of this document: `takedown-transparency/1`.
    pub format: String,
    /// Whose filings are counted: those of this time, whatever happened to them later.
    pub period: TransparencyPeriod,
    /// When the count began.
    pub made_at: Instant,
    /// Whether the period was over then. If not, its counts still grow.
    pub over: bool,
    /// Counts below this are not told, nor are percentiles of fewer values; `null` for those who may see every number.
    pub suppressed_below: Option<u64>,
    /// Whether periods that are not over are published as well: what is told of them had a part in what is not told.
    pub open_periods: bool,
    /// What had to hold of everything that is counted, or which tables were chosen.
    pub only: TransparencyFilter,
    /// The tables: of everything, and of each value of each dimension that occurs.
    pub tables: Vec<TransparencyTable>,
    /// The metrics that laws ask for, by article and letter.
    pub articles: Vec<TransparencyLine>,
}

/// A period.
#[derive(Debug, ToSchema)]
pub struct TransparencyPeriod {
    /// `2026`, `2026-Q3`, `2026-07`, or two days: `2026-01-05..2026-02-11`.
    pub name: String,
    /// Its first day, in UTC.
    pub first_on: NaiveDate,
    /// Its last day.
    pub last_on: NaiveDate,
}

/// What a report is restricted to.
#[derive(Debug, ToSchema)]
pub struct TransparencyFilter {
    /// Who asked.
    pub agency: Option<String>,
    /// The country of whoever asked (ISO 3166-1).
    pub country: Option<String>,
    /// Who was asked.
    pub platform: Option<String>,
    /// How large the platform is.
    pub platform_size_class: Option<String>,
    /// Under which power.
    pub instrument: Option<String>,
    /// On which ground, alone or among others.
    pub ground: Option<String>,
    /// Always `false`.
    pub under_non_disclosure: bool,
}

/// What a table or a line is about: what is named holds of everything that is counted there.
#[derive(Debug, ToSchema)]
pub struct TransparencySubject {
    /// Who asked.
    pub agency: Option<String>,
    /// Its name.
    pub agency_name: Option<String>,
    /// The country of whoever asked (ISO 3166-1).
    pub country: Option<String>,
    /// Who was asked. Never published.
    pub platform: Option<String>,
    /// Its name.
    pub platform_name: Option<String>,
    /// How large the platform is.
    pub platform_size_class: Option<String>,
    /// Under which power.
    pub instrument: Option<String>,
    /// On which ground, alone or among others.
    pub ground: Option<String>,
    /// What may not be told yet: it is counted here and in the totals, and nowhere else.
    pub under_non_disclosure: bool,
}

/// What was counted of one thing.
#[derive(Debug, ToSchema)]
pub struct TransparencyTable {
    /// Of what.
    pub of: TransparencySubject,
    /// Nothing is told of it but whether it has few or many requests.
    pub withheld: bool,
    /// The counts. One that is not listed is 0, unless the table is withheld.
    pub counts: Vec<TransparencyCount>,
    /// The times; one that is not listed has no value, or too few to be told.
    pub times: Vec<TransparencyTime>,
}

/// One count.
#[derive(Debug, ToSchema)]
pub struct TransparencyCount {
    /// The metric. Each divides a whole into codes that add up to it.
    pub metric: String,
    /// The code; `null` of a whole.
    pub code: Option<String>,
    /// `requests`, `orders` or `items`.
    pub unit: String,
    /// The number; `null` when it is not told.
    pub value: Option<u64>,
    /// The number as it is shown: `12`; `<5`, which may be none; or `withheld`.
    pub shown: String,
}

/// One measure of time: whole seconds below an hour, whole minutes below a day, whole hours from then on.
#[derive(Debug, ToSchema)]
pub struct TransparencyTime {
    /// `receipt`, `acknowledgement`, `outcome` or `effect`.
    pub measure: String,
    /// Of how many values; `null` in what is published.
    pub values: Option<u64>,
    /// The median, by nearest rank.
    pub median_seconds: Option<u64>,
    /// The 90th percentile.
    pub p90_seconds: Option<u64>,
}

/// What an article of law asks for.
#[derive(Debug, ToSchema)]
pub struct TransparencyLine {
    /// `tco_art_7_3`, `tco_art_8_1`, `tco_art_21_1` or `dsa_art_15_1`.
    pub article: String,
    /// The letter of its paragraph.
    pub letter: String,
    /// What is asked for.
    pub says: String,
    /// Of what.
    pub of: TransparencySubject,
    /// `requests`, `orders`, `items` or `seconds`; `null` when the exchange does not know it.
    pub unit: Option<String>,
    /// The number; `null` when it is not told or not known.
    pub value: Option<u64>,
    /// As it is shown: the number, `<5`, `withheld`, or `not known to the exchange`.
    pub shown: String,
}
