//! Column types: which Rust types can be a field, and how they are stored.
//!
//! [`Field`] is the trait. Numbers, text, dates, decimals, UUIDs, JSON and bytes
//! implement it in `builtin`; `Option` of any of them is NULL-able; [`ForeignKey`]
//! and [`ManyToMany`] are relations. `#[derive(Field)]` and `#[derive(Choices)]`
//! implement it for newtypes and enumerations of the user.

mod builtin;
mod choices;
mod composite;
mod facts;
mod file;
mod foreign;
mod group;
mod local;
mod many;
mod newtype;

pub use builtin::DecimalScale;
pub use choices::{Choices, choice};
pub use composite::PrimaryKey;
pub use facts::{Facts, Target};
pub use file::{File, Image, Media, StorageAlias, StoredFile};
pub use foreign::{ForeignKey, KeyOf, OneToOne, Reference, Relation};
pub use group::Group;
pub use local::LocalTime;
pub use many::ManyToMany;
pub use newtype::Newtype;

use nuages_schema::{ColumnKind, FieldSchema, FileSchema, ModelSchema};

use crate::backend::Row;
use crate::error::Result;
use crate::path::{Hop, Key, Nullness, Path};
use crate::value::Value;

/// A type that can be a field of a model, stored in one column.
///
/// For a newtype or an enumeration derive it. By hand it takes a kind, the two
/// conversions and four types that say how queries see it:
///
/// ```
/// use nuages::field::{Field, Column};
/// use nuages::{Result, backend::Row, path::{Key, NotNull, Nullness, Path}, schema::ColumnKind, value::Value};
///
/// #[derive(Clone)]
/// struct Celsius(f64);
///
/// impl Field for Celsius {
///     const KIND: ColumnKind = ColumnKind::Double;
///     type Base = Self;
///     type Optional = Option<Self>;
///     type Null = NotNull;
///     type In<P: Path, K: Key, N: Nullness> = Column<P, N::Of<Self>>;
///     fn to_value(&self) -> Value { Value::Float(self.0) }
///     fn read(row: &Row, at: usize) -> Result<Self> { f64::read(row, at).map(Self) }
/// }
/// # let _ = Celsius(36.6).to_value();
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a model",
    label = "not a column type",
    note = "use a column type such as `String`, `i64`, `Decimal` or `DateTime`, a relation such as `ForeignKey<Author>`, an enumeration with `#[derive(Choices)]`, or a newtype with `#[derive(Field)]`"
)]
pub trait Field: Sized + Clone + Send + Sync + 'static {
    /// What the column holds.
    const KIND: ColumnKind;
    /// Whether NULL is a value of the type.
    const NULLABLE: bool = false;
    /// Whether the column is a foreign key.
    const FOREIGN: bool = false;
    /// Whether a value is several columns: the key of a model with `primary_key(…)`.
    const COMPOSITE: bool = false;
    /// The type without NULL: itself, or what the `Option` holds.
    type Base: Field;
    /// The type with NULL: an `Option` of the base.
    type Optional: Field;
    /// Whether NULL is a value of the type, as a type: [`NotNull`](crate::path::NotNull), except for an `Option`.
    type Null: Nullness;
    /// The most characters of its text, where the type itself tells.
    #[doc(hidden)]
    const MAX_LENGTH: Option<u32> = None;
    /// Where its files lie; [`File`] and [`Image`] say it.
    #[doc(hidden)]
    const FILE: Option<FileSchema> = None;
    /// The words with their labels, where the type itself is an enumeration of choices.
    #[doc(hidden)]
    const WORDS: &'static [(&'static str, &'static str)] = &[];
    /// The model that the column refers to; [`ForeignKey`] and [`OneToOne`] say it.
    #[doc(hidden)]
    const TARGET: Option<Target> = None;
    /// All that a schema says of the type. The derive asks for this one value, so that a type that is
    /// no column is told once.
    #[doc(hidden)]
    const OF: Facts = Facts::of::<Self>();
    /// What queries see in its place: a [`Column`], or a relation.
    type In<P: Path, K: Key, N: Nullness>: Access<K>;

    /// What the column holds in this project. It is [`KIND`](Self::KIND), but for the key of the project's user,
    /// whose type is known when the program runs.
    #[doc(hidden)]
    #[must_use]
    fn kind() -> ColumnKind {
        Self::KIND
    }

    /// The value as the database gets it.
    fn to_value(&self) -> Value;

    /// The same of a value that nobody needs any more: a text is handed on instead of copied.
    #[must_use]
    fn into_value(self) -> Value {
        self.to_value()
    }

    /// Reads the value from the column at a position.
    ///
    /// # Errors
    /// If the column holds what the type cannot take.
    fn read(row: &Row, at: usize) -> Result<Self>;

    /// The same value with at least so many digits after the point, if it is a decimal: SQLite does not
    /// keep trailing zeros.
    #[must_use]
    fn with_places(self, places: u32) -> Self {
        let _ = places;
        self
    }

    /// Reads a value of a field that says `decimal_places`; what `#[derive(Model)]` calls.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    #[doc(hidden)]
    fn read_places(row: &Row, at: usize, places: u32) -> Result<Self> {
        Self::read(row, at).map(|value| value.with_places(places))
    }

    /// The values allowed with their labels, if the type is an enumeration.
    #[must_use]
    fn choices() -> &'static [(&'static str, &'static str)] {
        &[]
    }
}

