//! The rules of a model. Each has a function, and the comment above it states the rule.

use syn::DeriveInput;

use crate::error::Collector;
use crate::model::Model;
use crate::symbol::word;

/// Holds the options of a model against each other.
pub(super) fn check(model: &mut Model, input: &DeriveInput, errors: &Collector) {
    find_key(model, input, errors);
}

/// A model has one primary key: the field that says `primary_key`, or else the one named `id`.
fn find_key(model: &mut Model, input: &DeriveInput, errors: &Collector) {
    if model.fields.is_empty() {
        return;
    }
    let mut said = model.fields.iter().enumerate().filter(|(_, field)| field.options.primary_key.is_some());
    let first = said.next().map(|(at, _)| at);
    for (_, more) in said {
        errors.at(
            &more.options.primary_key,
            "a model has one `primary_key`; use `unique(fields(…))` for several columns",
        );
    }
    let key = first.or_else(|| model.fields.iter().position(|field| field.ident == word::ID));
    match key {
        Some(key) => model.key = key,
        None => errors.at(
            &input.ident,
            format_args!(
                "`{}` has no primary key; add `pub id: i64`, or mark a field with `#[field(primary_key)]`",
                model.ident
            ),
        ),
    }
}
