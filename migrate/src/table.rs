//! Tables as one database has them: what states come to, what DDL makes, and what the catalogue shows.
//!
//! The same type is computed from the recorded state and read from the live
//! catalogue, so the two can be compared with `==`.

mod column_type;
mod of_state;

use nuages_schema::Deferrable;

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
    pub key: Vec<String>,
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
    /// What the database puts in where a new row says nothing.
    pub default: Option<Expression>,
    /// What the database computes, and whether it keeps that.
    pub generated: Option<(Expression, bool)>,
    /// How text is compared and ordered, if not as the database does by itself.
    pub collation: Option<String>,
}

/// SQL with names in double quotes; empty where a catalogue tells it in words of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expression(pub String);

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
    /// It sets the column to its default.
    SetDefault,
}

/// A unique constraint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unique {
    /// Its name.
    pub name: String,
    /// What it is over, in order.
    pub terms: Vec<Term>,
    /// The rows it is about, if not all.
    pub condition: Option<Condition>,
    /// Columns that its index keeps beside.
    pub include: Vec<String>,
    /// Whether NULL is the same as NULL.
    pub nulls_equal: bool,
    /// When it is checked, if not with each statement.
    pub deferrable: Option<Deferrable>,
}

/// An index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// What it is over, in order, and whether each is descending.
    pub terms: Vec<(Term, bool)>,
    /// The rows that are in it, if not all.
    pub condition: Option<Condition>,
    /// Columns that it keeps beside.
    pub include: Vec<String>,
}

/// What an index or a unique constraint is over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Term {
    /// A column.
    Column(String),
    /// What is computed of columns, in SQL with names in double quotes.
    Computed(String),
}

impl Term {
    /// The column, if it is one by itself.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::Column(name) => Some(name),
            Self::Computed(_) => None,
        }
    }

    /// The term without its words, if it is computed: a catalogue tells those in its own.
    #[must_use]
    pub fn comparable(&self) -> Self {
        match self {
            Self::Column(_) => self.clone(),
            Self::Computed(_) => Self::Computed(String::new()),
        }
    }

    fn rename(&mut self, from: &str, to: &str) {
        match self {
            Self::Column(name) if name == from => to.clone_into(name),
            Self::Column(_) => {}
            Self::Computed(sql) => *sql = nuages_build::state::rename_quoted(sql, from, to),
        }
    }
}

impl From<&str> for Term {
    fn from(column: &str) -> Self {
        Self::Column(column.to_owned())
    }
}

impl std::fmt::Display for Term {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Column(name) => f.write_str(name),
            Self::Computed(sql) if sql.is_empty() => f.write_str("an expression"),
            Self::Computed(sql) => f.write_str(sql),
        }
    }
}

impl Column {
    /// The column without the words of its expressions, which a catalogue tells in its own.
    pub(crate) fn comparable(mut self) -> Self {
        self.default = self.default.map(|_| Expression::default());
        self.generated = self.generated.map(|(_, stored)| (Expression::default(), stored));
        self
    }
}

impl Unique {
    /// The columns, if it is over nothing else.
    #[must_use]
    pub fn columns(&self) -> Option<Vec<&str>> {
        self.terms.iter().map(Term::column).collect()
    }

    /// Whether it can only be an index: over some of the rows, or over what is computed.
    #[must_use]
    pub fn is_index(&self) -> bool {
        self.condition.is_some() || self.columns().is_none()
    }

    /// Whether both are the same but for the name.
    pub(crate) fn is_renamed(&self, other: &Self) -> bool {
        *self == Self { name: self.name.clone(), ..other.clone() }
    }
}

impl Index {
    /// Whether both are the same but for the name.
    pub(crate) fn is_renamed(&self, other: &Self) -> bool {
        *self == Self { name: self.name.clone(), ..other.clone() }
    }
}

/// The rows that an index is about, in SQL with names in double quotes; empty where a catalogue tells it in
/// words of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition(pub String);

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
            key: Vec::new(),
            foreign_keys: Vec::new(),
            uniques: Vec::new(),
            indexes: Vec::new(),
            checks: Vec::new(),
        }
    }

    /// Whether a column is the primary key alone.
    pub(crate) fn is_key(&self, column: &Column) -> bool {
        self.key == [column.name.as_str()]
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
        self.conditions().for_each(|condition| condition.0.clear());
        self.terms().for_each(|term| *term = term.comparable());
        self.columns = self.columns.into_iter().map(Column::comparable).collect();
        self
    }

    /// The conditions of partial indexes.
    fn conditions(&mut self) -> impl Iterator<Item = &mut Condition> {
        let uniques = self.uniques.iter_mut().filter_map(|unique| unique.condition.as_mut());
        uniques.chain(self.indexes.iter_mut().filter_map(|index| index.condition.as_mut()))
    }

    /// What unique constraints and indexes are over.
    fn terms(&mut self) -> impl Iterator<Item = &mut Term> {
        let uniques = self.uniques.iter_mut().flat_map(|unique| &mut unique.terms);
        uniques.chain(self.indexes.iter_mut().flat_map(|index| &mut index.terms).map(|(term, _)| term))
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
        self.key.iter_mut().for_each(swap);
        self.foreign_keys.iter_mut().for_each(|key| swap(&mut key.column));
        self.terms().for_each(|term| term.rename(from, to));
        self.uniques.iter_mut().flat_map(|unique| &mut unique.include).for_each(swap);
        self.indexes.iter_mut().flat_map(|index| &mut index.include).for_each(swap);
        for check in &mut self.checks {
            check.sql = nuages_build::state::rename_quoted(&check.sql, from, to);
        }
        for (sql, _) in self.columns.iter_mut().filter_map(|column| column.generated.as_mut()) {
            sql.0 = nuages_build::state::rename_quoted(&sql.0, from, to);
        }
        for condition in self.conditions() {
            condition.0 = nuages_build::state::rename_quoted(&condition.0, from, to);
        }
    }
}
