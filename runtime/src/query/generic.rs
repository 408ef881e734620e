//! Relations to rows of any model: two columns, of which one says which model and the other which row.
//!
//! Which model is said by text (`shop.book`), or by a foreign key to a table of models with the columns
//! `app_label` and `model`, such as Django's `django_content_type`.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::Arc;

use nuages_schema::{GenericSchema, ModelSchema};

use super::prefetch::{KeyValue, Prefetch, PrefetchPath, loader};
use super::{Part, QuerySet, Select, Shape, insert, run};
use crate::backend::{Db, Row};
use crate::error::{Error, Result};
use crate::expr::{Comparison, Computed, Condition, Expr, Q, count_rows};
use crate::field::{ColumnRef, Field};
use crate::model::{Model, entry_of};
use crate::path::Root;
use crate::sql;
use crate::value::Value;

/// A model with two columns that refer to a row of any model;
/// `#[model(generic_foreign_key(content_type, object_id))]` implements it.
#[diagnostic::on_unimplemented(
    message = "the rows of `{Self}` do not refer to rows of any model",
    label = "no generic foreign key",
    note = "add `#[model(generic_foreign_key(content_type, object_id))]` to `{Self}`"
)]
pub trait GenericForeignKey: Model {
    /// The type of the field that says which model.
    type Kind: Field;
    /// The type of the keys that the other field holds.
    type Object: Field;
    /// The position of the field that says which model.
    const KIND: usize;
    /// The position of the field that holds the key.
    const OBJECT: usize;

    /// The same without types.
    #[must_use]
    fn generic() -> GenericSchema {
        GenericSchema { model: Self::schema(), kind: Self::KIND, object: Self::OBJECT }
    }

    /// What the field that says which model holds for rows of `M`. Where that is a row of a table of models, it is
    /// written if it is not there yet.
    fn kind_of<M: Model>(db: &Db) -> impl Future<Output = Result<Self::Kind>> + Send {
        async move {
            let value = kind_of(db, Self::generic(), M::schema(), true).await?;
            Self::Kind::read(&Row::Values(vec![value.unwrap_or_else(no_kind::<Self>)]), 0)
        }
    }

    /// The rows that belong to rows of `M`, whichever those are.
    fn about_any<M: Model<Key = Self::Object>>() -> QuerySet<Self> {
        let mut select = Select::of(Self::schema());
        select.filters.push(is_about(Self::generic(), M::schema()));
        QuerySet::from_select(select)
    }

    /// The row of `M` that this one belongs to; none if it belongs to one of another model, or to one that is gone.
    fn target<M: Model<Key = Self::Object>>(
        &self,
        db: &Db,
    ) -> impl Future<Output = Result<Option<M>>> + Send {
        let (kind, key) = (self.value(Self::KIND), self.value(Self::OBJECT));
        async move {
            if kind_of(db, Self::generic(), M::schema(), false).await?.as_ref() != Some(&kind) {
                return Ok(None);
            }
            let row = db.fetch_optional(sql::by_key(db, M::schema(), key)?).await?;
            row.map(|row| M::read(&row, 0)).transpose()
        }
    }
}

fn no_kind<G: GenericForeignKey>() -> Value {
    Value::Null((G::schema().fields[G::KIND].kind)())
}

/// The rows that belong to a row.
pub fn about<M: Model, G: GenericForeignKey<Object = M::Key>>(row: &M) -> QuerySet<G> {
    QuerySet::from_select(select_about(G::generic(), M::schema(), vec![row.key().to_value()]))
}

/// The same for several keys, without types.
pub(super) fn select_about(generic: GenericSchema, target: &'static ModelSchema, keys: Vec<Value>) -> Select {
    let mut select = Select::of_values(generic.model, generic.object, keys);
    select.order = None;
    select.filters.push(is_about(generic, target));
    select
}

const fn column(model: &'static ModelSchema, index: usize) -> ColumnRef {
    ColumnRef { hops: None, model: model.this, index }
}

fn equal(model: &'static ModelSchema, index: usize, value: Expr) -> Condition {
    Condition::Compare(Expr::Column(column(model, index)), Comparison::Equal, value)
}

/// That rows belong to rows of a model.
fn is_about(generic: GenericSchema, target: &ModelSchema) -> Condition {
    let kind = match generic.model.fields[generic.kind].foreign {
        None => Expr::Value(Value::Text(name_of(target))),
        Some(types) => Expr::Subquery(Box::new(type_of((types.target)(), target))),
    };
    equal(generic.model, generic.kind, kind)
}

/// `shop.book`
fn name_of(target: &ModelSchema) -> String {
    format!("{}.{}", target.app, target.slug())
}

/// What a table of models holds of a model, with positions.
fn type_values(types: &'static ModelSchema, target: &ModelSchema) -> Vec<(usize, Value)> {
    let columns = [("app_label", target.app.to_owned()), ("model", target.slug())];
    columns.into_iter().filter_map(|(name, text)| Some((types.position(name)?, Value::Text(text)))).collect()
}

/// The key of a model in a table of models.
fn type_of(types: &'static ModelSchema, target: &ModelSchema) -> Select {
    let mut select = Select::of(types).only_key();
    select.order = Some(Vec::new());
    let values = type_values(types, target).into_iter();
    select.filters.extend(values.map(|(index, value)| equal(types, index, Expr::Value(value))));
    select
}

