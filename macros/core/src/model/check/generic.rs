//! Rules of relations to rows of any model.

use crate::attr::Set;
use crate::error::Collector;
use crate::message;
use crate::model::Model;

pub(super) fn check(model: &Model, errors: &Collector) {
    check_key(model, errors);
    check_relations(model, errors);
}

/// `generic_foreign_key(content_type, object_id)` names two columns of the model that are never NULL one without the
/// other: both may be, or none.
fn check_key(model: &Model, errors: &Collector) {
    let Some(Set { key, value: names }) = &model.options.generic_foreign_key else { return };
    if names.len() != 2 {
        errors.at(key, message::usage(crate::symbol::model::GENERIC_FOREIGN_KEY));
    }
    for name in names {
        if !model.columns().any(|field| field.ident == *name) {
            let known: Vec<String> = model.columns().map(crate::model::Field::name).collect();
            let known = known.iter().map(String::as_str);
            errors.at(name, message::no_field(&name.to_string(), &model.name(), known));
        }
    }
}

/// Two relations cannot have one name, nor a relation that of a field.
fn check_relations(model: &Model, errors: &Collector) {
    for (at, (name, _)) in model.options.generic_relations.iter().enumerate() {
        let earlier = model.options.generic_relations.iter().take(at).any(|(other, _)| other == name);
        if earlier || model.field(name).is_some() {
            errors.at(name, format_args!("`{}` has a `{name}` already; choose another name", model.ident));
        }
    }
}
