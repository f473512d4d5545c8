//! The report as a page: each chart beside the table that it is drawn from.

mod figure;

use askama::Template;
use takedown_core::text::visible;
use takedown_core::transparency::{
    About, Article, Dimension, Line as LawLine, Of, Period, Report, duration,
};

use self::figure::{Figure, by_month, compare, times, within};
use super::words::Words;

/// A link to a period.
pub(super) struct PeriodLink {
    name: String,
    address: String,
    current: bool,
}

/// What an article asks for.
pub(super) struct Law {
    id: &'static str,
    citation: &'static str,
    title: &'static str,
    rows: Vec<LawRow>,
}

pub(super) struct LawRow {
    letter: String,
    of: String,
    says: String,
    shown: String,
}

/// The page of a report.
#[derive(Template)]
#[template(path = "web/transparency.html")]
pub(super) struct Page {
    w: &'static Words,
    period: String,
    first_on: String,
    last_on: String,
    made: String,
    made_machine: String,
    over: bool,
    threshold: Option<u64>,
    undisclosed: bool,
    periods: Vec<PeriodLink>,
    only: Option<String>,
    all_address: String,
    other_address: String,
    withheld: bool,
    figures: Vec<Figure>,
    laws: Vec<Law>,
    json_address: String,
    csv_address: String,
}

/// The page of a report that there is not.
#[derive(Template)]
#[template(path = "web/transparency_absent.html")]
pub(super) struct Absent {
    w: &'static Words,
    title: &'static str,
    line: &'static str,
    periods: Vec<PeriodLink>,
}

impl Absent {
    pub(super) fn new(
        w: &'static Words,
        title: &'static str,
        line: &'static str,
        periods: &[Period],
    ) -> Self {
        let address = |period: &Period| link(w.tag, &period.to_string(), &Of::default());
        let periods = in_order(periods).into_iter().map(|period| PeriodLink {
            name: period.to_string(),
            address: address(&period),
            current: false,
        });
        Self {
            w,
            title,
            line,
            periods: periods.collect(),
        }
    }
}

/// The months within the period of a report of which there are reports, too; none for a month.
pub(super) fn months_of(report: &Report, periods: &[Period]) -> Vec<Period> {
    let Ok(whole) = report.period.name.parse::<Period>() else {
        return Vec::new();
    };
    let within = |period: &&Period| {
        matches!(period, Period::Month(..))
            && **period != whole
            && whole.begins() <= period.begins()
            && period.ends() <= whole.ends()
    };
    periods.iter().filter(within).copied().collect()
}

/// The newest year first, each followed by its quarters and months.
fn in_order(periods: &[Period]) -> Vec<Period> {
    let mut periods = periods.to_vec();
    let length = |period: &Period| match period {
        Period::Year(_) => 0,
        Period::Quarter(..) => 1,
        Period::Month(..) | Period::Span(..) => 2,
    };
    periods.sort_by_key(|period| {
        (
            std::cmp::Reverse(period.year()),
            length(period),
            period.first(),
        )
    });
    periods
}

/// The address of a page, or of a part of a report.
fn link(language: &str, period: &str, only: &Of) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("period", period);
    for dimension in only.dimensions() {
        query.append_pair(dimension.as_str(), only.get(dimension).unwrap_or_default());
    }
    if !language.is_empty() {
        query.append_pair("lang", language);
    }
    let path = if language.is_empty() {
        "/v1/transparency"
    } else {
        "/transparency"
    };
    format!("{path}?{}", query.finish())
}

impl Page {
    pub(super) fn of(
        w: &'static Words,
        report: &Report,
        months: &[&Report],
        periods: &[Period],
        only: &Of,
    ) -> Self {
        let period = report.period.name.as_str();
        let table = report.table(only);
        let mut figures = Vec::new();
        if let Some(table) = table.filter(|table| !table.withheld) {
            figures.extend(by_month(w, months, only));
            figures.extend(w.drawn().into_iter().map(|drawn| within(w, table, drawn)));
            figures.push(times(w, table));
        }
        let compared = w.compared().into_iter();
        figures.extend(
            compared.filter_map(|(dimension, title)| compare(w, (report, only), dimension, title)),
        );
        let json = link("", period, only);
        Self {
            w,
            period: period.to_owned(),
            first_on: report.period.first_on.to_string(),
            last_on: report.period.last_on.to_string(),
            made: report.made_at.get(..10).unwrap_or_default().to_owned(),
            made_machine: report.made_at.clone(),
            over: report.over,
            threshold: report.suppressed_below,
            undisclosed: report
                .tables
                .iter()
                .any(|table| table.of.under_non_disclosure),
            periods: in_order(periods)
                .into_iter()
                .map(|one| PeriodLink {
                    name: one.to_string(),
                    address: link(w.tag, &one.to_string(), only),
                    current: one.to_string() == period,
                })
                .collect(),
            only: table
                .filter(|_| *only != Of::default())
                .map(|table| name(w, &table.of)),
            all_address: link(w.tag, period, &Of::default()),
            other_address: link(w.other_tag, period, only),
            withheld: table.is_some_and(|table| table.withheld),
            figures,
            laws: laws(w, report, only),
            csv_address: format!("{json}&format=csv"),
            json_address: json,
        }
    }
}

fn laws(w: &'static Words, report: &Report, only: &Of) -> Vec<Law> {
    let part = report.about(only);
    let lines = part.as_ref().map_or(&[][..], |part| &part.articles[..]);
    let of = |article: Article| {
        let lines = lines
            .iter()
            .filter(move |line| line.article == article.as_str());
        lines.map(|line| law_row(w, line)).collect::<Vec<_>>()
    };
    let laws = Article::ALL.iter().map(|article| Law {
        id: article.as_str(),
        citation: article.citation(),
        title: article.title(),
        rows: of(*article),
    });
    laws.filter(|law| !law.rows.is_empty()).collect()
}

fn law_row(w: &'static Words, line: &LawLine) -> LawRow {
    let shown = match (line.unit.as_deref(), line.value) {
        (Some("seconds"), Some(seconds)) => duration(seconds),
        _ => w.shown(&line.shown).to_owned(),
    };
    LawRow {
        letter: line.letter.clone(),
        of: name(w, &line.of),
        says: line.says.clone(),
        shown,
    }
}

/// What a table is about, in words.
fn name(w: &'static Words, of: &About) -> String {
    let named = Dimension::ALL
        .iter()
        .filter(|dimension| of.of().get(**dimension).is_some());
    let parts: Vec<String> = named.map(|dimension| value(w, of, *dimension)).collect();
    if parts.is_empty() {
        w.all.to_owned()
    } else {
        parts.join(" · ")
    }
}

fn value(w: &'static Words, of: &About, dimension: Dimension) -> String {
    let text = of.of().get(dimension).unwrap_or_default().to_owned();
    let known = match dimension {
        Dimension::Agency => of.agency_name.clone(),
        Dimension::Country => {
            let country = text.parse::<takedown_core::text::Country>();
            country
                .ok()
                .map(|country| format!("{} ({text})", country.name()))
        }
        Dimension::PlatformSizeClass => {
            let size = w.sizes.iter().find(|(size, _)| *size == text);
            size.map(|(_, word)| (*word).to_owned())
        }
        Dimension::Platform | Dimension::Instrument | Dimension::Ground => None,
    };
    visible(&known.unwrap_or(text)).into_owned()
}
