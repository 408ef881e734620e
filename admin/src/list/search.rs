//! The search of a list: every word somewhere in one of the fields.

use nuages::admin::{AdminPath, AdminRequest, rows};
use nuages::expr::{Comparison, Condition, Expr, Matching};
use nuages::field::ColumnRef;
use nuages::form::Zone;
use nuages::model::ModelEntry;
use nuages::value::{ColumnKind, Value};
use nuages_schema::{FieldSchema, ModelSchema};

use super::columns::path_label;
use super::filters::once;
use crate::text;

/// Fields that are searched when nothing is said.
const DEFAULT_FIELDS: usize = 4;
/// Words of a search that are looked for.
const WORDS: usize = 8;

/// What a search looks into.
pub(crate) fn fields(entry: &'static ModelEntry, by: &AdminRequest) -> Vec<ColumnRef> {
    match entry.admin.search_fields.for_request(by) {
        Some(paths) => paths.into_iter().filter_map(|path| column(path())).collect(),
        None => defaults(entry),
    }
}

fn column(path: AdminPath) -> Option<ColumnRef> {
    match path {
        AdminPath::Column(column) => Some(column),
        AdminPath::Relation(_) => None,
    }
}

fn defaults(entry: &'static ModelEntry) -> Vec<ColumnRef> {
    let fit = |field: &FieldSchema| {
        (field.kind)() == ColumnKind::Text
            && field.options.max_length.is_some()
            && field.foreign.is_none()
            && (field.options.choices)().is_empty()
            && !crate::registry::is_password(field)
    };
    let schema = entry.schema;
    let all = (0..schema.fields.len()).filter(|index| fit(&schema.fields[*index]));
    all.take(DEFAULT_FIELDS).map(|index| rows::column(schema, index)).collect()
}

/// What a search looks into, in words.
pub(crate) fn described(fields: &[ColumnRef]) -> String {
    let mut labels: Vec<String> =
        fields.iter().map(|column| path_label(&AdminPath::Column(*column)).to_lowercase()).collect();
    labels.dedup();
    labels.join(", ")
}

/// The rows that a search finds; `None` when nothing was asked for.
pub(crate) fn condition(model: &'static ModelSchema, fields: &[ColumnRef], text: &str) -> Option<Condition> {
    let words: Vec<Condition> =
        text.split_whitespace().take(WORDS).map(|word| any_field(model, fields, word)).collect();
    (!words.is_empty() && !fields.is_empty()).then_some(Condition::All(words))
}

fn any_field(model: &'static ModelSchema, fields: &[ColumnRef], word: &str) -> Condition {
    let found = |column: &ColumnRef| Some(once(model, *column, in_field(*column, word)?));
    Condition::Any(fields.iter().filter_map(found).collect())
}

/// Text is searched in any case; of everything else the value itself is looked for.
fn in_field(column: ColumnRef, word: &str) -> Option<Condition> {
    let field = column.field();
    if (field.kind)() == ColumnKind::Text {
        let word = Expr::Value(Value::Text(word.replace('\0', "")));
        return Some(Condition::Match(Expr::Column(column), Matching::IContains, word));
    }
    let value = text::value(field, word, Zone::default())?;
    Some(Condition::Compare(Expr::Column(column), Comparison::Equal, Expr::Value(value)))
}
