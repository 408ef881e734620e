//! New rows: the generated `NewBook`, the assignments that complete it, and the INSERT.

use std::future::Future;
use std::marker::PhantomData;

use nuages_schema::ModelSchema;

use super::place;
use super::signal::{self, Signal};
use crate::backend::{Db, Row, located};
use crate::error::{Error, ErrorKind, Result};
use crate::expr::{Computed, Expr, Expression};
use crate::field::{Column, Field, KeyOf, Relation};
use crate::model::{Model, ModelEntry};
use crate::path::{Forward, Key, Nullness, Root};
use crate::sql;
use crate::value::{DateTime, Value};

/// The required fields of a new row; `#[derive(Model)]` makes one struct per model.
pub trait New: Sized + Send {
    /// The model.
    type Model: Model;

    /// The fields with their positions.
    fn values(self) -> Vec<(usize, Value)>;

    /// The new row, ready for more fields.
    fn draft(self) -> Draft<Self::Model> {
        Draft { values: self.values(), computed: None, marker: PhantomData }
    }

    /// Sets fields that have a default or may be NULL: one assignment or a tuple of them.
    fn with<A: Assignments<Self::Model>>(
        self,
        build: impl FnOnce(&<Self::Model as Model>::Fields<Root<Self::Model>>) -> A,
    ) -> Draft<Self::Model> {
        self.draft().with(build)
    }

    /// Writes the row and gives it back as the database holds it.
    ///
    /// # Errors
    /// If a constraint is violated; the error names the field.
    #[track_caller]
    fn create(self, db: &Db) -> impl Future<Output = Result<Self::Model>> + Send {
        self.draft().create(db)
    }
}

/// A row that does not exist yet.
#[must_use = "a draft is written by `.create(&db).await`"]
pub struct Draft<M> {
    values: Vec<(usize, Value)>,
    /// A field that was to be computed by the database, which only a row that exists can be asked for.
    computed: Option<usize>,
    marker: PhantomData<fn() -> M>,
}

impl<M: Model> Draft<M> {
    /// Sets more fields: one assignment or a tuple of them. Each takes a value; writing a row that has something
    /// computed from columns instead is `NotSupported`, because there is no row yet to compute it from.
    pub fn with<A: Assignments<M>>(mut self, build: impl FnOnce(&M::Fields<Root<M>>) -> A) -> Self {
        for assignment in build(M::fields()).assignments() {
            match assignment.expr {
                Expr::Value(Value::Key(parts)) => {
                    let columns = M::schema().columns_at(&assignment.field).iter();
                    self =
                        columns.zip(parts).fold(self, |draft, (index, part)| draft.with_value(*index, part));
                }
                Expr::Value(value) => self = self.with_value(assignment.field, value),
                _ => self.computed = Some(assignment.field),
            }
        }
        self
    }

    /// Sets the field at a position.
    pub(super) fn with_value(mut self, index: usize, value: Value) -> Self {
        self.values.retain(|(given, _)| *given != index);
        self.values.push((index, value));
        self
    }

    /// Writes the row and gives it back as the database holds it.
    ///
    /// # Errors
    /// If a constraint is violated; the error names the field.
    #[track_caller]
    pub fn create(self, db: &Db) -> impl Future<Output = Result<M>> {
        located(place::creating::<M>(), async move {
            let row = insert_row(db, M::entry(), self.into_given()?).await?;
            M::read(&row, 0)
        })
    }

    /// The values with their positions, as they were given.
    pub(super) fn into_given(self) -> Result<Vec<(usize, Value)>> {
        let Some(index) = self.computed else { return Ok(self.values) };
        let field = M::schema().field_at(index).name;
        let text = format!(
            "`{field}` of a new row is computed from columns, and there is no row yet to compute it from: give it a value"
        );
        Err(Error::new(ErrorKind::NotSupported, text).with_field(field))
    }

    /// The values with their positions, completed by defaults.
    ///
    /// # Errors
    /// `NotSupported` if a field is to be computed from columns.
    pub fn into_values(self) -> Result<Vec<(usize, Value)>> {
        Ok(complete(M::entry(), self.into_given()?))
    }
}

/// The value of a field, as `set` makes it.
#[must_use = "an assignment does nothing until `update` or `with` takes it"]
pub struct Assignment<M> {
    pub(crate) field: usize,
    pub(crate) expr: Expr,
    marker: PhantomData<fn() -> M>,
}

impl<M: Model> Assignment<M> {
    /// Sets the field at a position.
    pub const fn new(field: usize, expr: Expr) -> Self {
        Self { field, expr, marker: PhantomData }
    }
}

/// One assignment or a tuple of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not set a field",
    label = "expected `b.price.set(…)`, or a tuple of such"
)]
pub trait Assignments<M: Model> {
    /// The assignments.
    fn assignments(self) -> Vec<Assignment<M>>;
}

