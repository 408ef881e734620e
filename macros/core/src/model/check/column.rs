//! Rules of one column.

use nuages_schema::{ColumnKind, Name};
use syn::LitStr;

use crate::attr::{DefaultKind, Set};
use crate::error::Collector;
use crate::model::{Field, Shape, length_of};

pub(super) fn check(field: &Field, errors: &Collector) {
    check_option_of_option(field, errors);
    check_length(field, errors);
    check_collation(field, errors);
    check_decimal(field, errors);
    check_range(field, errors);
    check_now(field, errors);
    check_auto(field, errors);
    check_unique_and_index(field, errors);
    check_blank(field, errors);
    check_version(field, errors);
    check_db_default(field, errors);
    check_generated(field, errors);
    check_widget(field, errors);
    check_default(field, errors);
    for name in [&field.options.db_column, &field.options.was].into_iter().flatten() {
        check_name(name, errors);
    }
}

/// The kind, where it is certain; a type of the user's own is judged by rustc.
fn kind(field: &Field) -> Option<ColumnKind> {
    if matches!(field.shape, Shape::Column) { field.kind() } else { None }
}

/// Whether an option that only some kinds take is certainly misplaced.
fn misplaced(field: &Field, fits: fn(ColumnKind) -> bool) -> bool {
    field.shape.is_foreign() || kind(field).is_some_and(|kind| !fits(kind))
}

/// NULL is one value, so `Option<Option<T>>` cannot be stored.
fn check_option_of_option(field: &Field, errors: &Collector) {
    if field.nullable && Shape::without_option(&field.inner).1 {
        errors.at(&field.ty, "a column is NULL or has a value; write one `Option`");
    }
}

/// `max_length` is for text, and is at least 1.
fn check_length(field: &Field, errors: &Collector) {
    let Some(length) = &field.options.max_length else { return };
    if misplaced(field, |kind| kind == ColumnKind::Text) {
        errors.at(&length.key, format_args!("`max_length` is for text, and `{}` is not", field.name()));
    } else if length.value == 0 {
        errors.at(&length.key, "`max_length` is at least 1");
    }
}

/// `db_collation` is for text, and is a name.
fn check_collation(field: &Field, errors: &Collector) {
    let Some(collation) = &field.options.db_collation else { return };
    if misplaced(field, |kind| kind == ColumnKind::Text) {
        errors.at(&collation.key, format_args!("`db_collation` is for text, and `{}` is not", field.name()));
    } else {
        check_name(collation, errors);
    }
}

/// A decimal says both its digits and its places, and nothing else does: `max_digits = 8, decimal_places = 2`.
fn check_decimal(field: &Field, errors: &Collector) {
    let (digits, places) = (&field.options.max_digits, &field.options.decimal_places);
    if misplaced(field, |kind| kind == ColumnKind::Decimal) {
        if let Some(given) = digits.as_ref().or(places.as_ref()) {
            let text = format!("`{}` is for `Decimal`, and `{}` is not", given.key, field.name());
            errors.at(&given.key, text);
        }
        return;
    }
    match (digits, places) {
        (Some(digits), Some(places)) => check_digits(digits, places, errors),
        (None, None) if kind(field) != Some(ColumnKind::Decimal) => {}
        _ => errors.at(
            &field.ty,
            "a decimal says how many digits it keeps: `#[field(max_digits = 8, decimal_places = 2)]`",
        ),
    }
}

/// Values are kept in 96 bits, which hold 28 digits; the places are among the digits.
fn check_digits(digits: &Set<u8>, places: &Set<u8>, errors: &Collector) {
    if digits.value == 0 || digits.value > 28 {
        errors.at(&digits.key, "`max_digits` is from 1 to 28");
    } else if places.value > digits.value {
        errors.at(
            &places.key,
            "`decimal_places` is at most `max_digits`, which counts the digits after the point too",
        );
    }
}

