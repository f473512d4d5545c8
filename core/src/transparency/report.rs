//! The report as it is written: the same for a server and for an export that was taken home, byte for byte.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::fold::{Folded, Names, Tables};
use super::metric::{Metric, cell};
use super::of::{Dimension, Of, PUBLISHED};
use super::period::Period;
use super::spread::Measure;
use super::suppress::{Hidden, THRESHOLD};
use super::view::{Shown, View};
use crate::time::{At, rfc3339};

/// The form of the report; another one gets another name.
pub const FORMAT: &str = "takedown-transparency/1";

/// A report of one period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// [`FORMAT`].
    pub format: String,
    /// Whose filings are counted.
    pub period: Days,
    /// As of when: nothing later is counted. RFC 3339.
    pub made_at: String,
    /// Whether the period was over then. If not, its counts still grow.
    pub over: bool,
    /// Counts below this are not told, nor are percentiles of fewer values; nothing for those who may see every number.
    pub suppressed_below: Option<u64>,
    /// Whether periods that are not over are published as well: they had a part in what is not told.
    pub open_periods: bool,
    /// What had to hold of all that is counted, or what was chosen of the published tables.
    pub only: Of,
    /// The tables.
    pub tables: Vec<Table>,
    /// The metrics that laws ask for, by article and letter.
    pub articles: Vec<Line>,
}

/// A period by its name and its days, both counted, in UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Days {
    /// `2026`, `2026-Q3`, `2026-07` or `2026-01-05..2026-02-11`.
    pub name: String,
    /// The first day.
    pub first_on: NaiveDate,
    /// The last day.
    pub last_on: NaiveDate,
}

/// What a table or a line is about, in words for people as well.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Who asked.
    pub agency: Option<String>,
    /// Its name.
    pub agency_name: Option<String>,
    /// The country of whoever asked (ISO 3166-1).
    pub country: Option<String>,
    /// Who was asked.
    pub platform: Option<String>,
    /// Its name.
    pub platform_name: Option<String>,
    /// How large the platform is.
    pub platform_size_class: Option<String>,
    /// Under which power.
    pub instrument: Option<String>,
    /// On which ground, alone or among others.
    pub ground: Option<String>,
    /// What may not be told yet, and is divided by nothing.
    pub under_non_disclosure: bool,
}

/// What was counted of one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Of what.
    pub of: About,
    /// There are fewer requests than the threshold, and nothing else is told.
    pub withheld: bool,
    /// The counts. One that is not listed is 0, unless the table is withheld.
    pub counts: Vec<Count>,
    /// The times.
    pub times: Vec<Time>,
}

/// One count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// The metric.
    pub metric: String,
    /// The code within it; none of a whole.
    pub code: Option<String>,
    /// What is counted: requests, orders or items.
    pub unit: String,
    /// The number; none when it is not told.
    pub value: Option<u64>,
    /// The number as it is shown: `12`, `<5` or `withheld`.
    pub shown: String,
}

/// One measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Time {
    /// The measure.
    pub measure: String,
    /// Of how many values; only for those who may see every number.
    pub values: Option<u64>,
    /// Half of them are at most this, in seconds.
    pub median_seconds: Option<u64>,
    /// Nine tenths of them are at most this, in seconds.
    pub p90_seconds: Option<u64>,
}

/// What an article of law asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The article.
    pub article: String,
    /// The letter of its paragraph.
    pub letter: String,
    /// What is asked for.
    pub says: String,
    /// Of what.
    pub of: About,
    /// What is counted; none when the exchange does not know it.
    pub unit: Option<String>,
    /// The number; none when it is not told or not known.
    pub value: Option<u64>,
    /// The number as it is shown, or `not known to the exchange`.
    pub shown: String,
}

/// Published tables that there are not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "no table is published by {wanted} together; there are tables by {}, alone, and by country, agency or ground with the instrument",
    Dimension::CODES.iter().filter(|code| **code != "platform").copied().collect::<Vec<_>>().join(", ")
)]
pub struct NotPublished {
    /// The dimensions that were asked for.
    pub wanted: String,
}

impl About {
    pub(super) fn new(of: &Of, names: &Names) -> Self {
        let agency = of.agency.as_ref().and_then(|id| names.agencies.get(id));
        let platform = of.platform.as_ref().and_then(|id| names.platforms.get(id));
        Self {
            agency: of.agency.clone(),
            agency_name: agency.map(|(name, _)| name.clone()),
            country: of
                .country
                .clone()
                .or_else(|| agency.map(|(_, country)| country.clone())),
            platform: of.platform.clone(),
            platform_name: platform.cloned(),
            platform_size_class: of.platform_size_class.clone(),
            instrument: of.instrument.clone(),
            ground: of.ground.clone(),
            under_non_disclosure: of.under_non_disclosure,
        }
    }

    /// What it is about, without the words for people.
    #[must_use]
    pub fn of(&self) -> Of {
        Of {
            agency: self.agency.clone(),
            country: self.country.clone().filter(|_| self.agency.is_none()),
            platform: self.platform.clone(),
            platform_size_class: self.platform_size_class.clone(),
            instrument: self.instrument.clone(),
            ground: self.ground.clone(),
            under_non_disclosure: self.under_non_disclosure,
        }
    }

    fn within(&self, only: &Of) -> bool {
        let country = |wanted: &String| self.country.as_ref() == Some(wanted);
        let without_country = only.clone().with(Dimension::Country, None);
        only.country.as_ref().is_none_or(country) && self.of().within(&without_country)
    }
}

