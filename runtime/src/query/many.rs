//! Changing many-to-many relations: add, remove, set, clear.

use std::collections::HashSet;

use nuages_schema::ModelSchema;

use super::prefetch::KeyValue;
use super::signal::{self, Event, ManyAction, ManyChange, Signal};
use super::{Assignments, OrderTerm, QuerySet, Select, bulk, delete, run};
use crate::backend::Db;
use crate::error::{Error, ErrorKind, Result};
use crate::expr::{Condition, Expr};
use crate::field::{ColumnRef, Field, KeyOf, ManyToMany};
use crate::model::{Model, ModelEntry, entry_of};
use crate::path::Root;
use crate::sql::{self, ThroughTable};
use crate::value::Value;

/// Rows of a join table in one statement: two values each, well below every database's limit.
const CHUNK: usize = 5000;

/// One side of a many-to-many relation of one row, without types; the admin uses it too.
#[derive(Clone)]
pub struct ManyRelation {
    /// The model that declares the relation.
    pub model: &'static ModelSchema,
    /// Its position there.
    pub index: usize,
    /// Whether it is seen from the other end.
    pub reverse: bool,
    /// The key of the row.
    pub owner: Value,
}

impl ManyRelation {
    fn table(&self) -> ThroughTable {
        sql::through(self.model, self.index).directed(self.reverse)
    }

    fn far_kind(&self) -> nuages_schema::ColumnKind {
        let target = (self.model.many_to_many[self.index].target)();
        let far = if self.reverse { self.model } else { target };
        (far.key_field().kind)()
    }

    /// The join table where it is a model of the user's: its rows have defaults, receivers, and rows of their own.
    fn join_model(&self) -> Result<Option<JoinModel>> {
        let Some(through) = self.model.many_to_many[self.index].through else { return Ok(None) };
        let (schema, table) = (through(), self.table());
        let position = |column: &str| schema.fields.iter().position(|field| field.column == column);
        match (entry_of(schema), position(&table.from), position(&table.to)) {
            (Some(entry), Some(from), Some(to)) => Ok(Some(JoinModel { entry, from, to })),
            _ => Err(Error::other(format!(
                "the join model `{}` has no foreign keys to both ends of `{}`",
                schema.label(),
                self.model.many_to_many[self.index].name
            ))),
        }
    }

