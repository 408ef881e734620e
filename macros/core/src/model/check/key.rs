//! Rules of primary keys.

use syn::{DeriveInput, Ident};

use super::column::check_bounded;
use super::constraint::{check_once, column};
use crate::attr::Set;
use crate::error::Collector;
use crate::model::{Field, Model, Shape};
use crate::symbol::word;

/// A model has one primary key: what `primary_key(…)` names, or the field that says `primary_key`, or else the one
/// named `id`.
pub(super) fn find(model: &mut Model, input: &DeriveInput, errors: &Collector) {
    if model.fields.is_empty() {
        return;
    }
    if let Some(given) = model.options.primary_key.clone() {
        return find_parts(model, &given, errors);
    }
    let mut said = model.fields.iter().enumerate().filter(|(_, field)| field.options.primary_key.is_some());
    let first = said.next().map(|(at, _)| at);
    for (_, more) in said {
        let text = "a model has one `primary_key`; for several columns write `#[model(primary_key(…))]`";
        errors.at(&more.options.primary_key, text);
    }
    match first.or_else(|| model.fields.iter().position(|field| field.ident == word::ID)) {
        Some(key) => model.key = key,
        None => errors.at(
            &input.ident,
            format_args!(
                "`{}` has no primary key; add `pub id: i64`, or mark a field with `#[field(primary_key)]`",
                model.ident
            ),
        ),
    }
    if let Some(key) = model.key_field() {
        check_key(key, errors);
    }
}

/// A primary key is one column that is never NULL, and it is unique and indexed by itself.
fn check_key(key: &Field, errors: &Collector) {
    if key.nullable {
        errors.at(&key.ty, "a primary key is never NULL; write its type without `Option`");
    }
    if !key.is_column() {
        errors.at(&key.ty, "a primary key is a column, and a many-to-many relation has none");
    }
    for more in [&key.options.unique, &key.options.index].into_iter().flatten() {
        errors.at(more, format_args!("a primary key is unique and indexed already; remove `{more}`"));
    }
}

/// A composite key is two columns or more, each once, in the order in which the table has them.
fn find_parts(model: &mut Model, given: &Set<Vec<Ident>>, errors: &Collector) {
    if given.value.len() < 2 {
        let text = "`primary_key(…)` takes two fields or more; for one write `#[field(primary_key)]` on it";
        return errors.at(&given.key, text);
    }
    check_once(given.value.iter(), errors);
    let parts: Vec<(&Ident, &Field)> =
        given.value.iter().filter_map(|name| Some((name, column(model, name, errors)?))).collect();
    for (name, part) in &parts {
        check_part(name, part, errors);
    }
    check_order(model, given, errors);
    check_no_other(model, errors);
    check_relations(model, errors);
    if errors.is_empty() {
        let at = |name: &Ident| model.fields.iter().position(|field| field.ident == *name);
        let parts: Vec<usize> = given.value.iter().filter_map(at).collect();
        model.key = parts.first().copied().unwrap_or_default();
        model.key_parts = parts;
    }
}

/// A part is never NULL, has a length, and is known before the row is written.
fn check_part(name: &Ident, part: &Field, errors: &Collector) {
    if part.nullable {
        errors.at(&part.ty, "a part of a primary key is never NULL; write its type without `Option`");
    }
    if part.is_auto() {
        let text = "the database counts up a key of one column, not a part of one: write `#[field(auto = false)]` on";
        errors.at(name, format_args!("{text} `{name}`, or leave it out"));
    }
    let o = &part.options;
    let by_database = o.db_default.as_ref().map(|set| &set.key).or(o.generated.as_ref().map(|set| &set.key));
    if let Some(made) = by_database {
        let text = "a part of a primary key is known before the row is written: write";
        errors.at(made, format_args!("{text} `default = …` in place of `{made}`"));
    }
    check_bounded(part, name, errors);
}

/// The key has the order of the columns, which every database can tell of a table that is there.
fn check_order(model: &Model, given: &Set<Vec<Ident>>, errors: &Collector) {
    let place = |name: &Ident| model.fields.iter().position(|field| field.ident == *name);
    let mut last = None;
    for name in &given.value {
        let Some(at) = place(name) else { return };
        if last.is_some_and(|last| last > at) {
            errors
                .at(name, format_args!("list the parts in the order of the fields: `{name}` stands before"));
            return;
        }
        last = Some(at);
    }
}

/// There is no second key.
fn check_no_other(model: &Model, errors: &Collector) {
    for field in &model.fields {
        if let Some(said) = &field.options.primary_key {
            errors.at(
                said,
                "`#[model(primary_key(…))]` names the key of this model; remove this `primary_key`",
            );
        }
        let parts = model.options.primary_key.iter().flat_map(|set| &set.value);
        if field.is_auto() && !parts.into_iter().any(|part| *part == field.ident) {
            let text =
                "is the key by its name, and `primary_key(…)` names another: remove the field, or rename it";
            errors.at(&field.ident, format_args!("`{}` {text}", field.ident));
        }
    }
}

/// A join table and the sessions hold a key of one column.
fn check_relations(model: &Model, errors: &Collector) {
    for field in model.fields.iter().filter(|field| matches!(field.shape, Shape::ManyToMany { .. })) {
        errors.at(
            &field.ty,
            "a join table holds keys of one column: write a model with a `ForeignKey` to each end in place of it",
        );
    }
    if let Some(user) = &model.options.user {
        errors.at(user, "a session holds the user's key, which is one column: write `pub id: i64`");
    }
}
