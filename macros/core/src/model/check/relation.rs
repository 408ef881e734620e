//! Rules of relations, and of the options that only relations take.

use nuages_schema::OnDelete;
use syn::Ident;

use crate::attr::FieldAttr;
use crate::error::Collector;
use crate::model::{Field, Shape};

use super::column::check_name;

pub(super) fn check(field: &Field, errors: &Collector) {
    check_on_delete(field, errors);
    check_null_rule(field, errors);
    check_only_relations(field, errors);
    match field.shape {
        Shape::ManyToMany { .. } => check_many_to_many(field, errors),
        _ => check_join_table(field, errors),
    }
}

/// A key to another table says what happens when the row there is deleted; nothing else does.
fn check_on_delete(field: &Field, errors: &Collector) {
    match (&field.options.on_delete, field.shape.is_foreign()) {
        (None, true) => errors.at(
            &field.ty,
            format_args!(
                "say what happens to this row when its `{}` is deleted: add `#[field(on_delete = Cascade)]`, or `Protect`, `Restrict`, `SetNull`, `SetDefault`, `DoNothing`",
                field.name()
            ),
        ),
        (Some(given), false) => errors.at(
            &given.key,
            format_args!("`on_delete` is for `ForeignKey` and `OneToOne`, and `{}` is neither", field.name()),
        ),
        _ => {}
    }
}

/// `SetNull` needs a column that may be NULL, `SetDefault` one with a default.
fn check_null_rule(field: &Field, errors: &Collector) {
    let Some(given) = &field.options.on_delete else { return };
    match given.value {
        OnDelete::SetNull | OnDelete::DbSetNull if !field.nullable => errors.at(
            &field.ty,
            format_args!(
                "`on_delete = {}` needs a field that may be NULL; make it an `Option<…>`",
                given.value.word()
            ),
        ),
        OnDelete::SetDefault if field.options.default.is_none() => {
            errors.at(&given.key, "`on_delete = SetDefault` needs a `default`");
        }
        _ => {}
    }
}

/// `related_name` is for relations.
fn check_only_relations(field: &Field, errors: &Collector) {
    if let (Some(given), Shape::Column) = (&field.options.related_name, &field.shape) {
        errors.at(
            &given.key,
            format_args!("`related_name` names the way back of a relation, and `{}` is none", field.name()),
        );
    }
}

/// The join table's options are for `ManyToMany`.
fn check_join_table(field: &Field, errors: &Collector) {
    for key in join_table(&field.options) {
        errors.at(key, format_args!("`{key}` is for `ManyToMany`, and `{}` is none", field.name()));
    }
    if let Some(given) = &field.options.through {
        errors.at(&given.key, format_args!("`through` is for `ManyToMany`, and `{}` is none", field.name()));
    }
}

/// A many-to-many relation has a table of its own instead of a column: it is never NULL and takes no option of columns;
/// `through` names a model, which has said the names of its table and columns itself.
fn check_many_to_many(field: &Field, errors: &Collector) {
    if field.nullable {
        errors.at(
            &field.ty,
            "a many-to-many relation may be empty and is never NULL; write it without `Option`",
        );
    }
    for key in column_options(&field.options) {
        errors.at(
            key,
            format_args!("`{key}` is for columns, and a many-to-many relation has a table of its own"),
        );
    }
    if field.options.through.is_some()
        && let Some(table) = &field.options.db_table
    {
        errors.at(&table.key, "`through` names a model, which has a `db_table` itself; keep one");
    }
    let options = &field.options;
    for name in [&options.db_table, &options.from_column, &options.to_column].into_iter().flatten() {
        check_name(name, errors);
    }
}

/// The keys of the options that describe a join table.
fn join_table(options: &FieldAttr) -> impl Iterator<Item = &Ident> {
    [&options.db_table, &options.from_column, &options.to_column].into_iter().flatten().map(|set| &set.key)
}

/// The keys of the options that describe a column.
fn column_options(o: &FieldAttr) -> impl Iterator<Item = &Ident> {
    let flags = [&o.unique, &o.index, &o.auto_now, &o.auto_now_add, &o.narrow].map(Option::as_ref);
    let sets = [
        o.auto.as_ref().map(|set| &set.key),
        o.max_length.as_ref().map(|set| &set.key),
        o.max_digits.as_ref().map(|set| &set.key),
        o.decimal_places.as_ref().map(|set| &set.key),
        o.min.as_ref().map(|set| &set.key),
        o.max.as_ref().map(|set| &set.key),
        o.db_column.as_ref().map(|set| &set.key),
        o.column.as_ref().map(|set| &set.key),
        o.default.as_ref().map(|set| &set.key),
        o.backfill.as_ref().map(|set| &set.key),
        o.widget.as_ref().map(|set| &set.key),
    ];
    flags.into_iter().chain(sets).flatten()
}
