//! Tables as one database has them: what states come to, what DDL makes, and what the catalogue shows.
//!
//! The same type is computed from the recorded state and read from the live
//! catalogue, so the two can be compared with `==`.

mod column_type;
mod of_state;

pub(crate) use column_type::quoted;
pub use column_type::{column_type, literal};
pub(crate) use of_state::value_of;
pub use of_state::{Tables, tables_of};

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns in order.
    pub columns: Vec<Column>,
    /// The column that is the primary key.
    pub key: String,
    /// Its foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// Its unique constraints.
    pub uniques: Vec<Unique>,
    /// Its indexes.
    pub indexes: Vec<Index>,
    /// Its check constraints.
    pub checks: Vec<Check>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type as the catalogue spells it.
    pub sql_type: String,
    /// Whether NULL is allowed.
    pub nullable: bool,
    /// Whether the database makes the value.
    pub auto: bool,
}

/// A foreign key of one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// Its name.
    pub name: String,
    /// The column.
    pub column: String,
    /// The table it refers to.
    pub table: String,
    /// The column it refers to.
    pub to_column: String,
    /// What the database does when the target goes.
    pub on_delete: Action,
}

/// What the database does with a row when the row it refers to goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It refuses, at the end of the transaction where there is deferral.
    Nothing,
    /// It deletes the row too.
    Cascade,
    /// It sets the column to NULL.
    SetNull,
}

/// A unique constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unique {
    /// Its name.
    pub name: String,
    /// Its columns in order.
    pub columns: Vec<String>,
}

/// An index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Its columns in order, and whether each is descending.
    pub columns: Vec<(String, bool)>,
}

/// A check constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Its name.
    pub name: String,
    /// The condition, with names in double quotes; empty where the catalogue tells it in words of its own.
    pub sql: String,
}

impl Table {
    /// A table without columns.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            columns: Vec::new(),
            key: String::new(),
            foreign_keys: Vec::new(),
            uniques: Vec::new(),
            indexes: Vec::new(),
            checks: Vec::new(),
        }
    }

    /// The column of this name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The table with everything in the order of names and without the texts of checks, for comparing:
    /// a table keeps the order in which it grew, and a catalogue tells conditions in words of its own.
    #[must_use]
    pub fn comparable(mut self) -> Self {
        self.columns.sort_by(|a, b| a.name.cmp(&b.name));
        self.foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
        self.uniques.sort_by(|a, b| a.name.cmp(&b.name));
        self.indexes.sort_by(|a, b| a.name.cmp(&b.name));
        self.checks.sort_by(|a, b| a.name.cmp(&b.name));
        self.checks.iter_mut().for_each(|check| check.sql.clear());
        self
    }

    /// Renames the table and its mentions in its own foreign keys.
    pub(crate) fn rename(&mut self, from: &str, to: &str) {
        if self.name == from {
            to.clone_into(&mut self.name);
        }
        for key in self.foreign_keys.iter_mut().filter(|key| key.table == from) {
            to.clone_into(&mut key.table);
        }
    }

    /// Renames a column of `table`, in this table or where this one refers to it.
    pub(crate) fn rename_column(&mut self, table: &str, from: &str, to: &str) {
        let own = self.name == table;
        let swap = |name: &mut String| {
            if name == from {
                to.clone_into(name);
            }
        };
        self.foreign_keys
            .iter_mut()
            .filter(|key| key.table == table)
            .for_each(|key| swap(&mut key.to_column));
        if !own {
            return;
        }
        self.columns.iter_mut().for_each(|column| swap(&mut column.name));
        swap(&mut self.key);
        self.foreign_keys.iter_mut().for_each(|key| swap(&mut key.column));
        self.uniques.iter_mut().flat_map(|unique| &mut unique.columns).for_each(swap);
        self.indexes.iter_mut().flat_map(|index| &mut index.columns).for_each(|(name, _)| swap(name));
        for check in &mut self.checks {
            check.sql = nuages_build::state::rename_quoted(&check.sql, from, to);
        }
    }
}
