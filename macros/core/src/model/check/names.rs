//! Rules about names: of columns, of the table, of what was renamed and dropped.

use quote::ToTokens;

use crate::error::Collector;
use crate::message;
use crate::model::app::is_label;
use crate::model::{Field, Model};

use super::column::check_name;

pub(super) fn check(model: &Model, errors: &Collector) {
    check_columns_differ(model.columns(), errors);
    check_related_names_differ(model, errors);
    check_own_prefix(model, errors);
    check_table(model, errors);
    check_was(model, errors);
    check_drops(model, errors);
}

/// Two fields cannot share a column: `author: ForeignKey<Author>` and `author_id: i64` both are `author_id`.
pub(in crate::model) fn check_columns_differ<'a>(
    columns: impl Iterator<Item = &'a Field>,
    errors: &Collector,
) {
    let columns: Vec<&Field> = columns.collect();
    for (at, field) in columns.iter().enumerate() {
        if let Some(first) = columns.iter().take(at).find(|first| first.column() == field.column()) {
            let text = format!(
                "`{}` and `{}` share the column `{}`; give one another `db_column`",
                first.name(),
                field.name(),
                field.column()
            );
            errors.at(&field.ident, text);
        }
    }
}

/// Two relations to one model cannot have the same way back.
fn check_related_names_differ(model: &Model, errors: &Collector) {
    for (at, field) in model.fields.iter().enumerate() {
        let Some(name) = field.related_name() else { continue };
        let target = target(field);
        let clash = |first: &&Field| first.related_name() == Some(name) && self::target(first) == target;
        let clash = model.fields.iter().take(at).find(clash);
        if let Some(first) = clash {
            errors.at(
                name,
                format_args!(
                    "`{}` has `related_name = {name}` too; choose another name for one",
                    first.name()
                ),
            );
        }
    }
}

/// The other model as it is spelled.
fn target(field: &Field) -> Option<String> {
    Some(field.shape.target()?.to_token_stream().to_string())
}

/// Names with two underscores at the start are ours.
fn check_own_prefix(model: &Model, errors: &Collector) {
    for field in model.fields.iter().filter(|field| field.name().starts_with("__")) {
        errors.at(
            &field.ident,
            "a field's name does not start with `__`; those names are kept for generated code",
        );
    }
}

/// The table's name fits a database, and the app's label is a label.
fn check_table(model: &Model, errors: &Collector) {
    if let Some(table) = &model.options.db_table {
        check_name(table, errors);
    }
    if let Some(label) = &model.options.app_label
        && !is_label(&label.value.value())
    {
        errors.at(&label.value, message::LABEL);
    }
}

/// `was` names a field that is gone; a name that is still there was not renamed.
fn check_was(model: &Model, errors: &Collector) {
    for field in &model.fields {
        let Some(was) = &field.options.was else { continue };
        let old = was.value.value();
        if model.fields.iter().any(|other| other.name() == old) {
            errors.at(
                &was.value,
                format_args!("`{}` still has a field `{old}`; `was` gives the name before", model.ident),
            );
        }
    }
    if let Some(was) = &model.options.was
        && model.ident == was.value.value().as_str()
    {
        errors.at(&was.value, "`was` gives the name before, and this is the name now");
    }
}

/// `drop` agrees to the loss of a field that is gone.
fn check_drops(model: &Model, errors: &Collector) {
    for name in &model.options.drops {
        if model.field(name).is_some() {
            errors.at(
                name,
                format_args!(
                    "`{}` still has a field `{name}`; remove it from the struct, or this `drop`",
                    model.ident
                ),
            );
        }
    }
}
