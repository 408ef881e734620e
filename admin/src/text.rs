//! Values as people read them, as forms post them, and back.

use nuages::admin::{Cell, Tone};
use nuages::value::{Date, DateTime, Duration, Json, Time, Uuid, Value};
use nuages_schema::{ColumnKind, FieldSchema};

/// The longest text in a cell of a list or a history.
const LONGEST: usize = 300;

/// A value of a field as a cell.
pub(crate) fn cell(field: &FieldSchema, value: &Value, offset: i32) -> Cell {
    if let Some(label) = choice_label(field, value) {
        return Cell::Badge(Tone::Plain, label.to_owned());
    }
    match value {
        Value::Null(_) => Cell::Empty,
        Value::Bool(yes) => Cell::Bool(*yes),
        Value::Int(_) | Value::Float(_) | Value::Decimal(_) => Cell::Number(posted(field, value, offset)),
        Value::Date(date) => Cell::from(*date),
        Value::DateTime(instant) => Cell::Date {
            text: local(*instant, offset).format("%-d %b %Y, %H:%M").to_string(),
            exact: instant.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
        },
        Value::Uuid(_) | Value::Json(_) => Cell::Code(short(&posted(field, value, offset))),
        Value::Text(text) if text.is_empty() => Cell::Empty,
        Value::Text(text) if field.options.widget == "url" => Cell::link(short(text), text.clone()),
        Value::Text(text) => Cell::Text(short(text)),
        Value::Bytes(bytes) => Cell::Text(format!("{} bytes", bytes.len())),
        other => Cell::Text(short(&posted(field, other, offset))),
    }
}

/// A value as a person reads it in a sentence or a history; `None` for no value.
pub(crate) fn read(field: &FieldSchema, value: &Value, offset: i32) -> Option<String> {
    match cell(field, value, offset) {
        Cell::Empty => None,
        Cell::Bool(yes) => Some(if yes { "Yes" } else { "No" }.to_owned()),
        Cell::Text(text) | Cell::Number(text) | Cell::Code(text) | Cell::Badge(_, text) => Some(text),
        Cell::Date { text, .. } | Cell::Link { text, .. } => Some(text),
    }
}

/// The label of the choice that a value is.
pub(crate) fn choice_label(field: &FieldSchema, value: &Value) -> Option<&'static str> {
    let choices = (field.options.choices)();
    if choices.is_empty() || value.is_null() {
        return None;
    }
    let stored = plain(value);
    choices.iter().find(|(known, _)| *known == stored).map(|(_, label)| *label)
}

/// A value as a form posts it, in the user's zone.
pub(crate) fn posted(field: &FieldSchema, value: &Value, offset: i32) -> String {
    match value {
        Value::DateTime(instant) => {
            let local = local(*instant, offset);
            let seconds = local.format("%S").to_string() != "00";
            local.format(if seconds { "%Y-%m-%dT%H:%M:%S" } else { "%Y-%m-%dT%H:%M" }).to_string()
        }
        Value::Decimal(number) => match field.options.decimal_places {
            Some(places) => {
                let mut number = *number;
                number.rescale(places.into());
                number.to_string()
            }
            None => number.to_string(),
        },
        other => plain(other),
    }
}

/// A value as text that does not depend on who asks: for keys, hashes and the log.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::Null(_) => String::new(),
        Value::Bool(yes) => if *yes { "1" } else { "0" }.to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Decimal(number) => number.normalize().to_string(),
        Value::Text(text) => text.clone(),
        Value::Date(date) => date.to_string(),
        Value::Time(time) => time.to_string(),
        Value::DateTime(instant) => instant.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string(),
        Value::Duration(length) => spell(*length),
        Value::Uuid(uuid) => uuid.to_string(),
        Value::Json(json) => json.to_string(),
        Value::Bytes(bytes) => format!("{} bytes", bytes.len()),
        Value::Array(_, values) => values.iter().map(plain).collect::<Vec<_>>().join(","),
    }
}

/// What was typed into a field, as a value; or what to say about it.
pub(crate) fn parse(field: &FieldSchema, text: &str, offset: i32) -> Result<Value, String> {
    let kind = (field.kind)();
    let text = text.trim();
    if text.is_empty() {
        return empty(field, kind);
    }
    let choices = (field.options.choices)();
    if !choices.is_empty() && !choices.iter().any(|(known, _)| *known == text) {
        return Err("Choose one of the values that are offered.".to_owned());
    }
    let value = of_kind(field, kind, text, offset)?;
    within(field, &value)?;
    Ok(value)
}

fn empty(field: &FieldSchema, kind: ColumnKind) -> Result<Value, String> {
    match kind {
        _ if field.nullable => Ok(Value::Null(kind)),
        ColumnKind::Text if field.options.blank => Ok(Value::Text(String::new())),
        _ => Err("This is required.".to_owned()),
    }
}

