//! The history: what was done to which row, by whom, with the values before and after.
//!
//! Names and keys are kept as text, so that an entry outlives the user and the row it tells of.

use nuages::Result;
use nuages::backend::Db;
use nuages::prelude::*;
use nuages_schema::ModelSchema;
use serde::{Deserialize, Serialize};

use crate::asked::Asked;

/// What was done.
#[derive(Choices, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verb {
    /// A row was made.
    Added,
    /// A row was changed.
    Changed,
    /// A row was deleted.
    Deleted,
}

/// One entry of the history. Written in the transaction of the change itself.
#[derive(Model, Clone, Debug)]
#[model(
    app_label = "admin",
    db_table = "nuages_admin_log",
    ordering(-id),
    index(fields(app, model, object_key)),
    index(fields(user_key)),
    display = "{object}"
)]
pub struct LogEntry {
    /// The primary key; it grows with time.
    pub id: i64,
    /// When.
    #[field(auto_now_add)]
    pub at: DateTime,
    /// The key of the user who did it.
    #[field(max_length = 64)]
    pub user_key: String,
    /// The user's name at that time.
    #[field(max_length = 254)]
    pub username: String,
    /// The app of the model.
    #[field(max_length = 100)]
    pub app: String,
    /// The model in lower case.
    #[field(max_length = 100)]
    pub model: String,
    /// The key of the row.
    #[field(max_length = 255)]
    pub object_key: String,
    /// What the row was called.
    #[field(max_length = 200)]
    pub object: String,
    /// What was done.
    pub verb: Verb,
    /// From where: the form, the list, an action.
    #[field(max_length = 100)]
    pub source: String,
    /// The fields that changed, with their values before and after.
    pub changes: Json,
}

/// A field that changed, as the history keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Changed {
    /// The field's name.
    pub(crate) field: String,
    /// Its label at that time.
    pub(crate) label: String,
    /// What it was, in words.
    pub(crate) was: Option<String>,
    /// What it became.
    pub(crate) now: Option<String>,
}

/// What is to be written down.
pub(crate) struct Entry<'a> {
    pub(crate) schema: &'a ModelSchema,
    pub(crate) key: String,
    pub(crate) object: &'a str,
    pub(crate) verb: Verb,
    pub(crate) source: &'a str,
    pub(crate) changes: &'a [Changed],
}

impl Entry<'_> {
    fn new_row(&self, asked: &Asked) -> Result<NewLogEntry> {
        Ok(NewLogEntry {
            user_key: clipped(&asked.by.user_key, 64),
            username: clipped(&asked.by.username, 254),
            app: self.schema.app.to_owned(),
            model: self.schema.slug(),
            object_key: clipped(&self.key, 255),
            object: clipped(self.object, 200),
            verb: self.verb,
            source: clipped(self.source, 100),
            changes: serde_json::to_value(self.changes)?,
        })
    }
}

/// Writes entries; `db` is the session inside the transaction of the change.
pub(crate) async fn write(db: &Db, asked: &Asked, entries: &[Entry<'_>]) -> Result<()> {
    let rows = entries.iter().map(|entry| entry.new_row(asked)).collect::<Result<Vec<_>>>()?;
    LogEntry::objects().bulk_create(db, rows).await?;
    Ok(())
}

/// The latest entries of one row.
pub(crate) async fn of_row(
    db: &Db,
    schema: &ModelSchema,
    key: &str,
    before: Option<i64>,
    most: u64,
) -> Result<Vec<LogEntry>> {
    let (app, model, key) = (schema.app.to_owned(), schema.slug(), key.to_owned());
    let mut entries = LogEntry::objects()
        .filter(|e| e.app.eq(app.as_str()) & e.model.eq(model.as_str()) & e.object_key.eq(key.as_str()))
        .limit(most);
    if let Some(before) = before {
        entries = LogEntry::objects()
            .filter(|e| e.app.eq(app.as_str()) & e.model.eq(model.as_str()) & e.object_key.eq(key.as_str()))
            .filter(|e| e.id.lt(before))
            .limit(most);
    }
    entries.order_by(|e| e.id.desc()).all(db).await
}

/// What a user did last.
pub(crate) async fn of_user(db: &Db, user_key: &str, most: u64) -> Result<Vec<LogEntry>> {
    LogEntry::objects()
        .filter(|e| e.user_key.eq(user_key))
        .order_by(|e| e.id.desc())
        .limit(most)
        .all(db)
        .await
}

/// What other users did last.
pub(crate) async fn of_others(db: &Db, user_key: &str, most: u64) -> Result<Vec<LogEntry>> {
    LogEntry::objects()
        .exclude(|e| e.user_key.eq(user_key))
        .order_by(|e| e.id.desc())
        .limit(most)
        .all(db)
        .await
}

/// At most so many characters.
fn clipped(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some(_) => text.chars().take(most - 1).chain(['…']).collect(),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::clipped;

    #[test]
    fn a_long_name_is_cut_at_a_character() {
        assert_eq!(clipped("äöü", 3), "äöü");
        assert_eq!(clipped("äöüß", 3), "äö…");
    }
}
