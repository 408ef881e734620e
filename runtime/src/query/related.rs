//! What a relation leads to from one row, to read and to change: `author.related(|a| a.books())`.

use std::marker::PhantomData;

use super::many::{keys_of, through_values};
use super::{Assignments, Draft, ManyRelation, QuerySet, Select, update};
use crate::backend::Db;
use crate::error::{Error, ErrorKind, Result};
use crate::expr::{Comparison, Condition, Expr, Q};
use crate::field::{ColumnRef, Field, KeyOf, Relation};
use crate::model::Model;
use crate::path::{Hop, HopKind, Key, ManyForward, ManyReverse, Nullness, Reverse, ReverseOne, Root, Step};
use crate::value::Value;

/// The rows that the relation `S` of one row leads to, as [`related`](super::ModelOperations::related) gives it.
pub struct Related<S> {
    /// The key that the rows are found by.
    owner: Value,
    marker: PhantomData<fn() -> S>,
}

impl<S: Step> Related<S> {
    pub(super) fn of<M: Model, N: Nullness>(row: &M, _relation: Relation<Root<M>, S, N>) -> Self {
        let owner = match S::KIND {
            HopKind::Forward => row.value(S::INDEX),
            _ => row.key().to_value(),
        };
        Self { owner, marker: PhantomData }
    }

    /// A query about the rows.
    pub fn objects(&self) -> QuerySet<S::To> {
        let mut select = Select::of(S::To::schema());
        let declared = S::declared_in();
        let joined = |kind| ColumnRef {
            hops: Some(Hop::interned(kind, declared.this, S::INDEX)),
            model: declared.this,
            index: declared.key,
        };
        let column = match S::KIND {
            HopKind::Forward => select.key_column(),
            HopKind::Reverse | HopKind::ReverseOne => {
                ColumnRef { hops: None, model: declared.this, index: S::INDEX }
            }
            HopKind::ManyToMany => joined(HopKind::ManyToManyReverse),
            HopKind::ManyToManyReverse => {
                let target = (declared.many_to_many[S::INDEX].target)();
                ColumnRef { model: target.this, index: target.key, ..joined(HopKind::ManyToMany) }
            }
        };
        let owner = Expr::Value(self.owner.clone());
        select.filters.push(Condition::Compare(Expr::Column(column), Comparison::Equal, owner));
        QuerySet::from_select(select)
    }
}

/// A many-to-many relation, seen from one of its ends.
pub trait ManyStep: Step {}
impl<K: Key, T: Model> ManyStep for ManyForward<K, T> {}
impl<K: Key, T: Model> ManyStep for ManyReverse<K, T> {}

/// What a relation does with rows, whichever way it is kept.
pub trait Joining: Step {
    /// Completes a new row before it is written.
    #[doc(hidden)]
    fn prepare(owner: &Value, draft: Draft<Self::To>) -> Draft<Self::To>;

    /// Joins a row that was just written.
    #[doc(hidden)]
    fn join(owner: &Value, db: &Db, key: Value) -> impl Future<Output = Result<()>> + Send;
}

macro_rules! joining {
    ($($reverse:ident)*; $($many:ident)*) => {
        $(impl<K: Key, T: Model> Joining for $reverse<K, T> {
            fn prepare(owner: &Value, draft: Draft<T>) -> Draft<T> {
                draft.with_value(K::INDEX, owner.clone())
            }

            async fn join(_owner: &Value, _db: &Db, _key: Value) -> Result<()> {
                Ok(())
            }
        })*
        $(impl<K: Key, T: Model> Joining for $many<K, T> {
            fn prepare(_owner: &Value, draft: Draft<T>) -> Draft<T> {
                draft
            }

            async fn join(owner: &Value, db: &Db, key: Value) -> Result<()> {
                many::<Self>(owner.clone()).add(db, vec![key]).await
            }
        })*
    };
}

joining! { Reverse ReverseOne; ManyForward ManyReverse }

fn many<S: Step>(owner: Value) -> ManyRelation {
    let reverse = S::KIND == HopKind::ManyToManyReverse;
    ManyRelation { model: S::declared_in(), index: S::INDEX, reverse, owner }
}

impl<S: Joining> Related<S> {
    /// Writes a new row that belongs to this one. A foreign key to this row is set by it, whatever the new row says.
    ///
    /// # Errors
    /// If a constraint is violated; the error names the field.
    pub async fn create<D: Into<Draft<S::To>>>(&self, db: &Db, new: D) -> Result<S::To> {
        let draft = S::prepare(&self.owner, new.into());
        if S::KIND == HopKind::Reverse || S::KIND == HopKind::ReverseOne {
            return draft.create(db).await;
        }
        db.atomic(async |db| {
            let row = draft.create(&db).await?;
            S::join(&self.owner, &db, row.key().to_value()).await?;
            Ok(row)
        })
        .await
    }

    /// The row of this relation that fulfils a condition, or a new one that belongs to it; and whether it is new.
    ///
    /// # Errors
    /// As [`QuerySet::get_or_create`].
    pub async fn get_or_create<D: Into<Draft<S::To>>>(
        &self,
        db: &Db,
        find: impl FnOnce(&<S::To as Model>::Fields<Root<S::To>>) -> Q<S::To>,
        new: D,
    ) -> Result<(S::To, bool)> {
        let draft = S::prepare(&self.owner, new.into());
        let query = self.objects().filter(find);
        db.atomic(async |db| {
            let (row, created) = query.get_or_create(&db, draft).await?;
            if created {
                S::join(&self.owner, &db, row.key().to_value()).await?;
            }
            Ok((row, created))
        })
        .await
    }

