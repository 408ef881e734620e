//! Shapes: the Rust type of what one row of a query holds.
//!
//! A shape is a flat tuple of [`Slot`]s in the order asked for. `(M,)` is handed out as `M`.

use std::any::Any;

use crate::backend::Row;
use crate::error::{Error, Result};
use crate::field::{Field, File, ForeignKey, Image, OneToOne, StorageAlias};
use crate::model::Model;

/// Reads the slots of a row one after the other.
pub struct Cursor<'a> {
    /// The row.
    pub row: &'a Row,
    /// The column the next slot begins at.
    pub at: usize,
    /// The rows that `prefetch_related` found, in the order of the slots.
    pub prefetched: &'a mut [Box<dyn Groups>],
    /// The next of them.
    pub next_prefetched: usize,
}

/// Rows grouped by the key of the row they belong to.
pub trait Groups: Send {
    /// The rows that belong to the row, as a boxed `Vec` of the slot's type.
    ///
    /// # Errors
    /// If the key cannot be read.
    fn take(&mut self, row: &Row) -> Result<Box<dyn Any>>;
}

/// One part of a shape.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be part of a row",
    label = "not a model, a column type, or a `Vec` of prefetched rows"
)]
pub trait Slot: Sized + Send + 'static {
    /// Reads the part and moves the cursor behind it.
    ///
    /// # Errors
    /// If a column holds what the type cannot take.
    fn read(cursor: &mut Cursor<'_>) -> Result<Self>;

    /// Reads the part where it may be missing: no row behind a nullable relation, or NULL.
    ///
    /// # Errors
    /// If a column holds what the type cannot take.
    fn read_optional(cursor: &mut Cursor<'_>) -> Result<Option<Self>>;
}

impl<T: Slot> Slot for Option<T> {
    fn read(cursor: &mut Cursor<'_>) -> Result<Self> {
        T::read_optional(cursor)
    }

    fn read_optional(cursor: &mut Cursor<'_>) -> Result<Option<Self>> {
        T::read_optional(cursor).map(Some)
    }
}

impl<T: Send + 'static> Slot for Vec<T> {
    fn read(cursor: &mut Cursor<'_>) -> Result<Self> {
        let slot = cursor.next_prefetched;
        cursor.next_prefetched += 1;
        let groups =
            cursor.prefetched.get_mut(slot).ok_or_else(|| Error::decode("rows were not prefetched"))?;
        let rows = groups.take(cursor.row)?;
        rows.downcast::<Self>()
            .map(|rows| *rows)
            .map_err(|_| Error::decode("prefetched rows of another type"))
    }

    fn read_optional(cursor: &mut Cursor<'_>) -> Result<Option<Self>> {
        Self::read(cursor).map(Some)
    }
}

/// Reads a whole row of a model; what `derive(Model)` calls.
///
/// # Errors
/// If a column holds what its type cannot take.
pub fn read_model<M: Model>(cursor: &mut Cursor<'_>) -> Result<M> {
    let at = cursor.at;
    cursor.at += M::schema().fields.len();
    M::read(cursor.row, at)
}

/// Reads a row of a model behind a nullable relation; what `derive(Model)` calls.
///
/// # Errors
/// If a column holds what its type cannot take.
pub fn read_optional_model<M: Model>(cursor: &mut Cursor<'_>) -> Result<Option<M>> {
    let schema = M::schema();
    let at = cursor.at;
    cursor.at += schema.fields.len();
    if cursor.row.is_null(at + schema.key_columns()[0])? {
        Ok(None)
    } else {
        M::read(cursor.row, at).map(Some)
    }
}

/// Reads a value; what the slots of column types call.
///
/// # Errors
/// If the column holds what the type cannot take.
pub fn read_field<T: Field>(cursor: &mut Cursor<'_>) -> Result<T> {
    cursor.at += 1;
    T::read(cursor.row, cursor.at - 1)
}

/// Reads a value that may be NULL; what the slots of column types call.
///
/// # Errors
/// If the column holds what the type cannot take.
pub fn read_optional_field<T: Field>(cursor: &mut Cursor<'_>) -> Result<Option<T>> {
    cursor.at += 1;
    let at = cursor.at - 1;
    if cursor.row.is_null(at)? { Ok(None) } else { T::read(cursor.row, at).map(Some) }
}