    /// The keys at the other end.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn keys(&self, db: &Db) -> Result<Vec<Value>> {
        self.keys_among(db, None).await
    }

    /// The keys at the other end, or those of some that are there.
    async fn keys_among(&self, db: &Db, some: Option<&[Value]>) -> Result<Vec<Value>> {
        let kind = self.far_kind();
        let rows = db.fetch(sql::joined_keys(db, &self.table(), self.owner.clone(), some)?).await?;
        rows.iter().map(|row| row.value(0, kind)).collect()
    }

    /// Joins the row with others; those it is joined with already stay.
    ///
    /// # Errors
    /// `ForeignKey` if a row does not exist.
    pub async fn add(&self, db: &Db, keys: Vec<Value>) -> Result<()> {
        Box::pin(self.add_with(db, keys, &[])).await
    }

    /// As [`add`](Self::add), with values for other fields of the join model.
    ///
    /// # Errors
    /// As [`add`](Self::add); and if the join table is no model of its own.
    pub async fn add_with(&self, db: &Db, keys: Vec<Value>, more: &[(usize, Value)]) -> Result<()> {
        if !more.is_empty() && self.join_model()?.is_none() {
            let text = "the join table is no model, so it has no other fields: give the relation a `through`";
            return Err(Error::new(ErrorKind::NotSupported, text));
        }
        db.atomic(async |db| {
            self.hold(&db, &keys).await?;
            let new = self.not_joined(&db, &keys).await?;
            self.tell(&db, ManyAction::PreAdd, &new).await?;
            self.join(&db, &new, more).await?;
            if let Some(back) = self.mirrored() {
                // Receivers are told once, of the side that was asked for.
                let new = back.not_joined(&db, &keys).await?;
                back.join(&db, &new, more).await?;
            }
            self.tell(&db, ManyAction::PostAdd, &new).await
        })
        .await
    }

    /// The same relation seen from the other end, where what holds one way holds the other way too.
    fn mirrored(&self) -> Option<Self> {
        let symmetrical = self.model.many_to_many[self.index].symmetrical;
        symmetrical.then(|| Self { reverse: !self.reverse, ..self.clone() })
    }

    /// Those of the keys that the row is not joined with, each once.
    async fn not_joined(&self, db: &Db, keys: &[Value]) -> Result<Vec<Value>> {
        let mut seen = self.joined(db, keys).await?;
        Ok(keys.iter().filter(|key| seen.insert(KeyValue::from((*key).clone()))).cloned().collect())
    }

    /// Writes join rows.
    async fn join(&self, db: &Db, new: &[Value], more: &[(usize, Value)]) -> Result<()> {
        if let Some(model) = self.join_model()? {
            return Box::pin(model.join(db, &self.owner, new, more)).await;
        }
        for chunk in new.chunks(CHUNK) {
            db.execute(sql::join_rows(db, &self.table(), &self.owner, chunk)?).await?;
        }
        Ok(())
    }

    /// Parts the row from others.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn remove(&self, db: &Db, keys: Vec<Value>) -> Result<()> {
        db.atomic(async |db| {
            self.hold(&db, &keys).await?;
            let keys = if self.is_heard() { self.joined_of(&db, keys).await? } else { keys };
            self.part(&db, Some(&keys), (ManyAction::PreRemove, ManyAction::PostRemove)).await
        })
        .await
    }

    /// Joins the row with just these.
    ///
    /// # Errors
    /// `ForeignKey` if a row does not exist.
    pub async fn set(&self, db: &Db, keys: Vec<Value>) -> Result<()> {
        db.atomic(async |db| {
            let wanted = set_of(&keys);
            let there = self.keys(&db).await?;
            let gone: Vec<Value> =
                there.into_iter().filter(|key| !wanted.contains(&KeyValue::from(key.clone()))).collect();
            if !gone.is_empty() {
                self.remove(&db, gone).await?;
            }
            self.add(&db, keys).await
        })
        .await
    }

    /// Parts the row from all.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn clear(&self, db: &Db) -> Result<()> {
        db.atomic(async |db| {
            let keys = if self.is_heard() { Some(self.keys(&db).await?) } else { None };
            self.part_all(&db, keys).await
        })
        .await
    }

    async fn part_all(&self, db: &Db, keys: Option<Vec<Value>>) -> Result<()> {
        let keys = keys.unwrap_or_default();
        self.tell(db, ManyAction::PreClear, &keys).await?;
        self.delete_both(db, None).await?;
        self.tell(db, ManyAction::PostClear, &keys).await
    }

    async fn part(
        &self,
        db: &Db,
        keys: Option<&[Value]>,
        (before, after): (ManyAction, ManyAction),
    ) -> Result<()> {
        let told = keys.unwrap_or_default();
        self.tell(db, before, told).await?;
        self.delete_both(db, keys).await?;
        self.tell(db, after, told).await
    }

    /// Deletes join rows, of a symmetrical relation those of the other direction too.
    async fn delete_both(&self, db: &Db, keys: Option<&[Value]>) -> Result<()> {
        if let Some(back) = self.mirrored() {
            back.delete(db, keys).await?;
        }
        self.delete(db, keys).await
    }

    /// Deletes join rows: those with these keys at the other end, or all.
    async fn delete(&self, db: &Db, keys: Option<&[Value]>) -> Result<()> {
        if let Some(model) = self.join_model()? {
            return Box::pin(model.part(db, &self.owner, keys)).await;
        }
        let table = self.table();
        let Some(keys) = keys else {
            return db.execute(sql::unjoin_rows(db, &table, self.owner.clone(), None)?).await.map(drop);
        };
        for chunk in keys.chunks(CHUNK) {
            db.execute(sql::unjoin_rows(db, &table, self.owner.clone(), Some(chunk))?).await?;
        }
        Ok(())
    }

    /// Those of the keys that the row is joined with. Only they are asked for: a row may be joined with a million.
    async fn joined(&self, db: &Db, keys: &[Value]) -> Result<HashSet<KeyValue>> {
        let mut there = HashSet::new();
        for chunk in keys.chunks(CHUNK) {
            there.extend(self.keys_among(db, Some(chunk)).await?.into_iter().map(KeyValue::from));
        }
        Ok(there)
    }

    /// The same in the order given.
    async fn joined_of(&self, db: &Db, keys: Vec<Value>) -> Result<Vec<Value>> {
        let mut there = self.joined(db, &keys).await?;
        Ok(keys.into_iter().filter(|key| there.remove(&KeyValue::from(key.clone()))).collect())
    }

    /// Where somebody is told of the change, the rows that it is told of are locked before anybody looks what is
    /// joined, so that two who join the same rows do not both tell of it.
    async fn hold(&self, db: &Db, keys: &[Value]) -> Result<()> {
        if !self.is_heard() || !db.capabilities().for_update {
            return Ok(());
        }
        for chunk in self.told_of(keys).chunks(CHUNK) {
            let mut select = Select::of_keys(self.model, chunk.to_vec()).locked_where_possible(db);
            // In one order, so that two who want the same rows wait and do not embrace.
            let expr = Expr::Column(select.key_column());
            select.order = Some(vec![OrderTerm { expr, descending: false, nulls_first: None }]);
            run::keys(db, select).await?;
        }
        Ok(())
    }

    /// The rows of the declaring model that a change with these keys at the other end is about.
    fn told_of(&self, keys: &[Value]) -> Vec<Value> {
        if self.reverse { keys.to_vec() } else { vec![self.owner.clone()] }
    }

    fn is_heard(&self) -> bool {
        signal::heard(self.model, &[Signal::ManyToManyChanged])
    }

    /// Tells the receivers of each row of the declaring model that the change is about.
    async fn tell(&self, db: &Db, action: ManyAction, keys: &[Value]) -> Result<()> {
        if keys.is_empty() || !self.is_heard() {
            return Ok(());
        }
        Box::pin(self.tell_each(db, action, keys)).await
    }

    async fn tell_each(&self, db: &Db, action: ManyAction, keys: &[Value]) -> Result<()> {
        let entry = entry_of(self.model).ok_or_else(|| Error::other("the model is not registered"))?;
        let owners = self.told_of(keys);
        let others = if self.reverse { vec![self.owner.clone()] } else { keys.to_vec() };
        let relation = self.model.many_to_many[self.index].name;
        let change = ManyChange { relation, action, reverse: self.reverse, keys: others };
        for chunk in owners.chunks(CHUNK) {
            for row in db.fetch(sql::select(db, &Select::of_keys(self.model, chunk.to_vec()))?).await? {
                let instance = (entry.instance)(&row, 0)?;
                let change = Some(change.clone());
                let event = Event { db, instance: &*instance, created: false, change };
                signal::send(self.model, Signal::ManyToManyChanged, &event).await?;
            }
        }
        Ok(())
    }
}

