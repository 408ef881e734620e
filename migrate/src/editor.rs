//! The schema editors: changes of tables as steps for one database.
//!
//! One file per database; what they share is here. A step is a statement or a
//! check that the executor makes between statements.

mod cast;
mod mysql;
mod online;
mod postgres;
mod rebuild;
mod sqlite;

use std::collections::BTreeSet;

use nuages::backend::{Capabilities, quote_identifier};
use nuages::{Error, ErrorKind, Result};
use nuages_build::state::{ProjectState, quoted_names};
use nuages_build::{Operation, SqlText};
use nuages_schema::Backend;

pub use rebuild::Rebuild;

use crate::change::{Change, LiveNames, changes, merged};
use crate::table::{Action, Column, Condition, Expression, ForeignKey, Index, Table, Term, Unique};

/// One step of a migration on one database.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// A statement of the schema, and what the catalogue shows once it has run.
    Schema {
        /// The text.
        sql: String,
        /// How to tell whether it has run.
        shows: Option<Shows>,
    },
    /// A statement that changes rows.
    Rows(String),
    /// The table must be empty, because a new column has no value for rows.
    Empty {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// SQLite: the table is made anew.
    Rebuild(Box<Rebuild>),
    /// A Rust function of the user.
    Data(String),
    /// PostgreSQL: an index is built or dropped beside running writes, outside of any transaction.
    Concurrently {
        /// The text.
        sql: String,
        /// The table.
        table: String,
        /// The index.
        index: String,
        /// Whether it is built or dropped.
        there: bool,
    },
    /// PostgreSQL: a statement that reads the whole table while others write, in a transaction of its own.
    Apart {
        /// The text.
        sql: String,
        /// The table.
        table: String,
    },
}

/// A step, with the shape of the models at its point of history where a function needs it.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// The step.
    pub step: Step,
    /// The models as they are when a data step runs.
    pub shape: Option<ProjectState>,
}

impl From<Step> for Planned {
    fn from(step: Step) -> Self {
        Self { step, shape: None }
    }
}

/// What the catalogue shows once a statement has run.
#[derive(Clone, Debug, PartialEq)]
pub enum Shows {
    /// The table is there, or not.
    Table(String, bool),
    /// The column is there, or not.
    Column(String, String, bool),
    /// The column has this shape.
    Shape(String, Column),
    /// The index is there, or not.
    Index(String, String, bool),
    /// The constraint is there, or not.
    Constraint(String, String, bool),
}

/// Writes steps for one database.
#[derive(Clone, Copy, Debug)]
pub struct Editor {
    backend: Backend,
    mariadb: bool,
    /// Tables that were there before are changed beside running writes.
    online: bool,
}

impl Editor {
    /// The editor for a connected database.
    #[must_use]
    pub fn new(backend: Backend, capabilities: &Capabilities) -> Self {
        Self { backend, mariadb: capabilities.mariadb, online: false }
    }

    /// The editor for a database that is not connected.
    #[must_use]
    pub fn offline(backend: Backend) -> Self {
        Self { backend, mariadb: false, online: false }
    }

    /// The same editor for large tables: what can be done beside running writes is, step by step.
    #[must_use]
    pub fn online(self) -> Self {
        Self { online: self.has_online(), ..self }
    }

    /// Whether large tables are changed in another way than small ones.
    #[must_use]
    pub fn has_online(&self) -> bool {
        self.backend == Backend::Postgres
    }

    /// Which database it writes for.
    #[must_use]
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// The steps of operations that follow each other; the state is changed as they say. What is dropped goes by
    /// the names of the live database.
    ///
    /// # Errors
    /// When one does not fit the state, or says nothing for this database.
    pub fn steps(
        &self,
        state: &mut ProjectState,
        app: &str,
        operations: &[Operation],
        live: &mut LiveNames,
    ) -> Result<Vec<Planned>> {
        let mut planned = Vec::new();
        let mut waiting = Vec::new();
        let mut fresh = BTreeSet::new();
        for operation in operations {
            let own = match operation {
                Operation::RunSql { forward, .. } => self.run_sql(forward)?,
                Operation::RunData { forward, .. } => {
                    vec![Planned { step: Step::Data(forward.clone()), shape: Some(state.clone()) }]
                }
                _ => {
                    let mut changes = changes(state, app, operation, self.backend)?;
                    live.put_into(&mut changes);
                    waiting.push(changes);
                    continue;
                }
            };
            planned.extend(self.render(std::mem::take(&mut waiting), &mut fresh)?);
            planned.extend(own);
        }
        planned.extend(self.render(waiting, &mut fresh)?);
        Ok(planned)
    }

