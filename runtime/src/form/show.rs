//! From values to the text that a field shows, which parses back to the same value.

use crate::value::{Duration, Value, Zone, joined_key};

/// The text of a value in a field, which [`value_of_text`](super::value_of_text) reads back; nothing for NULL.
#[must_use]
pub fn text_of_value(value: &Value, zone: Zone) -> String {
    show(value, zone)
}

/// The text of a value in a field.
pub(super) fn show(value: &Value, zone: Zone) -> String {
    match value {
        Value::Null(_) | Value::Array(..) | Value::Bytes(_) => String::new(),
        Value::Bool(yes) => yes.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Date(date) => date.format("%Y-%m-%d").to_string(),
        Value::Time(time) => clock(*time),
        Value::DateTime(instant) => {
            let local = zone.to_local(*instant);
            format!("{}T{}", local.format("%Y-%m-%d"), clock(local.time()))
        }
        Value::Duration(length) => duration(*length),
        Value::Uuid(uuid) => uuid.to_string(),
        Value::Json(json) => serde_json::to_string_pretty(json).unwrap_or_default(),
        Value::Key(parts) => joined_key(parts.iter().map(|part| show(part, zone))),
    }
}

/// The texts of several values.
pub(super) fn show_all(value: &Value, zone: Zone) -> Vec<String> {
    match value {
        Value::Null(_) => Vec::new(),
        Value::Array(_, values) => values.iter().map(|value| show(value, zone)).collect(),
        one => vec![show(one, zone)],
    }
}

/// Without seconds where there are none, with a fraction only where there is one.
fn clock(time: crate::value::Time) -> String {
    let pattern = match (chrono::Timelike::second(&time), chrono::Timelike::nanosecond(&time)) {
        (0, 0) => "%H:%M",
        (_, 0) => "%H:%M:%S",
        _ => "%H:%M:%S%.6f",
    };
    time.format(pattern).to_string()
}

fn duration(length: Duration) -> String {
    let sign = if length < Duration::zero() { "-" } else { "" };
    let (seconds, micros) =
        (length.num_seconds().unsigned_abs(), length.subsec_nanos().unsigned_abs() / 1000);
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let days = if days > 0 { format!("{days} ") } else { String::new() };
    let fraction = if micros > 0 { format!(".{micros:06}") } else { String::new() };
    format!("{sign}{days}{:02}:{:02}:{:02}{fraction}", rest / 3600, rest / 60 % 60, rest % 60)
}
