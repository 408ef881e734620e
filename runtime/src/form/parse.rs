//! From text to values, as browsers send them: ISO dates, a point in decimals.
//!
//! Each function looks at the text once, and refuses a text that is longer than
//! any value of its kind before it does.

use chrono::{Duration, NaiveDateTime};
use nuages_schema::ColumnKind;
use rust_decimal::Decimal;

use crate::value::{Date, DateTime, Time, Uuid, Value, Zone};

/// Longer than any number, date or UUID that a field takes.
const LONGEST: usize = 64;

/// The value of a text that is not empty; `None` if it is not what the kind takes.
pub(super) fn parse(kind: ColumnKind, text: &str, zone: Zone) -> Option<Value> {
    match kind {
        ColumnKind::Text => return Some(Value::Text(text.to_owned())),
        ColumnKind::Json => return serde_json::from_str(text).ok().map(Value::Json),
        _ if text.len() > LONGEST => return None,
        _ => {}
    }
    match kind {
        ColumnKind::Bool => boolean(text).map(Value::Bool),
        ColumnKind::SmallInt => text.parse::<i16>().ok().map(|n| Value::Int(n.into())),
        ColumnKind::Integer => text.parse::<i32>().ok().map(|n| Value::Int(n.into())),
        ColumnKind::BigInt => text.parse().ok().map(Value::Int),
        ColumnKind::Real | ColumnKind::Double => float(text).map(Value::Float),
        ColumnKind::Decimal => decimal(text).map(Value::Decimal),
        ColumnKind::Date => date(text).map(Value::Date),
        ColumnKind::Time => time(text).map(Value::Time),
        ColumnKind::DateTime => instant(text, zone).map(Value::DateTime),
        ColumnKind::Duration => duration(text).map(Value::Duration),
        ColumnKind::Uuid => Uuid::try_parse(text).ok().map(Value::Uuid),
        _ => None,
    }
}

/// The value of a text as browsers send it; `None` if it is not what the kind takes. Blanks around it do not count.
#[must_use]
pub fn value_of_text(kind: ColumnKind, text: &str, zone: Zone) -> Option<Value> {
    let text = text.trim();
    if text.is_empty() || text.contains('\0') { None } else { parse(kind, text, zone) }
}

/// The value of a text in an address, where times are in UTC.
pub(crate) fn value_from_text(kind: ColumnKind, text: &str) -> Option<Value> {
    if text.contains('\0') { None } else { parse(kind, text, Zone::default()) }
}

/// What is wrong, in words, when a text is not what the kind takes.
pub(super) const fn refusal(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::SmallInt | ColumnKind::Integer | ColumnKind::BigInt => "Enter a whole number.",
        ColumnKind::Real | ColumnKind::Double | ColumnKind::Decimal => "Enter a number.",
        ColumnKind::Date => "Enter a valid date.",
        ColumnKind::Time => "Enter a valid time.",
        ColumnKind::DateTime => "Enter a valid date and time.",
        ColumnKind::Duration => "Enter a valid length of time, such as 1:30:00.",
        ColumnKind::Uuid => "Enter a valid UUID.",
        ColumnKind::Json => "Enter valid JSON.",
        _ => "Enter a valid value.",
    }
}

fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "on" | "true" | "1" | "yes" => Some(true),
        "off" | "false" | "0" | "no" => Some(false),
        _ => None,
    }
}

fn float(text: &str) -> Option<f64> {
    // `parse` takes `inf` and `nan`, which no database column should hold.
    let digits = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E');
    let number: f64 = text.chars().all(digits).then(|| text.parse().ok())??;
    number.is_finite().then_some(number)
}

fn decimal(text: &str) -> Option<Decimal> {
    let digits = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.');
    text.chars().all(digits).then(|| Decimal::from_str_exact(text).ok())?
}

fn date(text: &str) -> Option<Date> {
    let plain = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    plain.then(|| Date::parse_from_str(text, "%Y-%m-%d").ok())?
}

fn time(text: &str) -> Option<Time> {
    // A leap second is no time of day for a database.
    let known = ["%H:%M:%S%.f", "%H:%M"];
    let time = known.into_iter().find_map(|format| Time::parse_from_str(text, format).ok())?;
    (chrono::Timelike::nanosecond(&time) < 1_000_000_000).then_some(time)
}

fn instant(text: &str, zone: Zone) -> Option<DateTime> {
    if let Ok(exact) = chrono::DateTime::parse_from_rfc3339(text) {
        return Some(exact.to_utc());
    }
    let (day, clock) = text.split_once(['T', ' '])?;
    zone.to_utc(NaiveDateTime::new(date(day)?, time(clock)?))
}

/// `3 12:30:00`, `12:30:00.5`, `-0:10:00`, or seconds.
fn duration(text: &str) -> Option<Duration> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (days, clock) = text.split_once(' ').unwrap_or(("0", text));
    let mut parts = clock.rsplit(':');
    let seconds = decimal_seconds(parts.next()?)?;
    let minutes = parts.next().map_or(Some(0), whole)?;
    let hours = parts.next().map_or(Some(0), whole)?;
    if parts.next().is_some() {
        return None;
    }
    let whole_seconds = whole(days)?.checked_mul(86_400)?.checked_add(hours.checked_mul(3600)?)?;
    let whole_seconds = whole_seconds.checked_add(minutes.checked_mul(60)?)?;
    let length = Duration::try_seconds(whole_seconds)?.checked_add(&seconds)?;
    Some(if negative { -length } else { length })
}

fn whole(text: &str) -> Option<i64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

fn decimal_seconds(text: &str) -> Option<Duration> {
    let (whole_part, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 6 {
        return None;
    }
    let micros = whole(&format!("{fraction:0<6}"))?;
    Duration::try_seconds(whole(whole_part)?)?.checked_add(&Duration::microseconds(micros))
}