    /// The steps of changes that no operation describes.
    ///
    /// # Errors
    /// When a name cannot be written.
    pub(crate) fn steps_of(&self, changes: Vec<Change>) -> Result<Vec<Planned>> {
        self.render(vec![changes], &mut BTreeSet::new())
    }

    fn run_sql(&self, text: &SqlText) -> Result<Vec<Planned>> {
        let missing = || Error::other(format!("an SQL step says nothing for {}", self.backend.title()));
        Ok(text
            .on(self.backend)
            .ok_or_else(missing)?
            .into_iter()
            .map(|sql| Planned::from(Step::Rows(sql.to_owned())))
            .collect())
    }

    /// The steps of the changes of each operation; SQLite copies a table once for all of them. `fresh` are the
    /// tables that the migration made itself.
    fn render(&self, operations: Vec<Vec<Change>>, fresh: &mut BTreeSet<String>) -> Result<Vec<Planned>> {
        let mut steps = Vec::new();
        match self.backend {
            Backend::Sqlite => steps = self.sqlite(&merged(operations.concat()))?,
            Backend::Postgres => {
                for changes in &operations {
                    for change in changes {
                        match change {
                            Change::Create(table) => {
                                fresh.insert(table.name.clone());
                            }
                            Change::RenameTable { from, to } if fresh.contains(from) => {
                                fresh.insert(to.clone());
                            }
                            _ => {}
                        }
                    }
                    steps.extend(self.postgres(changes, fresh)?);
                }
            }
            Backend::Mysql => {
                for changes in &operations {
                    steps.extend(self.mysql(changes)?);
                }
            }
        }
        Ok(steps.into_iter().map(Planned::from).collect())
    }

    /// The quoted name.
    fn q(&self, name: &str) -> Result<String> {
        quote_identifier(self.backend, name)
    }

    fn list<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<String> {
        let names: Vec<String> = names.into_iter().map(|name| self.q(name)).collect::<Result<_>>()?;
        Ok(names.join(", "))
    }

    /// The condition of a check with names in this database's quotes.
    fn condition(&self, sql: &str) -> String {
        let quote = |name: &str| self.q(name).unwrap_or_else(|_| format!("\"{name}\""));
        quoted_names(sql, quote)
    }

    /// `varchar(100) COLLATE "C"`
    fn type_of(&self, column: &Column) -> Result<String> {
        Ok(match &column.collation {
            Some(collation) => format!("{} COLLATE {}", column.sql_type, self.q(collation)?),
            None => column.sql_type.clone(),
        })
    }

    /// ` DEFAULT (…)`, ` GENERATED ALWAYS AS (…) STORED`, or nothing.
    fn made(&self, column: &Column) -> String {
        if let Some((Expression(sql), stored)) = &column.generated {
            let kept = if *stored { "STORED" } else { "VIRTUAL" };
            return format!(" GENERATED ALWAYS AS ({}) {kept}", self.expression(sql));
        }
        match &column.default {
            Some(Expression(sql)) => format!(" DEFAULT ({})", self.expression(sql)),
            None => String::new(),
        }
    }

    /// SQL of a column with names and texts as this database reads them.
    fn expression(&self, sql: &str) -> String {
        let sql = self.condition(sql);
        // MySQL reads backslashes in texts.
        if self.backend == Backend::Mysql { sql.replace('\\', "\\\\") } else { sql }
    }

    fn index_columns(&self, index: &Index) -> Result<String> {
        let term = |(term, descending): &(Term, bool)| {
            Ok(format!("{}{}", self.term(term)?, if *descending { " DESC" } else { "" }))
        };
        Ok(index.terms.iter().map(term).collect::<Result<Vec<_>>>()?.join(", "))
    }

    /// A column's name, or an expression in parentheses.
    fn term(&self, term: &Term) -> Result<String> {
        match term {
            Term::Column(name) => self.q(name),
            Term::Computed(sql) if self.mariadb => Err(Error::new(
                ErrorKind::NotSupported,
                format!(
                    "MariaDB has no index over an expression such as `{sql}`: make it a column of its own with \
                     `#[field(generated = \"…\")]`, and put the index on that"
                ),
            )),
            Term::Computed(sql) => Ok(format!("({})", self.expression(sql))),
        }
    }

