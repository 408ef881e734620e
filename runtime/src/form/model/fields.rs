//! From the fields of a model to the fields of a form.

use std::sync::Arc;

use nuages_schema::{ColumnKind, FieldSchema, ManyToManySchema};

use crate::error::{Error, Result};
use crate::form::field::FormField;
use crate::form::message::{ErrorCode, FormError};
use crate::form::widget::{Choice, Widget};
use crate::model::ModelEntry;

/// Characters that a line of text is good for; what may be longer has several lines.
const LINE: u32 = 400;

/// The names of all fields that a form can have, in the order of the model; many-to-many relations last.
#[must_use]
pub fn editable_fields(entry: &'static ModelEntry) -> Vec<&'static str> {
    let columns = entry.schema.fields.iter().filter(|field| why_not(field).is_none()).map(|field| field.name);
    let many = entry.schema.many_to_many.iter().filter(|many| many.through.is_none()).map(|many| many.name);
    columns.chain(many).collect()
}

/// The form field for a field of a model.
///
/// # Errors
/// If there is no such field, or none that a person can fill in.
pub fn model_field(entry: &'static ModelEntry, name: &str) -> Result<FormField> {
    let schema = entry.schema;
    if let Some(index) = schema.position(name) {
        let refused = why_not(&schema.fields[index]);
        return match refused {
            None => Ok(column(entry, index)),
            Some(why) => Err(Error::other(format!(
                "the form cannot have the field `{name}` of {}: {why}",
                schema.name
            ))),
        };
    }
    let many = schema.many_to_many.iter().find(|many| many.name == name);
    match many.filter(|many| many.through.is_none()) {
        Some(many) => Ok(relation(many)),
        None => Err(Error::other(format!("{} has no field `{name}` that a form can have", schema.name))),
    }
}

/// Why a form cannot have a column.
fn why_not(field: &FieldSchema) -> Option<&'static str> {
    let options = &field.options;
    if options.auto {
        return Some("the database makes it");
    }
    if options.generated {
        return Some("the database computes it");
    }
    if options.version {
        return Some("it counts by itself");
    }
    if options.auto_now || options.auto_now_add {
        return Some("it is set to the time of saving");
    }
    if !options.editable {
        return Some("it is not editable");
    }
    ((field.kind)() == ColumnKind::Binary).then_some("bytes cannot be typed")
}

fn column(entry: &'static ModelEntry, index: usize) -> FormField {
    let schema = &entry.schema.fields[index];
    let options = &schema.options;
    let mut field = FormField::new(schema.name, (schema.kind)())
        .label(sentence(options.label))
        .help_text(options.help_text)
        .required(is_required(schema));
    field.nullable = schema.nullable;
    field.max_length = options.max_length;
    (field.max_digits, field.decimal_places) = (options.max_digits, options.decimal_places);
    (field.min, field.max) = (options.range.min.map(Into::into), options.range.max.map(Into::into));
    field.initial = (entry.default)(index);
    let messages = options.error_messages.iter();
    field
        .messages
        .extend(messages.filter_map(|(rule, text)| Some((ErrorCode::from_word(rule)?, (*text).into()))));
    field = with_widget(field, schema);
    if schema.options.file.is_some() {
        (field.file, field.widget, field.column) = (true, Widget::File, Some(schema));
    }
    field.validators.push(Arc::new(move |value| {
        let texts = (entry.validate)(index, value);
        (!texts.is_empty()).then(|| FormError::custom(texts.join(" ")))
    }));
    field
}

/// Whether a form must fill it in. A key of the user's own always; text may be empty only where `blank` says so.
fn is_required(schema: &FieldSchema) -> bool {
    let is_box = (schema.kind)() == ColumnKind::Bool;
    let options = &schema.options;
    options.primary_key || !(schema.nullable || options.blank || options.db_default || is_box)
}

fn with_widget(field: FormField, schema: &FieldSchema) -> FormField {
    let choices = (schema.options.choices)();
    let mut field = if schema.foreign.is_some() {
        related(field)
    } else if !choices.is_empty() {
        field.choices(choices.iter().map(|(value, label)| Choice::new(*value, *label)))
    } else if field.kind == ColumnKind::Bool && schema.nullable {
        field.yes_or_no()
    } else {
        field
    };
    let long = field.max_length.is_none_or(|most| most > LINE);
    if field.widget == Widget::Text && long && field.kind == ColumnKind::Text {
        field.widget = Widget::Textarea;
    }
    field.widget(schema.options.widget)
}

/// A field whose values are keys of another table: what may be chosen is loaded, and looked up when it is sent.
fn related(mut field: FormField) -> FormField {
    field.widget = if field.many { Widget::SelectMultiple } else { Widget::Select };
    (field.choices, field.open) = (Some(Vec::new()), true);
    field
}

fn relation(many: &ManyToManySchema) -> FormField {
    let kind = ((many.target)().key_field().kind)();
    let mut field =
        FormField::new(many.name, kind).label(sentence(many.label)).help_text(many.help_text).required(false);
    field.many = true;
    related(field)
}

/// With a capital at the start.
fn sentence(label: &str) -> String {
    let mut chars = label.chars();
    let first = chars.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(chars).collect()
}
