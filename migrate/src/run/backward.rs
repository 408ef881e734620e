//! What takes a migration back: each operation reversed, last first.

use nuages::{Error, Result};
use nuages_build::Operation;
use nuages_build::file::Migration;
use nuages_build::state::{ProjectState, apply};

/// The operations, in the order in which they run.
pub(super) fn operations(migration: &Migration, mut before: ProjectState) -> Result<Vec<Operation>> {
    let mut back = Vec::new();
    for operation in &migration.operations {
        let reversed = operation.reverse(&migration.app, &before).map_err(|why| {
            Error::other(format!("migration {} cannot be taken back: {why}", migration.label()))
        })?;
        back.push(reversed);
        apply(&mut before, &migration.app, operation)?;
    }
    Ok(back.into_iter().rev().flatten().collect())
}
