//! What the tables of `#[admin]` call.

use crate::admin::Cell;
use crate::expr::{Condition, Expr};
use crate::field::{Column, ColumnRef, Field, Relation};
use crate::model::Model;
use crate::path::{Forward, Key, Nullness, Path};
use crate::query::{QuerySet, Select};
use crate::value::Value;

/// The end of a path that an option of the admin names: a column, or a relation to one row.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no value in a row",
    label = "not a column",
    note = "name a column, such as `title` or `author.name`, or a foreign key, such as `author`"
)]
pub trait PathEnd {
    /// The column.
    fn column(&self) -> ColumnRef;
}

impl<P: Path, T: Field> PathEnd for Column<P, T> {
    fn column(&self) -> ColumnRef {
        self.reference()
    }
}

impl<P: Path, K: Key, T: Model, N: Nullness> PathEnd for Relation<P, Forward<K, T>, N> {
    fn column(&self) -> ColumnRef {
        ColumnRef { hops: P::HOPS, model: K::Model::schema, index: K::INDEX }
    }
}

/// The column at the end of a path.
#[must_use]
pub fn column(end: &impl PathEnd) -> ColumnRef {
    end.column()
}

/// What a function of a list column answered, as a cell.
#[must_use]
pub fn cell(answer: impl Into<Cell>) -> Cell {
    answer.into()
}

/// The chosen rows, as an action gets them.
#[must_use]
pub fn selected<M: Model>(keys: &[Value]) -> QuerySet<M> {
    let schema = M::schema();
    let key = ColumnRef { hops: None, model: schema.this, index: schema.key };
    let mut select = Select::of(schema);
    select.filters.push(Condition::In(Expr::Column(key), keys.to_vec()));
    QuerySet::from_select(select)
}