    fn create_index(&self, table: &str, index: &Index) -> Result<String> {
        let (name, table, columns) = (self.q(&index.name)?, self.q(table)?, self.index_columns(index)?);
        let tail = self.index_tail(&index.include, index.condition.as_ref())?;
        Ok(format!("CREATE INDEX {name} ON {table} ({columns}){tail}"))
    }

    /// `INCLUDE (…) WHERE …`
    fn index_tail(&self, include: &[String], condition: Option<&Condition>) -> Result<String> {
        let mut tail = self.include(include)?;
        if let Some(Condition(sql)) = condition {
            tail.push_str(&format!(" WHERE {}", self.condition(sql)));
        }
        Ok(tail)
    }

    fn include(&self, columns: &[String]) -> Result<String> {
        match columns {
            [] => Ok(String::new()),
            columns => Ok(format!(" INCLUDE ({})", self.list(columns.iter().map(String::as_str))?)),
        }
    }

    /// A unique constraint that is an index only, because not all rows count.
    fn unique_index(&self, table: &str, unique: &Unique) -> Result<String> {
        let (name, table, columns) = (self.q(&unique.name)?, self.q(table)?, self.unique_columns(unique)?);
        let nulls = if unique.nulls_equal { " NULLS NOT DISTINCT" } else { "" };
        let include = self.include(&unique.include)?;
        let rows = self.index_tail(&[], unique.condition.as_ref())?;
        Ok(format!("CREATE UNIQUE INDEX {name} ON {table} ({columns}){include}{nulls}{rows}"))
    }

    fn unique_columns(&self, unique: &Unique) -> Result<String> {
        Ok(unique.terms.iter().map(|term| self.term(term)).collect::<Result<Vec<_>>>()?.join(", "))
    }

    /// `CONSTRAINT … FOREIGN KEY … REFERENCES …`, checked at the end of the transaction where that can be.
    fn foreign_key(&self, key: &ForeignKey) -> Result<String> {
        let rule = match key.on_delete {
            Action::Nothing => "",
            Action::Cascade => " ON DELETE CASCADE",
            Action::SetNull => " ON DELETE SET NULL",
            Action::SetDefault => " ON DELETE SET DEFAULT",
        };
        let deferred = if self.backend == Backend::Mysql { "" } else { " DEFERRABLE INITIALLY DEFERRED" };
        Ok(format!(
            "CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({}){rule}{deferred}",
            self.q(&key.name)?,
            self.q(&key.column)?,
            self.q(&key.table)?,
            self.q(&key.to_column)?,
        ))
    }

    /// The lines of CREATE TABLE that every database has: columns, key, checks, foreign keys.
    fn primary_key(&self, table: &Table) -> Result<String> {
        let columns: Vec<String> = table.key.iter().map(|column| self.q(column)).collect::<Result<_>>()?;
        Ok(format!("PRIMARY KEY ({})", columns.join(", ")))
    }

    fn create_lines(&self, table: &Table, column: impl Fn(&Column) -> Result<String>) -> Result<Vec<String>> {
        let mut lines: Vec<String> = table.columns.iter().map(column).collect::<Result<_>>()?;
        if table.key.len() > 1 {
            lines.push(self.primary_key(table)?);
        }
        for check in &table.checks {
            lines.push(format!("CONSTRAINT {} CHECK ({})", self.q(&check.name)?, self.condition(&check.sql)));
        }
        for key in &table.foreign_keys {
            lines.push(self.foreign_key(key)?);
        }
        Ok(lines)
    }
}

impl Step {
    fn schema(sql: impl Into<String>, shows: Shows) -> Self {
        Self::Schema { sql: sql.into(), shows: Some(shows) }
    }

    /// The statements, as `sqlmigrate` shows them.
    #[must_use]
    pub fn sql(&self) -> Vec<String> {
        match self {
            Self::Schema { sql, .. } | Self::Rows(sql) => vec![sql.clone()],
            Self::Concurrently { sql, .. } | Self::Apart { sql, .. } => vec![sql.clone()],
            Self::Empty { table, column } => {
                vec![format!("-- `{table}` must be empty: `{column}` has no value for rows")]
            }
            Self::Rebuild(rebuild) => rebuild.statements.clone(),
            Self::Data(function) => vec![format!("-- the data step `{function}` runs here")],
        }
    }
}

fn body(lines: &[String]) -> String {
    format!("(\n    {}\n)", lines.join(",\n    "))
}