/// `min` and `max` are for numbers, and `min` is not above `max`.
fn check_range(field: &Field, errors: &Collector) {
    let (min, max) = (&field.options.min, &field.options.max);
    for given in [min, max].into_iter().flatten() {
        if misplaced(field, ColumnKind::is_number) {
            errors.at(
                &given.key,
                format_args!("`{}` is for numbers, and `{}` is not", given.key, field.name()),
            );
        }
    }
    if let (Some(min), Some(max)) = (min, max)
        && min.value > max.value
    {
        errors.at(
            &min.key,
            format_args!(
                "`min` is above `max`; no value can be both {} and more and {} and less",
                min.value, max.value
            ),
        );
    }
}

/// `auto_now`, `auto_now_add` and `default` each decide a new row's value, so one of them stands; the two are for dates and times.
fn check_now(field: &Field, errors: &Collector) {
    let options = &field.options;
    let fits = |kind: ColumnKind| kind.has_date() || kind == ColumnKind::Time;
    for now in [&options.auto_now, &options.auto_now_add].into_iter().flatten() {
        if misplaced(field, fits) {
            errors.at(now, format_args!("`{now}` is for dates and times, and `{}` is neither", field.name()));
        } else if options.default.is_some() {
            errors.at(now, format_args!("`{now}` and `default` both set the value; keep one"));
        }
    }
    if let (Some(now), Some(_)) = (&options.auto_now, &options.auto_now_add) {
        errors.at(now, "`auto_now` sets the value at each save, so `auto_now_add` has no effect; keep one");
    }
}

/// `auto` is for an integer primary key: the database counts.
fn check_auto(field: &Field, errors: &Collector) {
    let Some(auto) = field.options.auto.as_ref().filter(|auto| auto.value) else { return };
    if misplaced(field, ColumnKind::is_integer) {
        errors.at(
            &auto.key,
            "`auto` is for integer keys; for another type write `default = path::to::function()`",
        );
    } else if field.options.primary_key.is_none() && field.ident != crate::symbol::word::ID {
        errors.at(&auto.key, "`auto` is for the primary key; add `primary_key`");
    } else if field.options.default.is_some() {
        errors.at(&auto.key, "`auto` lets the database make the value, so `default` has no effect; keep one");
    }
}

/// A text that is unique or indexed says its length, for MySQL cannot index it otherwise; `unique` keeps an index itself.
fn check_unique_and_index(field: &Field, errors: &Collector) {
    let options = &field.options;
    if let (Some(_), Some(index)) = (&options.unique, &options.index) {
        errors.at(index, format_args!("`unique` keeps an index already; remove `{index}`"));
    }
    if let (Shape::OneToOne { .. }, Some(unique)) = (&field.shape, &options.unique) {
        errors.at(unique, "`OneToOne` is unique already; remove `unique`");
    }
    if let (true, Some(index)) = (field.shape.is_foreign(), &options.index) {
        errors.at(index, format_args!("a relation keeps an index already; remove `{index}`"));
    }
    let key = options.primary_key.as_ref().or(options.unique.as_ref()).or(options.index.as_ref());
    if let Some(word) = key {
        check_bounded(field, word, errors);
    }
}

/// A text in a key or an index says its length.
pub(super) fn check_bounded(field: &Field, word: &syn::Ident, errors: &Collector) {
    let length = field.options.max_length.is_some() || length_of(&field.inner).is_some();
    if !length && kind(field) == Some(ColumnKind::Text) {
        errors.at(
            word,
            format_args!(
                "`{}` is text without a length, which MySQL cannot index; add `max_length = 200`",
                field.name()
            ),
        );
    }
    if matches!(kind(field), Some(ColumnKind::Json | ColumnKind::Binary)) {
        errors.at(
            word,
            format_args!("`{}` holds documents or bytes, which not every database can index", field.name()),
        );
    }
}

/// `blank` lets a form leave the field empty; only text has an empty value, anything else needs NULL or a default.
fn check_blank(field: &Field, errors: &Collector) {
    let Some(blank) = &field.options.blank else { return };
    let empty = field.nullable || field.options.default.is_some();
    if misplaced(field, |kind| kind == ColumnKind::Text) && !empty {
        errors.at(
            blank,
            format_args!(
                "`{}` has no empty value for `blank`; make it an `Option` or give a `default`",
                field.name()
            ),
        );
    }
}