fn of_kind(field: &FieldSchema, kind: ColumnKind, text: &str, offset: i32) -> Result<Value, String> {
    match kind {
        ColumnKind::Bool => Ok(Value::Bool(matches!(text, "on" | "1" | "true"))),
        kind if kind.is_integer() => whole(kind, text),
        ColumnKind::Real | ColumnKind::Double => {
            let number: Option<f64> = text.parse().ok().filter(|number: &f64| number.is_finite());
            number.map(Value::Float).ok_or_else(|| "Write a number, such as 12.5.".to_owned())
        }
        ColumnKind::Decimal => decimal(field, text),
        ColumnKind::Date => date(text).map(Value::Date),
        ColumnKind::Time => {
            time(text).map(Value::Time).ok_or_else(|| "Write a time, such as 14:30.".to_owned())
        }
        ColumnKind::DateTime => instant(text, offset).map(Value::DateTime),
        ColumnKind::Duration => unspell(text).map(Value::Duration).ok_or_else(|| {
            "Write a length of time, such as 1 12:30:00 for a day and 12 and a half hours.".to_owned()
        }),
        ColumnKind::Uuid => Uuid::parse_str(text).map(Value::Uuid).map_err(|_| "Write a UUID.".to_owned()),
        ColumnKind::Json => serde_json::from_str::<Json>(text)
            .map(Value::Json)
            .map_err(|error| format!("This is not JSON: {error}.")),
        ColumnKind::Text if text.contains('\0') => {
            Err("This holds a character that cannot be stored.".to_owned())
        }
        ColumnKind::Text => Ok(Value::Text(text.to_owned())),
        _ => Err("This cannot be edited here.".to_owned()),
    }
}

fn within(field: &FieldSchema, value: &Value) -> Result<(), String> {
    let options = &field.options;
    if let (Value::Text(text), Some(most)) = (value, options.max_length) {
        let length = text.chars().count();
        if length > most as usize {
            return Err(format!("This may have {most} characters; it has {length}."));
        }
    }
    if let Value::Int(number) = value {
        if let Some(least) = options.range.min.filter(|least| number < least) {
            return Err(format!("This must be at least {least}."));
        }
        if let Some(most) = options.range.max.filter(|most| number > most) {
            return Err(format!("This must be at most {most}."));
        }
    }
    Ok(())
}

fn whole(kind: ColumnKind, text: &str) -> Result<Value, String> {
    let number: i64 = text.parse().map_err(|_| "Write a whole number.".to_owned())?;
    let fits = match kind {
        ColumnKind::SmallInt => i16::try_from(number).is_ok(),
        ColumnKind::Integer => i32::try_from(number).is_ok(),
        _ => true,
    };
    if fits { Ok(Value::Int(number)) } else { Err("This number is too large.".to_owned()) }
}

fn decimal(field: &FieldSchema, text: &str) -> Result<Value, String> {
    let number: rust_decimal::Decimal =
        text.parse().map_err(|_| "Write a number, such as 12.50.".to_owned())?;
    let places = field.options.decimal_places.map_or(28, u32::from);
    if number.normalize().scale() > places {
        return Err(format!("This may have {places} digits after the point."));
    }
    // Without a limit of its own a number has as many digits as fit into one.
    let before = field.options.max_digits.map_or(28, |most| u32::from(most).saturating_sub(places));
    let digits = number.trunc().abs().to_string();
    if digits != "0" && digits.len() > before as usize {
        return Err(format!("This may have {before} digits before the point."));
    }
    Ok(Value::Decimal(number))
}

/// A date as browsers post it.
pub(crate) fn date(text: &str) -> Result<Date, String> {
    Date::parse_from_str(text, "%Y-%m-%d").map_err(|_| "Write a date, such as 1969-03-01.".to_owned())
}

fn time(text: &str) -> Option<Time> {
    ["%H:%M", "%H:%M:%S", "%H:%M:%S%.f"].iter().find_map(|form| Time::parse_from_str(text, form).ok())
}

/// A date and time as browsers post it, in a zone.
pub(crate) fn instant(text: &str, offset: i32) -> Result<DateTime, String> {
    let forms = [
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M",
        "%Y-%m-%d %H:%M:%S",
    ];
    let local = forms.iter().find_map(|form| chrono::NaiveDateTime::parse_from_str(text, form).ok());
    let utc = local.and_then(|local| local.checked_sub_signed(chrono::TimeDelta::minutes(offset.into())));
    utc.map(|utc| utc.and_utc()).ok_or_else(|| "Write a date and time, such as 1969-03-01 14:30.".to_owned())
}