impl<M: Model> Assignments<M> for Assignment<M> {
    fn assignments(self) -> Vec<Self> {
        vec![self]
    }
}

impl<M: Model> Assignments<M> for Vec<Assignment<M>> {
    fn assignments(self) -> Self {
        self
    }
}

macro_rules! assignment_tuples {
    ($(($($name:ident),+))*) => {$(
        impl<M: Model, $($name: Assignments<M>),+> Assignments<M> for ($($name,)+) {
            #[allow(non_snake_case, reason = "the type parameters name the parts")]
            fn assignments(self) -> Vec<Assignment<M>> {
                let ($($name,)+) = self;
                let mut all = Vec::new();
                $(all.extend($name.assignments());)+
                all
            }
        }
    )*};
}

assignment_tuples! {
    (A) (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) (A, B, C, D, E, F) (A, B, C, D, E, F, G)
    (A, B, C, D, E, F, G, H) (A, B, C, D, E, F, G, H, I) (A, B, C, D, E, F, G, H, I, J)
}

/// What a field of type `T` can be set to: a value, a reference to one, or an expression.
#[diagnostic::on_unimplemented(
    message = "a field of type `{T}` cannot be set to `{Self}`",
    label = "expected a `{T}` or an expression of that type"
)]
pub trait Assign<M: Model, T> {
    /// The expression.
    fn assign(self) -> Expr;
}

impl<M: Model, T: Field> Assign<M, T> for T {
    fn assign(self) -> Expr {
        Expr::Value(self.to_value())
    }
}

impl<M: Model, T: Field<Base = T>> Assign<M, Option<T>> for T {
    fn assign(self) -> Expr {
        Expr::Value(self.to_value())
    }
}

impl<M: Model> Assign<M, String> for &str {
    fn assign(self) -> Expr {
        Expr::Value(Value::Text(self.to_owned()))
    }
}

impl<M: Model> Assign<M, Option<String>> for &str {
    fn assign(self) -> Expr {
        Expr::Value(Value::Text(self.to_owned()))
    }
}

impl<M: Model, T: Field> Assign<M, T> for Computed<M, T> {
    fn assign(self) -> Expr {
        self.into_expr()
    }
}

impl<M: Model, T: Field> Assign<M, T> for Column<Root<M>, T> {
    fn assign(self) -> Expr {
        self.into_expr()
    }
}

impl<M: Model, T: Field<Base = T>> Assign<M, Option<T>> for Computed<M, T> {
    fn assign(self) -> Expr {
        self.into_expr()
    }
}

impl<M: Model, T: Field<Base = T>> Assign<M, Option<T>> for Column<Root<M>, T> {
    fn assign(self) -> Expr {
        self.into_expr()
    }
}

impl<M: Model, T: Field> Column<Root<M>, T> {
    /// Sets the field.
    pub fn set(self, value: impl Assign<M, T>) -> Assignment<M> {
        Assignment::new(self.reference().index, value.assign())
    }
}

impl<M: Model, K: Key<Model = M>, T: Model, N: Nullness> Relation<Root<M>, Forward<K, T>, N> {
    /// Sets the relation: a `&T`, its key, or a foreign key to it.
    pub fn set(self, row: impl KeyOf<T>) -> Assignment<M> {
        Assignment::new(K::INDEX, Expr::Value(row.key_of().to_value()))
    }
}

impl<M: Model, K: Key<Model = M>, T: Model> Relation<Root<M>, Forward<K, T>, crate::path::MayBeNull> {
    /// Sets the relation to nothing.
    pub fn set_null(self) -> Assignment<M> {
        Assignment::new(K::INDEX, Expr::Value(Value::Null(T::Key::KIND)))
    }
}

/// Where the value of a column of a new row comes from.
pub(super) enum Source {
    /// The user gave it, at this place.
    Given(usize),
    /// The time, which the field wants.
    Now(nuages_schema::ColumnKind),
    /// The field's default.
    Default(usize),
    /// The field counts changes, and a new row had none.
    First,
}

impl Source {
    pub(super) fn take(&self, entry: &ModelEntry, row: &mut [(usize, Value)]) -> Value {
        const TAKEN: Value = Value::Bool(false);
        match self {
            Self::Given(place) => row.get_mut(*place).map_or(TAKEN, |(_, v)| std::mem::replace(v, TAKEN)),
            Self::Now(kind) => now(*kind),
            Self::First => Value::Int(1),
            Self::Default(index) => (entry.default)(*index).unwrap_or(TAKEN),
        }
    }
}

