//! Rules of groups of fields.

use crate::error::Collector;
use crate::model::{Field, Shape};
use crate::symbol::word;

pub(super) fn check(field: &Field, errors: &Collector) {
    check_required(field, errors);
    if matches!(field.shape, Shape::Group) {
        check_type(field, errors);
        check_options(field, errors);
    }
}

/// `required` says that a group has fields without a default.
fn check_required(field: &Field, errors: &Collector) {
    if let (Some(required), None) = (&field.options.required, &field.options.flatten) {
        errors.at(required, "`required` is for groups: a field without a default is required by itself");
    }
}

/// A group is there, each of its fields may be NULL; and it is no relation.
fn check_type(field: &Field, errors: &Collector) {
    if field.nullable {
        errors.at(
            &field.ty,
            "a group is columns of this table, which may be NULL each; write it without `Option`",
        );
    } else if !matches!(Shape::of(&field.inner), Shape::Column) {
        errors.at(
            &field.options.flatten,
            "`flatten` is for a struct with `#[derive(Fields)]`, and this is a relation",
        );
    } else if field.ident == word::ID || field.options.primary_key.is_some() {
        errors.at(&field.ty, "a primary key is one column, and a group is many");
    }
}

/// What is said of columns is said in the group, of each of them.
fn check_options(field: &Field, errors: &Collector) {
    let o = &field.options;
    let flags = [&o.unique, &o.index, &o.auto_now, &o.auto_now_add, &o.blank, &o.narrow];
    let named = [&o.db_column, &o.db_collation, &o.label, &o.help_text, &o.was];
    let keys = flags.into_iter().flatten().chain(named.into_iter().flatten().map(|set| &set.key));
    let keys =
        keys.chain(o.max_length.as_ref().map(|set| &set.key)).chain(o.default.as_ref().map(|set| &set.key));
    for key in keys.chain(o.editable.as_ref().map(|set| &set.key)) {
        errors.at(
            key,
            format_args!("`{key}` is for one column; say it in the group, at the field that it is about"),
        );
    }
}
