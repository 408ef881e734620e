//! One model: a table with everything that is known about it at compile time.

use crate::{Backend, COMPOSITE, FieldSchema, GenericSchema, ManyToManySchema, Name};

/// A model's table, its fields and what the attributes said.
///
/// The derive puts one of these into a static; queries, forms, the admin and
/// the checks read it and nothing else.
pub struct ModelSchema {
    /// This schema, as a function: what paths and columns refer to it by.
    pub this: fn() -> &'static ModelSchema,
    /// The label of the app: the package's name with `-` as `_`, or what `app!` said.
    pub app: &'static str,
    /// The Rust name of the model, such as `Book`.
    pub name: &'static str,
    /// `module_path!()` where the model stands.
    pub module: &'static str,
    /// The table.
    pub table: Name,
    /// The columns, in the order of the struct.
    pub fields: &'static [FieldSchema],
    /// The position of the primary key in `fields`, or [`COMPOSITE`].
    pub key: usize,
    /// The positions of the parts of a composite key, in order; empty where the key is one column.
    pub key_parts: &'static [usize],
    /// The many-to-many relations.
    pub many_to_many: &'static [ManyToManySchema],
    /// Models whose rows refer to rows of this one by name and key, and go with them.
    pub generic_relations: &'static [fn() -> GenericSchema],
    /// The default ordering.
    pub ordering: &'static [OrderSchema],
    /// Indexes over one or more columns.
    pub indexes: &'static [IndexSchema],
    /// Unique constraints over more than one column.
    pub uniques: &'static [UniqueSchema],
    /// Check constraints.
    pub checks: &'static [CheckSchema],
    /// What one row is called, such as `book`.
    pub verbose_name: &'static str,
    /// What many rows are called, such as `books`.
    pub verbose_name_plural: &'static str,
    /// The databases the model may live on; empty is all three.
    pub only: &'static [Backend],
    /// Whether migrations manage the table.
    pub managed: bool,
    /// The usual rights that are made for it: of `add`, `change`, `delete` and `view`.
    pub default_permissions: &'static [&'static str],
    /// Rights beside them: the code and what people read.
    pub permissions: &'static [(&'static str, &'static str)],
}

/// One term of an ordering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderSchema {
    /// The position of the field in the model.
    pub field: usize,
    /// Largest first.
    pub descending: bool,
}

/// An index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexSchema {
    /// Its name, where the attribute gave one.
    pub name: Option<&'static str>,
    /// The columns in order.
    pub columns: &'static [OrderSchema],
    /// What is computed and in it beside columns, in SQL with quoted column names.
    pub computed: &'static [&'static str],
    /// The rows that are in it, in SQL with quoted column names; `None` is all.
    pub condition: Option<&'static str>,
    /// Columns that are kept beside those it is over, by their positions.
    pub include: &'static [usize],
}

/// A unique constraint over several columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UniqueSchema {
    /// Its name, where the attribute gave one.
    pub name: Option<&'static str>,
    /// The positions of the fields.
    pub fields: &'static [usize],
    /// What is computed and unique together with the fields, in SQL with quoted column names.
    pub computed: &'static [&'static str],
    /// The rows it is about, in SQL with quoted column names; `None` is all.
    pub condition: Option<&'static str>,
    /// Columns that its index keeps beside, by their positions.
    pub include: &'static [usize],
    /// Whether two NULLs are two values, as SQL says.
    pub nulls_distinct: bool,
    /// When it is checked, if not with each statement.
    pub deferrable: Option<Deferrable>,
    /// What a person is told who breaks it.
    pub message: Option<&'static str>,
}

/// When a constraint that can wait is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deferrable {
    /// At the end of the transaction.
    Deferred,
    /// With each statement, unless the transaction says otherwise.
    Immediate,
}

impl Deferrable {
    /// Both, with the words that users write.
    pub const ALL: [(&'static str, Self); 2] = [("Deferred", Self::Deferred), ("Immediate", Self::Immediate)];

    /// The word users write.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Deferred => "Deferred",
            Self::Immediate => "Immediate",
        }
    }

    /// What a word names.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == word).map(|(_, value)| value)
    }
}

/// A check constraint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckSchema {
    /// Its name.
    pub name: &'static str,
    /// The condition in SQL, with quoted column names.
    pub sql: &'static str,
    /// The fields it speaks of, by their positions. A violation belongs to the field, if it is just one.
    pub fields: &'static [usize],
    /// What a person is told who breaks it.
    pub message: Option<&'static str>,
}

impl ModelSchema {
    /// The primary key's field; of a composite key the one that stands for all of its parts.
    #[must_use]
    pub fn key_field(&self) -> &'static FieldSchema {
        self.field_at(self.key)
    }

    /// The field at a position: a column, or the composite key as a whole.
    #[must_use]
    pub fn field_at(&self, index: usize) -> &'static FieldSchema {
        self.fields.get(index).unwrap_or(&crate::key::WHOLE)
    }

    /// Whether the primary key is several columns.
    #[must_use]
    pub const fn is_composite(&self) -> bool {
        self.key == COMPOSITE
    }

    /// The positions of the primary key's columns, at least one.
    #[must_use]
    pub const fn key_columns(&self) -> &[usize] {
        self.columns_at(&self.key)
    }

    /// The positions of the columns that a position stands for: itself, or the parts of the composite key.
    #[must_use]
    pub const fn columns_at<'a>(&self, index: &'a usize) -> &'a [usize] {
        match *index {
            COMPOSITE => self.key_parts,
            _ => std::slice::from_ref(index),
        }
    }

    /// Whether the column at a position is the primary key, or a part of it.
    #[must_use]
    pub fn is_key(&self, index: usize) -> bool {
        self.key_columns().contains(&index)
    }

    /// The position of the field with this Rust name.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// The field with this Rust name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static FieldSchema> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The position of the field that counts the changes of a row, if there is one.
    #[must_use]
    pub fn version(&self) -> Option<usize> {
        self.fields.iter().position(|field| field.options.version)
    }

    /// The model's name in lower case, as it stands in addresses and permissions.
    #[must_use]
    pub fn slug(&self) -> String {
        self.name.to_lowercase()
    }

    /// `app.Model`, as messages write it.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{}.{}", self.app, self.name)
    }
}

impl std::fmt::Debug for ModelSchema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ModelSchema({}.{})", self.app, self.name)
    }
}

impl PartialEq for ModelSchema {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for ModelSchema {}
