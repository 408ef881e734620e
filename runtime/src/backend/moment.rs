//! Dates and times as text: how SQLite keeps them, and the forms that other programs write.

use chrono::{NaiveDateTime, Timelike};

use crate::value::{Date, DateTime, Duration, Time};

/// `2024-02-29`.
pub(crate) fn write_date(value: Date) -> String {
    value.format("%Y-%m-%d").to_string()
}

/// `10:20:30`, with six more digits when there are microseconds, as Django writes it:
/// so the text sorts as the time does, and equals what other programs wrote.
pub(crate) fn write_time(value: Time) -> String {
    value.format(if has_micros(value) { "%H:%M:%S%.6f" } else { "%H:%M:%S" }).to_string()
}

/// `2024-02-29 10:20:30`, in UTC, with six more digits when there are microseconds.
pub(crate) fn write_datetime(value: DateTime) -> String {
    let value = value.naive_utc();
    let form = if has_micros(value.time()) { "%Y-%m-%d %H:%M:%S%.6f" } else { "%Y-%m-%d %H:%M:%S" };
    value.format(form).to_string()
}

fn has_micros(value: Time) -> bool {
    value.nanosecond() / 1_000 != 0
}

/// A duration as the whole microseconds that columns hold.
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
pub(super) fn micros(value: Duration) -> Result<i64, String> {
    value.num_microseconds().ok_or_else(|| "a duration of more than 292,000 years does not fit".to_owned())
}

/// The date of a date and time at midnight; one at another time is not a date.
pub(super) fn date_of(value: NaiveDateTime) -> Result<Date, String> {
    if value.time() == Time::MIN { Ok(value.date()) } else { Err("it holds a date and time".to_owned()) }
}

pub(crate) fn read_date(text: &str) -> Result<Date, String> {
    if let Ok(date) = text.parse::<Date>() {
        return Ok(date);
    }
    read_datetime(text).map(|value| value.naive_utc()).and_then(date_of).map_err(|_| bad(text, "YYYY-MM-DD"))
}

pub(crate) fn read_time(text: &str) -> Result<Time, String> {
    text.parse().map_err(|_| bad(text, "HH:MM:SS"))
}

/// Reads `YYYY-MM-DD HH:MM[:SS[.ffffff]]`, also with a `T`, a `Z` or an offset, and a date alone.
pub(crate) fn read_datetime(text: &str) -> Result<DateTime, String> {
    const FORMS: [&str; 4] =
        ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"];
    let local = text.strip_suffix(['Z', 'z']).unwrap_or(text);
    for form in FORMS {
        if let Ok(value) = NaiveDateTime::parse_from_str(local, form) {
            return Ok(value.and_utc());
        }
    }
    with_offset(text)
        .or_else(|| text.parse::<Date>().ok().map(|date| date.and_time(Time::MIN).and_utc()))
        .ok_or_else(|| bad(text, "YYYY-MM-DD HH:MM:SS"))
}

fn with_offset(text: &str) -> Option<DateTime> {
    ["%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f %#z"]
        .iter()
        .find_map(|form| chrono::DateTime::parse_from_str(text, form).ok())
        .map(|value| value.to_utc())
}

fn bad(text: &str, form: &str) -> String {
    format!("it holds text of {} characters that is not in the form {form}", text.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(micros: u32) -> DateTime {
        Date::from_ymd_opt(2024, 2, 29).unwrap().and_hms_micro_opt(10, 20, 30, micros).unwrap().and_utc()
    }

    #[test]
    fn whole_seconds_have_no_fraction_and_order_is_kept() {
        assert_eq!(write_datetime(moment(0)), "2024-02-29 10:20:30");
        assert_eq!(write_datetime(moment(500)), "2024-02-29 10:20:30.000500");
        assert!(write_datetime(moment(0)) < write_datetime(moment(1)));
        assert!(write_datetime(moment(9)) < write_datetime(moment(10)));
        assert_eq!(write_time(Time::MIN), "00:00:00");
    }

    #[test]
    fn what_others_write_is_read() {
        for text in [
            "2024-02-29 10:20:30",
            "2024-02-29T10:20:30",
            "2024-02-29T10:20:30Z",
            "2024-02-29 10:20:30.000000",
            "2024-02-29T12:20:30+02:00",
            "2024-02-29 12:20:30+02",
        ] {
            assert_eq!(read_datetime(text), Ok(moment(0)), "{text}");
        }
        assert_eq!(read_datetime("2024-02-29 10:20:30.000123"), Ok(moment(123)));
        assert_eq!(read_date("2024-02-29 00:00:00"), Ok(moment(0).date_naive()));
        assert!(read_date("2024-02-29 00:00:01").is_err());
        assert!(read_datetime("yesterday").is_err() && read_datetime("2024-02-30 00:00:00").is_err());
        assert_eq!(read_time("10:20:30.5").unwrap().nanosecond(), 500_000_000);
    }
}
