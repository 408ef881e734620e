//! What a model is at run time: the trait that `#[derive(Model)]` implements.

use std::any::Any;
use std::collections::HashMap;
use std::sync::OnceLock;

use futures_util::future::BoxFuture;
use nuages_schema::{ForeignSchema, ManyToManySchema, ModelSchema};

use crate::admin::AdminOptions;
use crate::backend::{Db, Row};
use crate::error::Result;
use crate::expr::Condition;
use crate::field::{Field, Target};
use crate::path::{Companion, Path, Root};
use crate::value::Value;

/// A struct whose values are rows of a table. Derive it; do not implement it by hand.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model",
    label = "not a model",
    note = "add `#[derive(Model)]` to `{Self}`"
)]
pub trait Model: Sized + Send + Sync + 'static {
    /// The type of the primary key.
    type Key: Field;
    /// The model's fields, seen along a path.
    type Fields<P: Path>: Companion<Model = Self, Path = P>;

    /// The app and the name of the model, as the derive knows them; a model written by hand has no app.
    #[doc(hidden)]
    const NAMED: (&'static str, &'static str) = ("", "");
    /// The model as relations to it know it.
    #[doc(hidden)]
    const OF: Target = Target { schema: Self::schema, named: Self::NAMED, one_to_one: false };

    /// Everything known of the model, as one static table.
    fn entry() -> &'static ModelEntry;

    /// Reads a row whose columns start at `at`, in the order of the schema.
    ///
    /// # Errors
    /// If a column holds what its type cannot take.
    fn read(row: &Row, at: usize) -> Result<Self>;

    /// The primary key.
    fn key(&self) -> Self::Key;

    /// The value of the column at a position of the schema.
    fn value(&self, index: usize) -> Value;

    /// The static schema.
    #[must_use]
    fn schema() -> &'static ModelSchema {
        Self::entry().schema
    }

    /// The fields as queries name them.
    #[must_use]
    fn fields() -> &'static Self::Fields<Root<Self>> {
        <Self::Fields<Root<Self>> as Companion>::ALL
    }
}

/// A model as the parts see it that know no Rust types: the admin, the forms, the collector.
pub struct ModelEntry {
    /// The table.
    pub schema: &'static ModelSchema,
    /// What a row is called, from its columns starting at a position.
    pub describe: fn(&Row, usize) -> Result<String>,
    /// The row as the model's own type, for receivers of signals.
    pub instance: fn(&Row, usize) -> Result<Box<dyn Any + Send + Sync>>,
    /// The default of the field at a position, if it has one.
    pub default: fn(usize) -> Option<Value>,
    /// Runs the user's validators on the value of the field at a position.
    pub validate: fn(usize, &Value) -> Vec<String>,
    /// The condition on the rows that the relation of this name offers, if it limits them.
    pub limit_choices_to: fn(&str) -> Option<Condition>,
    /// What the foreign key at a position is set to when the row it refers to goes, by `on_delete = Set(…)`.
    pub set_on_delete: for<'a> fn(usize, &'a Db) -> BoxFuture<'a, Result<Option<Value>>>,
    /// What `#[admin]` said.
    pub admin: &'static AdminOptions,
    /// Whether it is the project's user model.
    pub is_user: bool,
}

inventory::collect!(&'static ModelEntry);

/// Every model linked into the program, sorted by app and name. In a project with a user model of its own the
/// framework's is not among them: that one has no table.
#[must_use]
pub fn models() -> &'static [&'static ModelEntry] {
    static MODELS: OnceLock<Vec<&'static ModelEntry>> = OnceLock::new();
    MODELS.get_or_init(|| {
        let mut all: Vec<_> = inventory::iter::<&'static ModelEntry>().copied().collect();
        if all.iter().any(|entry| entry.is_user) {
            all.retain(|entry| !is_default_user(entry.schema));
        }
        all.sort_by_key(|entry| (entry.schema.app, entry.schema.name));
        all
    })
}