impl Folded {
    /// The report for those who may see every number.
    #[must_use]
    pub fn report(&self, made_at: At) -> Option<Report> {
        let (period, tables) = self.periods.first()?;
        let view = View::of_all(tables);
        let written = write(*period, (made_at, false), &self.only, &self.names, &view);
        Some(written)
    }

    /// The reports for everybody: of the year, its quarters and its months, in this order. Those that are over, and those
    /// that have begun if `open` is set.
    #[must_use]
    pub fn publish(&self, made_at: At, open: bool) -> Vec<Report> {
        let months = self.periods.first().and_then(|(month, _)| month.year());
        let Some(year) = months else {
            return Vec::new();
        };
        let told =
            |period: &Period| period.ends() <= made_at || (open && period.begins() <= made_at);
        let periods = Period::of_year(year).into_iter().filter(told);
        let periods: Vec<(Period, Tables)> = periods
            .map(|period| (period, self.tables(period)))
            .collect();
        let hidden = Hidden::decide(&periods, &self.names);
        let reports = periods.iter().enumerate().map(|(place, (period, tables))| {
            let view = View::published(tables, &hidden, place);
            write(*period, (made_at, open), &Of::default(), &self.names, &view)
        });
        reports.collect()
    }

    /// What was counted in the months of a period.
    fn tables(&self, period: Period) -> Tables {
        let mut sum = Tables::new();
        let within =
            |month: &Period| month.begins() >= period.begins() && month.ends() <= period.ends();
        for (_, tables) in self.periods.iter().filter(|(month, _)| within(month)) {
            for (of, figures) in tables {
                sum.entry(of.clone()).or_default().merge(figures);
            }
        }
        sum
    }
}

fn write(
    period: Period,
    (made_at, open_periods): (At, bool),
    only: &Of,
    names: &Names,
    view: &View<'_>,
) -> Report {
    let tables = view.tables().into_iter().map(|of| Table {
        of: About::new(of, names),
        withheld: view.is_closed(of),
        counts: counts(view, of),
        times: times(view, of),
    });
    Report {
        format: FORMAT.to_owned(),
        period: Days {
            name: period.to_string(),
            first_on: period.first(),
            last_on: period.last(),
        },
        made_at: rfc3339(made_at),
        over: period.ends() <= made_at,
        suppressed_below: view.is_published().then_some(THRESHOLD),
        open_periods,
        only: only.clone(),
        tables: tables.collect(),
        articles: super::articles::lines(view, names),
    }
}

fn counts(view: &View<'_>, of: &Of) -> Vec<Count> {
    let closed = view.is_closed(of);
    let all = Metric::ALL.iter().flat_map(|metric| {
        let codes = metric.codes().iter().enumerate();
        codes.map(|(place, code)| (*metric, place, *code))
    });
    all.filter_map(|(metric, place, code)| {
        if closed && metric != Metric::Requests {
            return None;
        }
        let shown = view.count(of, cell(metric, place));
        if shown == Shown::Is(0) && !metric.is_whole() {
            return None;
        }
        Some(Count {
            metric: metric.as_str().to_owned(),
            code: (!code.is_empty()).then(|| code.to_owned()),
            unit: metric.unit().as_str().to_owned(),
            value: shown.value(),
            shown: shown.to_string(),
        })
    })
    .collect()
}

fn times(view: &View<'_>, of: &Of) -> Vec<Time> {
    let told = |measure: &Measure| {
        let (values, median, p90) = view.time(of, *measure)?;
        Some(Time {
            measure: measure.as_str().to_owned(),
            values,
            median_seconds: Some(median),
            p90_seconds: Some(p90),
        })
    };
    Measure::ALL.iter().filter_map(told).collect()
}

impl Report {
    /// Of a published report what is about something.
    ///
    /// # Errors
    /// [`NotPublished`] when there are no tables by such a combination.
    pub fn about(&self, only: &Of) -> Result<Self, NotPublished> {
        let wanted: Vec<Dimension> = only.dimensions().collect();
        let has = |family: &&[Dimension]| wanted.iter().all(|one| family.contains(one));
        if !PUBLISHED.iter().any(has) {
            let wanted: Vec<&str> = wanted.iter().map(|one| one.as_str()).collect();
            let wanted = wanted.join(" and ");
            return Err(NotPublished { wanted });
        }
        if wanted.is_empty() {
            return Ok(self.clone());
        }
        let tables = self.tables.iter().filter(|table| table.of.within(only));
        let lines = self.articles.iter().filter(|line| line.of.within(only));
        Ok(Self {
            only: only.clone(),
            tables: tables.cloned().collect(),
            articles: lines.cloned().collect(),
            period: self.period.clone(),
            format: self.format.clone(),
            made_at: self.made_at.clone(),
            ..*self
        })
    }

    /// The table about exactly this.
    #[must_use]
    pub fn table(&self, of: &Of) -> Option<&Table> {
        self.tables.iter().find(|table| table.of.of() == *of)
    }
}

impl Table {
    /// A count as it is shown; `0` when it is not listed.
    #[must_use]
    pub fn shown(&self, metric: Metric, code: &str) -> (Option<u64>, &str) {
        let found = self.counts.iter().find(|count| {
            count.metric == metric.as_str() && count.code.as_deref().unwrap_or_default() == code
        });
        match found {
            Some(count) => (count.value, &count.shown),
            None if self.withheld => (None, "withheld"),
            None => (Some(0), "0"),
        }
    }

    /// A time, if it is told.
    #[must_use]
    pub fn time(&self, measure: Measure) -> Option<&Time> {
        let named = |time: &&Time| time.measure == measure.as_str();
        self.times.iter().find(named)
    }
}