/// Makes column types parts of rows: `nuages::slot!(Celsius);` for a hand-written [`Field`].
#[macro_export]
macro_rules! slot {
    ($($type:ty),* $(,)?) => {$(
        impl $crate::query::Slot for $type {
            fn read(cursor: &mut $crate::query::Cursor<'_>) -> $crate::Result<Self> {
                $crate::query::read_field(cursor)
            }

            fn read_optional(
                cursor: &mut $crate::query::Cursor<'_>,
            ) -> $crate::Result<::core::option::Option<Self>> {
                $crate::query::read_optional_field(cursor)
            }
        }
    )*};
}

slot!(
    bool,
    i16,
    i32,
    i64,
    u8,
    u16,
    u32,
    f32,
    f64,
    rust_decimal::Decimal,
    String,
    crate::value::Date,
    crate::value::Time,
    crate::value::DateTime,
    crate::field::LocalTime,
    chrono::TimeDelta,
    uuid::Uuid,
    crate::value::Json,
    std::net::IpAddr,
);

macro_rules! generic_slots {
    ($($name:ident: $bound:ident),*) => {$(
        impl<T: $bound> Slot for $name<T> {
            fn read(cursor: &mut Cursor<'_>) -> Result<Self> {
                read_field(cursor)
            }

            fn read_optional(cursor: &mut Cursor<'_>) -> Result<Option<Self>> {
                read_optional_field(cursor)
            }
        }
    )*};
}

generic_slots!(ForeignKey: Model, OneToOne: Model, File: StorageAlias, Image: StorageAlias);

macro_rules! composite_slots {
    ($(($($part:ident),+))*) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($part: Field),+> Slot for ($($part,)+) {
            fn read(cursor: &mut Cursor<'_>) -> Result<Self> {
                let at = cursor.at;
                cursor.at += [$(stringify!($part)),+].len();
                <Self as Field>::read(cursor.row, at)
            }

            fn read_optional(cursor: &mut Cursor<'_>) -> Result<Option<Self>> {
                if cursor.row.is_null(cursor.at)? {
                    cursor.at += [$(stringify!($part)),+].len();
                    return Ok(None);
                }
                <Self as Slot>::read(cursor).map(Some)
            }
        }
    )*};
}

composite_slots! { (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) }

/// A tuple of slots: what a row of a query holds.
pub trait Shape: Send + 'static {
    /// What is handed out: the tuple, or its only part.
    type Item: Send + 'static;

    /// Reads a row.
    ///
    /// # Errors
    /// If a column holds what its type cannot take.
    fn read(cursor: &mut Cursor<'_>) -> Result<Self::Item>;
}

/// A shape with one more part at the end.
pub trait Append<T>: Shape {
    /// The longer shape.
    type Longer: Shape;
}

impl<A: Slot> Shape for (A,) {
    type Item = A;

    fn read(cursor: &mut Cursor<'_>) -> Result<A> {
        A::read(cursor)
    }
}

macro_rules! shapes {
    ($(($($name:ident),+))*) => {$(
        impl<$($name: Slot),+> Shape for ($($name,)+) {
            type Item = Self;

            fn read(cursor: &mut Cursor<'_>) -> Result<Self> {
                Ok(($($name::read(cursor)?,)+))
            }
        }
    )*};
}

macro_rules! append {
    ($(($($name:ident),+))*) => {$(
        impl<$($name: Slot,)+ Next: Slot> Append<Next> for ($($name,)+) {
            type Longer = ($($name,)+ Next,);
        }
    )*};
}

shapes! {
    (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) (A, B, C, D, E, F) (A, B, C, D, E, F, G)
    (A, B, C, D, E, F, G, H) (A, B, C, D, E, F, G, H, I) (A, B, C, D, E, F, G, H, I, J)
    (A, B, C, D, E, F, G, H, I, J, K) (A, B, C, D, E, F, G, H, I, J, K, L)
}

append! {
    (A) (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) (A, B, C, D, E, F) (A, B, C, D, E, F, G)
    (A, B, C, D, E, F, G, H) (A, B, C, D, E, F, G, H, I) (A, B, C, D, E, F, G, H, I, J)
    (A, B, C, D, E, F, G, H, I, J, K)
}

/// A struct with named parts in place of a tuple; `#[derive(Row)]` implements it for the matching tuple.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not have the parts of the rows of this query",
    label = "the query's rows hold `{T}`",
    note = "the fields of a `#[derive(Row)]` struct have the types of the parts, in the order asked for"
)]
pub trait FromParts<T>: Sized {
    /// The struct again. A query names it by this, so that one that does not fit is told where it is named
    /// and not once more for what is done with the query.
    type This: FromParts<T> + Send + 'static;

    /// The struct.
    fn from_parts(parts: T) -> Self;
}
