//! Files in a folder of the machine.

use std::io::{ErrorKind as Io, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures_util::future::BoxFuture;

use super::{Storage, check_name, encoded, missing};
use crate::error::{Error, Result};

/// Files in a folder of the machine, which is made with the first file.
#[derive(Clone, Debug)]
pub struct FileSystemStorage {
    folder: PathBuf,
    url: Option<String>,
}

impl FileSystemStorage {
    /// Files in this folder. They have no address until [`at`](Self::at) says one.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), url: None }
    }

    /// Browsers find the files behind this address: `/media/`, or `https://files.example.org/`.
    #[must_use]
    pub fn at(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// Where a file lies, for programs that want a path.
    ///
    /// # Errors
    /// If the name leads out of the folder.
    pub fn path(&self, name: &str) -> Result<PathBuf> {
        check_name(name)?;
        Ok(self.folder.join(name))
    }

    /// Runs what waits for the disk where nobody waits for it.
    fn with<'a, T: Send + 'static>(
        &'a self,
        name: &'a str,
        work: impl FnOnce(&Path) -> std::io::Result<T> + Send + 'static,
    ) -> BoxFuture<'a, Result<T>> {
        Box::pin(async move {
            let path = self.path(name)?;
            let done = tokio::task::spawn_blocking(move || work(&path)).await?;
            done.map_err(|error| match error.kind() {
                Io::NotFound => missing(name),
                _ => Error::from(error).context(format!("the stored file `{name}` cannot be used")),
            })
        })
    }
}

impl Storage for FileSystemStorage {
    fn create<'a>(&'a self, name: &'a str, content: Bytes) -> BoxFuture<'a, Result<bool>> {
        self.with(name, move |path| create(path, &content))
    }

    fn open<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Bytes>> {
        self.with(name, |path| std::fs::read(path).map(Bytes::from))
    }

    fn delete<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<()>> {
        self.with(name, |path| match std::fs::remove_file(path) {
            Err(error) if error.kind() == Io::NotFound => Ok(()),
            other => other,
        })
    }

    fn exists<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<bool>> {
        self.with(name, |path| Ok(path.is_file()))
    }

    fn size<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<u64>> {
        self.with(name, |path| std::fs::metadata(path).map(|facts| facts.len()))
    }

    fn list_dir<'a>(&'a self, folder: &'a str) -> BoxFuture<'a, Result<(Vec<String>, Vec<String>)>> {
        Box::pin(async move {
            let path = if folder.is_empty() { self.folder.clone() } else { self.path(folder)? };
            tokio::task::spawn_blocking(move || list(&path)).await?.map_err(Error::from)
        })
    }

    fn url(&self, name: &str) -> Result<String> {
        check_name(name)?;
        match &self.url {
            Some(url) => Ok(format!("{url}{}", encoded(name))),
            None => Err(Error::other(
                "this storage has no address for browsers; give it one with `.at(\"/media/\")`, or answer with the file from a view",
            )),
        }
    }
}

/// Two that write one name at a time: the file system lets one of them.
fn create(path: &Path, content: &[u8]) -> std::io::Result<bool> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut file = match std::fs::File::create_new(path) {
        Ok(file) => file,
        Err(error) if error.kind() == Io::AlreadyExists => return Ok(false),
        Err(error) => return Err(error),
    };
    let written = file.write_all(content).and_then(|()| file.sync_all());
    if written.is_err() {
        // Half a file is none.
        std::fs::remove_file(path).ok();
    }
    written.map(|()| true)
}

fn list(folder: &Path) -> std::io::Result<(Vec<String>, Vec<String>)> {
    let (mut folders, mut files) = (Vec::new(), Vec::new());
    let entries = match std::fs::read_dir(folder) {
        // The folder is made with the first file.
        Err(error) if error.kind() == Io::NotFound => return Ok((folders, files)),
        other => other?,
    };
    for entry in entries {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if !name.starts_with('.') {
            if entry.file_type()?.is_dir() { &mut folders } else { &mut files }.push(name);
        }
    }
    folders.sort();
    files.sort();
    Ok((folders, files))
}
