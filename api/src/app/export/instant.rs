//! Writing instants. A row has up to fifteen, and the general formatter takes more time for them than everything else.

use takedown_core::time::{At, rfc3339};

const DAY: i64 = 86_400_000;

/// Appends RFC 3339 in UTC with milliseconds, as [`rfc3339`] writes it.
pub(super) fn write_instant(out: &mut Vec<u8>, at: At) {
    let millis = at.timestamp_millis();
    let (year, month, day) = civil(millis.div_euclid(DAY));
    if !(0..=9_999).contains(&year) {
        return out.extend_from_slice(rfc3339(at).as_bytes());
    }
    let of_day = millis.rem_euclid(DAY);
    let seconds = of_day / 1_000;
    let mut text = *b"0000-00-00T00:00:00.000Z";
    put(&mut text[0..4], year);
    put(&mut text[5..7], month);
    put(&mut text[8..10], day);
    put(&mut text[11..13], seconds / 3_600);
    put(&mut text[14..16], seconds / 60 % 60);
    put(&mut text[17..19], seconds % 60);
    put(&mut text[20..23], of_day % 1_000);
    out.extend_from_slice(&text);
}

fn put(digits: &mut [u8], mut number: i64) {
    for digit in digits.iter_mut().rev() {
        *digit += u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
    }
}

/// Year, month and day of a number of days since 1970-01-01. Years are counted from March, so that the leap day is
/// the last of one; 400 of them are an era of 146,097 days.
const fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let (month, next) = if from_march < 10 {
        (from_march + 3, 0)
    } else {
        (from_march - 9, 1)
    };
    (year + era * 400 + next, month, day)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;
    use takedown_core::time::from_millis;

    use super::*;

    fn written(millis: i64) -> String {
        let mut out = Vec::new();
        write_instant(&mut out, from_millis(millis).unwrap());
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn leap_days_and_the_ends_of_time() {
        for (millis, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(written(millis), text);
        }
    }

    proptest! {
        #[test]
        fn it_writes_what_the_core_writes(millis in -62_135_596_800_000i64..253_402_300_800_000) {
            prop_assert_eq!(written(millis), rfc3339(from_millis(millis).unwrap()));
        }
    }
}
