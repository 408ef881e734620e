//! Rules of orderings, unique constraints, indexes, checks and databases.

use syn::{Ident, LitStr};

use crate::attr::{Computed, OrderTerm, Rows, Term, UniqueAttr};
use crate::error::Collector;
use crate::message;
use crate::model::{Field, Model, Shape};
use crate::symbol::word;

use super::column::{check_bounded, check_name_text};

pub(super) fn check(model: &Model, errors: &Collector) {
    check_ordering(model, errors);
    check_uniques(model, errors);
    check_indexes(model, errors);
    check_names_differ(model, errors);
    check_only(model, errors);
}

/// A model is ordered by its own columns, each once.
fn check_ordering(model: &Model, errors: &Collector) {
    let Some(ordering) = &model.options.ordering else { return };
    let columns = ordering.value.iter().filter_map(|term| own_column(model, term, "ordering", errors));
    check_once(columns, errors);
}

/// A unique constraint is over two or more columns, each once; one column says `unique` itself.
fn check_uniques(model: &Model, errors: &Collector) {
    for unique in &model.options.uniques {
        let plain = unique.rows.condition.is_none()
            && unique.rows.include.is_none()
            && unique.nulls_distinct.is_none()
            && unique.deferrable.is_none()
            && unique.terms.iter().all(|term| term.computed().is_none());
        if unique.terms.is_empty() || (unique.terms.len() < 2 && plain && unique.message.is_none()) {
            errors.at(
                &unique.key,
                "a unique constraint takes two fields or more; for one write `#[field(unique)]` on it",
            );
            continue;
        }
        if let Some(minus) = unique.terms.iter().find_map(Term::minus) {
            errors.at(&minus, "what is unique has no direction; delete the `-`");
        }
        let columns: Vec<&Ident> = unique
            .terms
            .iter()
            .filter_map(Term::field)
            .filter_map(|term| own_column(model, term, "unique", errors))
            .collect();
        check_rows(model, &unique.rows, columns.iter().copied(), errors);
        check_deferrable(unique, errors);
        check_computed(model, &unique.terms, unique.name.as_ref(), errors);
        bounded(model, &columns, errors);
        check_once(columns.into_iter(), errors);
    }
}

/// An index is over one or more columns, each once.
fn check_indexes(model: &Model, errors: &Collector) {
    for index in &model.options.indexes {
        if index.terms.is_empty() {
            errors.at(&index.key, "an index names its fields: `index(fields(author, -published))`");
        }
        let columns: Vec<&Ident> = index
            .terms
            .iter()
            .filter_map(Term::field)
            .filter_map(|term| own_column(model, term, "index", errors))
            .collect();
        check_computed(model, &index.terms, index.name.as_ref(), errors);
        bounded(model, &columns, errors);
        check_rows(model, &index.rows, columns.iter().copied(), errors);
        check_once(columns.into_iter(), errors);
    }
}

/// What is computed names fields of the model, and the index has a name, since none follows from its fields.
fn check_computed(model: &Model, terms: &[Term], name: Option<&LitStr>, errors: &Collector) {
    for computed in terms.iter().filter_map(Term::computed) {
        if name.is_none() {
            errors.at(
                computed.token(),
                "an index over what is computed needs a name: write `name = \"…\"` behind `fields(…)`",
            );
        }
        match computed {
            Computed::Call(function, field) => {
                let given = function.to_string();
                if !word::INDEX_FUNCTIONS.contains(&given.as_str()) {
                    let text = message::no_choice("function", &given, &word::INDEX_FUNCTIONS);
                    let more = if text.ends_with('?') { "" } else { ", or write SQL in quotes" };
                    errors.at(function, format_args!("{text}{more}"));
                }
                if let Some(found) = column(model, field, errors) {
                    check_bounded(found, field, errors);
                }
            }
            Computed::Sql(sql) if model.columns_in(&sql.value()).is_empty() => {
                let names: Vec<String> = model.columns().map(Field::name).collect();
                let names = message::list(names.iter().map(String::as_str));
                errors.at(
                    sql,
                    format_args!("this names no field of `{}`; its fields are {names}", model.name()),
                );
            }
            Computed::Sql(_) => {}
        }
    }
}

