//! A migration and its file: TOML that reads well in review, byte-identical between builds.
//!
//! ```toml
//! parent = "0001_initial"
//! checksum = "…"
//!
//! [[operation]]
//! op = "add_field"
//! model = "Book"
//! field = { name = "pages", kind = "integer" }
//! backfill = 0
//! ```

mod checksum;
mod print;

use serde::{Deserialize, Serialize};

use crate::Operation;
use crate::lint::Rule;
use crate::state::ModelRef;

/// The name that a migration has before it is sealed.
pub const PENDING: &str = "pending";

/// The first line of a sealed file.
pub(crate) const SEALED: &str = "# Sealed: the checksum is compared, so a change goes into a new migration.";
/// The first line of a file that somebody still writes.
pub(crate) const DRAFT: &str = "# Not sealed yet: write its operations, then run `makemigrations`.";

/// One migration of an app.
#[derive(Clone, Debug, PartialEq)]
pub struct Migration {
    /// The app's label.
    pub app: String,
    /// `NNNN_name`, or [`PENDING`].
    pub name: String,
    /// The migration of the same app before this one.
    pub parent: Option<String>,
    /// Models of other apps that must exist first.
    pub needs: Vec<ModelRef>,
    /// Migrations of other apps that must be applied first, as `app.NNNN_name`.
    pub after: Vec<String>,
    /// Migrations of the same app that this one stands for, by name: those it squashed, or its own former name.
    pub replaces: Vec<String>,
    /// Hazards that somebody looked at, with the reason why they are none here. They are no part of the checksum.
    pub allow: Vec<Allow>,
    /// Whether the migration and its record share one transaction where the database allows it.
    pub atomic: bool,
    /// The operations in order.
    pub operations: Vec<Operation>,
    /// The checksum in the file; a sealed migration has one.
    pub sealed: Option<String>,
}

/// The file as serde sees it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    needs: Vec<ModelRef>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    after: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    replaces: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    allow: Vec<Allow>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    atomic: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    checksum: Option<String>,
    #[serde(default)]
    operation: Vec<Operation>,
}

/// A hazard that somebody looked at: `allow = [{ lint = "rewrites", reason = "forty rows" }]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allow {
    /// The rule.
    pub lint: Rule,
    /// The model, where it is allowed for one only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Why it is none here.
    pub reason: String,
}

/// A file that is no migration, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError(String);

impl std::fmt::Display for FileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for FileError {}

impl Migration {
    /// A migration that is not sealed.
    #[must_use]
    pub fn pending(app: &str, parent: Option<&str>, operations: Vec<Operation>) -> Self {
        let mut needs: Vec<ModelRef> =
            operations.iter().flat_map(Operation::references).filter(|to| to.app != app).cloned().collect();
        needs.sort();
        needs.dedup();
        Self {
            app: app.to_owned(),
            name: PENDING.to_owned(),
            parent: parent.map(str::to_owned),
            needs,
            after: Vec::new(),
            replaces: Vec::new(),
            allow: Vec::new(),
            atomic: true,
            operations,
            sealed: None,
        }
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// When the text is not a migration; the message has the line.
    pub fn parse(app: &str, name: &str, text: &str) -> Result<Self, FileError> {
        let document: Document = toml::from_str(text).map_err(|error| FileError(error.to_string()))?;
        let Document { parent, needs, after, replaces, allow, atomic, checksum, operation } = document;
        Ok(Self {
            app: app.to_owned(),
            name: name.to_owned(),
            parent,
            needs,
            after,
            replaces,
            allow,
            atomic: atomic.unwrap_or(true),
            operations: operation,
            sealed: checksum,
        })
    }

    /// The text of the file.
    #[must_use]
    pub fn text(&self) -> String {
        let what = match (&self.sealed, self.name == PENDING) {
            (_, true) => "# Written by the build from the models; `makemigrations` seals it.",
            (Some(_), _) => SEALED,
            (None, _) => DRAFT,
        };
        format!("{what}\n{}", print::document(&self.values()))
    }

    /// The checksum of what the migration does, whatever the layout of its file.
    #[must_use]
    pub fn checksum(&self) -> String {
        let mut table = self.values();
        table.remove("checksum");
        table.remove("allow");
        checksum::of(&toml::Value::Table(table))
    }

    /// The checksum that the file says, once it was compared with what the file does; that of a draft is computed.
    #[must_use]
    pub fn known_checksum(&self) -> String {
        self.sealed.clone().unwrap_or_else(|| self.checksum())
    }

    /// Whether the file says another checksum than its operations have.
    #[must_use]
    pub fn was_edited(&self) -> bool {
        self.sealed.as_ref().is_some_and(|sealed| *sealed != self.checksum())
    }

    /// `app.NNNN_name`.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{}.{}", self.app, self.name)
    }