/// An instant as the clock of a zone shows it.
pub(crate) fn local(instant: DateTime, offset: i32) -> chrono::NaiveDateTime {
    let utc = instant.naive_utc();
    utc.checked_add_signed(chrono::TimeDelta::minutes(offset.into())).unwrap_or(utc)
}

fn spell(length: Duration) -> String {
    let micros = length.num_microseconds().unwrap_or_default();
    let (sign, micros) = if micros < 0 { ("-", micros.unsigned_abs()) } else { ("", micros.unsigned_abs()) };
    let seconds = micros / 1_000_000;
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let (h, m, s) = (rest / 3600, rest / 60 % 60, rest % 60);
    let days = if days > 0 { format!("{days} ") } else { String::new() };
    let fraction = if micros % 1_000_000 > 0 { format!(".{:06}", micros % 1_000_000) } else { String::new() };
    format!("{sign}{days}{h:02}:{m:02}:{s:02}{fraction}")
}

fn unspell(text: &str) -> Option<Duration> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (days, clock) = text.split_once(' ').unwrap_or(("0", text));
    let mut parts = clock.split(':');
    let hours: i64 = parts.next()?.parse().ok()?;
    let minutes: i64 = parts.next()?.parse().ok()?;
    let seconds: f64 = parts.next().unwrap_or("0").parse().ok()?;
    let days: i64 = days.parse().ok()?;
    if parts.next().is_some()
        || !(0.0..60.0).contains(&seconds)
        || !(0..60).contains(&minutes)
        || hours < 0
        || days < 0
    {
        return None;
    }
    let whole = days.checked_mul(86_400)?.checked_add(hours.checked_mul(3600)?)?.checked_add(minutes * 60)?;
    #[expect(clippy::cast_possible_truncation, reason = "it is less than sixty million")]
    let micros = whole.checked_mul(1_000_000)?.checked_add((seconds * 1_000_000.0).round() as i64)?;
    Some(Duration::microseconds(sign * micros))
}

fn short(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{parse, plain, posted};
    use nuages::value::{ColumnKind, Value};
    use nuages_schema::{FieldOptions, FieldSchema};

    fn field(kind: fn() -> ColumnKind) -> FieldSchema {
        FieldSchema {
            name: "x",
            column: "x",
            kind,
            nullable: false,
            foreign: None,
            options: FieldOptions { max_digits: Some(8), decimal_places: Some(2), ..FieldOptions::new("X") },
        }
    }

    #[test]
    fn what_a_form_shows_it_takes_back() {
        type Kind = fn() -> ColumnKind;
        let cases: [(Kind, &str); 8] = [
            (|| ColumnKind::SmallInt, "-7"),
            (|| ColumnKind::Double, "0.1"),
            (|| ColumnKind::Decimal, "12.50"),
            (|| ColumnKind::Date, "1969-03-01"),
            (|| ColumnKind::Time, "14:30:00"),
            (|| ColumnKind::DateTime, "1969-03-01T14:30"),
            (|| ColumnKind::Duration, "1 12:30:00"),
            (|| ColumnKind::Uuid, "67e55044-10b1-426f-9247-bb680e5fe0c8"),
        ];
        for (kind, text) in cases {
            for offset in [0, 120, -330] {
                let value =
                    parse(&field(kind), text, offset).unwrap_or_else(|error| panic!("{text}: {error}"));
                assert_eq!(posted(&field(kind), &value, offset), text);
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_said_and_never_stored() {
        let mut price = field(|| ColumnKind::Decimal);
        price.options.max_digits = Some(4);
        price.options.decimal_places = Some(2);
        for bad in ["dear", "123.45", "1.234", "1e400", "NaN"] {
            assert!(parse(&price, bad, 0).is_err(), "{bad}");
        }
        assert!(parse(&field(|| ColumnKind::SmallInt), "40000", 0).is_err());
        assert!(parse(&field(|| ColumnKind::Double), "inf", 0).is_err());
        assert!(parse(&field(|| ColumnKind::Date), "2026-02-30", 0).is_err());
        assert!(parse(&field(|| ColumnKind::Text), "  ", 0).is_err());
        assert!(parse(&field(|| ColumnKind::Duration), "1:99:00", 0).is_err());
        let mut name = field(|| ColumnKind::Text);
        name.options.max_length = Some(3);
        assert!(parse(&name, "äöüß", 0).is_err());
        assert_eq!(parse(&name, " äöü ", 0), Ok(Value::Text("äöü".into())));
        name.options.choices = || &[("a", "A")];
        assert!(parse(&name, "b", 0).is_err());
    }

    #[test]
    fn plain_text_does_not_depend_on_how_a_number_was_written() {
        let number = |text: &str| Value::Decimal(text.parse().expect("a number"));
        assert_eq!(plain(&number("1.50")), plain(&number("1.5")));
    }
}
