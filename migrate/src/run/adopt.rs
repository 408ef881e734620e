//! `--fake-initial`: an app's first migration over tables that are there already.

use std::collections::BTreeMap;

use nuages::{Db, Error, Result};
use nuages_build::Operation;
use nuages_build::file::Migration;
use nuages_build::state::{ModelRef, ProjectState};

use crate::drift::{Difference, differences, tables_of_models};
use crate::introspect::introspect;
use crate::project::{Direction, Move};
use crate::table::Table;

/// Whether the tables of a first migration are there and are what it makes; `state` is the one after it.
///
/// # Errors
/// When only some are there, or they differ: with every difference.
pub(super) async fn is_there(db: &Db, one: Move<'_>, state: &ProjectState) -> Result<bool> {
    let migration = one.migration;
    if migration.parent.is_some() || one.direction == Direction::Backward {
        return Ok(false);
    }
    let expected = tables_of_models(state, &created(migration), db.backend())?;
    let live = introspect(db).await?;
    if !expected.keys().any(|name| live.contains_key(name)) {
        return Ok(false);
    }
    let found = differences(db.backend(), &expected, &live);
    let faults: Vec<&Difference> = found.iter().filter(|one| !one.harmless).collect();
    if faults.is_empty() {
        return Ok(true);
    }
    Err(refusal(migration, &expected, &faults))
}

fn created(migration: &Migration) -> Vec<ModelRef> {
    let model = |operation: &Operation| match operation {
        Operation::CreateModel { model } => Some(ModelRef::new(&migration.app, &model.name)),
        _ => None,
    };
    migration.operations.iter().filter_map(model).collect()
}

fn refusal(migration: &Migration, expected: &BTreeMap<String, Table>, faults: &[&Difference]) -> Error {
    let list: String = faults.iter().map(|one| format!("\n- {one}")).collect();
    let mut text = format!(
        "the tables of {} are there and are not what it makes, so it was not recorded:{list}\nWrite the models as \
         the tables are (see `inspectdb`), or change the tables, and run it again; `--fake` records it all the same",
        migration.label()
    );
    let django = ["auth_permission", "auth_user"].iter().all(|name| expected.contains_key(*name))
        && faults.iter().any(|one| one.table == "auth_permission" && one.text.contains("content_type_id"));
    if django {
        text.push_str("\nThese are the tables of Django's users: `adoptdjango` takes them over");
    }
    Error::other(text)
}
