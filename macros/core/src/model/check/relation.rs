//! Rules of relations, and of the options that only relations take.

use nuages_schema::OnDelete;
use syn::{Ident, LitStr};

use crate::attr::{FieldAttr, RelatedName, Set};
use crate::error::Collector;
use crate::model::{Field, Shape};

use super::column::check_name;

pub(super) fn check(field: &Field, errors: &Collector) {
    check_on_delete(field, errors);
    check_null_rule(field, errors);
    check_constraint(field, errors);
    check_only_relations(field, errors);
    check_to(field, errors);
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
        OnDelete::DbSetDefault if field.options.db_default.is_none() => {
            errors.at(
                &given.key,
                "`on_delete = db::SetDefault` needs a `db_default`, which the database keeps",
            );
        }
        _ => {}
    }
}

/// `db_constraint` is for keys, and a rule of the database is a part of the constraint.
fn check_constraint(field: &Field, errors: &Collector) {
    let Some(given) = &field.options.db_constraint else { return };
    if !field.shape.is_foreign() {
        let text = format_args!(
            "`db_constraint` is for `ForeignKey` and `OneToOne`, and `{}` is neither",
            field.name()
        );
        return errors.at(&given.key, text);
    }
    let rule = field.options.on_delete.as_ref().map(|set| set.value).filter(|rule| rule.in_database());
    if let Some(rule) = rule.filter(|_| !given.value) {
        errors.at(
            &given.key,
            format_args!(
                "`on_delete = {}` is a part of the constraint that `db_constraint = false` leaves out; keep one",
                rule.word()
            ),
        );
    }
}

/// `related_name` and `limit_choices_to` are for relations.
fn check_only_relations(field: &Field, errors: &Collector) {
    if let (Some(given), Shape::Column) = (&field.options.limit_choices_to, &field.shape) {
        errors.at(
            &given.key,
            format_args!(
                "`limit_choices_to` says which rows a relation offers, and `{}` is none",
                field.name()
            ),
        );
    }
    if let (Some(given), Shape::Column) = (&field.options.related_name, &field.shape) {
        errors.at(
            &given.key,
            format_args!("`related_name` names the way back of a relation, and `{}` is none", field.name()),
        );
    }
}

/// `to` names the app and the model of a relation.
fn check_to(field: &Field, errors: &Collector) {
    let Some(given) = &field.options.to else { return };
    if field.shape.target().is_none() {
        let text = format!("`to` names the model of a relation, and `{}` is none", field.name());
        return errors.at(&given.key, text);
    }
    let text = given.value.value();
    let named = text.split_once('.').is_some_and(|(app, name)| {
        let word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_');
        word(app) && word(name)
    });
    if !named {
        errors.at(&given.value, "write the app and the model, such as `to = \"people.Author\"`");
    }
}

/// The join table's options are for `ManyToMany`.
fn check_join_table(field: &Field, errors: &Collector) {
    for key in join_table(&field.options) {
        errors.at(key, format_args!("`{key}` is for `ManyToMany`, and `{}` is none", field.name()));
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
    let options = &field.options;
    if options.through.is_some()
        && let Some(table) = &options.db_table
    {
        errors.at(&table.key, "`through` names a model, which has a `db_table` itself; keep one");
    }
    check_through_fields(options, errors);
    check_symmetrical(options, errors);
    for name in [&options.db_table, &options.from_column, &options.to_column].into_iter().flatten() {
        check_name(name, errors);
    }
}

/// `through_fields` names two fields of the model that `through` names.
fn check_through_fields(options: &FieldAttr, errors: &Collector) {
    let Some(Set { key, value: fields }) = &options.through_fields else { return };
    if options.through.is_none() {
        errors.at(key, "`through_fields` are fields of the model that `through` names; add `through = …`");
    }
    if fields.len() != 2 {
        let text = "`through_fields` names two fields: the one that refers to this model, and the one that refers to the other";
        errors.at(key, text);
    }
    for column in [&options.from_column, &options.to_column].into_iter().flatten() {
        errors.at(&column.key, format_args!("`through_fields` says `{}` already; keep one", column.key));
    }
}

/// A symmetrical relation is its own way back.
fn check_symmetrical(options: &FieldAttr, errors: &Collector) {
    let (Some(_), Some(Set { key, value: RelatedName::Name(_) })) =
        (&options.symmetrical, &options.related_name)
    else {
        return;
    };
    errors.at(key, "a `symmetrical` relation is its own way back; leave `related_name` out");
}

/// The keys of the options that describe a join table.
fn join_table(o: &FieldAttr) -> impl Iterator<Item = &Ident> {
    let names: [&Option<Set<LitStr>>; 3] = [&o.db_table, &o.from_column, &o.to_column];
    let names = names.into_iter().flatten().map(|set| &set.key);
    let through = o.through.as_ref().map(|set| &set.key);
    let fields = o.through_fields.as_ref().map(|set| &set.key);
    names.chain(through).chain(fields).chain(&o.symmetrical)
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
        o.db_collation.as_ref().map(|set| &set.key),
        o.column.as_ref().map(|set| &set.key),
        o.default.as_ref().map(|set| &set.key),
        o.backfill.as_ref().map(|set| &set.key),
        o.widget.as_ref().map(|set| &set.key),
    ];
    flags.into_iter().chain(sets).flatten()
}
