//! The rules of a model, one function each; the comment above it states the rule.

mod admin;
mod column;
mod constraint;
mod display;
mod group;
mod names;
mod relation;

use syn::DeriveInput;

use crate::error::Collector;
use crate::model::{Field, Model};
use crate::symbol::word;

pub(crate) use display::{Piece, pieces};
pub(super) use names::check_columns_differ;

/// Holds the options of a model against each other.
pub(super) fn check(model: &mut Model, input: &DeriveInput, errors: &Collector) {
    find_key(model, input, errors);
    for field in &model.fields {
        check_field(field, errors);
    }
    for field in model.fields.iter().filter(|field| field.options.version.is_some()).skip(1) {
        errors.at(&field.options.version, "a row has one version; remove this `version`");
    }
    names::check(model, errors);
    constraint::check(model, errors);
    display::check(model, errors);
    if let Some(options) = &model.admin {
        admin::check(model, options, errors);
    }
}

pub(super) fn check_field(field: &Field, errors: &Collector) {
    relation::check(field, errors);
    group::check(field, errors);
    if field.is_column() {
        column::check(field, errors);
    }
}

/// A model has one primary key: the field that says `primary_key`, or else the one named `id`.
fn find_key(model: &mut Model, input: &DeriveInput, errors: &Collector) {
    if model.fields.is_empty() {
        return;
    }
    let mut said = model.fields.iter().enumerate().filter(|(_, field)| field.options.primary_key.is_some());
    let first = said.next().map(|(at, _)| at);
    for (_, more) in said {
        let text = "a model has one `primary_key`; for several columns write `#[model(unique(fields(…)))]`";
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
