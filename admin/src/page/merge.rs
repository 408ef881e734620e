//! Two people changed one object: what was, what is there now, what you typed.

use askama::Template;

use super::{Link, shell::Shell};

/// The page that asks which values to keep.
#[derive(Template, Clone, Debug)]
#[template(path = "merge.html")]
pub struct MergePage {
    /// The frame.
    pub shell: Shell,
    /// What it is called.
    pub noun: String,
    /// Who changed it meanwhile, when that is known.
    pub who: Option<String>,
    /// Where the form is posted.
    pub action: String,
    /// Everything that was posted, apart from the fields below.
    pub carry: Vec<(String, String)>,
    /// The fields that differ.
    pub fields: Vec<Difference>,
    /// Whether files were sent along, which must be chosen again.
    pub files: bool,
    /// The object as it is now.
    pub theirs: Link,
}

/// A field that differs.
#[derive(Clone, Debug, Default)]
pub struct Difference {
    /// The name it is posted under.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What it was when the form was opened, as read; none where that is not known.
    pub was: Option<String>,
    /// What is in the database now: as posted, as read.
    pub theirs: (String, String),
    /// What you typed: as posted, as read.
    pub yours: (String, String),
    /// Whether yours is chosen to begin with.
    pub keep_yours: bool,
}
