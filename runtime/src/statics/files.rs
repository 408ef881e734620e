//! All static files of a project, found by either of their names.

use super::{StaticDir, kind};
use crate::error::{Error, Result};
use crate::routing::nearest;
use axum::http::HeaderValue;
use include_dir::DirEntry;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// All static files of a project.
#[derive(Debug, Default)]
pub struct StaticFiles {
    /// The address before the names, with a slash at both ends.
    prefix: String,
    /// By the name in the source: `css/site.css`.
    files: BTreeMap<String, StaticFile>,
    /// From the name with a hash to the one without.
    hashed: BTreeMap<String, String>,
}

/// One file.
#[derive(Debug)]
pub(super) struct StaticFile {
    url: String,
    app: &'static str,
    pub(super) bytes: &'static [u8],
    pub(super) content_type: &'static str,
    pub(super) etag: HeaderValue,
}

impl StaticFiles {
    /// The files of these folders, each with the label of its app.
    ///
    /// # Errors
    /// Names a file that two apps bring.
    pub(crate) fn collect(prefix: &str, folders: &[(&'static str, StaticDir)]) -> Result<Self> {
        let mut all = Self { prefix: prefix.to_owned(), ..Self::default() };
        for (app, folder) in folders {
            all.add_folder(app, folder)?;
        }
        Ok(all)
    }

    fn add_folder(&mut self, app: &'static str, folder: StaticDir) -> Result<()> {
        for entry in folder.entries() {
            match entry {
                DirEntry::Dir(inner) => self.add_folder(app, inner)?,
                DirEntry::File(file) => {
                    let name = file.path().to_string_lossy().replace('\\', "/");
                    // Editors' leftovers and `.htaccess` are nobody's business.
                    if !name.split('/').any(|part| part.starts_with('.')) {
                        self.add(app, name, file.contents())?;
                    }
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, app: &'static str, name: String, bytes: &'static [u8]) -> Result<()> {
        if let Some(other) = self.files.get(&name) {
            let first = other.app;
            return Err(Error::other(format!(
                "the apps `{first}` and `{app}` both bring the static file `{name}`; put each app's files into a folder of its name"
            )));
        }
        let hash: String = Sha256::digest(bytes).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        let hashed = with_hash(&name, &hash);
        let etag = HeaderValue::from_str(&format!("\"{hash}\""))?;
        let url = format!("{}{}", self.prefix, encoded(&hashed));
        self.hashed.insert(hashed, name.clone());
        self.files.insert(
            name.clone(),
            StaticFile { url, app, bytes, content_type: kind::content_type(&name), etag },
        );
        Ok(())
    }

    /// The address of a file, with the hash of its content.
    #[must_use]
    pub fn url(&self, name: &str) -> Option<&str> {
        self.files.get(name).map(|file| file.url.as_str())
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The file under a name, and whether the name holds its hash and so never changes its content.
    pub(super) fn find(&self, name: &str) -> Option<(&StaticFile, bool)> {
        match self.hashed.get(name) {
            Some(plain) => self.files.get(plain).map(|file| (file, true)),
            None => self.files.get(name).map(|file| (file, false)),
        }
    }

    /// What to say when there is no such file.
    pub(crate) fn missing(&self, name: &str) -> String {
        match nearest(name, self.files.keys().map(String::as_str)) {
            Some(known) => format!("there is no static file `{name}`; did you mean `{known}`?"),
            None => format!("there is no static file `{name}`"),
        }
    }
}

/// `css/site.css` as `css/site.4f3a1b.css`.
fn with_hash(name: &str, hash: &str) -> String {
    let (folder, file) = name.rsplit_once('/').map_or(("", name), |(folder, file)| (folder, file));
    let file = match file.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}.{hash}.{ending}"),
        None => format!("{file}.{hash}"),
    };
    if folder.is_empty() { file } else { format!("{folder}/{file}") }
}

fn encoded(name: &str) -> String {
    let mut out = String::new();
    for (at, part) in name.split('/').enumerate() {
        if at > 0 {
            out.push('/');
        }
        crate::routing::encode_segment(part, &mut out);
    }
    out
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn files(names: &[(&'static str, &'static [u8])]) -> StaticFiles {
        let mut all = StaticFiles { prefix: "/static/".to_owned(), ..StaticFiles::default() };
        for (name, bytes) in names {
            all.add("shop", (*name).to_owned(), bytes).unwrap();
        }
        all
    }

    #[test]
    fn the_name_holds_the_hash_of_the_content() {
        let all = files(&[("css/site.css", b"a{}"), ("LICENSE", b"x"), ("a b.css", b"a{}")]);
        // python3 -c 'import hashlib; print(hashlib.sha256(b"a{}").hexdigest()[:12])'
        assert_eq!(all.url("css/site.css"), Some("/static/css/site.5f546eb4606b.css"));
        assert!(all.url("a b.css").unwrap().starts_with("/static/a%20b."));
        let other = files(&[("css/site.css", b"b{}")]);
        assert_ne!(other.url("css/site.css"), all.url("css/site.css"));
    }

    #[test]
    fn two_files_of_one_name_are_refused() {
        let mut all = files(&[("site.css", b"a")]);
        let error = all.add("blog", "site.css".to_owned(), b"b").unwrap_err().to_string();
        assert!(error.contains("`shop` and `blog`"), "{error}");
    }

    #[test]
    fn a_missing_file_names_the_nearest() {
        let text = files(&[("css/site.css", b"a")]).missing("css/sites.css");
        assert_eq!(text, "there is no static file `css/sites.css`; did you mean `css/site.css`?");
    }
}
