//! One field of a model: a column.

use nuages_schema::{ColumnKind, OnDelete};
use serde::{Deserialize, Serialize};

use super::ModelRef;

/// A column and everything about it that a database can see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct FieldState {
    /// The Rust name.
    pub name: String,
    /// The column.
    pub column: String,
    /// What it holds.
    pub data: ColumnType,
    /// Whether NULL is allowed.
    pub nullable: bool,
    /// The primary key.
    pub primary_key: bool,
    /// The database makes the value.
    pub auto: bool,
    /// No two rows share a value.
    pub unique: bool,
    /// An index is kept.
    pub index: bool,
    /// The least number allowed.
    pub min: Option<i64>,
    /// The greatest number allowed.
    pub max: Option<i64>,
    /// The words that the database allows, where it checks them.
    pub choices: Option<Vec<String>>,
    /// What the database puts in where a new row says nothing: SQL, with text in single quotes on every backend.
    pub db_default: Option<String>,
    /// What the database computes from other columns, if it does.
    pub generated: Option<Generated>,
    /// How the database compares and orders the text, if not as it does by itself.
    pub collation: Option<String>,
}

/// A column that the database computes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// From what, with column names in double quotes on every backend.
    pub sql: String,
    /// Whether it is kept, or computed when it is read.
    pub stored: bool,
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// A value.
    Plain {
        /// Its kind.
        kind: ColumnKind,
        /// The most characters of a text.
        max_length: Option<u32>,
        /// The digits of a decimal.
        max_digits: Option<u8>,
        /// The digits of a decimal after the point.
        decimal_places: Option<u8>,
    },
    /// The key of a row of another table; its type is that key's.
    Key {
        /// The model it refers to.
        to: ModelRef,
        /// The rule that stands in the database's own schema, if one does.
        on_delete: Option<OnDelete>,
        /// Whether the database watches that the row is there.
        constraint: bool,
    },
}

impl ColumnType {
    /// A value without options.
    #[must_use]
    pub fn plain(kind: ColumnKind) -> Self {
        Self::Plain { kind, max_length: None, max_digits: None, decimal_places: None }
    }

    /// A text of at most `max_length` characters.
    #[must_use]
    pub fn text(max_length: u32) -> Self {
        Self::Plain {
            kind: ColumnKind::Text,
            max_length: Some(max_length),
            max_digits: None,
            decimal_places: None,
        }
    }

    /// A decimal.
    #[must_use]
    pub fn decimal(max_digits: u8, decimal_places: u8) -> Self {
        Self::Plain {
            kind: ColumnKind::Decimal,
            max_length: None,
            max_digits: Some(max_digits),
            decimal_places: Some(decimal_places),
        }
    }

    /// A foreign key without a rule in the database.
    #[must_use]
    pub fn key(to: ModelRef) -> Self {
        Self::Key { to, on_delete: None, constraint: true }
    }

    /// The word of the kind that the compiler compares; `key` for a foreign key.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Plain { kind, .. } => kind.word(),
            Self::Key { .. } => "key",
        }
    }
}

impl FieldState {
    /// A column of its own name, NOT NULL, with nothing else said.
    #[must_use]
    pub fn new(name: &str, data: ColumnType) -> Self {
        let foreign = matches!(data, ColumnType::Key { .. });
        Self {
            name: name.to_owned(),
            column: nuages_schema::column_name(name, foreign),
            data,
            nullable: false,
            primary_key: false,
            auto: false,
            unique: false,
            index: foreign,
            min: None,
            max: None,
            choices: None,
            db_default: None,
            generated: None,
            collation: None,
        }
    }

    /// The integer key that the database makes.
    #[must_use]
    pub fn auto_key(name: &str) -> Self {
        Self { primary_key: true, auto: true, ..Self::new(name, ColumnType::plain(ColumnKind::BigInt)) }
    }

    /// The model this column refers to.
    #[must_use]
    pub fn target(&self) -> Option<&ModelRef> {
        match &self.data {
            ColumnType::Key { to, .. } => Some(to),
            ColumnType::Plain { .. } => None,
        }
    }

