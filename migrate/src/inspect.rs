//! Models for a database that is there: what `inspectdb` writes.
//!
//! The catalogue becomes the same states that the build reads from source, so what is printed can be held
//! against the tables it was read from.

mod kind;
mod name;
mod print;
mod shape;

use std::collections::BTreeMap;

use nuages::{Db, Result};
use nuages_build::state::{FieldState, ManyToManyState, ModelState, UniqueState};
use nuages_schema::Backend;

use crate::drift::Difference;
use crate::introspect::{check_clauses, introspect, primary_keys};
use crate::table::{Table, Unique};

/// What to write.
#[derive(Clone, Debug, Default)]
pub struct Inspection {
    /// Only these tables; none is all.
    pub tables: Vec<String>,
    /// The app's label: tables that begin with it lose that beginning, and it stands in the recorded state.
    pub app: String,
    /// Models whose tables are what migrations would make are managed; else none is.
    pub managed: bool,
}

/// A model as it will be printed.
#[derive(Clone, Debug)]
struct Found {
    state: ModelState,
    /// The fields in order, beside those of `state`.
    fields: Vec<FoundField>,
    relations: Vec<FoundRelation>,
    differences: Vec<Difference>,
    /// Lines about what has no place in the model.
    notes: Vec<String>,
    backend: Backend,
}

impl Found {
    /// The database that it was read from, where an index or constraint is one that not every database has.
    fn only(&self) -> Option<Backend> {
        let computed =
            |terms: &[String]| terms.iter().any(|term| term.trim_start_matches('-').starts_with('('));
        let own = |one: &UniqueState| {
            one.condition.is_some() || !one.include.is_empty() || one.nulls_equal || one.deferrable.is_some()
        };
        let uniques = self.state.uniques.iter().any(|one| own(one) || computed(&one.fields));
        let mut indexes = self.state.indexes.iter();
        let index =
            indexes.any(|one| one.condition.is_some() || !one.include.is_empty() || computed(&one.fields));
        let collation = self.state.fields.iter().any(|field| field.collation.is_some());
        (uniques || index || collation).then_some(self.backend)
    }
}

#[derive(Clone, Debug)]
struct FoundField {
    state: FieldState,
    /// The type without `Option`.
    rust: String,
    related_name: Option<String>,
    note: Option<String>,
}

#[derive(Clone, Debug)]
struct FoundRelation {
    state: ManyToManyState,
    /// The target's struct.
    to: String,
    related_name: Option<String>,
}

/// The source of models for the tables of a database.
///
/// ```
/// use nuages_migrate::inspect::{Inspection, inspect};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> nuages::Result<()> {
/// let database = nuages::Database::connect(&nuages::DatabaseSettings::new("sqlite::memory:")).await?;
/// let db = database.session();
/// db.execute_script("CREATE TABLE book (id integer PRIMARY KEY, title varchar(40) NOT NULL)").await?;
/// let models = inspect(&db, &Inspection::default()).await?;
/// assert!(models.contains("pub struct Book {") && models.contains("pub title: String,"));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// When the catalogue cannot be read, or a table that is named is not there.
pub async fn inspect(db: &Db, inspection: &Inspection) -> Result<String> {
    let mut live = introspect(db).await?;
    let clauses = check_clauses(db).await?;
    for (name, table) in &mut live {
        for check in &mut table.checks {
            if let Some(clause) = clauses.get(&(name.clone(), check.name.clone())) {
                check.sql.clone_from(clause);
            }
        }
    }
    let keys = primary_keys(db).await?;
    let found = shape::models(db.backend(), &live, &keys, inspection)?;
    Ok(print::source(&found, inspection))
}

/// The tables with all columns of their primary keys.
type Keys = BTreeMap<String, Vec<String>>;

/// A table of two keys and nothing else: each pair once.
fn is_join(table: &Table, keys: &Keys) -> bool {
    let key = keys.get(&table.name).map(Vec::as_slice).unwrap_or_default();
    let plain: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    let is_foreign = |name: &str| table.foreign_keys.iter().any(|foreign| foreign.column == name);
    match &plain[..] {
        [a, b] => key.len() == 2 && is_foreign(a) && is_foreign(b),
        // As Django makes them: a key of its own, and each pair once.
        [id, a, b] => {
            let pair = |columns: &[&str]| columns.len() == 2 && columns.contains(a) && columns.contains(b);
            key == [(*id).to_owned()]
                && is_foreign(a)
                && is_foreign(b)
                && table.uniques.iter().filter_map(Unique::columns).any(|columns| pair(&columns))
        }
        _ => false,
    }
}
