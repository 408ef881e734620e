//! What a browser sent: names with texts, and files.

use bytes::Bytes;

use crate::error::{Error, ErrorKind, Result};

/// The most fields that a body may have. Each costs memory, and some cost a query.
pub const MAX_FIELDS: usize = 1000;

/// The names and texts of a body, in their order, and its files.
#[derive(Clone, Debug, Default)]
pub struct FormData {
    fields: Vec<(String, String)>,
    files: Vec<(String, UploadedFile)>,
}

/// A file that came with a form. Its name and type are what the client said, so do not trust them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadedFile {
    /// The name that the client gave, without any folder.
    pub name: String,
    /// The type that the client gave.
    pub content_type: String,
    /// What is in it.
    pub content: Bytes,
}

impl FormData {
    /// Nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self { fields: Vec::new(), files: Vec::new() }
    }

    /// Reads `a=1&b=2`.
    ///
    /// # Errors
    /// `BadRequest` if there are more than [`MAX_FIELDS`].
    pub fn from_urlencoded(body: &[u8]) -> Result<Self> {
        let mut data = Self::new();
        for (name, text) in form_urlencoded::parse(body) {
            data.push(name, text)?;
        }
        Ok(data)
    }

    /// Adds a field.
    ///
    /// # Errors
    /// `BadRequest` if there are [`MAX_FIELDS`] already.
    pub fn push(&mut self, name: impl Into<String>, text: impl Into<String>) -> Result<()> {
        self.room()?;
        self.fields.push((name.into(), text.into()));
        Ok(())
    }

    /// Adds a file. The folder in its name is dropped; an empty one is what a browser sends for no file.
    ///
    /// # Errors
    /// `BadRequest` if there are [`MAX_FIELDS`] already.
    pub fn push_file(&mut self, name: impl Into<String>, mut file: UploadedFile) -> Result<()> {
        self.room()?;
        let last = file.name.rsplit(['/', '\\']).next().unwrap_or_default();
        file.name = last.chars().filter(|c| !c.is_control()).take(255).collect();
        if !file.name.is_empty() {
            self.files.push((name.into(), file));
        }
        Ok(())
    }

    fn room(&self) -> Result<()> {
        if self.fields.len() + self.files.len() < MAX_FIELDS {
            return Ok(());
        }
        Err(Error::new(ErrorKind::BadRequest, format!("a form has at most {MAX_FIELDS} fields")))
    }

    /// The last text of a name, which is the one that counts.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().rev().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }

    /// Every text of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(known, _)| known == name).map(|(_, text)| text.as_str())
    }

    /// The file of a name.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&UploadedFile> {
        self.files.iter().rev().find(|(known, _)| known == name).map(|(_, file)| file)
    }

    /// Every name with its file.
    #[must_use]
    pub fn files(&self) -> &[(String, UploadedFile)] {
        &self.files
    }

    /// Every name with its text.
    #[must_use]
    pub fn fields(&self) -> &[(String, String)] {
        &self.fields
    }
}

impl<N: Into<String>, T: Into<String>> FromIterator<(N, T)> for FormData {
    /// For tests and for data that is not from outside: no limit.
    fn from_iter<I: IntoIterator<Item = (N, T)>>(pairs: I) -> Self {
        let fields = pairs.into_iter().map(|(name, text)| (name.into(), text.into())).collect();
        Self { fields, files: Vec::new() }
    }
}
