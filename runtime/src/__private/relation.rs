//! What relations say beside their columns: the rows they offer, what a key is set to, and the proof of names.

use futures_util::future::BoxFuture;

use crate::backend::Db;
use crate::error::Result;
use crate::expr::{Condition, Q, TextField};
use crate::field::{Column, Field, KeyOf, Relation};
use crate::model::Model;
use crate::path::{Forward, Key, Nullness, Path, Root};
use crate::value::Value;

/// The fields of a model as closures see them.
pub type FieldsOf<M> = <M as Model>::Fields<Root<M>>;

/// The condition on the rows that a relation to `T` offers.
pub fn limit<T: Model>(build: impl FnOnce(&FieldsOf<T>) -> Q<T>) -> Option<Condition> {
    Some(build(T::fields()).into_condition())
}

/// A key's new value, in the course of a deletion.
type NewKey<'a> = BoxFuture<'a, Result<Option<Value>>>;

/// The key of a row of `T`.
#[must_use]
pub fn set_to<'a, T: Model>(key: impl KeyOf<T>) -> NewKey<'a> {
    set_key::<T>(key.key_of())
}

/// The same, of the key's own type.
#[must_use]
pub fn set_key<'a, T: Model>(key: T::Key) -> NewKey<'a> {
    let value = key.to_value();
    Box::pin(async move { Ok(Some(value)) })
}

/// What a function of the user's gives.
pub fn set_with<'a, T: Model, F, K>(db: &'a Db, function: impl FnOnce(&'a Db) -> F) -> NewKey<'a>
where
    F: Future<Output = Result<K>> + Send + 'a,
    K: KeyOf<T>,
{
    let key = function(db);
    Box::pin(async move { Ok(Some(key.await?.key_of().to_value())) })
}

/// Of all other fields.
#[must_use]
pub fn set_nothing<'a>() -> NewKey<'a> {
    Box::pin(async { Ok(None) })
}

/// The model itself.
#[diagnostic::on_unimplemented(
    message = "a `symmetrical` relation leads from a model to itself, and this one leads from `{M}` to `{Self}`",
    label = "another model than `{M}`"
)]
pub trait Itself<M> {}
impl<M> Itself<M> for M {}

/// Proves that a relation leads from a model to itself.
pub const fn symmetrical<T: Itself<M>, M>() {}

/// A foreign key to `M`.
#[diagnostic::on_unimplemented(
    message = "`through_fields` names the foreign keys to the two ends, and this field is none to `{M}`",
    label = "no foreign key to `{M}`"
)]
pub trait KeyTo<M> {}
impl<P: Path, K: Key, M: Model, N: Nullness> KeyTo<M> for Relation<P, Forward<K, M>, N> {}

/// What can say which model a row belongs to: text, or a foreign key to a table of models.
#[diagnostic::on_unimplemented(
    message = "the first field of `generic_foreign_key` says which model it is: a text, or a foreign key to a table of models",
    label = "neither a text nor a foreign key"
)]
pub trait GenericKind {}
impl<P: Path, T: Field<Base: TextField>> GenericKind for Column<P, T> {}
impl<P: Path, K: Key, M: Model, N: Nullness> GenericKind for Relation<P, Forward<K, M>, N> {}

/// Proves that a field can say which model a row belongs to.
pub const fn generic_kind<K: GenericKind>(_: &K) {}

/// Proves that a field of a join model is a foreign key to `M`.
pub const fn key_to<M, R: KeyTo<M>>(_: &R) {}
