//! From an operation to changes of tables: the difference of the tables before and after it.
//!
//! Because both sides are computed from the state, what a database ends up
//! with is what the state says, whichever operation led there.

mod diff;
mod live;
mod merge;

use std::collections::{BTreeMap, BTreeSet};

use nuages::Result;
use nuages_build::state::{ModelRef, ProjectState, apply, quoted_names};
use nuages_build::{Backfill, Operation};
use nuages_schema::Backend;

pub use live::LiveNames;
pub use merge::merged;

use crate::table::{Check, Column, ForeignKey, Index, Table, Tables, Unique, literal, tables_of, value_of};

/// One change of the schema.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A new table.
    Create(Table),
    /// The table goes.
    Drop(Table),
    /// The table has a new name.
    RenameTable {
        /// The name so far.
        from: String,
        /// The name from now on.
        to: String,
    },
    /// A column has a new name.
    RenameColumn {
        /// The table.
        table: String,
        /// The name so far.
        from: String,
        /// The name from now on.
        to: String,
    },
    /// Anything else on one table.
    Alter(Alteration),
}

/// Changes of one table, whole and in parts, since one database rebuilds and others alter.
#[derive(Clone, Debug, PartialEq)]
pub struct Alteration {
    /// The table before, after renames.
    pub before: Table,
    /// The table after.
    pub after: Table,
    /// The differences, in an order in which they can be carried out.
    pub parts: Vec<Part>,
}

/// One difference between two shapes of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// The foreign key goes.
    DropForeignKey(ForeignKey),
    /// The check goes.
    DropCheck(Check),
    /// A new column; rows get what the SQL says.
    AddColumn(Column, Option<Fill>),
    /// The column is of another shape; NULLs become what the SQL says.
    AlterColumn(Column, Column, Option<Fill>),
    /// A new unique constraint.
    AddUnique(Unique),
    /// A new index.
    AddIndex(Index),
    /// The foreign key has a new name.
    RenameForeignKey(ForeignKey, ForeignKey),
    /// The check has a new name.
    RenameCheck(Check, Check),
    /// The unique constraint has a new name.
    RenameUnique(Unique, Unique),
    /// The index has a new name.
    RenameIndex(Index, Index),
    /// The unique constraint goes.
    DropUnique(Unique),
    /// The index goes.
    DropIndex(Index),
    /// The column goes.
    DropColumn(Column),
    /// A new check.
    AddCheck(Check),
    /// A new foreign key.
    AddForeignKey(ForeignKey),
}

/// What rows get, as SQL.
#[derive(Clone, Debug, PartialEq)]
pub struct Fill {
    /// The expression.
    pub sql: String,
    /// Whether it is the same for every row.
    pub constant: bool,
}

/// Applies the operation to the state and says what it changes in the schema.
///
/// # Errors
/// When the operation does not fit the state.
pub fn changes(
    state: &mut ProjectState,
    app: &str,
    operation: &Operation,
    backend: Backend,
) -> Result<Vec<Change>> {
    let touched = touched(state, app, operation);
    let before = tables(state, &touched, backend)?;
    let columns = column_renames(state, app, operation);
    apply(state, app, operation)?;
    let (renamed, unnamed) = (Renamed::of(app, operation), Renamed::default());
    let touched =
        touched.into_iter().map(|name| renamed.model(name)).chain(created(app, operation)).collect();
    let after = tables(state, &touched, backend)?;
    // A change of who manages the table changes nothing in it.
    if let Operation::AlterTable { .. } = operation
        && before.values().chain(after.values()).any(|tables| tables.own.is_none())
    {
        return Ok(Vec::new());
    }
    let fill = fill(state, operation, backend)?;
    Ok(diff::diff(renamed.keyed(before), unnamed.keyed(after), &columns, fill.as_ref()))
}

/// What leads from tables to tables of the same keys, without renaming any.
#[must_use]
pub(crate) fn differences_of(before: BTreeMap<Key, Table>, after: BTreeMap<Key, Table>) -> Vec<Change> {
    diff::diff(before, after, &[], None)
}

