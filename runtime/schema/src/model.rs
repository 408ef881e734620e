//! One model: a table with everything that is known about it at compile time.

use crate::{Backend, FieldSchema, ManyToManySchema, Name};

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
    /// The position of the primary key in `fields`.
    pub key: usize,
    /// The many-to-many relations.
    pub many_to_many: &'static [ManyToManySchema],
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
}

/// A unique constraint over several columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UniqueSchema {
    /// Its name, where the attribute gave one.
    pub name: Option<&'static str>,
    /// The positions of the fields.
    pub fields: &'static [usize],
}

/// A check constraint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckSchema {
    /// Its name.
    pub name: &'static str,
    /// The condition in SQL, with quoted column names.
    pub sql: &'static str,
    /// The field a violation belongs to, where there is just one.
    pub field: Option<usize>,
}

impl ModelSchema {
    /// The primary key's field.
    #[must_use]
    pub fn key_field(&self) -> &'static FieldSchema {
        &self.fields[self.key]
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
