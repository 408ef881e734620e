//! The rules of a model, one function each; the comment above it states the rule.

mod admin;
mod column;
mod constraint;
mod display;
mod file;
mod generic;
mod group;
mod key;
mod names;
mod relation;

use syn::DeriveInput;

use crate::error::Collector;
use crate::model::{Field, Model};

pub(crate) use display::{Piece, pieces};
pub(super) use names::check_columns_differ;

/// Holds the options of a model against each other.
pub(super) fn check(model: &mut Model, input: &DeriveInput, errors: &Collector) {
    key::find(model, input, errors);
    for field in &model.fields {
        check_field(field, errors);
    }
    for field in model.fields.iter().filter(|field| field.options.version.is_some()).skip(1) {
        errors.at(&field.options.version, "a row has one version; remove this `version`");
    }
    file::check_sizes(&model.fields, &model.name(), errors);
    names::check(model, errors);
    generic::check(model, errors);
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
    file::check(field, errors);
}
