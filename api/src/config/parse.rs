//! Parsers of single values, in the forms that people write.

use std::str::FromStr;
use std::time::Duration;

use super::reader::Refusal;

pub(super) fn typed<T: FromStr>(text: &str) -> Result<T, Refusal> {
    text.parse().map_err(|_| None)
}

pub(super) fn text(text: &str) -> Result<String, Refusal> {
    if text.is_empty() {
        Err(None)
    } else {
        Ok(text.to_owned())
    }
}

pub(super) fn truth(text: &str) -> Result<bool, Refusal> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Ok(true),
        "false" | "no" | "off" | "0" => Ok(false),
        _ => Err(None),
    }
}

/// `500ms`, `30s`, `5m`, `2h`, `1d`; a bare number is seconds.
pub(crate) fn duration(text: &str) -> Result<Duration, Refusal> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| None)?;
    let seconds = |factor: u64| {
        number
            .checked_mul(factor)
            .map(Duration::from_secs)
            .ok_or(None)
    };
    match unit.trim() {
        "ms" => Ok(Duration::from_millis(number)),
        "" | "s" => seconds(1),
        "m" | "min" => seconds(60),
        "h" => seconds(3_600),
        "d" => seconds(86_400),
        _ => Err(None),
    }
}

/// A duration that lies in a range.
pub(super) fn duration_within(
    low: Duration,
    high: Duration,
) -> impl Fn(&str) -> Result<Duration, Refusal> {
    move |text| {
        let value = duration(text)?;
        if value < low {
            Err(Some("it is too short".to_owned()))
        } else if value > high {
            Err(Some("it is too long".to_owned()))
        } else {
            Ok(value)
        }
    }
}

/// A whole number that lies in a range.
pub(super) fn within<T>(low: T, high: T) -> impl Fn(&str) -> Result<T, Refusal>
where
    T: FromStr + PartialOrd + Copy,
{
    move |text| {
        let value: T = typed(text)?;
        if value < low {
            Err(Some("it is too small".to_owned()))
        } else if value > high {
            Err(Some("it is too large".to_owned()))
        } else {
            Ok(value)
        }
    }
}

/// `64KiB`, `8MiB`, `1GiB`; a bare number is bytes.
pub(super) fn size(text: &str) -> Result<usize, Refusal> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let number: usize = number.parse().map_err(|_| None)?;
    let shift = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "kib" | "k" => 10,
        "mib" | "m" => 20,
        "gib" | "g" => 30,
        _ => return Err(None),
    };
    number.checked_mul(1 << shift).ok_or(None)
}

/// A size that lies in a range of bytes.
pub(super) fn size_within(low: usize, high: usize) -> impl Fn(&str) -> Result<usize, Refusal> {
    move |text| match size(text)? {
        value if value < low => Err(Some("it is too small".to_owned())),
        value if value > high => Err(Some("it is too large".to_owned())),
        value => Ok(value),
    }
}

/// A comma-separated list; the first element that is not accepted is named.
pub(super) fn list<T>(
    parse: impl Fn(&str) -> Result<T, Refusal>,
) -> impl Fn(&str) -> Result<Vec<T>, Refusal> {
    move |text| {
        text.split(',')
            .map(str::trim)
            .filter(|element| !element.is_empty())
            .map(|element| {
                parse(element).map_err(|reason| {
                    Some(match reason {
                        Some(reason) => format!("{element:?}: {reason}"),
                        None => format!("{element:?} does not fit"),
                    })
                })
            })
            .collect()
    }
}

/// An http or https origin: scheme, host and port, nothing else. Returned without a trailing slash.
pub(super) fn origin(text: &str) -> Result<String, Refusal> {
    let url = url::Url::parse(text).map_err(|error| Some(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Some("the scheme must be http or https".to_owned()));
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(Some("it must end after host and port".to_owned()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Some("it must not contain a login".to_owned()));
    }
    Ok(url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn durations_and_sizes_are_read_as_people_write_them() {
        assert_eq!(duration("90").unwrap(), Duration::from_secs(90));
        assert_eq!(duration("500ms").unwrap(), Duration::from_millis(500));
        assert_eq!(duration("2h").unwrap(), Duration::from_secs(7_200));
        assert!(duration("2 weeks").is_err());
        assert!(duration("-1s").is_err());
        assert!(duration("99999999999999999999d").is_err());
        assert_eq!(size("64KiB").unwrap(), 65_536);
        assert_eq!(size("8 MiB").unwrap(), 8 << 20);
        assert!(size("1.5MiB").is_err());
        assert!(size("64kB").is_err());
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        assert_eq!(
            origin("https://takedown.example/").unwrap(),
            "https://takedown.example"
        );
        assert_eq!(
            origin("http://127.0.0.1:8080").unwrap(),
            "http://127.0.0.1:8080"
        );
        for wrong in [
            "takedown.example",
            "ftp://a.example",
            "https://a.example/x",
            "https://u:p@a.example",
            "https://a.example/?q",
        ] {
            assert!(origin(wrong).is_err(), "{wrong}");
        }
    }
}