/// A model's own table, or the join table of one of its relations.
pub(crate) type Key = (ModelRef, Option<String>);

/// What an operation renames.
#[derive(Default)]
struct Renamed {
    models: Option<(ModelRef, ModelRef)>,
    relation: Option<(String, String)>,
    /// A table that changes hands between a relation and a model.
    table: Option<(Key, Key)>,
}

impl Renamed {
    fn of(app: &str, operation: &Operation) -> Self {
        let models = match operation {
            Operation::RenameModel { from, to, .. } => {
                Some((ModelRef::new(app, from), ModelRef::new(app, to)))
            }
            Operation::AdoptModel { from, model } => Some((from.clone(), ModelRef::new(app, &model.name))),
            Operation::ReleaseModel { model, to, shape: Some(_) } => {
                Some((ModelRef::new(app, model), to.clone()))
            }
            _ => None,
        };
        let relation = match operation {
            Operation::AlterManyToMany { from, relation, .. } => Some((from.clone(), relation.name.clone())),
            _ => None,
        };
        let key =
            |model: &str, relation: Option<&str>| (ModelRef::new(app, model), relation.map(str::to_owned));
        let table = match operation {
            Operation::PromoteRelation { model, relation, through } => {
                Some((key(model, Some(relation)), key(&through.name, None)))
            }
            Operation::DemoteRelation { model, relation, through } => {
                Some((key(through, None), key(model, Some(&relation.name))))
            }
            _ => None,
        };
        Self { models, relation, table }
    }

    /// The name that a table goes by after the operation.
    fn key(&self, key: Key) -> Key {
        match &self.table {
            Some((from, to)) if *from == key => to.clone(),
            _ => key,
        }
    }

    fn model(&self, name: ModelRef) -> ModelRef {
        match &self.models {
            Some((from, to)) if *from == name => to.clone(),
            _ => name,
        }
    }

    fn relation(&self, name: String) -> String {
        match &self.relation {
            Some((from, to)) if *from == name => to.clone(),
            _ => name,
        }
    }

    /// The tables one by one, under the names that they go by after the operation.
    fn keyed(&self, tables: BTreeMap<ModelRef, Tables>) -> BTreeMap<Key, Table> {
        let mut keyed = BTreeMap::new();
        for (name, Tables { own, joins }) in tables {
            let name = self.model(name);
            for (relation, table) in joins {
                keyed.insert(self.key((name.clone(), Some(self.relation(relation)))), table);
            }
            if let Some(own) = own {
                keyed.insert(self.key((name, None)), own);
            }
        }
        keyed
    }
}

/// The models whose tables the operation may change, by their names before it.
fn touched(state: &ProjectState, app: &str, operation: &Operation) -> BTreeSet<ModelRef> {
    let Some(name) = subject(app, operation) else { return BTreeSet::new() };
    let mut touched = BTreeSet::new();
    if state.model(&name).is_none() {
        return touched;
    }
    let reaches_out = match operation {
        Operation::RenameModel { .. } | Operation::AlterTable { .. } => true,
        Operation::AdoptModel { .. } | Operation::ReleaseModel { .. } => true,
        Operation::AlterField { model, field, .. } => is_key(state, app, model, &field.name),
        Operation::RenameField { model, from, .. } => is_key(state, app, model, from),
        _ => false,
    };
    if let Operation::DemoteRelation { through, .. } = operation {
        touched.insert(ModelRef::new(app, through));
    }
    touched.insert(name.clone());
    if reaches_out {
        follow(state, &name, &mut touched);
    }
    touched
}

/// The model that the operation is about, by its name before.
fn subject(app: &str, operation: &Operation) -> Option<ModelRef> {
    match operation {
        Operation::AdoptModel { from, .. } => Some(from.clone()),
        _ => operation.model().map(|name| ModelRef::new(app, name)),
    }
}

fn is_key(state: &ProjectState, app: &str, model: &str, field: &str) -> bool {
    let model = state.model(&ModelRef::new(app, model));
    model.and_then(|model| model.field(field)).is_some_and(|field| field.primary_key)
}

