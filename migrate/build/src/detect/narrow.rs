//! Whether values that are there survive a change of their column.

use nuages_schema::ColumnKind as K;

use crate::state::{ColumnType, FieldState};

/// What a change may do to values, in words that follow the field's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Loss {
    /// Some may not survive: somebody has to agree.
    May(String),
    /// No database knows what to make of them.
    Never(String),
}

/// What the change may do to values; `None` where every one survives.
///
/// `key` says what the key of another model holds, where the state of this app tells.
pub(super) fn loss<'a>(
    old: &'a FieldState,
    new: &'a FieldState,
    key: impl Fn(&'a ColumnType) -> Option<&'a ColumnType>,
) -> Option<Loss> {
    let words = fewer_words(old, new);
    let why = match (&old.data, &new.data) {
        (ColumnType::Key { to: before, .. }, ColumnType::Key { to: after, .. }) => {
            let held = key(&old.data).zip(key(&new.data)).and_then(|(old, new)| between(old, new));
            let why = || Loss::May(format!("refers to `{after}` and no longer to `{before}`"));
            (before != after).then(|| never(held).unwrap_or_else(why))
        }
        (ColumnType::Key { to, .. }, plain) => {
            let held = key(&old.data).map(|held| between(held, plain));
            let why = || Loss::May(format!("is {} and no longer a key of `{to}`", plain.word()));
            (held != Some(None)).then(|| never(held.flatten()).unwrap_or_else(why))
        }
        (plain, ColumnType::Key { to, .. }) => {
            let held = key(&new.data).and_then(|held| between(plain, held));
            let why = || Loss::May(format!("is a key of `{to}` and no longer {}", plain.word()));
            Some(never(held).unwrap_or_else(why))
        }
        (old, new) => between(old, new),
    };
    why.or(words)
}

/// What no database makes is not made by calling it a key.
fn never(loss: Option<Loss>) -> Option<Loss> {
    loss.filter(|loss| matches!(loss, Loss::Never(_)))
}

/// What a column of plain values may lose on its way to another.
fn between(old: &ColumnType, new: &ColumnType) -> Option<Loss> {
    let (
        ColumnType::Plain {
            kind: from,
            max_length: old_length,
            max_digits: old_digits,
            decimal_places: old_places,
        },
        ColumnType::Plain { kind: to, max_length, max_digits, decimal_places },
    ) = (old, new)
    else {
        return None;
    };
    if from == to {
        return shorter(*old_length, *max_length)
            .or_else(|| fewer_digits((*old_digits, *old_places), (*max_digits, *decimal_places)))
            .map(Loss::May);
    }
    let whole = max_digits.zip(*decimal_places).map(|(digits, places)| digits.saturating_sub(places));
    let text = old_digits.map(u32::from);
    if holds_every(*from, *to, *max_length, whole, text) {
        return None;
    }
    let why = format!("is {} and no longer {}", to.word(), from.word());
    Some(if is_castable(*from, *to) { Loss::May(why) } else { Loss::Never(why) })
}

/// Whether the one kind holds every value of the other, given the room of a text and the whole digits of a decimal.
fn holds_every(from: K, to: K, length: Option<u32>, whole: Option<u8>, old_digits: Option<u32>) -> bool {
    let room = |needed: u32| length.is_none_or(|length| length >= needed);
    match (from, to) {
        (K::SmallInt, K::Integer | K::BigInt | K::Real | K::Double)
        | (K::Integer, K::BigInt | K::Double)
        | (K::Real, K::Double)
        | (K::Bool, K::SmallInt | K::Integer | K::BigInt)
        | (K::Date, K::DateTime)
        | (K::Duration, K::BigInt) => true,
        (from, K::Decimal) => digits(from).is_some_and(|needed| whole.is_none_or(|whole| whole >= needed)),
        (from, K::Text) => {
            written(from).or(old_digits.filter(|_| from == K::Decimal).map(|d| d + 2)).is_some_and(room)
                || from == K::Json && length.is_none()
        }
        _ => false,
    }
}

/// The most digits of a whole number.
fn digits(kind: K) -> Option<u8> {
    match kind {
        K::SmallInt => Some(5),
        K::Integer => Some(10),
        K::BigInt => Some(19),
        _ => None,
    }
}

/// The most characters of a value as text, where there is such a number.
fn written(kind: K) -> Option<u32> {
    match kind {
        K::Bool => Some(5),
        K::SmallInt => Some(6),
        K::Integer => Some(11),
        K::BigInt | K::Duration => Some(20),
        K::Date => Some(10),
        K::Time => Some(15),
        K::DateTime => Some(32),
        K::Uuid => Some(36),
        _ => None,
    }
}

/// Whether a database can make sense of the values at all.
fn is_castable(from: K, to: K) -> bool {
    let amount = |kind: K| kind.is_number() || kind == K::Bool;
    match (from, to) {
        (K::Binary, _) | (_, K::Binary) => false,
        (K::Text, _) | (_, K::Text) => true,
        (from, to) if amount(from) && amount(to) => true,
        (from, to) if from.has_date() && to.has_date() => true,
        (K::BigInt, K::Duration) | (K::Duration, K::BigInt) => true,
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

/// Words that the check of a column no longer knows.
fn fewer_words(old: &FieldState, new: &FieldState) -> Option<Loss> {
    let known = new.choices.as_ref()?;
    let gone: Vec<String> = match &old.choices {
        Some(words) => {
            words.iter().filter(|word| !known.contains(word)).map(|word| format!("`{word}`")).collect()
        }
        None => return Some(Loss::May("takes only the words of its choices and took any text".to_owned())),
    };
    (!gone.is_empty()).then(|| Loss::May(format!("no longer takes {}", gone.join(", "))))
}