fn set_of(keys: &[Value]) -> HashSet<KeyValue> {
    keys.iter().cloned().map(KeyValue::from).collect()
}

/// A join table that is a model of the user's.
struct JoinModel {
    entry: &'static ModelEntry,
    /// The position of the foreign key to the near side.
    from: usize,
    /// The position of the one to the far side.
    to: usize,
}

impl JoinModel {
    async fn join(&self, db: &Db, owner: &Value, keys: &[Value], more: &[(usize, Value)]) -> Result<()> {
        let rows = keys.iter().map(|key| {
            let mut row = more.to_vec();
            row.retain(|(index, _)| *index != self.from && *index != self.to);
            row.extend([(self.from, owner.clone()), (self.to, key.clone())]);
            super::insert::complete(self.entry, row)
        });
        let rows = rows.collect();
        bulk::bulk_insert(db, self.entry, rows).await.map(drop)
    }

    async fn part(&self, db: &Db, owner: &Value, keys: Option<&[Value]>) -> Result<()> {
        let of_owner = Select::of_values(self.entry.schema, self.from, vec![owner.clone()]);
        let Some(keys) = keys else { return delete::delete_query(db, self.entry, of_owner).await.map(drop) };
        for chunk in keys.chunks(CHUNK) {
            let mut select = of_owner.clone();
            select.filters.extend(Select::of_values(self.entry.schema, self.to, chunk.to_vec()).filters);
            delete::delete_query(db, self.entry, select).await?;
        }
        Ok(())
    }
}

