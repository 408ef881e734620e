//! The join tables of many-to-many relations.

use nuages_schema::{ModelSchema, column_name, relation_table};

/// A join table, seen from one of its two sides.
#[derive(Clone, Debug)]
pub(crate) struct ThroughTable {
    /// The table.
    pub(crate) table: String,
    /// The column that refers to the near side.
    pub(crate) from: String,
    /// The column that refers to the far side.
    pub(crate) to: String,
    /// The key column of the near side.
    pub(crate) from_key: &'static str,
    /// The key column of the far side.
    pub(crate) to_key: &'static str,
}

impl ThroughTable {
    /// Turned round if `reverse`.
    pub(crate) fn directed(self, reverse: bool) -> Self {
        if !reverse {
            return self;
        }
        Self { table: self.table, from: self.to, to: self.from, from_key: self.to_key, to_key: self.from_key }
    }
}

/// The join table of the relation at `index` of `model`, seen from `model`.
pub(crate) fn through(model: &'static ModelSchema, index: usize) -> ThroughTable {
    let many = &model.many_to_many[index];
    let target = (many.target)();
    let keys = (model.key_field().column, target.key_field().column);
    let (from, to) =
        many.through.map_or_else(|| default_columns(model, target), |t| model_columns(t(), model, target));
    let (from, to) = named_columns(many).unwrap_or((from, to));
    let table = match (many.through, many.table) {
        (Some(through), _) => through().table.as_str().to_owned(),
        (None, Some(name)) => name.as_str().to_owned(),
        (None, None) => relation_table(model.table.as_str(), many.name),
    };
    ThroughTable {
        table,
        from: many.from_column.map_or(from, str::to_owned),
        to: many.to_column.map_or(to, str::to_owned),
        from_key: keys.0,
        to_key: keys.1,
    }
}

/// Django's names: the models in lower case; a relation of a model to itself has `from_` and `to_` before them.
fn default_columns(model: &ModelSchema, target: &ModelSchema) -> (String, String) {
    let (from, to) = (model.name.to_lowercase(), target.name.to_lowercase());
    if model == target {
        return (column_name(&format!("from_{from}"), true), column_name(&format!("to_{to}"), true));
    }
    (column_name(&from, true), column_name(&to, true))
}

/// The columns of the fields that `through_fields` names; the derive has proved that they are there.
fn named_columns(many: &nuages_schema::ManyToManySchema) -> Option<(String, String)> {
    let ((from, to), through) = (many.through_fields?, many.through?());
    Some((through.field(from)?.column.to_owned(), through.field(to)?.column.to_owned()))
}

/// The columns of the first foreign keys of a join model to the two sides.
fn model_columns(through: &ModelSchema, model: &ModelSchema, target: &ModelSchema) -> (String, String) {
    let columns = |wanted: &ModelSchema| {
        let refers = move |field: &&nuages_schema::FieldSchema| {
            field.foreign.is_some_and(|foreign| (foreign.target)() == wanted)
        };
        through.fields.iter().filter(refers).map(|field| field.column.to_owned()).collect::<Vec<_>>()
    };
    let from = columns(model).into_iter().next().unwrap_or_default();
    let skip = usize::from(model == target);
    let to = columns(target).into_iter().nth(skip).unwrap_or_default();
    (from, to)
}