/// The columns of a row for which these fields were given, in the order of the schema.
pub(super) fn sources(entry: &ModelEntry, given: &[usize]) -> Vec<(usize, Source)> {
    let source = |(index, field): (usize, &nuages_schema::FieldSchema)| {
        let options = &field.options;
        let place = given.iter().position(|known| *known == index);
        let source = match place {
            _ if options.auto_now => Source::Now((field.kind)()),
            _ if options.version => Source::First,
            Some(place) => Source::Given(place),
            None if options.auto_now_add => Source::Now((field.kind)()),
            None => (entry.default)(index).map(|_| Source::Default(index))?,
        };
        Some((index, source))
    };
    entry.schema.fields.iter().enumerate().filter_map(source).collect()
}

/// Adds what the user did not say: defaults, and the time where a field wants it.
pub(crate) fn complete(entry: &ModelEntry, mut values: Vec<(usize, Value)>) -> Vec<(usize, Value)> {
    let given: Vec<usize> = values.iter().map(|(index, _)| *index).collect();
    let sources = sources(entry, &given);
    sources.into_iter().map(|(index, source)| (index, source.take(entry, &mut values))).collect()
}

/// Now, to the microsecond, as the kind of column holds it.
pub(crate) fn now(kind: nuages_schema::ColumnKind) -> Value {
    let instant = chrono::Utc::now();
    let instant: DateTime = DateTime::from_timestamp_micros(instant.timestamp_micros()).unwrap_or(instant);
    match kind {
        nuages_schema::ColumnKind::Date => Value::Date(instant.date_naive()),
        nuages_schema::ColumnKind::Time => Value::Time(instant.time()),
        _ => Value::DateTime(instant),
    }
}

/// Writes a new row of any model and gives back all its columns; receivers of signals run.
///
/// # Errors
/// If a constraint is violated; the error names the field.
pub async fn insert_row(db: &Db, entry: &'static ModelEntry, values: Vec<(usize, Value)>) -> Result<Row> {
    let values = complete(entry, values);
    writable(entry.schema, values.iter().map(|(index, _)| *index))?;
    if !signal::heard(entry.schema, &[Signal::PreSave, Signal::PostSave]) {
        return write(db, entry.schema, values).await;
    }
    db.atomic(async |db| {
        let draft = signal::draft_row(entry.schema, &values);
        signal::send_row(&db, entry, Signal::PreSave, &draft, true).await?;
        let row = write(&db, entry.schema, values).await?;
        signal::send_row(&db, entry, Signal::PostSave, &row, true).await?;
        Ok(row)
    })
    .await
}

/// Refuses to write a column that the database computes.
pub(super) fn writable(schema: &ModelSchema, mut columns: impl Iterator<Item = usize>) -> Result<()> {
    let Some(index) = columns.find(|index| schema.fields[*index].options.generated) else { return Ok(()) };
    let field = schema.fields[index].name;
    let text = format!("the database computes `{}.{field}`; nobody sets it", schema.name);
    Err(Error::new(crate::ErrorKind::NotSupported, text).with_field(field))
}

/// The key of a new row, if its values have it.
fn key_of(schema: &ModelSchema, values: &[(usize, Value)]) -> Option<Value> {
    let given =
        |index: &usize| values.iter().find(|(known, _)| known == index).map(|(_, value)| value.clone());
    match schema.is_composite() {
        true => schema.key_columns().iter().map(given).collect::<Option<_>>().map(Value::Key),
        false => given(&schema.key),
    }
}

/// The values of columns: of a composite key one for each part.
pub(super) fn of_columns(
    schema: &'static ModelSchema,
    assignments: Vec<(usize, Expr)>,
) -> Result<Vec<(usize, Expr)>> {
    if assignments.iter().all(|(index, _)| *index != nuages_schema::COMPOSITE) {
        return Ok(assignments);
    }
    let mut all = Vec::new();
    for (index, expr) in assignments {
        match expr {
            Expr::Value(Value::Key(parts)) => {
                let columns = schema.columns_at(&index).iter().copied();
                all.extend(columns.zip(parts.into_iter().map(Expr::Value)));
            }
            expr if index != nuages_schema::COMPOSITE => all.push((index, expr)),
            _ => {
                let text = "a composite key is set to values; set its parts one by one to compute them";
                return Err(Error::new(ErrorKind::NotSupported, text));
            }
        }
    }
    Ok(all)
}

async fn write(db: &Db, schema: &'static ModelSchema, values: Vec<(usize, Value)>) -> Result<Row> {
    let key = key_of(schema, &values);
    let statement = sql::insert(db, schema, values)?;
    let named = |error| sql::name_field(error, schema);
    if db.capabilities().returning {
        let row = db.fetch_optional(statement).await.map_err(named)?;
        return row.ok_or_else(|| Error::other("the database gave no row back for an INSERT"));
    }
    let (_, id) = db.execute_insert(statement).await.map_err(named)?;
    let key = key.unwrap_or(Value::Int(id));
    let row = db.fetch_optional(sql::by_key(db, schema, key)?).await?;
    row.ok_or_else(|| Error::other("the row just written is gone"))
}