impl<T: Model> ManyToMany<T> {
    fn relation(&self) -> ManyRelation {
        ManyRelation { model: self.model(), index: self.index(), reverse: false, owner: self.owner().clone() }
    }

    /// A query about the rows at the other end.
    pub fn objects(&self) -> QuerySet<T> {
        let mut select = Select::of(T::schema());
        let key = ColumnRef { hops: Some(self.back()), model: self.model().this, index: self.model().key };
        select.filters.push(Condition::In(Expr::Column(key), vec![self.owner().clone()]));
        QuerySet::from_select(select)
    }

    /// Joins the row with another: a `&T`, its key or a foreign key to it. One that is joined already stays.
    ///
    /// # Errors
    /// `ForeignKey` if the row does not exist.
    pub async fn add(&self, db: &Db, row: impl KeyOf<T>) -> Result<()> {
        let key = row.key_of().to_value();
        self.relation().add(db, vec![key]).await
    }

    /// Joins the row with another, setting further fields of the join model `J`:
    /// `band.members.add_with::<Membership, _>(&db, &ringo, |m| m.role.set("drums"))`.
    ///
    /// # Errors
    /// `ForeignKey` if the row does not exist; `NotSupported` if `J` is not the relation's `through`.
    pub async fn add_with<J: Model, A: Assignments<J>>(
        &self,
        db: &Db,
        row: impl KeyOf<T>,
        build: impl FnOnce(&J::Fields<Root<J>>) -> A,
    ) -> Result<()> {
        let key = row.key_of().to_value();
        let more = through_values::<J, A>(self.schema().through.map(|through| through()), build)?;
        self.relation().add_with(db, vec![key], &more).await
    }

    /// Joins the row with several.
    ///
    /// # Errors
    /// `ForeignKey` if a row does not exist.
    pub async fn add_all<K: KeyOf<T>>(&self, db: &Db, rows: impl IntoIterator<Item = K>) -> Result<()> {
        let keys = keys_of(rows);
        self.relation().add(db, keys).await
    }

    /// Parts the row from another.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn remove(&self, db: &Db, row: impl KeyOf<T>) -> Result<()> {
        let key = row.key_of().to_value();
        self.relation().remove(db, vec![key]).await
    }

    /// Joins the row with just these.
    ///
    /// # Errors
    /// `ForeignKey` if a row does not exist.
    pub async fn set<K: KeyOf<T>>(&self, db: &Db, rows: impl IntoIterator<Item = K>) -> Result<()> {
        let keys = keys_of(rows);
        self.relation().set(db, keys).await
    }

    /// Parts the row from all.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn clear(&self, db: &Db) -> Result<()> {
        self.relation().clear(db).await
    }
}

/// The values that assignments give to other fields of a join model.
pub(super) fn through_values<J: Model, A: Assignments<J>>(
    through: Option<&'static ModelSchema>,
    build: impl FnOnce(&J::Fields<Root<J>>) -> A,
) -> Result<Vec<(usize, Value)>> {
    if through != Some(J::schema()) {
        let text = format!("the relation is not kept in `{}`", J::schema().label());
        return Err(Error::new(ErrorKind::NotSupported, text));
    }
    let assignments = build(J::fields()).assignments().into_iter();
    Ok(assignments
        .filter_map(|set| if let Expr::Value(v) = set.expr { Some((set.field, v)) } else { None })
        .collect())
}

pub(super) fn keys_of<T: Model, K: KeyOf<T>>(rows: impl IntoIterator<Item = K>) -> Vec<Value> {
    rows.into_iter().map(|row| row.key_of().to_value()).collect()
}
