//! The live catalogue held against the tables that a recorded state comes to.
//!
//! Constraints and indexes are compared by what they do, never by their names: a database that was taken
//! over keeps the names that it had.

mod types;

use std::collections::BTreeMap;

use nuages::{Db, Result};
use nuages_build::state::{ModelRef, ProjectState};
use nuages_schema::Backend;

pub use types::is_same_type;

use crate::introspect::introspect;
use crate::table::{Action, Column, ForeignKey, Index, Table, Term, Unique, tables_of};

/// One difference between a table and what the history says of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// The table.
    pub table: String,
    /// What is different, in words.
    pub text: String,
    /// An index more than the models ask for changes no answer: it is told and is no fault.
    pub harmless: bool,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "table `{}`: {}", self.table, self.text)
    }
}

/// The differences between the live database and the tables of a state.
///
/// ```
/// use nuages_build::state::{FieldState, ModelState, ProjectState};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> nuages::Result<()> {
/// let database = nuages::Database::connect(&nuages::DatabaseSettings::new("sqlite::memory:")).await?;
/// let mut state = ProjectState::new();
/// let mut book = ModelState::new("Book", "shop_book");
/// book.fields.push(FieldState::auto_key("id"));
/// state.insert("shop", book);
/// let found = nuages_migrate::drift::drift(&database.session(), &state).await?;
/// assert_eq!(found[0].to_string(), "table `shop_book`: is missing");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// When the catalogue cannot be read, or the state does not fit itself.
pub async fn drift(db: &Db, state: &ProjectState) -> Result<Vec<Difference>> {
    let live = introspect(db).await?;
    Ok(differences(db.backend(), &managed_tables(state, db.backend())?, &live))
}

/// The tables of all models that migrations manage, by name.
///
/// # Errors
/// When a model refers to one that the state does not have.
pub fn managed_tables(state: &ProjectState, backend: Backend) -> Result<BTreeMap<String, Table>> {
    let names: Vec<ModelRef> = state.models().map(|(name, _)| name.clone()).collect();
    tables_of_models(state, &names, backend)
}

/// The tables of some models, by name.
pub(crate) fn tables_of_models(
    state: &ProjectState,
    names: &[ModelRef],
    backend: Backend,
) -> Result<BTreeMap<String, Table>> {
    let mut tables = BTreeMap::new();
    for name in names {
        let of = tables_of(state, name, backend)?;
        tables.extend(
            of.own.into_iter().chain(of.joins.into_values()).map(|table| (table.name.clone(), table)),
        );
    }
    Ok(tables)
}

/// What is different in the tables that are expected; other tables are nobody's business here.
#[must_use]
pub fn differences(
    backend: Backend,
    expected: &BTreeMap<String, Table>,
    live: &BTreeMap<String, Table>,
) -> Vec<Difference> {
    let mut found = Found { backend, table: String::new(), all: Vec::new() };
    for (name, expected) in expected {
        found.table.clone_from(name);
        match live.get(name) {
            Some(live) => found.table(expected, live),
            None => found.fault("is missing"),
        }
    }
    found.all
}

/// The differences while they are collected.
struct Found {
    backend: Backend,
    table: String,
    all: Vec<Difference>,
}

impl Found {
    fn fault(&mut self, text: impl Into<String>) {
        self.tell(text, false);
    }

    fn tell(&mut self, text: impl Into<String>, harmless: bool) {
        self.all.push(Difference { table: self.table.clone(), text: text.into(), harmless });
    }

    fn table(&mut self, expected: &Table, live: &Table) {
        for column in &expected.columns {
            match live.column(&column.name) {
                // A key holds no NULL, whatever SQLite says of a column without NOT NULL.
                Some(found) if expected.key.contains(&column.name) => {
                    self.column(column, &Column { nullable: false, ..found.clone() });
                }
                Some(found) => self.column(column, found),
                None => self.fault(format!("column `{}` is missing", column.name)),
            }
        }
        for column in live.columns.iter().filter(|column| expected.column(&column.name).is_none()) {
            self.fault(format!("column `{}` is there and no model has it", column.name));
        }
        let sorted = |table: &Table| {
            let mut key = table.key.clone();
            key.sort();
            key
        };
        // A table that was there may have its columns in another order than its key.
        if sorted(expected) != sorted(live) {
            let (is, should) = (live.key.join("`, `"), expected.key.join("`, `"));
            self.fault(format!("the primary key is `{is}` and should be `{should}`"));
        }
        self.foreign_keys(expected, live);
        self.uniques(expected, live);
        self.indexes(expected, live);
        self.checks(expected, live);
    }

    fn column(&mut self, expected: &Column, live: &Column) {
        let Column { name, sql_type, nullable, auto, default, generated, collation } = expected;
        if !is_same_type(self.backend, sql_type, &live.sql_type) {
            self.fault(format!("column `{name}` is {} and should be {sql_type}", live.sql_type));
        }
        // What nobody asked for stays as it was in a database that was taken over.
        if let Some(collation) = collation
            && !live.collation.as_ref().is_some_and(|is| is.eq_ignore_ascii_case(collation))
        {
            let is = live.collation.as_deref().unwrap_or("the database's own");
            self.fault(format!("column `{name}` has the collation {is} and should have {collation}"));
        }
        if *nullable != live.nullable {
            let text = if *nullable { "takes no NULL and should" } else { "takes NULL and should not" };
            self.fault(format!("column `{name}` {text}"));
        }
        if default.is_some() && live.default.is_none() {
            self.fault(format!("column `{name}` has no default in the database and should"));
        }
        if generated.is_some() != live.generated.is_some() {
            let text = if generated.is_some() {
                "is not computed by the database and should be"
            } else {
                "is computed by the database and should not be"
            };
            self.fault(format!("column `{name}` {text}"));
        }
        // SQLite counts every key of the one type `integer` up.
        let counts = live.auto || (self.backend == Backend::Sqlite && live.sql_type == "integer");
        if *auto && !counts {
            self.fault(format!("column `{name}` is not counted up by the database and should be"));
        }
    }

