//! Files that end with the program, for tests.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures_util::future::BoxFuture;

use super::{Storage, check_name, encoded, missing};
use crate::error::Result;

/// Files that end with the program, for tests.
#[derive(Debug, Default)]
pub struct InMemoryStorage {
    files: Mutex<BTreeMap<String, Bytes>>,
    url: String,
}

impl InMemoryStorage {
    /// No file yet; browsers would find them behind this address.
    pub fn new(url: impl Into<String>) -> Self {
        Self { files: Mutex::default(), url: url.into() }
    }

    fn files(&self) -> MutexGuard<'_, BTreeMap<String, Bytes>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer to a name, which is there at once.
    fn answer<T>(
        &self,
        name: &str,
        work: impl FnOnce(&mut BTreeMap<String, Bytes>) -> Option<T>,
    ) -> BoxFuture<'static, Result<T>>
    where
        T: Send + 'static,
    {
        let answer = check_name(name).and_then(|()| work(&mut self.files()).ok_or_else(|| missing(name)));
        Box::pin(std::future::ready(answer))
    }
}

impl Storage for InMemoryStorage {
    fn create<'a>(&'a self, name: &'a str, content: Bytes) -> BoxFuture<'a, Result<bool>> {
        self.answer(name, |files| {
            let is_free = !files.contains_key(name);
            if is_free {
                files.insert(name.to_owned(), content);
            }
            Some(is_free)
        })
    }

    fn open<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Bytes>> {
        self.answer(name, |files| files.get(name).cloned())
    }

    fn delete<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<()>> {
        self.answer(name, |files| {
            files.remove(name);
            Some(())
        })
    }

    fn exists<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<bool>> {
        self.answer(name, |files| Some(files.contains_key(name)))
    }

    fn size<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<u64>> {
        self.answer(name, |files| files.get(name).map(|content| content.len() as u64))
    }

    fn list_dir<'a>(&'a self, folder: &'a str) -> BoxFuture<'a, Result<(Vec<String>, Vec<String>)>> {
        let start = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let (mut folders, mut files) = (BTreeSet::new(), Vec::new());
        for rest in self.files().keys().filter_map(|name| name.strip_prefix(&start)) {
            match rest.split_once('/') {
                Some((folder, _)) => _ = folders.insert(folder.to_owned()),
                None => files.push(rest.to_owned()),
            }
        }
        Box::pin(std::future::ready(Ok((folders.into_iter().collect(), files))))
    }

    fn url(&self, name: &str) -> Result<String> {
        check_name(name)?;
        Ok(format!("{}{}", self.url, encoded(name)))
    }
}
