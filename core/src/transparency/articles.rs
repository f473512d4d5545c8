//! What laws ask to be reported, letter by letter: counts and times of the tables, and by name what the exchange has no
//! part in. That is never written as zero.

mod letters;

use self::letters::{
    authority, member_state, moderation, notices, notices_by_content, orders_by_content,
    orders_for_information, orders_of_member_state, provider_of_orders,
};
use super::code::Objected;
use super::fold::Names;
use super::metric::{Metric, Unit, cell};
use super::of::Of;
use super::report::{About, Line};
use super::spread::Measure;
use super::view::{Percentile, Shown, View};
use crate::text::{Country, coded_enum};

/// The instrument of Regulation (EU) 2021/784.
const REMOVAL_ORDER: &str = "eu-tco-order";
/// The instrument of Regulation (EU) 2022/2065, Art 16.
const NOTICE: &str = "eu-dsa-art16-notice";

coded_enum! {
    /// An article that asks for a report.
    pub enum Article, "an article" {
        /// Regulation (EU) 2021/784, Art 7(3): providers.
        Tco7 => "tco_art_7_3",
        /// Regulation (EU) 2021/784, Art 8(1): competent authorities.
        Tco8 => "tco_art_8_1",
        /// Regulation (EU) 2021/784, Art 21(1): Member States.
        Tco21 => "tco_art_21_1",
        /// Regulation (EU) 2022/2065, Art 15(1): providers.
        Dsa15 => "dsa_art_15_1",
    }
}

impl Article {
    /// As it is cited.
    #[must_use]
    pub const fn citation(self) -> &'static str {
        match self {
            Self::Tco7 => "Regulation (EU) 2021/784, Art 7(3)",
            Self::Tco8 => "Regulation (EU) 2021/784, Art 8(1)",
            Self::Tco21 => "Regulation (EU) 2021/784, Art 21(1)",
            Self::Dsa15 => "Regulation (EU) 2022/2065, Art 15(1)",
        }
    }

    /// Who reports what, in one line.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Tco7 => "What a hosting service provider reports of removal orders, once a year",
            Self::Tco8 => "What a competent authority reports of removal orders, once a year",
            Self::Tco21 => "What a Member State tells the Commission, once a year",
            Self::Dsa15 => "What a provider of intermediary services reports, once a year",
        }
    }
}

/// What a line shows.
enum Figure {
    Count(Metric, usize),
    Time(Measure, Percentile),
    NotKnown,
}

use Figure::{Count, NotKnown, Time};

const fn whole(metric: Metric) -> Figure {
    Count(metric, 0)
}

/// Lines of one article about one thing.
struct Block<'a> {
    article: Article,
    of: &'a Of,
    view: &'a View<'a>,
    names: &'a Names,
    lines: Vec<Line>,
}

impl<'a> Block<'a> {
    const fn new(article: Article, of: &'a Of, view: &'a View<'a>, names: &'a Names) -> Self {
        Self {
            article,
            of,
            view,
            names,
            lines: Vec::new(),
        }
    }

    fn say(&mut self, letter: &str, says: &str, figure: Figure) {
        let (unit, shown) = match figure {
            Count(metric, code) => (
                Some(metric.unit()),
                self.view.count(self.of, cell(metric, code)),
            ),
            Time(measure, p) => (
                Some(Unit::Seconds),
                self.view.percentile(self.of, measure, p),
            ),
            NotKnown => (None, Shown::NotKnown),
        };
        self.lines.push(Line {
            article: self.article.as_str().to_owned(),
            letter: letter.to_owned(),
            says: says.to_owned(),
            of: About::new(self.of, self.names),
            unit: unit.map(|unit| unit.as_str().to_owned()),
            value: shown.value(),
            shown: shown.to_string(),
        });
    }

    /// Objections that came through the exchange, by how they ended.
    fn objections(&mut self, letter: &str) {
        for (says, code) in [
            (
                "Objections of uploaders through the exchange: upheld",
                Objected::Upheld,
            ),
            (
                "Objections of uploaders through the exchange: partly upheld",
                Objected::PartlyUpheld,
            ),
            (
                "Objections of uploaders through the exchange: rejected",
                Objected::Rejected,
            ),
            (
                "Objections of uploaders through the exchange: inadmissible",
                Objected::Inadmissible,
            ),
            (
                "Objections of uploaders through the exchange: not answered yet",
                Objected::Open,
            ),
        ] {
            self.say(letter, says, Count(Metric::Objection, code as usize));
        }
    }
}

/// Every line of every article, for the tables that there are.
pub(super) fn lines(view: &View<'_>, names: &Names) -> Vec<Line> {
    let under = |instrument: &str| Of {
        instrument: Some(instrument.to_owned()),
        ..Of::default()
    };
    let orders = under(REMOVAL_ORDER);
    let by = |has: fn(&Of) -> bool| {
        let tables = view.tables().into_iter();
        tables.filter(move |of| of.instrument.as_deref() == Some(REMOVAL_ORDER) && has(of))
    };
    let mut lines = Vec::new();
    let mut write = |article, of: &Of, block: fn(&mut Block<'_>)| {
        let mut lines_of = Block::new(article, of, view, names);
        block(&mut lines_of);
        lines.append(&mut lines_of.lines);
    };
    let platforms: Vec<&Of> = by(|of| of.platform.is_some()).collect();
    // Where platforms may not be named, all of them together.
    if platforms.is_empty() {
        write(Article::Tco7, &orders, provider_of_orders);
    }
    for of in platforms {
        write(Article::Tco7, of, provider_of_orders);
    }
    for of in by(|of| of.agency.is_some()) {
        write(Article::Tco8, of, authority);
    }
    for of in by(|of| of.country.is_some()) {
        write(Article::Tco21, of, member_state);
    }
    for instrument in &names.orders {
        for of in of_member_states(view, instrument) {
            write(Article::Dsa15, of, orders_of_member_state);
        }
        for of in by_content(view, instrument) {
            write(Article::Dsa15, of, orders_by_content);
        }
    }
    write(Article::Dsa15, &Of::default(), orders_for_information);
    let by_ground = view
        .tables()
        .into_iter()
        .filter(|of| of.ground.is_some() && of.instrument.as_deref() == Some(NOTICE));
    for of in by_ground {
        write(Article::Dsa15, of, notices_by_content);
    }
    write(Article::Dsa15, &under(NOTICE), notices);
    write(Article::Dsa15, &Of::default(), moderation);
    lines
}

/// Tables of an instrument by those Member States whose authorities used it.
fn of_member_states<'a>(view: &View<'a>, instrument: &'a str) -> impl Iterator<Item = &'a Of> {
    by_country(view, instrument).filter(|of| is_member_state(of))
}

fn by_country<'a>(view: &View<'a>, instrument: &'a str) -> impl Iterator<Item = &'a Of> {
    let tables = view.tables().into_iter();
    tables.filter(move |of| of.country.is_some() && of.instrument.as_deref() == Some(instrument))
}

/// Tables of an instrument by type of content. Where others than Member States used it as well, no table holds those of
/// Member States alone, and there is none.
fn by_content<'a>(view: &View<'a>, instrument: &'a str) -> impl Iterator<Item = &'a Of> {
    let of_the_union = by_country(view, instrument).all(is_member_state);
    let tables = view.tables().into_iter().filter(move |_| of_the_union);
    tables.filter(move |of| of.ground.is_some() && of.instrument.as_deref() == Some(instrument))
}

fn is_member_state(of: &Of) -> bool {
    let country = of.country.as_deref().map(str::parse::<Country>);
    country.is_some_and(|country| country.is_ok_and(Country::is_eu))
}