/// A part of a companion, made for the field at `K`.
pub trait Access<K: Key>: Sized + Send + Sync + 'static {
    /// The part.
    const NEW: Self;
}

impl<P: Path, T: Field, K: Key> Access<K> for Column<P, T> {
    const NEW: Self = Self::at::<K>();
}

/// A column in a query: a field at the end of a path, with its Rust type.
pub struct Column<P, T> {
    pub(crate) column: ColumnRef,
    marker: std::marker::PhantomData<fn() -> (P, T)>,
}

impl<P, T> Clone for Column<P, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P, T> Copy for Column<P, T> {}

/// A column without types: where it stands and how to get there.
#[derive(Clone, Copy)]
pub struct ColumnRef {
    /// The way to the model that has the column.
    pub hops: Option<&'static Hop>,
    /// The model that has the column.
    pub model: fn() -> &'static ModelSchema,
    /// The field's position in that model.
    pub index: usize,
}

impl ColumnRef {
    /// The field's schema.
    #[must_use]
    pub fn field(&self) -> &'static FieldSchema {
        (self.model)().field_at(self.index)
    }

    /// The columns that it stands for: itself, or the parts of the composite key that it is.
    pub fn parts(&self) -> impl Iterator<Item = Self> + use<> {
        let model = (self.model)();
        let parts = if self.is_composite() { model.key_parts } else { &[] };
        let whole = Some(*self).filter(|_| parts.is_empty());
        let column = *self;
        parts.iter().map(move |index| Self { index: *index, ..column }).chain(whole)
    }

    /// Whether it stands for several columns.
    #[must_use]
    pub const fn is_composite(&self) -> bool {
        self.index == nuages_schema::COMPOSITE
    }

    /// How many columns it stands for.
    #[must_use]
    pub fn width(&self) -> usize {
        self.parts().count()
    }

    /// The first of its columns, which is NULL where the row is not there.
    #[must_use]
    pub fn first(&self) -> Self {
        self.parts().next().unwrap_or(*self)
    }

    /// Its value, from columns of a row that begin at a position.
    ///
    /// # Errors
    /// If a column holds what its kind cannot take.
    pub fn read(&self, row: &Row, at: usize) -> Result<Value> {
        if !self.is_composite() {
            return row.value(at, (self.field().kind)());
        }
        let read = |(place, part): (usize, Self)| row.value(at + place, (part.field().kind)());
        self.parts().enumerate().map(read).collect::<Result<_>>().map(Value::Key)
    }

    /// Whether a row of the query may lead to several of it.
    #[must_use]
    pub fn is_to_many(&self) -> bool {
        self.hops.is_some_and(|hop| hop.chain().iter().any(|hop| hop.is_to_many()))
    }

    /// Whether it may be NULL in a row of the query: by itself, or because a hop finds nothing.
    #[must_use]
    pub fn may_be_null(&self) -> bool {
        self.field().nullable || self.hops.is_some_and(|hop| hop.chain().iter().any(|hop| hop.may_be_null()))
    }
}

impl PartialEq for ColumnRef {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index && self.hops == other.hops && (self.model)() == (other.model)()
    }
}

impl std::fmt::Debug for ColumnRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", (self.model)().name, self.field().name)
    }
}

impl<P, T> Column<P, T> {
    /// A column with its type. The caller answers for it.
    const fn of(column: ColumnRef) -> Self {
        Self { column, marker: std::marker::PhantomData }
    }
}

impl<P: Path, T: Field> Column<P, T> {
    /// The column of the field at `K`.
    #[must_use]
    pub const fn at<K: Key>() -> Self {
        Self {
            column: ColumnRef {
                hops: P::HOPS,
                model: <K::Model as crate::model::Model>::schema,
                index: K::INDEX,
            },
            marker: std::marker::PhantomData,
        }
    }

    /// The column without types.
    #[must_use]
    pub const fn reference(&self) -> ColumnRef {
        self.column
    }
}
