//! Columns that hold the name of a stored file.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use nuages_schema::{ColumnKind, FileSchema};

use super::{Column, Field};
use crate::backend::Row;
use crate::error::{Error, Result};
use crate::path::{Key, NotNull, Nullness, Path};
use crate::storage::{DEFAULT, check_name};
use crate::value::Value;

/// The most characters of a name, unless the field says a `max_length`. The build knows the same number.
const NAME: u32 = 255;

/// A storage as a type: `File<Private>` lies in the storage that [`ALIAS`](Self::ALIAS) names.
///
/// ```
/// use nuages::field::{File, StorageAlias};
///
/// struct Private;
/// impl StorageAlias for Private {
///     const ALIAS: &'static str = "private";
/// }
/// assert_eq!(File::<Private>::named("contracts/7.pdf")?.storage(), "private");
/// # nuages::Result::<()>::Ok(())
/// ```
pub trait StorageAlias: Send + Sync + 'static {
    /// The alias that the project gives the storage.
    const ALIAS: &'static str;
}

/// The storage `default`: the folder of the setting `media_root`.
#[derive(Clone, Copy, Debug)]
pub struct Media;

impl StorageAlias for Media {
    const ALIAS: &'static str = DEFAULT;
}

/// The types that hold the name of a stored file: [`File`] and [`Image`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` holds no file",
    label = "not a file",
    note = "the field's type is `File` or `Image`, or an `Option` of one"
)]
pub trait StoredFile: Field {
    /// A file of a name that the storage gave.
    #[doc(hidden)]
    fn stored(name: String) -> Self;
}

macro_rules! files {
    ($($(#[$doc:meta])* $type:ident, $image:literal;)*) => {$(
        $(#[$doc])*
        pub struct $type<S = Media> {
            name: String,
            storage: PhantomData<fn() -> S>,
        }

        impl<S: StorageAlias> $type<S> {
            /// A file that lies in the storage already, such as one of an older system.
            ///
            /// # Errors
            /// If the name leads out of the storage.
            pub fn named(name: impl Into<String>) -> Result<Self> {
                let name = name.into();
                check_name(&name)?;
                Ok(Self { name, storage: PhantomData })
            }

            /// The alias of its storage.
            #[must_use]
            pub const fn storage(&self) -> &'static str {
                S::ALIAS
            }
        }

        impl<S> $type<S> {
            /// Its name in the storage, such as `covers/dune.png`; empty is no file.
            #[must_use]
            pub fn name(&self) -> &str {
                &self.name
            }
        }

        impl<S> Clone for $type<S> {
            fn clone(&self) -> Self {
                Self { name: self.name.clone(), storage: PhantomData }
            }
        }

        /// No file: its name is empty.
        impl<S> Default for $type<S> {
            fn default() -> Self {
                Self { name: String::new(), storage: PhantomData }
            }
        }

        impl<S> PartialEq for $type<S> {
            fn eq(&self, other: &Self) -> bool {
                self.name == other.name
            }
        }

        impl<S> Eq for $type<S> {}

        impl<S> Hash for $type<S> {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.name.hash(state);
            }
        }

        impl<S> fmt::Debug for $type<S> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($type)).field(&self.name).finish()
            }
        }

        impl<S> fmt::Display for $type<S> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.name)
            }
        }

        impl<S: StorageAlias> Field for $type<S> {
            const KIND: ColumnKind = ColumnKind::Text;
            const MAX_LENGTH: Option<u32> = Some(NAME);
            const FILE: Option<FileSchema> = Some(FileSchema::new(S::ALIAS, $image));
            type Base = Self;
            type Optional = Option<Self>;
            type Null = NotNull;
            type In<P: Path, K: Key, N: Nullness> = Column<P, N::Of<Self>>;

            fn to_value(&self) -> Value {
                Value::Text(self.name.clone())
            }

            fn read(row: &Row, at: usize) -> Result<Self> {
                let name = String::read(row, at)?;
                // What somebody else wrote into the table must not lead out of the storage either.
                if !name.is_empty() {
                    check_name(&name).map_err(|_| Error::decode(format!("column {at} holds no name of a stored file")))?;
                }
                Ok(Self { name, storage: PhantomData })
            }
        }
    )*};
}

files! {
    /// A stored file: the column holds its name, the storage what is in it.
    ///
    /// Forms and the admin take uploads for it. In code it is made by
    /// [`upload`](crate::query::ModelOperations::upload), and read through the `Db` that it came from:
    ///
    /// ```no_run
    /// # use nuages::prelude::*;
    /// # use nuages::field::File;
    /// # async fn f(db: &Db, manual: File) -> nuages::Result<()> {
    /// let content = manual.open(db).await?;
    /// let address = manual.url(db)?;
    /// # Ok(()) }
    /// ```
    File, false;
    /// A stored image: a [`File`] that is a PNG, a JPEG, a GIF or a WebP.
    Image, true;
}

// Outside of the macro, so that rustc shows them as they are to whose type is neither.
impl<S: StorageAlias> StoredFile for File<S> {
    fn stored(name: String) -> Self {
        Self { name, storage: PhantomData }
    }
}

impl<S: StorageAlias> StoredFile for Image<S> {
    fn stored(name: String) -> Self {
        Self { name, storage: PhantomData }
    }
}