/// `include` names other columns of the model than those the index is over, each once.
fn check_rows<'a>(model: &Model, rows: &Rows, over: impl Iterator<Item = &'a Ident>, errors: &Collector) {
    let over: Vec<&Ident> = over.collect();
    let Some(include) = &rows.include else { return };
    for name in &include.value {
        if column(model, name, errors).is_some() && over.contains(&name) {
            errors.at(name, format_args!("the index is over `{name}` already; `include` takes other fields"));
        }
    }
    check_once(include.value.iter(), errors);
}

/// A partial unique constraint is an index, which cannot wait; nor can one over what is computed.
fn check_deferrable(unique: &UniqueAttr, errors: &Collector) {
    if let (Some(deferrable), true) =
        (&unique.deferrable, unique.terms.iter().any(|term| term.computed().is_some()))
    {
        errors.at(
            &deferrable.key,
            "`deferrable` is for fields; a constraint over what is computed cannot wait",
        );
    }
    if let (Some(deferrable), Some(_)) = (&unique.deferrable, &unique.rows.condition) {
        errors
            .at(&deferrable.key, "`deferrable` is for all rows; a constraint with a `condition` cannot wait");
    }
}

fn bounded(model: &Model, columns: &[&Ident], errors: &Collector) {
    for name in columns {
        if let Some(field) = model.field(name).filter(|field| field.is_column()) {
            check_bounded(field, name, errors);
        }
    }
}

pub(super) fn check_once<'a>(names: impl Iterator<Item = &'a Ident>, errors: &Collector) {
    let mut seen: Vec<&Ident> = Vec::new();
    for name in names {
        if seen.contains(&name) {
            errors.at(name, format_args!("`{name}` stands here twice; keep one"));
        }
        seen.push(name);
    }
}

/// The names of a table's constraints differ, since a violation is told by its name.
fn check_names_differ(model: &Model, errors: &Collector) {
    let options = &model.options;
    let uniques = options.uniques.iter().filter_map(|unique| unique.name.as_ref());
    let indexes = options.indexes.iter().filter_map(|index| index.name.as_ref());
    let names: Vec<&LitStr> =
        uniques.chain(indexes).chain(options.checks.iter().map(|check| &check.name)).collect();
    for (at, name) in names.iter().enumerate() {
        check_name_text(name, errors);
        if names.iter().take(at).any(|first| first.value() == name.value()) {
            errors
                .at(name, format_args!("`{}` has another constraint named `{}`", model.ident, name.value()));
        }
    }
}

/// `only` names each database once, and at least one.
fn check_only(model: &Model, errors: &Collector) {
    let Some(only) = &model.options.only else { return };
    if only.value.is_empty() {
        errors.at(&only.key, "`only` names the databases: `only(postgres)`");
    }
    check_once(only.value.iter().map(|(name, _)| name), errors);
}

/// The name of a term, if it is a column of this model.
pub(super) fn own_column<'a>(
    model: &Model,
    term: &'a OrderTerm,
    place: &str,
    errors: &Collector,
) -> Option<&'a Ident> {
    match term.path.own() {
        Some(name) => column(model, name, errors).map(|_| name),
        // rustc proves the name of a field of a group, which stands elsewhere.
        None if term.path.of_group(model).is_some() => term.path.names.last(),
        None => {
            let text = "takes columns of the model itself, not of a related one";
            errors.at(&term.path, format_args!("`{place}` {text}"));
            None
        }
    }
}

/// The column that a name stands for; otherwise an error with the nearest name.
pub(super) fn column<'a>(model: &'a Model, name: &Ident, errors: &Collector) -> Option<&'a Field> {
    let field = any_field(model, name, errors)?;
    if field.is_column() {
        return Some(field);
    }
    let what = match field.shape {
        Shape::Group => "a group of fields; name one of them, as in `stamps.created`",
        _ => "a many-to-many relation, which has no column",
    };
    errors.at(name, format_args!("`{name}` is {what}"));
    None
}

/// The field that a name stands for; otherwise an error with the nearest name.
pub(super) fn any_field<'a>(model: &'a Model, name: &Ident, errors: &Collector) -> Option<&'a Field> {
    let found = model.field(name);
    if found.is_none() {
        let names: Vec<String> = model.fields.iter().map(Field::name).collect();
        let text = message::no_field(&name.to_string(), &model.name(), names.iter().map(String::as_str));
        errors.at(name, text);
    }
    found
}
