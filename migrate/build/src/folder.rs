//! The folder of one app's migrations on disk.

use std::io;
use std::path::{Path, PathBuf};

use crate::file::{DRAFT, Migration, PENDING, SEALED};
use crate::merge::{Merged, merge};
use crate::{History, suggest_name};

/// The file whose one line names the last migration, so that two branches conflict in git.
const HEAD: &str = "head";

/// What a folder of migrations holds.
#[derive(Debug)]
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
    /// The app's label.
    pub app: String,
    /// The sealed migrations and the drafts, in order.
    pub history: History,
    /// The migration that the build wrote and nobody sealed.
    pub pending: Option<Migration>,
    /// What the head file says.
    pub head: Option<String>,
}

impl Folder {
    /// Reads a folder; one that is not there is empty.
    ///
    /// # Errors
    /// In words with the file's name: a file that cannot be read or was edited, two branches, a missing parent.
    pub fn load(path: &Path, app: &str) -> Result<Self, String> {
        let migrations = read_all(path, app)?;
        let pending = match path.join("pending.toml").exists() {
            // A pending file is the build's own and is written anew, so one that cannot be read is no harm.
            true => read(path, app, PENDING).ok(),
            false => None,
        };
        let head = std::fs::read_to_string(path.join(HEAD)).ok().map(|text| text.trim().to_owned());
        Ok(Self {
            path: path.to_owned(),
            app: app.to_owned(),
            history: History::new(migrations)?,
            pending,
            head,
        })
    }

    /// The migrations without a checksum, which somebody still writes.
    pub fn drafts(&self) -> impl Iterator<Item = &Migration> {
        self.history.migrations().iter().filter(|migration| migration.sealed.is_none())
    }

    /// Writes the pending migration, whole or not at all; says whether the file changed.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn write_pending(&self, operations: Vec<crate::Operation>) -> io::Result<bool> {
        let path = self.path.join("pending.toml");
        if operations.is_empty() {
            return match std::fs::remove_file(&path) {
                Ok(()) => Ok(true),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
                Err(error) => Err(error),
            };
        }
        let text = Migration::pending(&self.app, self.history.head(), operations).text();
        write_if_changed(&path, &text)
    }

    /// Gives the pending migration a number, a name and a checksum.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn seal_pending(&self, name: Option<&str>) -> io::Result<Option<Migration>> {
        let Some(pending) = &self.pending else { return Ok(None) };
        let mut sealed = pending.clone();
        sealed.name = self.next_name(name, &sealed.operations);
        let sealed = self.write_sealed(sealed)?;
        std::fs::remove_file(self.path.join("pending.toml"))?;
        Ok(Some(sealed))
    }

    /// Writes a migration that stands for others; their files stay.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn write_squashed(&self, mut squashed: Migration) -> io::Result<Migration> {
        squashed.sealed = Some(squashed.checksum());
        write_if_changed(&self.file(&squashed.name), &squashed.text())?;
        if squashed.replaces.last().map(String::as_str) == self.history.head() {
            write_if_changed(&self.path.join(HEAD), &format!("{}\n", squashed.name))?;
        }
        Ok(squashed)
    }

    /// Gives drafts their checksums.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn seal_drafts(&self) -> io::Result<Vec<Migration>> {
        self.drafts().cloned().map(|draft| self.seal_draft(draft)).collect()
    }

    /// Puts the checksum into the file as it is, so that what its author noted stays.
    fn seal_draft(&self, mut draft: Migration) -> io::Result<Migration> {
        let path = self.file(&draft.name);
        let checksum = draft.checksum();
        let text = std::fs::read_to_string(&path)?;
        let at = text.find("\n[").map_or(text.len(), |at| at + 1);
        let (head, operations) = text.split_at(at);
        let head = head.replace(DRAFT, SEALED);
        let head = head.trim_end();
        write_if_changed(&path, &format!("{head}\nchecksum = \"{checksum}\"\n\n{operations}"))?;
        draft.sealed = Some(checksum);
        Ok(draft)
    }

    /// Writes a draft without operations, for SQL and data steps.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn write_empty(&self, name: Option<&str>) -> io::Result<Migration> {
        let mut draft = Migration::pending(&self.app, self.history.head(), Vec::new());
        draft.name = self.next_name(Some(name.unwrap_or("empty")), &[]);
        std::fs::create_dir_all(&self.path)?;
        write_if_changed(&self.file(&draft.name), &format!("{}{EXAMPLE}", draft.text()))?;
        write_if_changed(&self.path.join(HEAD), &format!("{}\n", draft.name))?;
        Ok(draft)
    }

    /// Brings the head file in line with the migrations; says whether it changed.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn write_head(&self) -> io::Result<bool> {
        match self.history.head() {
            Some(head) => write_if_changed(&self.path.join(HEAD), &format!("{head}\n")),
            None => Ok(false),
        }
    }

    /// The path of a migration's file.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(format!("{name}.toml"))
    }

    fn next_name(&self, name: Option<&str>, operations: &[crate::Operation]) -> String {
        let number = self.history.next_number();
        let name = name.map_or_else(|| suggest_name(operations, number == 1), clean);
        format!("{number:04}_{name}")
    }

    fn write_sealed(&self, mut migration: Migration) -> io::Result<Migration> {
        migration.sealed = Some(migration.checksum());
        std::fs::create_dir_all(&self.path)?;
        write_if_changed(&self.file(&migration.name), &migration.text())?;
        let last = self.history.head().is_none_or(|head| migration.name.as_str() >= head);
        if last {
            write_if_changed(&self.path.join(HEAD), &format!("{}\n", migration.name))?;
        }
        Ok(migration)
    }
}

