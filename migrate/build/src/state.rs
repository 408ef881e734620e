//! The typed state of models: what migrations record, compare and turn into DDL.
//!
//! Only what a database can see is here: no labels, help texts or defaults of
//! the program. [`ProjectState`] holds the models of one or more apps;
//! operations change it (see [`apply`]).

mod apply;
mod field;
mod project;
mod reference;

pub use apply::apply;
pub use field::{ColumnType, FieldState, Generated};
pub use nuages_schema::{named_columns, quoted_names, rename_quoted};
pub use project::{ProjectState, StateError};
pub use reference::ModelRef;

use nuages_schema::Deferrable;
use serde::{Deserialize, Serialize};

/// One model: a table and everything about it that a database can see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelState {
    /// The Rust name.
    pub name: String,
    /// The table.
    pub table: String,
    /// Whether migrations manage the table.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub managed: bool,
    /// The columns, in the order of the table.
    pub fields: Vec<FieldState>,
    /// Indexes that were declared on the model.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<IndexState>,
    /// Unique constraints over several columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uniques: Vec<UniqueState>,
    /// Check constraints.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<CheckState>,
    /// Many-to-many relations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub many_to_many: Vec<ManyToManyState>,
}

/// An index over one or more fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexState {
    /// Its name, where one was given; else it follows from table and columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The fields in order, with a leading `-` where descending; what is in parentheses is an expression, with column
    /// names in double quotes on every backend.
    pub fields: Vec<String>,
    /// The rows that are in it, with column names in double quotes on every backend; none is all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// Fields that are kept beside those it is over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
}

/// A unique constraint over several fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UniqueState {
    /// Its name, where one was given; else it follows from table and columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The fields in order; what is in parentheses is an expression, with column names in double quotes on every backend.
    pub fields: Vec<String>,
    /// The rows it is about, with column names in double quotes on every backend; none is all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// Fields that its index keeps beside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// Whether NULL is the same as NULL; SQL says it is not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub nulls_equal: bool,
    /// When it is checked, if not with each statement.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "deferrable")]
    pub deferrable: Option<Deferrable>,
}

/// A check constraint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckState {
    /// Its name.
    pub name: String,
    /// The condition, with column names in double quotes on every backend.
    pub sql: String,
}

/// A many-to-many relation and its join table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManyToManyState {
    /// The field's name.
    pub name: String,
    /// The model at the other end.
    pub to: ModelRef,
    /// The join table.
    pub table: String,
    /// The column of the join table that refers to the declaring model.
    pub from_column: String,
    /// The column of the join table that refers to the other model.
    pub to_column: String,
    /// The model of the join table, if the user wrote one; migrations then make none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<ModelRef>,
}

impl ModelState {
    /// A managed model without fields.
    #[must_use]
    pub fn new(name: &str, table: &str) -> Self {
        Self {
            name: name.to_owned(),
            table: table.to_owned(),
            managed: true,
            fields: Vec::new(),
            indexes: Vec::new(),
            uniques: Vec::new(),
            checks: Vec::new(),
            many_to_many: Vec::new(),
        }
    }

    /// The field with this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&FieldState> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The primary key's field; none where the key is several.
    #[must_use]
    pub fn key(&self) -> Option<&FieldState> {
        let mut keys = self.keys();
        keys.next().filter(|_| keys.next().is_none())
    }

    /// The fields that are the primary key, in order.
    pub fn keys(&self) -> impl Iterator<Item = &FieldState> {
        self.fields.iter().filter(|field| field.primary_key)
    }

    /// The models that must be there before this one: those of its columns, and of relations that it brings along.
    pub fn targets(&self) -> impl Iterator<Item = &ModelRef> {
        let relations = self.many_to_many.iter();
        let relations = relations.flat_map(|relation| std::iter::once(&relation.to).chain(&relation.through));
        self.fields.iter().filter_map(FieldState::target).chain(relations)
    }

    /// The many-to-many relation with this name.
    #[must_use]
    pub fn relation(&self, name: &str) -> Option<&ManyToManyState> {
        self.many_to_many.iter().find(|relation| relation.name == name)
    }

    /// Whether both describe the same table. The order of fields, indexes and constraints
    /// does not count, since a table keeps the order in which it grew.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        let Self { name, table, managed, fields, indexes, uniques, checks, many_to_many } = self;
        *name == other.name
            && *table == other.table
            && *managed == other.managed
            && same_set(fields, &other.fields)
            && same_set(indexes, &other.indexes)
            && same_set(uniques, &other.uniques)
            && same_set(checks, &other.checks)
            && same_set(many_to_many, &other.many_to_many)
    }
}

/// What an index or a unique constraint is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term<'a> {
    /// A field.
    Field(&'a str),
    /// What is computed of columns, with their names in double quotes on every backend.
    Expression(&'a str),
}

impl<'a> Term<'a> {
    /// Reads a term as files write it: `title`, or `(lower("title"))`.
    #[must_use]
    pub fn of(text: &'a str) -> Self {
        match text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
            Some(sql) => Self::Expression(sql),
            None => Self::Field(text),
        }
    }

    /// Whether it needs a column: by the name of its field, or by its own.
    #[must_use]
    pub fn needs(self, field: &str, column: &str) -> bool {
        match self {
            Self::Field(name) => name == field,
            Self::Expression(sql) => named_columns(sql).iter().any(|name| name == column),
        }
    }
}

impl IndexState {
    /// The fields and expressions with whether they are descending.
    pub fn terms(&self) -> impl Iterator<Item = (Term<'_>, bool)> {
        self.fields.iter().map(|field| match field.strip_prefix('-') {
            Some(name) => (Term::of(name), true),
            None => (Term::of(field), false),
        })
    }
}

impl UniqueState {
    /// The fields and expressions.
    pub fn terms(&self) -> impl Iterator<Item = Term<'_>> {
        self.fields.iter().map(|field| Term::of(field))
    }
}

fn same_set<T: PartialEq>(a: &[T], b: &[T]) -> bool {
    a.len() == b.len() && (a == b || a.iter().all(|one| b.contains(one)))
}

/// The word of [`Deferrable`] in files.
mod deferrable {
    use nuages_schema::Deferrable;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[expect(clippy::ref_option, reason = "serde asks for a reference")]
    pub(super) fn serialize<S: Serializer>(value: &Option<Deferrable>, to: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => to.serialize_str(&value.word().to_lowercase()),
            None => to.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Deferrable>, D::Error> {
        let word = String::deserialize(from)?;
        let found = Deferrable::ALL.into_iter().find(|(known, _)| known.to_lowercase() == word);
        found.map(|(_, value)| Some(value)).ok_or_else(|| {
            D::Error::custom(format!("`{word}` is no time of a check: write `deferred` or `immediate`"))
        })
    }
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_yes(value: &bool) -> bool {
    *value
}