/// `version` counts changes: a whole number that the program keeps, never NULL.
fn check_version(field: &Field, errors: &Collector) {
    let Some(version) = &field.options.version else { return };
    let o = &field.options;
    if misplaced(field, ColumnKind::is_integer) || field.nullable {
        errors.at(version, "`version` counts the changes of a row: write its field as `i32` or `i64`");
    } else if o.default.is_some() || o.primary_key.is_some() || o.unique.is_some() || o.auto.is_some() {
        errors.at(version, "`version` begins at 1 and counts by itself; nothing else is said of its field");
    }
}

/// `db_default` is what the database itself puts in: a literal or SQL, and nothing else decides beside it.
fn check_db_default(field: &Field, errors: &Collector) {
    let (Some(given), o) = (&field.options.db_default, &field.options) else { return };
    if let DefaultKind::Call | DefaultKind::Path(_) = given.kind {
        errors.at(
            &given.expr,
            "`db_default` stands in the database: write a literal, `dec!(…)` or `sql(\"…\")`",
        );
    }
    let flags = [&o.auto_now, &o.auto_now_add, &o.version, &o.primary_key];
    let other = o.default.as_ref().map(|other| &other.key).or(flags.into_iter().flatten().next());
    if let Some(other) = other {
        errors.at(&given.key, format_args!("`db_default` and `{other}` both decide the value; keep one"));
    }
}

/// A generated column is computed from others: nobody writes it, so nothing else is said of its value.
fn check_generated(field: &Field, errors: &Collector) {
    let o = &field.options;
    let Some(generated) = &o.generated else {
        if let Some(persist) = &o.persist {
            errors.at(&persist.key, "`persist` is for a column with `generated = \"…\"`");
        }
        return;
    };
    if field.shape.is_foreign() {
        return errors.at(&generated.key, "a relation is written, and a generated column is computed");
    }
    let flags = [&o.auto_now, &o.auto_now_add, &o.version, &o.primary_key, &o.blank];
    let values = [&o.default, &o.db_default, &o.backfill].into_iter().flatten().map(|other| &other.key);
    for other in flags.into_iter().flatten().chain(values).chain(o.editable.as_ref().map(|set| &set.key)) {
        errors
            .at(other, format_args!("the database computes `{}`, so `{other}` has no effect", field.name()));
    }
}

/// Widgets are ways to write text.
fn check_widget(field: &Field, errors: &Collector) {
    let Some(widget) = &field.options.widget else { return };
    if misplaced(field, |kind| matches!(kind, ColumnKind::Text | ColumnKind::Json)) {
        errors.at(
            &widget.key,
            format_args!("`widget = {}` is for text, and `{}` is not", widget.value, field.name()),
        );
    }
}

/// `sql("…")` fills rows that exist; a new row's value is made by the program.
fn check_default(field: &Field, errors: &Collector) {
    if let Some(default) = &field.options.default
        && let DefaultKind::Sql(_) = default.kind
    {
        errors.at(&default.expr, "`default` is a Rust value; `sql(…)` is for `backfill`");
    }
    if let Some(backfill) = &field.options.backfill
        && let DefaultKind::Call = backfill.kind
    {
        errors.at(
            &backfill.expr,
            "`backfill` is frozen into the migration: write a literal, `dec!(…)`, a variant or `sql(\"…\")`",
        );
    }
}

/// A name in the database has 1 to 63 bytes and no control characters.
pub(super) fn check_name(name: &Set<LitStr>, errors: &Collector) {
    check_name_text(&name.value, errors);
}

/// See [`check_name`].
pub(super) fn check_name_text(name: &LitStr, errors: &Collector) {
    let text = name.value();
    if text.is_empty() || text.len() > Name::MAX || text.chars().any(char::is_control) {
        errors.at(name, "a name in the database has 1 to 63 bytes and no control characters");
    }
}
