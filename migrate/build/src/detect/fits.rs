//! Whether a value that is frozen into a migration fits its column.

use nuages_schema::ColumnKind as K;

use crate::Literal;
use crate::state::{ColumnType, FieldState};

/// Why the value does not fit, in words that follow it; `None` where it does, or where only the database can tell.
pub(super) fn misfit(field: &FieldState, value: &Literal) -> Option<String> {
    let ColumnType::Plain { kind, max_length, max_digits, decimal_places } = &field.data else { return None };
    if !is_of(*kind, value) {
        return Some(format!("is no {}", kind.word()));
    }
    match value {
        Literal::Int(number) => outside(field, *kind, *number),
        Literal::Text(text) => match kind {
            K::Text => too_long(text, *max_length).or_else(|| no_choice(field, text)),
            K::Decimal => too_many_digits(text, *max_digits, *decimal_places),
            _ => None,
        },
        Literal::Bool(_) | Literal::Float(_) => None,
    }
}

/// Whether a literal can be of this kind. Decimals, dates, and UUIDs are texts.
fn is_of(kind: K, value: &Literal) -> bool {
    match (kind, value) {
        (K::Bool, Literal::Bool(_) | Literal::Int(0 | 1)) => true,
        (K::SmallInt | K::Integer | K::BigInt | K::Duration, Literal::Int(_)) => true,
        (K::Real | K::Double, Literal::Float(_) | Literal::Int(_)) => true,
        (K::Decimal, Literal::Int(_)) => true,
        (K::Decimal, Literal::Text(text)) => is_decimal(text),
        (K::Date, Literal::Text(text)) => is_shape(text, "dddd-dd-dd"),
        (K::Time, Literal::Text(text)) => is_shape(text.get(..8).unwrap_or(text), "dd:dd:dd"),
        (K::DateTime, Literal::Text(text)) => is_shape(text.get(..10).unwrap_or(text), "dddd-dd-dd"),
        (K::Uuid, Literal::Text(text)) => {
            let digits = text.replace('-', "");
            digits.len() == 32 && digits.chars().all(|c| c.is_ascii_hexdigit())
        }
        (K::Text | K::Json | K::Binary, Literal::Text(_)) => true,
        _ => false,
    }
}

fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.chars().any(|c| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
        && digits.matches('.').count() <= 1
}

/// `d` stands for a digit, anything else for itself.
fn is_shape(text: &str, shape: &str) -> bool {
    let fits = |(c, s): (char, char)| if s == 'd' { c.is_ascii_digit() } else { c == s };
    text.chars().count() == shape.chars().count() && text.chars().zip(shape.chars()).all(fits)
}

fn outside(field: &FieldState, kind: K, number: i64) -> Option<String> {
    let (least, greatest) = match kind {
        K::SmallInt => (i64::from(i16::MIN), i64::from(i16::MAX)),
        K::Integer => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    let least = field.min.map_or(least, |min| min.max(least));
    let greatest = field.max.map_or(greatest, |max| max.min(greatest));
    if number < least {
        return Some(format!("is less than {least}, the least that the column takes"));
    }
    (number > greatest).then(|| format!("is more than {greatest}, the most that the column takes"))
}

fn too_long(text: &str, max_length: Option<u32>) -> Option<String> {
    let (count, most) = (text.chars().count(), max_length?);
    (count > most as usize).then(|| format!("has {count} characters, and the column takes {most}"))
}

fn no_choice(field: &FieldState, text: &str) -> Option<String> {
    let known = field.choices.as_ref()?;
    (!known.iter().any(|word| word == text)).then(|| "is none of the choices".to_owned())
}

fn too_many_digits(text: &str, digits: Option<u8>, places: Option<u8>) -> Option<String> {
    let (whole, after) = text.strip_prefix('-').unwrap_or(text).split_once('.').unwrap_or((text, ""));
    let whole = whole.trim_start_matches(['-', '0']).len();
    let (digits, places) = (usize::from(digits?), usize::from(places?));
    let fits = after.trim_end_matches('0').len() <= places && whole <= digits.saturating_sub(places);
    (!fits).then(|| format!("does not fit into {digits} digits with {places} after the point"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(data: ColumnType, value: Literal) -> String {
        misfit(&FieldState::new("x", data), &value).unwrap_or_default()
    }

    fn plain(kind: K, text: &str) -> String {
        why(ColumnType::plain(kind), Literal::Text(text.into()))
    }

    #[test]
    fn a_value_fits_its_column_or_says_why_not() {
        assert_eq!(plain(K::Integer, "many"), "is no integer");
        assert_eq!(plain(K::Date, "2020-01-31"), "");
        assert_eq!(plain(K::Date, "31.1.2020"), "is no date");
        assert_eq!(plain(K::Uuid, "6f9619ff-8b86-d011-b42d-00c04fc964ff"), "");
        assert_eq!(plain(K::Uuid, "6f96"), "is no uuid");
        assert_eq!(
            why(ColumnType::plain(K::SmallInt), Literal::Int(40_000)),
            "is more than 32767, the most that the column takes"
        );
        assert_eq!(
            why(ColumnType::text(3), Literal::Text("none".into())),
            "has 4 characters, and the column takes 3"
        );
        assert_eq!(
            why(ColumnType::decimal(4, 2), Literal::Text("-100.00".into())),
            "does not fit into 4 digits with 2 after the point"
        );
        assert_eq!(why(ColumnType::decimal(4, 2), Literal::Text("-99.990".into())), "");
        let positive = FieldState { min: Some(1), ..FieldState::new("x", ColumnType::plain(K::Integer)) };
        assert_eq!(
            misfit(&positive, &Literal::Int(0)),
            Some("is less than 1, the least that the column takes".to_owned())
        );
    }
}