    /// Changes the row of this relation that fulfils a condition, or makes a new one with the changes in it; and
    /// whether it is new.
    ///
    /// # Errors
    /// As [`QuerySet::get_or_create`].
    pub async fn update_or_create<D: Into<Draft<S::To>>, A: Assignments<S::To>>(
        &self,
        db: &Db,
        find: impl FnOnce(&<S::To as Model>::Fields<Root<S::To>>) -> Q<S::To>,
        new: D,
        build: impl Fn(&<S::To as Model>::Fields<Root<S::To>>) -> A,
    ) -> Result<(S::To, bool)> {
        let draft = S::prepare(&self.owner, new.into());
        let query = self.objects().filter(find);
        db.atomic(async |db| {
            let (row, created) = query.update_or_create(&db, draft, build).await?;
            if created {
                S::join(&self.owner, &db, row.key().to_value()).await?;
            }
            Ok((row, created))
        })
        .await
    }
}

impl<S: ManyStep> Related<S> {
    fn relation(&self) -> ManyRelation {
        many::<S>(self.owner.clone())
    }

    /// Joins the row with others: `&T`, keys or foreign keys. Those that are joined already stay.
    ///
    /// # Errors
    /// `ForeignKey` if a row does not exist.
    pub async fn add<K: KeyOf<S::To>>(&self, db: &Db, rows: impl IntoIterator<Item = K>) -> Result<()> {
        let keys = keys_of(rows);
        self.relation().add(db, keys).await
    }

    /// Joins the row with others, setting further fields of the join model `J`.
    ///
    /// # Errors
    /// As [`add`](Self::add); `NotSupported` if `J` is not the relation's `through`.
    pub async fn add_with<J: Model, K: KeyOf<S::To>, A: Assignments<J>>(
        &self,
        db: &Db,
        rows: impl IntoIterator<Item = K>,
        build: impl FnOnce(&J::Fields<Root<J>>) -> A,
    ) -> Result<()> {
        let keys = keys_of(rows);
        let relation = self.relation();
        let through = relation.model.many_to_many[relation.index].through;
        let more = through_values::<J, A>(through.map(|through| through()), build)?;
        relation.add_with(db, keys, &more).await
    }

    /// Parts the row from others.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn remove<K: KeyOf<S::To>>(&self, db: &Db, rows: impl IntoIterator<Item = K>) -> Result<()> {
        let keys = keys_of(rows);
        self.relation().remove(db, keys).await
    }

    /// Joins the row with just these.
    ///
    /// # Errors
    /// `ForeignKey` if a row does not exist.
    pub async fn set<K: KeyOf<S::To>>(&self, db: &Db, rows: impl IntoIterator<Item = K>) -> Result<()> {
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

/// The same for a foreign key: the rows that refer to this one.
impl<K: Key, T: Model> Related<Reverse<K, T>> {
    /// Lets rows refer to this one, by an `update`, so that receivers are told.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn add<R: KeyOf<T>>(&self, db: &Db, rows: impl IntoIterator<Item = R>) -> Result<()> {
        let keys = keys_of(rows);
        self.refer(db, Select::of_keys(T::schema(), keys), self.owner.clone()).await
    }

    /// Lets rows that refer to this one refer to nothing.
    ///
    /// # Errors
    /// `NotSupported` if the foreign key cannot be NULL.
    pub async fn remove<R: KeyOf<T>>(&self, db: &Db, rows: impl IntoIterator<Item = R>) -> Result<()> {
        let keys = keys_of(rows);
        let nothing = Self::nothing()?;
        let mut select = Select::of_keys(T::schema(), keys);
        select.filters.extend(self.referring().filters);
        self.refer(db, select, nothing).await
    }

    /// Lets just these refer to this row. Where the foreign key cannot be NULL, the others stay too, as in Django.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn set<R: KeyOf<T>>(&self, db: &Db, rows: impl IntoIterator<Item = R>) -> Result<()> {
        let keys = keys_of(rows);
        db.atomic(async |db| {
            if let Ok(nothing) = Self::nothing() {
                let mut others = self.referring();
                let key = Expr::Column(others.key_column());
                others.filters.push(Condition::In(key, keys.clone()).negate());
                self.refer(&db, others, nothing).await?;
            }
            let mut new = Select::of_keys(T::schema(), keys);
            // Those that refer to it already need not be written.
            new.filters.extend(self.referring().filters.into_iter().map(Condition::negate));
            self.refer(&db, new, self.owner.clone()).await
        })
        .await
    }

    /// Lets no row refer to this one.
    ///
    /// # Errors
    /// `NotSupported` if the foreign key cannot be NULL.
    pub async fn clear(&self, db: &Db) -> Result<()> {
        self.refer(db, self.referring(), Self::nothing()?).await
    }

    fn referring(&self) -> Select {
        Select::of_values(T::schema(), K::INDEX, vec![self.owner.clone()])
    }

    async fn refer(&self, db: &Db, select: Select, to: Value) -> Result<()> {
        update::update_query(db, T::entry(), select, vec![(K::INDEX, Expr::Value(to))]).await.map(drop)
    }

    fn nothing() -> Result<Value> {
        let field = &T::schema().fields[K::INDEX];
        if field.nullable {
            return Ok(Value::Null((field.kind)()));
        }
        let text = format!(
            "`{}` of {} cannot be NULL, so a row cannot be taken away; delete it or let it refer to another",
            field.name,
            T::schema().label()
        );
        Err(Error::new(ErrorKind::NotSupported, text))
    }
}
