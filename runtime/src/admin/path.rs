//! Where a column of the admin's list stands, without types.

use crate::field::{Column, ColumnRef, Field, Relation};
use crate::path::{Hop, Nullness, Path, Step, Via};

/// A field or a relation, seen from the model of the list.
#[derive(Clone, Copy, Debug)]
pub enum AdminPath {
    /// A column of the model or of one it refers to.
    Column(ColumnRef),
    /// A relation: what the row at the other end is called, or the rows.
    Relation(&'static Hop),
}

impl AdminPath {
    /// The path of a part of a companion, such as `b.author.name`.
    #[must_use]
    pub fn of(part: impl PathOf) -> Self {
        part.admin_path()
    }

    /// The hops on the way to the value: for a relation, the relation itself is the last one.
    #[must_use]
    pub fn hops(&self) -> Vec<&'static Hop> {
        match self {
            Self::Column(column) => column.hops.map(Hop::chain).unwrap_or_default(),
            Self::Relation(hop) => hop.chain(),
        }
    }

    /// Whether one row may have several values.
    #[must_use]
    pub fn is_to_many(&self) -> bool {
        self.hops().iter().any(|hop| hop.is_to_many())
    }
}

/// What an admin option may name.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a field nor a relation",
    label = "expected a field such as `title`, or one of a related model such as `author.name`"
)]
pub trait PathOf {
    /// The path.
    fn admin_path(self) -> AdminPath;
}

impl<P: Path, T: Field> PathOf for Column<P, T> {
    fn admin_path(self) -> AdminPath {
        AdminPath::Column(self.reference())
    }
}

impl<P: Path, S: Step, N: Nullness> PathOf for Relation<P, S, N> {
    fn admin_path(self) -> AdminPath {
        AdminPath::Relation(Via::<P, S, N>::hop())
    }
}
