//! Reading a calendar of working days.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};
use chrono_tz::Tz;
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::Reader;
use crate::instrument::calendar::{Calendar, Holiday};
use crate::instrument::catalogue::{FileError, Source};

/// So many years a calendar can have.
const MAX_YEARS: i32 = 50;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: Spanned<String>,
    title: Spanned<String>,
    citation: Spanned<String>,
    time_zone: Spanned<String>,
    weekend: Vec<Spanned<String>>,
    first_year: Spanned<i32>,
    last_year: Spanned<i32>,
    #[serde(default)]
    remarks: Vec<Spanned<String>>,
    #[serde(default)]
    holiday: Vec<RawHoliday>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHoliday {
    date: Spanned<Datetime>,
    name: Spanned<String>,
    #[serde(default)]
    regions: Vec<Spanned<String>>,
}

/// The calendar in `source` and the line of its id, or `None` with the reasons in `errors`.
pub(in crate::instrument) fn calendar(
    source: &Source<'_>,
    errors: &mut Vec<FileError>,
) -> Option<(Calendar, usize)> {
    let before = errors.len();
    let mut reader = Reader::new(source, errors);
    let raw: Raw = reader.read()?;
    reader.id(&raw.id);
    let line = reader.line(&raw.id.span());
    let years = *raw.first_year.get_ref()..=*raw.last_year.get_ref();
    if years.is_empty() {
        reader.refuse(
            &raw.last_year.span(),
            format!(
                "`last_year` {} is before `first_year` {}",
                years.end(),
                years.start()
            ),
        );
    }
    if years.end().saturating_sub(*years.start()) > MAX_YEARS {
        reader.refuse(
            &raw.last_year.span(),
            format!(
                "a calendar has at most {MAX_YEARS} years: nobody knows the holidays of later ones"
            ),
        );
        return None;
    }
    let weekend: Vec<Weekday> = raw
        .weekend
        .iter()
        .filter_map(|day| weekday(&mut reader, day))
        .collect();
    if (0..7).all(|index| Weekday::try_from(index).is_ok_and(|day| weekend.contains(&day))) {
        let span = raw.weekend.first().map_or(0..0, Spanned::span);
        reader.refuse(&span, "`weekend` leaves no working day in the week");
    }
    let mut holidays = BTreeMap::new();
    for holiday in raw.holiday {
        let span = holiday.date.span();
        let Some(date) = local_date(holiday.date.get_ref()) else {
            reader.refuse(
                &span,
                "`date` is a local date such as 2026-12-25, without a time",
            );
            continue;
        };
        if !years.contains(&date.year()) {
            reader.refuse(
                &span,
                format!(
                    "{date} lies outside the years {} to {} of this calendar",
                    years.start(),
                    years.end()
                ),
            );
        }
        let entry = Holiday {
            name: reader.text("name", holiday.name),
            regions: holiday
                .regions
                .into_iter()
                .map(|region| reader.text("regions", region))
                .collect(),
        };
        if holidays.insert(date, entry).is_some() {
            reader.refuse(&span, format!("{date} is listed twice"));
        }
    }
    for year in years.clone() {
        if !holidays.keys().any(|date| date.year() == year) {
            reader.refuse(
                &raw.first_year.span(),
                format!("{year} has no holiday at all: list them, or narrow `first_year` and `last_year`"),
            );
        }
    }
    let calendar = Calendar {
        title: reader.text("title", raw.title),
        citation: reader.text("citation", raw.citation),
        time_zone: zone(&mut reader, &raw.time_zone).unwrap_or(Tz::UTC),
        weekend,
        first_year: *years.start(),
        last_year: *years.end(),
        holidays,
        remarks: raw
            .remarks
            .into_iter()
            .map(|remark| reader.text("remarks", remark))
            .collect(),
        own: false,
        id: raw.id.into_inner(),
    };
    (errors.len() == before).then_some((calendar, line))
}

fn zone(reader: &mut Reader<'_>, name: &Spanned<String>) -> Option<Tz> {
    let zone = name.get_ref().parse().ok();
    if zone.is_none() {
        reader.refuse(
            &name.span(),
            format!(
                "`{}` is not a time zone of the IANA database, such as `Europe/London`",
                name.get_ref()
            ),
        );
    }
    zone
}

fn weekday(reader: &mut Reader<'_>, name: &Spanned<String>) -> Option<Weekday> {
    let day = match name.get_ref().as_str() {
        "monday" => Weekday::Mon,
        "tuesday" => Weekday::Tue,
        "wednesday" => Weekday::Wed,
        "thursday" => Weekday::Thu,
        "friday" => Weekday::Fri,
        "saturday" => Weekday::Sat,
        "sunday" => Weekday::Sun,
        other => {
            reader.refuse(
                &name.span(),
                format!("`{other}` is not a weekday: use `monday` to `sunday`"),
            );
            return None;
        }
    };
    Some(day)
}

fn local_date(value: &Datetime) -> Option<NaiveDate> {
    let date = value.date.filter(|_| value.time.is_none())?;
    NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
}
