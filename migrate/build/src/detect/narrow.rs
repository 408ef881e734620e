//! Whether values that are there survive a change of their column.

use nuages_schema::ColumnKind as K;

use crate::state::{ColumnType, FieldState};

/// Why values may not survive, in words that follow the field's name.
pub(super) fn loss(old: &FieldState, new: &FieldState) -> Option<String> {
    match (&old.data, &new.data) {
        (ColumnType::Key { to: old, .. }, ColumnType::Key { to: new, .. }) => {
            (old != new).then(|| format!("refers to `{new}` and no longer to `{old}`"))
        }
        (ColumnType::Key { to, .. }, ColumnType::Plain { kind, .. }) => {
            Some(format!("is {} and no longer a key of `{to}`", kind.word()))
        }
        (ColumnType::Plain { kind, .. }, ColumnType::Key { to, .. }) => {
            Some(format!("is a key of `{to}` and no longer {}", kind.word()))
        }
        (
            ColumnType::Plain {
                kind: old_kind,
                max_length: old_length,
                max_digits: old_digits,
                decimal_places: old_places,
            },
            ColumnType::Plain { kind, max_length, max_digits, decimal_places },
        ) => {
            if old_kind != kind {
                return (!widens(*old_kind, *kind, *max_length))
                    .then(|| format!("is {} and no longer {}", kind.word(), old_kind.word()));
            }
            shorter(*old_length, *max_length)
                .or_else(|| fewer_digits((*old_digits, *old_places), (*max_digits, *decimal_places)))
        }
    }
}

/// The kinds that hold every value of another.
fn widens(old: K, new: K, max_length: Option<u32>) -> bool {
    match (old, new) {
        (K::SmallInt, K::Integer | K::BigInt) | (K::Integer, K::BigInt) | (K::Real, K::Double) => true,
        (old, K::Text) => old.is_integer() && max_length.is_none_or(|length| length >= 20),
        _ => false,
    }
}

fn shorter(old: Option<u32>, new: Option<u32>) -> Option<String> {
    let new = new?;
    match old {
        Some(old) if old <= new => None,
        Some(old) => Some(format!("takes at most {new} characters and no longer {old}")),
        None => Some(format!("takes at most {new} characters and had no limit")),
    }
}

fn fewer_digits(old: (Option<u8>, Option<u8>), new: (Option<u8>, Option<u8>)) -> Option<String> {
    let whole = |(digits, places): (Option<u8>, Option<u8>)| Some(digits?.saturating_sub(places?));
    if whole(new) < whole(old) {
        return Some("has fewer digits before the point".to_owned());
    }
    (new.1 < old.1).then(|| "has fewer digits after the point".to_owned())
}
