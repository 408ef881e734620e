//! Rules of `#[admin(…)]`.
//!
//! The first name of a path is a field of this model and is checked here; the
//! names after it belong to other models and are left to rustc, by an access
//! with the user's own words.

use syn::Ident;

use crate::attr::{AdminAttr, FieldPath, Item, Listed, Set};
use crate::error::Collector;
use crate::model::{Field, Model, Shape};
use crate::symbol::{Word, admin as words};

use super::constraint::{any_field, own_column};

pub(super) fn check(model: &Model, options: &AdminAttr, errors: &Collector) {
    check_list_display(model, options, errors);
    check_columns(options, &options.list_display_links, words::LIST_DISPLAY_LINKS, errors);
    check_columns(options, &options.sortable_by, words::SORTABLE_BY, errors);
    check_inlines(options, errors);
    check_paths(model, &options.list_filter, words::LIST_FILTER, errors);
    check_paths(model, &options.search_fields, words::SEARCH_FIELDS, errors);
    check_ordering(model, options, errors);
    check_date_hierarchy(model, options, errors);
    check_list_per_page(options, errors);
    check_form_fields(model, options, errors);
    check_readonly(model, options, errors);
    check_autocomplete(model, options, errors);
}

/// A column of the list is a field, a field over relations, or a function.
fn check_list_display(model: &Model, options: &AdminAttr, errors: &Collector) {
    for item in options.list_display.iter().flat_map(|set| set.value.items()) {
        let Item::Field(term) = item else { continue };
        if let Some(minus) = &term.minus {
            errors.at(minus, "`list_display` has no direction; write `ordering(-…)` for it");
        }
        check_path(model, &term.path, errors);
    }
}

/// What is said of columns is said of columns that the list has.
fn check_columns(options: &AdminAttr, given: &Option<Set<Vec<FieldPath>>>, word: Word, errors: &Collector) {
    let Some(Set { value: Listed::Items(columns), .. }) = &options.list_display else { return };
    let shown: Vec<String> = columns
        .iter()
        .filter_map(|item| match item {
            Item::Field(term) => Some(dotted(&term.path)),
            Item::Function(_) => None,
        })
        .collect();
    for path in given.iter().flat_map(|set| &set.value) {
        let name = dotted(path);
        if !shown.contains(&name) {
            errors.at(
                path,
                format_args!("`{}` takes columns of `list_display`; add `{name}` there", word.name),
            );
        }
    }
}

/// `author.name`
fn dotted(path: &FieldPath) -> String {
    path.names.iter().map(ToString::to_string).collect::<Vec<_>>().join(".")
}

/// An inline has room for the rows that it wants at least.
fn check_inlines(options: &AdminAttr, errors: &Collector) {
    for inline in options.inlines.iter().flat_map(|set| set.value.items()) {
        let (Some(least), Some(most)) = (&inline.min_num, &inline.max_num) else { continue };
        if least.value > most.value {
            errors.at(&least.key, "`min_num` is more than `max_num`; make one of the two fit");
        }
    }
}

/// Filters and searches look at fields.
fn check_paths(model: &Model, given: &Option<Set<Listed<Item>>>, word: Word, errors: &Collector) {
    for item in given.iter().flat_map(|set| set.value.items()) {
        match item {
            Item::Field(term) => {
                if let Some(minus) = &term.minus {
                    errors.at(minus, format_args!("`{}` has no direction; write the field alone", word.name));
                }
                check_path(model, &term.path, errors);
            }
            Item::Function(path) => {
                errors.at(path, format_args!("`{}` takes fields, which the database can look at", word.name));
            }
        }
    }
}

/// The first name of a path is a field of this model, and a relation if names follow.
fn check_path<'a>(model: &'a Model, path: &FieldPath, errors: &Collector) -> Option<&'a Field> {
    let name = path.first()?;
    let field = any_field(model, name, errors)?;
    if path.own().is_none() && matches!(field.shape, Shape::Column) {
        errors.at(
            name,
            format_args!("`{name}` is not a relation, so nothing can follow it; write `{name}` alone"),
        );
        return None;
    }
    Some(field)
}

/// The list is ordered by columns of the model itself.
fn check_ordering(model: &Model, options: &AdminAttr, errors: &Collector) {
    for term in options.ordering.iter().flat_map(|set| &set.value) {
        own_column(model, term, words::ORDERING.name, errors);
    }
}

/// The hierarchy is over a date of this model.
fn check_date_hierarchy(model: &Model, options: &AdminAttr, errors: &Collector) {
    let Some(given) = &options.date_hierarchy else { return };
    let Some(field) = any_field(model, &given.value, errors) else { return };
    let relation = !matches!(field.shape, Shape::Column);
    if relation || field.kind().is_some_and(|kind| !kind.has_date()) {
        errors.at(
            &given.value,
            format_args!("`{}` is no date; `date_hierarchy` takes a `Date` or a `DateTime`", field.name()),
        );
    }
}

/// A page of the list has 1 to 1,000 rows.
fn check_list_per_page(options: &AdminAttr, errors: &Collector) {
    if let Some(given) = options.list_per_page.as_ref().filter(|set| !(1..=1000).contains(&set.value)) {
        errors.at(&given.key, "`list_per_page` is from 1 to 1000");
    }
}

/// The form is said once: by `fields`, by `fieldsets`, or as everything but `exclude`; a field stands in it once.
fn check_form_fields(model: &Model, options: &AdminAttr, errors: &Collector) {
    if let (Some(_), Some(sets)) = (&options.fields, &options.fieldsets) {
        errors.at(&sets.key, "`fields` and `fieldsets` both say what the form shows; keep one");
    }
    if let (Some(exclude), true) = (&options.exclude, options.fields.is_some() || options.fieldsets.is_some())
    {
        errors.at(
            &exclude.key,
            "`exclude` has no effect beside a list of fields; leave the field out of the list",
        );
    }
    let listed = options.fields.iter().flat_map(|set| &set.value);
    let grouped = options.fieldsets.iter().flat_map(|set| set.value.items()).flat_map(|group| &group.fields);
    let names: Vec<&Ident> = listed.chain(grouped).collect();
    for (at, name) in names.iter().enumerate() {
        if any_field(model, name, errors).is_some() && names.iter().take(at).any(|first| first == name) {
            errors.at(name, format_args!("`{name}` stands in the form twice; keep one"));
        }
    }
    for name in options.exclude.iter().flat_map(|set| set.value.items()) {
        any_field(model, name, errors);
    }
}

/// What is only shown is a field of this model.
fn check_readonly(model: &Model, options: &AdminAttr, errors: &Collector) {
    for name in options.readonly_fields.iter().flat_map(|set| set.value.items()) {
        any_field(model, name, errors);
    }
}

/// Searching for a value is for relations.
fn check_autocomplete(model: &Model, options: &AdminAttr, errors: &Collector) {
    for name in options.autocomplete_fields.iter().flat_map(|set| set.value.items()) {
        if let Some(field) = any_field(model, name, errors)
            && matches!(field.shape, Shape::Column)
        {
            errors
                .at(name, format_args!("`{name}` is not a relation; `autocomplete_fields` takes relations"));
        }
    }
}