/// Whether it is the framework's own user model.
fn is_default_user(schema: &ModelSchema) -> bool {
    (schema.app, schema.name) == ("auth", "User") && schema.module.starts_with(env!("CARGO_CRATE_NAME"))
}

/// The entry of a schema. Every linked model is registered.
#[must_use]
pub fn entry_of(schema: &'static ModelSchema) -> Option<&'static ModelEntry> {
    models().iter().find(|entry| entry.schema == schema).copied()
}

/// The value of a field in a row, with the digits that the field says.
///
/// # Errors
/// If the column holds what its kind cannot take.
pub fn column_value(row: &Row, at: usize, field: &nuages_schema::FieldSchema) -> Result<Value> {
    let value = row.value(at, (field.kind)())?;
    Ok(match (value, field.options.decimal_places) {
        (Value::Decimal(number), Some(places)) => {
            Value::Decimal(crate::field::DecimalScale::with_scale(number, u32::from(places)))
        }
        (value, _) => value,
    })
}

/// The primary key of a row whose columns begin at a position.
///
/// # Errors
/// If a column holds what its kind cannot take.
pub fn key_value(row: &Row, at: usize, schema: &ModelSchema) -> Result<Value> {
    let part = |index: &usize| row.value(at + index, (schema.fields[*index].kind)());
    if schema.is_composite() {
        return schema.key_columns().iter().map(part).collect::<Result<_>>().map(Value::Key);
    }
    part(&schema.key)
}

/// The primary key that a text names: the text of its column, or of its parts as
/// [`joined_key`](crate::value::joined_key) puts them together. `read` reads the text of the column at a position.
pub fn key_from_text(
    schema: &ModelSchema,
    text: &str,
    read: impl Fn(usize, &str) -> Option<Value>,
) -> Option<Value> {
    if !schema.is_composite() {
        return read(schema.key, text);
    }
    let (columns, texts) = (schema.key_columns(), crate::value::split_key(text));
    let parts: Option<Vec<Value>> = columns
        .iter()
        .zip(&texts)
        .map(|(index, text)| read(*index, text).filter(|part| !part.is_null()))
        .collect();
    parts.filter(|_| columns.len() == texts.len()).map(Value::Key)
}

/// A relation seen from its target.
#[derive(Clone, Copy)]
pub struct Referrer {
    /// The model that declares the relation.
    pub model: &'static ModelSchema,
    /// Its position in `fields` or in `many_to_many`.
    pub index: usize,
    /// Which of the two.
    pub relation: ReferrerKind,
}

/// How a model refers to another.
#[derive(Clone, Copy)]
pub enum ReferrerKind {
    /// By a foreign key.
    Foreign(ForeignSchema),
    /// By a join table.
    ManyToMany(ManyToManySchema),
}

/// The relations of other models (and its own) that lead to a model.
#[must_use]
pub fn referrers(target: &'static ModelSchema) -> &'static [Referrer] {
    static REFERRERS: OnceLock<HashMap<usize, Vec<Referrer>>> = OnceLock::new();
    let all = REFERRERS.get_or_init(|| {
        let mut all: HashMap<usize, Vec<Referrer>> = HashMap::new();
        for model in models().iter().map(|entry| entry.schema) {
            for (target, referrer) in relations(model) {
                all.entry(address(target)).or_default().push(referrer);
            }
        }
        all
    });
    all.get(&address(target)).map_or(&[], Vec::as_slice)
}

fn address(schema: &'static ModelSchema) -> usize {
    std::ptr::from_ref(schema) as usize
}

fn relations(model: &'static ModelSchema) -> Vec<(&'static ModelSchema, Referrer)> {
    let foreign = model.fields.iter().enumerate().filter_map(move |(index, field)| {
        let foreign = field.foreign?;
        let relation = ReferrerKind::Foreign(foreign);
        Some(((foreign.target)(), Referrer { model, index, relation }))
    });
    let many = model.many_to_many.iter().enumerate().map(move |(index, many)| {
        let relation = ReferrerKind::ManyToMany(*many);
        ((many.target)(), Referrer { model, index, relation })
    });
    foreign.chain(many).collect()
}