    fn values(&self) -> toml::Table {
        let Self { app: _, name: _, parent, needs, after, replaces, allow, atomic, operations, sealed } =
            self;
        let document = Document {
            parent: parent.clone(),
            needs: needs.clone(),
            after: after.clone(),
            replaces: replaces.clone(),
            allow: allow.clone(),
            atomic: (!atomic).then_some(false),
            checksum: sealed.clone(),
            operation: operations.clone(),
        };
        // Every part is plain data with text keys, which TOML has for sure.
        toml::Table::try_from(document).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::{ColumnType, FieldState, ModelState};
    use crate::{Backfill, Literal};

    fn example() -> Migration {
        let mut model = ModelState::new("Book", "shop_book");
        model.fields.push(FieldState::auto_key("id"));
        model.fields.push(FieldState::new("title", ColumnType::text(200)));
        let author = FieldState::new("author", ColumnType::key(ModelRef::new("people", "Author")));
        let price = FieldState::new("price", ColumnType::decimal(8, 2));
        let add = |field, backfill| Operation::AddField { model: "Book".into(), field, backfill };
        let operations = vec![
            Operation::CreateModel { model },
            add(author, None),
            add(price, Some(Backfill::Value(Literal::Text("0.00".into())))),
            Operation::RunSql {
                forward: crate::SqlText::All(crate::SqlStatements::One("SELECT 1;\nSELECT 'a\"b'".into())),
                reverse: None,
                elidable: false,
            },
        ];
        Migration::pending("shop", Some("0001_initial"), operations)
    }

    #[test]
    fn the_text_reads_well() {
        assert_eq!(
            example().text(),
            r#"# Written by the build from the models; `makemigrations` seals it.
parent = "0001_initial"
needs = ["people.Author"]

[[operation]]
op = "create_model"

[operation.model]
name = "Book"
table = "shop_book"
fields = [
    { name = "id", kind = "big_int", primary_key = true, auto = true },
    { name = "title", kind = "text", max_length = 200 },
]

[[operation]]
op = "add_field"
model = "Book"
field = { name = "author", to = "people.Author" }

[[operation]]
op = "add_field"
model = "Book"
field = { name = "price", kind = "decimal", max_digits = 8, decimal_places = 2 }
backfill = "0.00"

[[operation]]
op = "run_sql"
forward = """
SELECT 1;
SELECT 'a"b'"""
"#
        );
    }

    #[test]
    fn what_is_written_is_read() {
        let migration = example();
        let read = Migration::parse("shop", PENDING, &migration.text()).unwrap();
        assert_eq!(read, migration);
        assert_eq!(read.checksum(), migration.checksum());
    }

    #[test]
    fn the_checksum_follows_what_it_does_and_not_its_layout() {
        let migration = example();
        let mut sealed = migration.clone();
        sealed.sealed = Some(migration.checksum());
        let spaced = sealed.text().replace(", kind", ",   kind");
        assert!(!Migration::parse("shop", "0002_x", &spaced).unwrap().was_edited());
        let edited = sealed.text().replace("200", "201");
        assert!(Migration::parse("shop", "0002_x", &edited).unwrap().was_edited());
    }

    #[test]
    fn what_is_allowed_stands_outside_of_the_checksum() {
        let mut sealed = example();
        sealed.sealed = Some(sealed.checksum());
        let allow = "allow = [{ lint = \"fills_rows\", reason = \"forty rows\" }]\n\n[[operation]]";
        let text = sealed.text().replacen("[[operation]]", allow, 1);
        let read = Migration::parse("shop", "0002_x", &text).unwrap();
        assert!(!read.was_edited());
        assert_eq!(read.allow[0].lint, Rule::FillsRows);
        let unknown = text.replace("fills_rows", "fills");
        let error = Migration::parse("shop", "0002_x", &unknown).unwrap_err();
        assert!(error.to_string().contains("`fills_rows`"), "{error}");
    }

    #[test]
    fn a_broken_file_says_its_line() {
        let error = Migration::parse("shop", "0002_x", "parent = 'a'\nparnet = 'b'\n").unwrap_err();
        assert!(error.to_string().contains("line 2"), "{error}");
    }
}
