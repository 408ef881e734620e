//! The form of one object, with its inlines.

use askama::Template;
use nuages::admin::Cell;
use nuages::form::{ErrorSummary, FormState};

use super::{Link, shell::Shell};

/// The page on which an object is made or changed.
#[derive(Template, Clone, Debug)]
#[template(path = "form.html")]
pub struct FormPage {
    /// The frame.
    pub shell: Shell,
    /// What it is called, such as "book".
    pub noun: String,
    /// A line under the heading.
    pub lede: String,
    /// What is wrong.
    pub summary: ErrorSummary,
    /// The fields in their groups.
    pub groups: Vec<Group>,
    /// Rows of other tables that belong to it.
    pub inlines: Vec<Inline>,
    /// The state the form was loaded with; a save from an older one leads to the merge page.
    pub version: String,
    /// What the fields held when the form was opened, for the merge page.
    pub was: String,
    /// The state of the list it came from.
    pub back: String,
    /// Whether it may be saved.
    pub can_save: bool,
    /// Whether another one may be added afterwards.
    pub can_add: bool,
    /// Its history, deletion, its page on the site.
    pub tools: Vec<Tool>,
    /// Facts beside the form.
    pub facts: Vec<(String, Cell)>,
    /// Rows of other tables that refer to it.
    pub related: Vec<Link>,
}

/// A group of fields.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// Its title; empty for the first one.
    pub title: String,
    /// A sentence under it.
    pub about: String,
    /// Folded, and whether it must be open because of an error.
    pub folded: Option<bool>,
    /// Its fields.
    pub fields: FormState,
}

/// Rows of another table that belong to the object.
#[derive(Clone, Debug, Default)]
pub struct Inline {
    /// What they are called.
    pub title: String,
    /// What one is called.
    pub noun: String,
    /// The prefix of the fields' names.
    pub prefix: String,
    /// Whether each row has its fields below each other.
    pub stacked: bool,
    /// How many rows there may be; none for as many as a form takes.
    pub most: Option<u32>,
    /// The columns: label, and whether it must be filled in.
    pub columns: Vec<(String, bool)>,
    /// The rows.
    pub rows: Vec<InlineRow>,
    /// An empty row whose number is `__n__`, for the script; none when no rows may be added.
    pub blank: Option<InlineRow>,
    /// Whether rows may be deleted.
    pub can_delete: bool,
    /// How many rows of the form came from the database.
    pub initial: usize,
    /// How many rows there are, on all pages.
    pub count: String,
    /// Links to other pages of the rows.
    pub pages: Vec<Link>,
}

/// A row of an inline.
#[derive(Clone, Debug, Default)]
pub struct InlineRow {
    /// The start of its fields' names, such as `books-0`.
    pub prefix: String,
    /// Its key; empty for a new one.
    pub key: String,
    /// The state it was loaded with.
    pub version: String,
    /// What it is called; "New book" for a new one.
    pub label: String,
    /// Its form, if it has one.
    pub url: Option<String>,
    /// Whether it is marked to be deleted.
    pub deleted: bool,
    /// Its fields, one for each column.
    pub fields: FormState,
    /// What is wrong with the row as a whole.
    pub errors: Vec<String>,
}

/// Something to do with the object besides saving.
#[derive(Clone, Debug, Default)]
pub struct Tool {
    /// The drawing.
    pub icon: &'static str,
    /// Where it leads.
    pub link: Link,
    /// Whether it destroys.
    pub danger: bool,
}

impl FormPage {
    /// Whether a file may be sent along, so that the form goes in parts.
    #[must_use]
    pub fn has_files(&self) -> bool {
        let mut inline = self.inlines.iter().flat_map(|inline| inline.rows.iter().chain(&inline.blank));
        self.groups.iter().any(|group| group.fields.is_multipart())
            || inline.any(|row| row.fields.is_multipart())
    }

    /// Whether there is something beside the form.
    #[must_use]
    pub fn has_rail(&self) -> bool {
        !self.facts.is_empty() || !self.related.is_empty()
    }
}