    /// The model this column refers to, to change it.
    pub(super) fn target_mut(&mut self) -> Option<&mut ModelRef> {
        match &mut self.data {
            ColumnType::Key { to, .. } => Some(to),
            ColumnType::Plain { .. } => None,
        }
    }
}

/// The flat form in files: what is at its usual value is left out.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    column: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<ModelRef>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    on_delete: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    constraint: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_length: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_digits: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    decimal_places: Option<u8>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    null: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    primary_key: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    auto: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    unique: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    index: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    min: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    choices: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    db_default: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    generated: Option<String>,
    #[serde(rename = "virtual", default, skip_serializing_if = "std::ops::Not::not")]
    computed_on_read: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    collation: Option<String>,
}

impl From<FieldState> for Written {
    fn from(field: FieldState) -> Self {
        let FieldState { name, column, data, nullable, primary_key, auto, unique, index, min, max, .. } =
            field;
        let (choices, db_default, generated) = (field.choices, field.db_default, field.generated);
        let collation = field.collation;
        let foreign = matches!(data, ColumnType::Key { .. });
        let mut written = Self {
            column: (column != nuages_schema::column_name(&name, foreign)).then_some(column),
            name,
            kind: None,
            to: None,
            on_delete: None,
            constraint: None,
            max_length: None,
            max_digits: None,
            decimal_places: None,
            null: nullable,
            primary_key,
            auto,
            unique,
            index: (index != foreign).then_some(index),
            min,
            max,
            choices,
            db_default,
            computed_on_read: generated.as_ref().is_some_and(|generated| !generated.stored),
            generated: generated.map(|generated| generated.sql),
            collation,
        };
        match data {
            ColumnType::Plain { kind, max_length, max_digits, decimal_places } => {
                written.kind = Some(kind.word().to_owned());
                written.max_length = max_length;
                written.max_digits = max_digits;
                written.decimal_places = decimal_places;
            }
            ColumnType::Key { to, on_delete, constraint } => {
                written.to = Some(to);
                written.constraint = (!constraint).then_some(false);
                written.on_delete = on_delete.map(|rule| rule.word().to_owned());
            }
        }
        written
    }
}

impl TryFrom<Written> for FieldState {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let data = written.data()?;
        let Written {
            name,
            column,
            kind: _,
            to: _,
            on_delete: _,
            constraint: _,
            max_length: _,
            max_digits: _,
            decimal_places: _,
            null,
            primary_key,
            auto,
            unique,
            index,
            min,
            max,
            choices,
            db_default,
            generated,
            computed_on_read,
            collation,
        } = written;
        let foreign = matches!(data, ColumnType::Key { .. });
        Ok(Self {
            column: column.unwrap_or_else(|| nuages_schema::column_name(&name, foreign)),
            name,
            data,
            nullable: null,
            primary_key,
            auto,
            unique,
            index: index.unwrap_or(foreign),
            min,
            max,
            choices,
            db_default,
            generated: generated.map(|sql| Generated { sql, stored: !computed_on_read }),
            collation,
        })
    }
}

impl Written {
    fn data(&self) -> Result<ColumnType, String> {
        match (&self.kind, &self.to) {
            (Some(word), None) => Ok(ColumnType::Plain {
                kind: ColumnKind::from_word(word).ok_or_else(|| format!("`{word}` is no kind of column"))?,
                max_length: self.max_length,
                max_digits: self.max_digits,
                decimal_places: self.decimal_places,
            }),
            (None, Some(to)) => Ok(ColumnType::Key {
                to: to.clone(),
                on_delete: self.on_delete.as_deref().map(rule).transpose()?,
                constraint: self.constraint.unwrap_or(true),
            }),
            _ => Err(format!("field `{}` needs either `kind` or `to`", self.name)),
        }
    }
}

fn rule(word: &str) -> Result<OnDelete, String> {
    OnDelete::from_word(word).filter(|rule| rule.in_database()).ok_or_else(|| {
        format!("`{word}` is no rule of the database: `db::Cascade`, `db::SetNull` and `db::SetDefault` are")
    })
}
