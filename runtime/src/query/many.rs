//! Changing many-to-many relations: add, remove, set, clear.

use nuages_schema::ModelSchema;

use super::QuerySet;
use super::prefetch::KeyValue;
use super::signal::{self, Event, ManyChange, Signal};
use crate::backend::Db;
use crate::error::{Error, Result};
use crate::expr::{Condition, Expr};
use crate::field::{ColumnRef, Field, KeyOf, ManyToMany};
use crate::model::{Model, entry_of};
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

    /// The keys at the other end.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn keys(&self, db: &Db) -> Result<Vec<Value>> {
        let table = self.table();
        let mut writer = sql::Writer::new(db);
        writer.joined_keys(&table, self.owner.clone())?;
        let kind = self.far_kind();
        let rows = db.fetch(writer.finish()).await?;
        rows.iter().map(|row| row.value(0, kind)).collect()
    }

    /// Joins the row with others; those it is joined with already stay.
    ///
    /// # Errors
    /// `ForeignKey` if a row does not exist.
    pub async fn add(&self, db: &Db, keys: Vec<Value>) -> Result<()> {
        db.atomic(async |db| {
            let there: std::collections::HashSet<KeyValue> =
                self.keys(&db).await?.into_iter().map(KeyValue::from).collect();
            let mut seen = there;
            let new: Vec<Value> =
                keys.into_iter().filter(|key| seen.insert(KeyValue::from(key.clone()))).collect();
            for chunk in new.chunks(CHUNK) {
                db.execute(sql::join_rows(&db, &self.table(), &self.owner, chunk)?).await?;
            }
            self.tell(&db, true, new).await
        })
        .await
    }

    /// Parts the row from others.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn remove(&self, db: &Db, keys: Vec<Value>) -> Result<()> {
        db.atomic(async |db| {
            for chunk in keys.chunks(CHUNK) {
                db.execute(sql::unjoin_rows(&db, &self.table(), self.owner.clone(), Some(chunk))?).await?;
            }
            self.tell(&db, false, keys).await
        })
        .await
    }

    /// Joins the row with just these.
    ///
    /// # Errors
    /// `ForeignKey` if a row does not exist.
    pub async fn set(&self, db: &Db, keys: Vec<Value>) -> Result<()> {
        db.atomic(async |db| {
            let wanted: std::collections::HashSet<KeyValue> =
                keys.iter().cloned().map(KeyValue::from).collect();
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
            let keys = self.keys(&db).await?;
            db.execute(sql::unjoin_rows(&db, &self.table(), self.owner.clone(), None)?).await?;
            self.tell(&db, false, keys).await
        })
        .await
    }

    async fn tell(&self, db: &Db, added: bool, keys: Vec<Value>) -> Result<()> {
        if keys.is_empty() || !signal::heard(self.model, &[Signal::ManyToManyChanged]) {
            return Ok(());
        }
        let entry = entry_of(self.model).ok_or_else(|| Error::other("the model is not registered"))?;
        let owners = if self.reverse { keys.clone() } else { vec![self.owner.clone()] };
        let others = if self.reverse { vec![self.owner.clone()] } else { keys };
        let relation = self.model.many_to_many[self.index].name;
        for owner in owners {
            let row = db.fetch_optional(sql::by_key(db, self.model, owner)?).await?;
            let Some(row) = row else { continue };
            let instance = (entry.instance)(&row, 0)?;
            let change = Some(ManyChange { relation, added, keys: others.clone() });
            let event = Event { db, instance: &*instance, created: false, change };
            signal::send(self.model, Signal::ManyToManyChanged, &event).await?;
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
        let mut select = super::Select::of(T::schema());
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

fn keys_of<T: Model, K: KeyOf<T>>(rows: impl IntoIterator<Item = K>) -> Vec<Value> {
    rows.into_iter().map(|row| row.key_of().to_value()).collect()
}
