//! `migrate --plan`: what would run, which locks it takes, and on how many rows.

use std::collections::{BTreeMap, BTreeSet};

use nuages::site::Site;
use nuages::{Db, Result};
use nuages_build::Operation;
use nuages_build::state::ProjectState;
use nuages_schema::Backend;

use super::settled;
use crate::change::changes;
use crate::effect::{Effect, effects, estimated_rows};
use crate::project::{Direction, Goal, Migrations, Move, Target};
use crate::run::{Options, hazards, operations_of, state_of};

pub(super) async fn run(site: &Site, migrations: &Migrations, target: Target) -> Result<()> {
    let (migrations, applied) = settled(site, migrations).await?;
    let plan = migrations.plan(&Goal { target, applied: &applied })?;
    if plan.is_empty() {
        println!("Nothing to migrate.");
    }
    let db = site.database().session();
    let mut state = state_of(&migrations, &applied)?;
    for one in plan {
        let word = if one.direction == Direction::Forward { "Apply" } else { "Take back" };
        println!("{word} {}", one.migration.label());
        one_migration(&db, &migrations, one, &mut state).await?;
    }
    for pending in migrations.apps().iter().filter_map(|app| app.pending.as_ref()) {
        println!("Not sealed yet, `migrate` in a debug build does it: {}", pending.app);
        pending.operations.iter().for_each(|operation| println!("  - {}", operation.describe()));
    }
    Ok(())
}

/// The operations, each with what it does to tables that are there.
async fn one_migration(
    db: &Db,
    migrations: &Migrations,
    one: Move<'_>,
    state: &mut ProjectState,
) -> Result<()> {
    let above = u64::from(Options::default().online_above);
    let mut fresh = BTreeSet::new();
    let hazards = match one.direction {
        Direction::Forward => hazards(migrations, one.migration)?,
        Direction::Backward => Vec::new(),
    };
    for (at, operation) in operations_of(migrations, one)?.iter().enumerate() {
        println!("  - {}", operation.describe());
        for hazard in hazards.iter().filter(|one| one.operation == at && one.concerns(db.backend())) {
            println!("      {hazard}");
        }
        if let Operation::CreateModel { model } = operation {
            fresh.insert(model.table.clone());
        }
        let changes = changes(state, &one.migration.app, operation, db.backend())?;
        let all: Vec<Effect> =
            changes.iter().flat_map(|change| effects(db.backend(), change, false)).collect();
        let tables: Vec<String> = all.iter().map(|effect| effect.table.clone()).collect();
        let rows = estimated_rows(db, &tables).await?;
        let online = rows.values().any(|rows| *rows > above);
        for effect in changes.iter().flat_map(|change| effects(db.backend(), change, online)) {
            if !fresh.contains(&effect.table) {
                println!("      {}", told(db.backend(), &effect, &rows));
            }
        }
    }
    Ok(())
}

fn told(backend: Backend, effect: &Effect, rows: &BTreeMap<String, u64>) -> String {
    let Effect { table, lock, work } = effect;
    let count = match rows.get(table) {
        Some(rows) if backend == Backend::Sqlite => format!("at most {} rows", grouped(*rows)),
        Some(rows) => format!("about {} rows", grouped(*rows)),
        None => "not there under this name yet".to_owned(),
    };
    format!("`{table}`, {count}: {lock}, {work}")
}

/// `1234567` is `1,234,567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn thousands_are_told_apart() {
        assert_eq!([7, 1234, 1_234_567].map(super::grouped), ["7", "1,234", "1,234,567"]);
    }
}
