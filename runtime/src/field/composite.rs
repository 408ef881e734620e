//! Tuples as the values of composite primary keys.

use nuages_schema::ColumnKind;

use super::{Column, ColumnRef, Field, KeyOf};
use crate::backend::Row;
use crate::error::Result;
use crate::model::Model;
use crate::path::{Companion, Key, NotNull, Nullness, Path};
use crate::value::Value;

/// The primary key of a model in a query, whatever its fields are called: `l.pk()`.
///
/// Of a model with `primary_key(…)` it is all parts together, as a tuple.
///
/// ```
/// # use nuages::prelude::*;
/// # use nuages::backend::Backend;
/// #[derive(Model, Clone, Debug)]
/// #[model(app_label = "shop", primary_key(order, position))]
/// struct Line {
///     order: i64,
///     position: i32,
/// }
///
/// let query = Line::objects().filter(|l| l.pk().eq((7, 2)));
/// assert_eq!(
///     query.to_sql(Backend::Sqlite)?.sql,
///     r#"SELECT t0."order", t0."position" FROM "shop_line" t0 WHERE (t0."order", t0."position") = (?, ?)"#,
/// );
/// # Ok::<(), nuages::Error>(())
/// ```
pub trait PrimaryKey: Companion {
    /// The primary key.
    fn pk(&self) -> Column<Self::Path, <Self::Model as Model>::Key>;
}

impl<C: Companion> PrimaryKey for C {
    fn pk(&self) -> Column<C::Path, <C::Model as Model>::Key> {
        let (model, index) = (C::Model::schema as fn() -> _, C::Model::schema().key);
        Column::of(ColumnRef { hops: <C::Path as Path>::HOPS, model, index })
    }
}

macro_rules! keys {
    ($(($($part:ident $at:tt),+))*) => {$(
        /// The key of a model with `primary_key(…)`. It is several columns, so it is no field of its own.
        #[diagnostic::do_not_recommend]
        impl<$($part: Field),+> Field for ($($part,)+) {
            const KIND: ColumnKind = ColumnKind::Text;
            const COMPOSITE: bool = true;
            type Base = Self;
            type Optional = Option<Self>;
            type Null = NotNull;
            type In<P: Path, K: Key, N: Nullness> = Column<P, N::Of<Self>>;

            fn to_value(&self) -> Value {
                Value::Key(vec![$(self.$at.to_value()),+])
            }

            fn read(row: &Row, at: usize) -> Result<Self> {
                Ok(($($part::read(row, at + $at)?,)+))
            }
        }

        #[diagnostic::do_not_recommend]
        impl<T: Model<Key = Self>, $($part: Field),+> KeyOf<T> for ($($part,)+) {
            fn key_of(self) -> Self {
                self
            }
        }
    )*};
}

keys! {
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
}