/// What says that a row belongs to a row of a model; none where nothing has said it yet, unless it is to be written.
async fn kind_of(
    db: &Db,
    generic: GenericSchema,
    target: &'static ModelSchema,
    write: bool,
) -> Result<Option<Value>> {
    let Some(types) = generic.model.fields[generic.kind].foreign.map(|foreign| (foreign.target)()) else {
        return Ok(Some(Value::Text(name_of(target))));
    };
    let find = async || Result::<_>::Ok(run::keys(db, type_of(types, target)).await?.into_iter().next());
    if let Some(found) = find().await? {
        return Ok(Some(found));
    }
    if !write {
        return Ok(None);
    }
    let entry = entry_of(types).ok_or_else(|| Error::other("the table of models is not registered"))?;
    // In a savepoint, so that a transaction goes on where somebody else was there first.
    match db.atomic(async |db| insert::insert_row(&db, entry, type_values(types, target)).await).await {
        Ok(row) => row.value(types.key, (types.key_field().kind)()).map(Some),
        Err(error) if error.is_unique() => find().await,
        Err(error) => Err(error),
    }
}

/// The rows of `G` that belong to the rows of a query about `M`, each with the parts `S`.
pub struct GenericRows<M, G, S = (G,)> {
    query: QuerySet<G, S>,
    marker: PhantomData<fn() -> M>,
}

impl<M: Model, G: GenericForeignKey<Object = M::Key>> GenericRows<M, G> {
    /// All of them.
    #[must_use]
    pub fn new() -> Self {
        Self { query: G::about_any::<M>(), marker: PhantomData }
    }

    /// Those that a query makes of them; for `prefetch_related`.
    pub fn rows<S>(self, build: impl FnOnce(QuerySet<G>) -> QuerySet<G, S>) -> GenericRows<M, G, S> {
        GenericRows { query: build(self.query), marker: PhantomData }
    }

    /// Some of them fulfils a condition.
    pub fn any(self, build: impl FnOnce(&G::Fields<Root<G>>) -> Q<G>) -> Q<M> {
        let select = Self { query: self.query.filter(build), ..self }.of_outer();
        Q::new(Condition::Exists(Box::new(select)))
    }

    /// How many there are.
    pub fn count(self) -> Computed<M, i64> {
        let mut select = self.of_outer();
        select.parts = vec![Part::Value(crate::expr::Expression::into_expr(count_rows::<G>()))];
        Computed::new(Expr::Subquery(Box::new(select)))
    }

    /// Those that belong to the row of the query around.
    fn of_outer(self) -> Select {
        let mut select = self.query.into_select();
        let key = Expr::Outer(column(M::schema(), M::schema().key));
        select.filters.push(equal(G::schema(), G::OBJECT, key));
        select.order = Some(Vec::new());
        select
    }
}

impl<M: Model, G: GenericForeignKey<Object = M::Key>> Default for GenericRows<M, G> {
    fn default() -> Self {
        Self::new()
    }
}

impl<M: Model, G: GenericForeignKey<Object = M::Key>, S: Shape> PrefetchPath<M> for GenericRows<M, G, S> {
    type Item = S::Item;

    fn prefetch(self) -> Arc<dyn Prefetch> {
        let (key, owner) = (column(M::schema(), M::schema().key), column(G::schema(), G::OBJECT));
        loader::<S>(key, owner, self.query.into_select())
    }
}

/// The rows that generic foreign keys lead to, loaded with one statement for each model:
/// `GenericTargets::of(&items).load::<Book>(&db).await?.load::<Author>(&db).await?`.
pub struct GenericTargets<'a, G> {
    rows: &'a [G],
    kinds: HashMap<TypeId, Value>,
    found: HashMap<(TypeId, KeyValue), Box<dyn Any + Send + Sync>>,
}

impl<'a, G: GenericForeignKey> GenericTargets<'a, G> {
    /// Of these rows, none loaded yet.
    #[must_use]
    pub fn of(rows: &'a [G]) -> Self {
        Self { rows, kinds: HashMap::new(), found: HashMap::new() }
    }

    /// Loads those of one model. (One statement more where a table of models says which model it is.)
    ///
    /// # Errors
    /// If the database fails.
    pub async fn load<M: Model<Key = G::Object>>(mut self, db: &Db) -> Result<Self> {
        let Some(kind) = kind_of(db, G::generic(), M::schema(), false).await? else { return Ok(self) };
        let about = self.rows.iter().filter(|row| row.value(G::KIND) == kind);
        let keys: Vec<Value> = about.map(|row| row.value(G::OBJECT)).collect();
        self.kinds.insert(TypeId::of::<M>(), kind);
        for chunk in keys.chunks(super::collect::CHUNK) {
            let select = Select::of_keys(M::schema(), chunk.to_vec());
            for row in db.fetch(sql::select(db, &select)?).await? {
                let target = M::read(&row, 0)?;
                let key = (TypeId::of::<M>(), KeyValue::from(target.key().to_value()));
                self.found.insert(key, Box::new(target));
            }
        }
        Ok(self)
    }

    /// The row of `M` that a row belongs to, if it was loaded.
    #[must_use]
    pub fn get<M: Model<Key = G::Object>>(&self, row: &G) -> Option<&M> {
        let model = TypeId::of::<M>();
        if self.kinds.get(&model) != Some(&row.value(G::KIND)) {
            return None;
        }
        self.found.get(&(model, KeyValue::from(row.value(G::OBJECT))))?.downcast_ref()
    }
}
