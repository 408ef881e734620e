//! Where uploaded files lie: a folder, memory, or a store of the project's own.
//!
//! A [`Storage`] knows files by names such as `covers/2026/dune.png`. The project has several by
//! alias, [`Storages`]; what says no alias lies in `default`, the folder of the setting `media_root`.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> nuages::Result<()> {
//! use nuages::storage::{InMemoryStorage, Storage, save};
//!
//! let storage = InMemoryStorage::new("/media/");
//! let first = save(&storage, "covers/dune.png", "first".into(), 100).await?;
//! let second = save(&storage, "covers/dune.png", "second".into(), 100).await?;
//! assert_eq!(first, "covers/dune.png");
//! assert_ne!(second, first, "nothing is overwritten");
//! assert_eq!(storage.open(&first).await?, "first");
//! assert_eq!(storage.url(&first)?, "/media/covers/dune.png");
//! # Ok(()) }
//! ```

mod folder;
mod memory;
mod name;
mod registry;

use std::fmt;

use bytes::Bytes;
use futures_util::future::BoxFuture;

use crate::error::{Error, ErrorKind, Result};

pub use folder::FileSystemStorage;
pub use memory::InMemoryStorage;
pub use name::{check_name, get_valid_name};
pub(crate) use name::{encoded, generated};
pub use registry::{DEFAULT, Storages};

/// How often another name is tried when one is taken.
const TRIES: u32 = 20;

/// A place for files, which are known by names with slashes. Implement it to keep them elsewhere.
///
/// A name that a storage is given was checked: it leads nowhere else (see [`check_name`]).
pub trait Storage: fmt::Debug + Send + Sync + 'static {
    /// Writes a new file, and sees that it lasts. `false` if there is one of this name: none is ever overwritten.
    fn create<'a>(&'a self, name: &'a str, content: Bytes) -> BoxFuture<'a, Result<bool>>;

    /// What is in a file; `NotFound` if there is none of the name.
    fn open<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Bytes>>;

    /// Removes a file. One that is not there is no error.
    fn delete<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<()>>;

    /// Whether there is a file of this name.
    fn exists<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<bool>>;

    /// How many bytes a file has; `NotFound` if there is none of the name.
    fn size<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<u64>>;

    /// The folders and the files in a folder, sorted; the empty name is the storage itself.
    fn list_dir<'a>(&'a self, folder: &'a str) -> BoxFuture<'a, Result<(Vec<String>, Vec<String>)>>;

    /// The address that browsers find a file at.
    ///
    /// # Errors
    /// If the storage has none for it.
    fn url(&self, name: &str) -> Result<String>;
}

/// Writes a file under this name, or under one like it where it is taken, and gives the name. It has
/// at most `max_length` characters.
///
/// # Errors
/// If the name leads out of the storage or has no room, or the storage fails.
pub async fn save(storage: &dyn Storage, name: &str, content: Bytes, max_length: usize) -> Result<String> {
    let mut wanted = name::shortened(name, "", max_length)?;
    for _ in 0..TRIES {
        check_name(&wanted)?;
        if storage.create(&wanted, content.clone()).await? {
            return Ok(wanted);
        }
        wanted = name::shortened(name, &name::random()?, max_length)?;
    }
    Err(Error::other(format!("no free name like `{name}` was found")))
}

/// The error for a file that is not there.
pub(crate) fn missing(name: &str) -> Error {
    Error::new(ErrorKind::NotFound, format!("there is no file `{name}`"))
}