    fn foreign_keys(&mut self, expected: &Table, live: &Table) {
        let target = |key: &ForeignKey| (key.column.clone(), key.table.clone(), key.to_column.clone());
        for key in &expected.foreign_keys {
            match live.foreign_keys.iter().find(|other| target(other) == target(key)) {
                Some(other) if other.on_delete != key.on_delete => {
                    let (is, should) = (rule(other.on_delete), rule(key.on_delete));
                    self.fault(format!(
                        "the foreign key of `{}` says {is} and should say {should}",
                        key.column
                    ));
                }
                Some(_) => {}
                None => {
                    let ForeignKey { column, table, to_column, .. } = key;
                    self.fault(format!("column `{column}` has no foreign key to `{table}` (`{to_column}`)"));
                }
            }
        }
        let known =
            |key: &&ForeignKey| expected.foreign_keys.iter().any(|other| target(other) == target(key));
        for key in live.foreign_keys.iter().filter(|key| !known(key)) {
            let ForeignKey { column, table, .. } = key;
            self.fault(format!("column `{column}` has a foreign key to `{table}` that no model has"));
        }
    }

    /// A unique index over some of the rows only is told by its condition being there, not by its words.
    fn uniques(&mut self, expected: &Table, live: &Table) {
        let shape = |unique: &Unique| {
            let mut terms: Vec<Term> = unique.terms.iter().map(Term::comparable).collect();
            terms.sort();
            (terms, unique.condition.is_some(), unique.nulls_equal)
        };
        let has = |table: &Table, unique: &Unique| {
            table.uniques.iter().any(|other| shape(other) == shape(unique))
                || (!unique.is_index() && unique.columns().is_some_and(|columns| columns == table.key))
        };
        for unique in expected.uniques.iter().filter(|unique| !has(live, unique)) {
            self.fault(format!("{} should be unique and is not", list(&unique.terms)));
        }
        for unique in live.uniques.iter().filter(|unique| !has(expected, unique)) {
            let some = unique.condition.is_some();
            let among = if some { " among some rows" } else { "" };
            self.tell(format!("{} is unique{among} and no model says so", list(&unique.terms)), some);
        }
    }

    /// An index serves for every index over the same rows that is its beginning.
    fn indexes(&mut self, expected: &Table, live: &Table) {
        let over = |index: &Index| -> Vec<(Term, bool)> {
            index.terms.iter().map(|(term, descending)| (term.comparable(), *descending)).collect()
        };
        let terms = |table: &Table| -> Vec<(Vec<(Term, bool)>, bool)> {
            let plain = |terms: &Vec<Term>| terms.iter().map(|term| (term.comparable(), false)).collect();
            let uniques = table.uniques.iter().map(|one| (plain(&one.terms), one.condition.is_some()));
            let indexes = table.indexes.iter().map(|one| (over(one), one.condition.is_some()));
            uniques.chain(indexes).collect()
        };
        let serves = |all: &[(Vec<(Term, bool)>, bool)], index: &Index| {
            all.iter()
                .any(|(terms, some)| terms.starts_with(&over(index)) && *some == index.condition.is_some())
        };
        let (wanted, there) = (terms(expected), terms(live));
        for index in expected.indexes.iter().filter(|index| !serves(&there, index)) {
            let terms: Vec<&Term> = index.terms.iter().map(|(term, _)| term).collect();
            self.fault(format!("there is no index on {}", list(&terms)));
        }
        for index in live.indexes.iter().filter(|index| !serves(&wanted, index)) {
            self.tell(format!("the index `{}` is there and no model asks for it", index.name), true);
        }
    }

    /// A catalogue tells conditions in words of its own, so checks are known by their names, and those with
    /// other names by their number.
    fn checks(&mut self, expected: &Table, live: &Table) {
        let names = |table: &Table| table.checks.iter().map(|check| check.name.clone()).collect::<Vec<_>>();
        let (wanted, there) = (names(expected), names(live));
        let missing: Vec<&String> = wanted.iter().filter(|name| !there.contains(name)).collect();
        let unknown: Vec<&String> = there.iter().filter(|name| !wanted.contains(name)).collect();
        for name in missing.iter().skip(unknown.len()) {
            self.fault(format!("the check `{name}` is missing"));
        }
        for name in unknown.iter().skip(missing.len()) {
            self.fault(format!("the check `{name}` is there and no model has it"));
        }
    }
}

fn rule(action: Action) -> &'static str {
    match action {
        Action::Nothing => "NO ACTION",
        Action::Cascade => "CASCADE",
        Action::SetNull => "SET NULL",
        Action::SetDefault => "SET DEFAULT",
    }
}

fn list(names: &[impl std::fmt::Display]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