/// Everything that refers to a model, and through keys that are keys themselves further on.
fn follow(state: &ProjectState, name: &ModelRef, touched: &mut BTreeSet<ModelRef>) {
    let referring: Vec<(ModelRef, bool)> =
        state.referring(name).map(|(from, field)| (from.clone(), field.primary_key)).collect();
    for (from, is_key) in referring {
        if touched.insert(from.clone()) && is_key {
            follow(state, &from, touched);
        }
    }
    for (from, model) in state.models() {
        if model.many_to_many.iter().any(|relation| state.resolve(&relation.to) == name) {
            touched.insert(from.clone());
        }
    }
}

fn created(app: &str, operation: &Operation) -> Option<ModelRef> {
    match operation {
        Operation::CreateModel { model } | Operation::PromoteRelation { through: model, .. } => {
            Some(ModelRef::new(app, &model.name))
        }
        _ => None,
    }
}

fn tables(
    state: &ProjectState,
    names: &BTreeSet<ModelRef>,
    backend: Backend,
) -> Result<BTreeMap<ModelRef, Tables>> {
    names
        .iter()
        .filter(|name| state.model(name).is_some())
        .map(|name| Ok((name.clone(), tables_of(state, name, backend)?)))
        .collect()
}

/// The columns that have another name after the operation, though they are the same.
fn column_renames(state: &ProjectState, app: &str, operation: &Operation) -> Vec<(Key, String, String)> {
    let own = |model: &str| (ModelRef::new(app, model), None);
    let old = |model: &str, field: &str| {
        state
            .model(&ModelRef::new(app, model))
            .and_then(|model| model.field(field))
            .map(|field| field.column.clone())
    };
    match operation {
        Operation::RenameField { model, from, to: _, column } => {
            old(model, from).map(|old| (own(model), old, column.clone())).into_iter().collect()
        }
        Operation::AlterField { model, field, backfill: _ } => {
            old(model, &field.name).map(|old| (own(model), old, field.column.clone())).into_iter().collect()
        }
        Operation::AlterManyToMany { model, from, relation } => {
            let name = ModelRef::new(app, model);
            let Some(old) = state.model(&name).and_then(|model| model.relation(from)) else {
                return Vec::new();
            };
            let key = (name, Some(relation.name.clone()));
            let (old_from, old_to) = (old.from_column.clone(), old.to_column.clone());
            vec![
                (key.clone(), old_from, relation.from_column.clone()),
                (key, old_to, relation.to_column.clone()),
            ]
        }
        _ => Vec::new(),
    }
}

/// The column that the operation's `backfill` is for, and the value as SQL.
fn fill(state: &ProjectState, operation: &Operation, backend: Backend) -> Result<Option<(String, Fill)>> {
    let (Operation::AddField { model: _, field, backfill: Some(backfill) }
    | Operation::AlterField { model: _, field, backfill: Some(backfill) }) = operation
    else {
        return Ok(None);
    };
    let fill = match backfill {
        Backfill::Value(value) => {
            let kind = value_of(state, field)?.kind;
            Fill { sql: literal(backend, kind, value), constant: true }
        }
        Backfill::Sql { sql } => Fill { sql: format!("({})", expression(backend, sql)), constant: false },
    };
    Ok(Some((field.column.clone(), fill)))
}

/// An expression of the user: names in double quotes are columns on every database. SQLite's own word for
/// now has no fractions of a second; instants are stored with six digits of them, or none for a whole second.
fn expression(backend: Backend, sql: &str) -> String {
    match backend {
        Backend::Mysql => quoted_names(sql, |name| format!("`{name}`")),
        Backend::Sqlite if sql.trim().eq_ignore_ascii_case("CURRENT_TIMESTAMP") => {
            "replace(strftime('%Y-%m-%d %H:%M:%f000', 'now'), '.000000', '')".to_owned()
        }
        _ => sql.to_owned(),
    }
}
