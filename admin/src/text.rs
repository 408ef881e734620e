//! Values as people read them, as forms post them, and back.

use nuages::admin::{Cell, Tone};
use nuages::form::Zone;
use nuages::value::{Date, DateTime, Value};
use nuages_schema::{ColumnKind, FieldSchema};

/// The longest text in a cell of a list or a history.
const LONGEST: usize = 300;

/// A value of a field as a cell.
pub(crate) fn cell(field: &FieldSchema, value: &Value, zone: Zone) -> Cell {
    whole_cell(field, value, zone, short)
}

fn whole_cell(field: &FieldSchema, value: &Value, zone: Zone, cut: fn(&str) -> String) -> Cell {
    if let Some(label) = choice_label(field, value) {
        return Cell::Badge(Tone::Plain, label.to_owned());
    }
    match value {
        Value::Null(_) => Cell::Empty,
        Value::Bool(yes) => Cell::Bool(*yes),
        Value::Int(_) | Value::Float(_) | Value::Decimal(_) => Cell::Number(posted(field, value, zone)),
        Value::Date(date) => Cell::from(*date),
        Value::DateTime(instant) => Cell::Date {
            text: local(*instant, zone).format("%-d %b %Y, %H:%M").to_string(),
            exact: instant.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
        },
        Value::Uuid(_) | Value::Json(_) => Cell::Code(cut(&posted(field, value, zone))),
        Value::Text(text) if text.is_empty() => Cell::Empty,
        Value::Text(text) if field.options.widget == "url" => Cell::link(cut(text), text.clone()),
        Value::Text(text) => Cell::Text(cut(text)),
        Value::Bytes(bytes) => Cell::Text(format!("{} bytes", bytes.len())),
        other => Cell::Text(cut(&posted(field, other, zone))),
    }
}

/// A value as a person reads it in a sentence or a history, all of it; `None` for no value.
pub(crate) fn read(field: &FieldSchema, value: &Value, zone: Zone) -> Option<String> {
    match whole_cell(field, value, zone, str::to_owned) {
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
pub(crate) fn posted(field: &FieldSchema, value: &Value, zone: Zone) -> String {
    let mut value = value.clone();
    if let (Value::Decimal(number), Some(places)) = (&mut value, field.options.decimal_places) {
        number.rescale(places.into());
    }
    nuages::form::text_of_value(&value, zone)
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
        Value::Duration(_) => nuages::form::text_of_value(value, Zone::default()),
        Value::Uuid(uuid) => uuid.to_string(),
        Value::Json(json) => json.to_string(),
        Value::Bytes(bytes) => format!("{} bytes", bytes.len()),
        Value::Array(_, values) => values.iter().map(plain).collect::<Vec<_>>().join(","),
        Value::Key(parts) => nuages::value::joined_key(parts.iter().map(plain)),
    }
}

/// The value that a text is, read as forms read it; `None` for no text, and for one that is no value of the field.
pub(crate) fn value(field: &FieldSchema, text: &str, zone: Zone) -> Option<Value> {
    let choices = (field.options.choices)();
    if !choices.is_empty() && !choices.iter().any(|(known, _)| *known == text.trim()) {
        return None;
    }
    nuages::form::value_of_text((field.kind)(), text, zone)
}

/// A day as browsers post it.
pub(crate) fn date(text: &str) -> Option<Date> {
    match nuages::form::value_of_text(ColumnKind::Date, text, Zone::default()) {
        Some(Value::Date(day)) => Some(day),
        _ => None,
    }
}

/// The instant at which a day begins in a zone.
pub(crate) fn midnight(day: Date, zone: Zone) -> Option<DateTime> {
    zone.start_of(day)
}

/// An instant as the clock of a zone shows it.
pub(crate) fn local(instant: DateTime, zone: Zone) -> chrono::NaiveDateTime {
    zone.to_local(instant)
}

/// Two long texts where they begin to differ, as far as a page shows them.
pub(crate) fn excerpts(was: &str, now: &str) -> (String, String) {
    let same = was.chars().zip(now.chars()).take_while(|(was, now)| was == now).count();
    // The length of the shorter text may be all there is in common; a little of that is shown.
    let start = if same < LONGEST { 0 } else { same - LONGEST / 4 };
    let cut = |text: &str| {
        let rest: String = text.chars().skip(start).collect();
        format!("{}{}", if start > 0 { "…" } else { "" }, short(&rest))
    };
    (cut(was), cut(now))
}

fn short(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{plain, posted, value};
    use nuages::form::Zone;
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
        let cases: [(Kind, &str); 9] = [
            (|| ColumnKind::SmallInt, "-7"),
            (|| ColumnKind::Double, "0.1"),
            (|| ColumnKind::Decimal, "12.50"),
            (|| ColumnKind::Date, "1969-03-01"),
            (|| ColumnKind::Time, "14:30"),
            (|| ColumnKind::Time, "14:30:05"),
            (|| ColumnKind::DateTime, "1969-03-01T14:30"),
            (|| ColumnKind::Duration, "1 12:30:00"),
            (|| ColumnKind::Uuid, "67e55044-10b1-426f-9247-bb680e5fe0c8"),
        ];
        for (kind, text) in cases {
            for zone in [0, 120, -330].map(Zone::from_minutes) {
                let value = value(&field(kind), text, zone).unwrap_or_else(|| panic!("{text}"));
                assert_eq!(posted(&field(kind), &value, zone), text);
            }
        }
    }

    #[test]
    fn what_is_no_value_of_the_field_is_none() {
        assert_eq!(value(&field(|| ColumnKind::SmallInt), "40000", Zone::default()), None);
        assert_eq!(value(&field(|| ColumnKind::Double), "inf", Zone::default()), None);
        assert_eq!(value(&field(|| ColumnKind::Text), "  ", Zone::default()), None);
        let mut word = field(|| ColumnKind::Text);
        word.options.choices = || &[("a", "A")];
        assert_eq!(value(&word, "b", Zone::default()), None);
        assert_eq!(value(&word, " a ", Zone::default()), Some(Value::Text("a".into())));
    }

    #[test]
    fn plain_text_does_not_depend_on_how_a_number_was_written() {
        let number = |text: &str| Value::Decimal(text.parse().expect("a number"));
        assert_eq!(plain(&number("1.50")), plain(&number("1.5")));
    }
}
