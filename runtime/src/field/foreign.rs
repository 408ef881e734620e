//! Foreign keys: a field that holds the key of a row of another model.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use nuages_schema::ColumnKind;

use super::{Access, Column, ColumnRef, Field, Target};
use crate::backend::Row;
use crate::error::Result;
use crate::model::Model;
use crate::path::{Companion, Forward, Key, NotNull, Nullness, Path, Step, Via};
use crate::value::Value;

/// The field types that refer to a model by its key.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not refer to a model",
    label = "not a relation",
    note = "`on_delete` and `related_name` belong to `ForeignKey<…>` and `OneToOne<…>`"
)]
pub trait Reference: Field {
    /// The model it refers to.
    type Target: Model;
    /// Whether at most one row refers to each target.
    const ONE_TO_ONE: bool;
}

impl<T: Reference + Field<Base = T>> Reference for Option<T> {
    type Target = T::Target;
    const ONE_TO_ONE: bool = T::ONE_TO_ONE;
}

macro_rules! foreign_fields {
    ($($(#[$doc:meta])* $name:ident: $one:literal;)*) => {$(
        $(#[$doc])*
        pub struct $name<T: Model> {
            key: T::Key,
            // Last and of a known size, so that a `T` that is no model is not told again for each use of the row's size.
            target: PhantomData<fn() -> T>,
        }

        impl<T: Model> $name<T> {
            /// Refers to the row with this key.
            pub fn to(key: impl KeyOf<T>) -> Self {
                Self { key: key.key_of(), target: PhantomData }
            }

            /// The key of the row it refers to.
            pub fn key(&self) -> &T::Key {
                &self.key
            }
        }

        impl<T: Model> Field for $name<T> {
            const KIND: ColumnKind = T::Key::KIND;
            const FOREIGN: bool = true;
            const COMPOSITE: bool = T::Key::COMPOSITE;
            const TARGET: Option<Target> = Some(Target { one_to_one: $one, ..T::OF });
            type Base = Self;
            type Optional = Option<Self>;
            type Null = NotNull;
            type In<P: Path, K: Key, N: Nullness> = Relation<P, Forward<K, T>, N>;

            fn kind() -> ColumnKind {
                T::Key::kind()
            }

            fn to_value(&self) -> Value {
                self.key.to_value()
            }

            fn into_value(self) -> Value {
                self.key.into_value()
            }

            fn read(row: &Row, at: usize) -> Result<Self> {
                T::Key::read(row, at).map(|key| Self { key, target: PhantomData })
            }
        }

        impl<T: Model> Reference for $name<T> {
            type Target = T;
            const ONE_TO_ONE: bool = $one;
        }

        impl<T: Model> KeyOf<T> for $name<T> {
            fn key_of(self) -> T::Key {
                self.key
            }
        }

        impl<T: Model> KeyOf<T> for &$name<T> {
            fn key_of(self) -> T::Key {
                self.key.clone()
            }
        }

        impl<T: Model> From<&T> for $name<T> {
            fn from(row: &T) -> Self {
                Self { key: row.key(), target: PhantomData }
            }
        }

        impl<T: Model> Clone for $name<T> {
            fn clone(&self) -> Self {
                Self { key: self.key.clone(), target: PhantomData }
            }
        }

        impl<T: Model<Key: Copy>> Copy for $name<T> {}

        impl<T: Model<Key: PartialEq>> PartialEq for $name<T> {
            fn eq(&self, other: &Self) -> bool {
                self.key == other.key
            }
        }

        impl<T: Model<Key: Eq>> Eq for $name<T> {}

        impl<T: Model<Key: std::hash::Hash>> std::hash::Hash for $name<T> {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                self.key.hash(state);
            }
        }

        impl<T: Model<Key: fmt::Debug>> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({:?})", stringify!($name), self.key)
            }
        }

        impl<T: Model<Key: fmt::Display>> fmt::Display for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.key.fmt(f)
            }
        }
    )*};
}

foreign_fields! {
    /// A relation to one row of `T`: the column holds its key, and nothing is loaded by itself.
    ForeignKey: false;
    /// A relation to one row of `T` that no other row refers to by the same field.
    OneToOne: true;
}

/// What names a row of `T`: a reference to it, its key, or a foreign key to it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name a row of `{T}`",
    label = "expected a `&{T}`, its key, or a `ForeignKey<{T}>`"
)]
pub trait KeyOf<T: Model> {
    /// The key.
    fn key_of(self) -> T::Key;
}

impl<T: Model> KeyOf<T> for &T {
    fn key_of(self) -> T::Key {
        self.key()
    }
}

macro_rules! key_types {
    ($($type:ty),*) => {$(
        impl<T: Model<Key = $type>> KeyOf<T> for $type {
            fn key_of(self) -> $type {
                self
            }
        }
    )*};
}

key_types!(i16, i32, i64, u8, u16, u32, String, uuid::Uuid);

impl<T: Model<Key = String>> KeyOf<T> for &str {
    fn key_of(self) -> String {
        self.to_owned()
    }
}

/// A relation in a query. It dereferences to the fields of the model it leads to,
/// so that `b.author.name` is the column of the author.
#[expect(clippy::type_complexity, reason = "a marker that owns nothing")]
pub struct Relation<P, S, N>(PhantomData<fn() -> (P, S, N)>);

impl<P, S, N> Clone for Relation<P, S, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P, S, N> Copy for Relation<P, S, N> {}

impl<P: Path, S: Step, N: Nullness> Relation<P, S, N> {
    /// The relation of this type; there is only one.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }

    /// The column that holds the key of the row it leads to, as seen from there.
    #[must_use]
    pub fn key_column(&self) -> ColumnRef {
        ColumnRef { hops: <Via<P, S, N> as Path>::HOPS, model: S::To::schema, index: S::To::schema().key }
    }
}

impl<P: Path, S: Step, N: Nullness> Default for Relation<P, S, N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P: Path, S: Step, N: Nullness, K: Key> Access<K> for Relation<P, S, N> {
    const NEW: Self = Self::new();
}

impl<P: Path, S: Step, N: Nullness> Deref for Relation<P, S, N> {
    type Target = <S::To as Model>::Fields<Via<P, S, N>>;

    fn deref(&self) -> &Self::Target {
        <Self::Target as Companion>::ALL
    }
}

impl<P: Path, K: Key, T: Model, N: Nullness> Relation<P, Forward<K, T>, N> {
    /// The foreign key's own column, as a value that can be compared, selected and set.
    #[must_use]
    pub const fn column(&self) -> Column<P, N::Of<ForeignKey<T>>> {
        Column::at::<K>()
    }
}
