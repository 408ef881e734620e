//! Many-to-many relations as a field of a loaded row.

use std::fmt;
use std::marker::PhantomData;

use nuages_schema::{ManyToManySchema, ModelSchema};

use crate::model::Model;
use crate::value::Value;

/// A relation to many rows of `T`, kept in a join table.
///
/// A loaded row holds just its own key here, so that `book.tags.add(&db, &tag)`
/// works; the rows at the other end are loaded by `prefetch_related` or asked
/// for with `book.tags.objects()`.
pub struct ManyToMany<T> {
    owner: Value,
    model: fn() -> &'static ModelSchema,
    index: usize,
    marker: PhantomData<fn() -> T>,
}

impl<T: Model> ManyToMany<T> {
    /// The relation at `index` of `model`, of the row with the key `owner`.
    #[must_use]
    pub const fn of(owner: Value, model: fn() -> &'static ModelSchema, index: usize) -> Self {
        Self { owner, model, index, marker: PhantomData }
    }

    /// The key of the row that has the relation.
    #[must_use]
    pub const fn owner(&self) -> &Value {
        &self.owner
    }

    /// The model that declares the relation.
    #[must_use]
    pub fn model(&self) -> &'static ModelSchema {
        (self.model)()
    }

    /// The relation's position in that model.
    #[must_use]
    pub const fn index(&self) -> usize {
        self.index
    }

    /// The way from the other end to the row.
    pub(crate) fn back(&self) -> &'static crate::path::Hop {
        crate::path::Hop::interned(crate::path::HopKind::ManyToManyReverse, self.model, self.index)
    }

    /// The relation's schema.
    #[must_use]
    pub fn schema(&self) -> &'static ManyToManySchema {
        &self.model().many_to_many[self.index]
    }
}

impl<T> Clone for ManyToMany<T> {
    fn clone(&self) -> Self {
        Self { owner: self.owner.clone(), model: self.model, index: self.index, marker: PhantomData }
    }
}

impl<T: Model> fmt::Debug for ManyToMany<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ManyToMany<{}>", T::schema().name)
    }
}

impl<T> PartialEq for ManyToMany<T> {
    fn eq(&self, other: &Self) -> bool {
        self.owner == other.owner && self.index == other.index
    }
}