/// Whether two branches met in a folder, which [`merge_folder`] mends.
#[must_use]
pub fn can_merge(path: &Path, app: &str) -> bool {
    read_all(path, app).is_ok_and(|all| merge(&all).is_ok_and(|merged| merged.is_some()))
}

/// Puts the second of two branches that met after the first, on disk; `None` where there is one line already.
///
/// # Errors
/// In words: the branches do not go together, or the folder cannot be written.
pub fn merge_folder(path: &Path, app: &str) -> Result<Option<Merged>, String> {
    let Some(merged) = merge(&read_all(path, app)?)? else { return Ok(None) };
    let file = |name: &str| path.join(format!("{name}.toml"));
    let write = || -> io::Result<()> {
        for (_, new) in &merged.moved {
            write_if_changed(&file(&new.name), &new.text())?;
        }
        for (old, _) in merged.moved.iter().filter(|(old, new)| *old != new.name) {
            std::fs::remove_file(file(old))?;
        }
        let last = merged.moved.last().map_or(&merged.onto, |(_, new)| &new.name);
        write_if_changed(&path.join(HEAD), &format!("{last}\n")).map(drop)
    };
    write().map_err(|error| at(path, &error))?;
    Ok(Some(merged))
}

/// What an empty migration shows, to be edited.
const EXAMPLE: &str = r#"
# [[operation]]
# op = "run_sql"
# forward = "UPDATE …"
# reverse = "UPDATE …"
#
# [[operation]]             # what the SQL did to the models, if anything
# op = "state_only"
# operations = [{ op = "rename_field", model = "Book", from = "name", to = "title", column = "title" }]
#
# [[operation]]
# op = "run_data"
# forward = "fill_slugs"    # a function marked #[data_step]
"#;

/// The names of the migrations in a folder, in order.
fn names(path: &Path) -> io::Result<Vec<String>> {
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut names = Vec::new();
    for entry in entries {
        let file = entry?.file_name();
        let stem = file.to_str().and_then(|name| name.strip_suffix(".toml"));
        names.extend(stem.filter(|stem| stem.starts_with(|c: char| c.is_ascii_digit())).map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

fn read_all(path: &Path, app: &str) -> Result<Vec<Migration>, String> {
    names(path).map_err(|error| at(path, &error))?.iter().map(|name| read(path, app, name)).collect()
}

fn read(path: &Path, app: &str, name: &str) -> Result<Migration, String> {
    let file = path.join(format!("{name}.toml"));
    let text = std::fs::read_to_string(&file).map_err(|error| at(&file, &error))?;
    let migration = Migration::parse(app, name, &text).map_err(|error| at(&file, &error))?;
    if migration.was_edited() {
        return Err(format!(
            "migrations/{name}.toml was edited after it was sealed: restore it from version control, and write the \
             change into a new migration (`makemigrations --empty`)"
        ));
    }
    Ok(migration)
}

fn at(path: &Path, error: &dyn std::fmt::Display) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    format!("migrations/{name}: {error}")
}

fn clean(name: &str) -> String {
    let name: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    name.chars().take(52).collect()
}

/// Writes beside the file and renames, so that nobody reads half of it.
///
/// # Errors
/// When the folder cannot be written.
pub(crate) fn write_if_changed(path: &Path, text: &str) -> io::Result<bool> {
    if std::fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(false);
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}", std::process::id()));
    std::fs::write(&beside, text)?;
    std::fs::rename(&beside, path)?;
    Ok(true)
}
