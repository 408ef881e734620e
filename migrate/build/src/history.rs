//! The line of migrations of one app: each has the one before as its parent.

use std::collections::BTreeMap;

use crate::file::Migration;
use crate::state::{ProjectState, StateError, apply};

/// The sealed migrations of one app, first to last.
#[derive(Clone, Debug, Default)]
pub struct History {
    migrations: Vec<Migration>,
}

impl History {
    /// Puts migrations in order by their parents.
    ///
    /// # Errors
    /// In words, when they are not one line: two at the same parent, or a parent that is not there.
    pub fn new(migrations: Vec<Migration>) -> Result<Self, String> {
        let count = migrations.len();
        let mut by_parent: BTreeMap<Option<String>, Migration> = BTreeMap::new();
        for migration in migrations {
            if let Some(other) = by_parent.get(&migration.parent) {
                return Err(two_heads(other, &migration));
            }
            by_parent.insert(migration.parent.clone(), migration);
        }
        let mut line: Vec<Migration> = Vec::with_capacity(count);
        while let Some(next) = by_parent.remove(&line.last().map(|last| last.name.clone())) {
            line.push(next);
        }
        match by_parent.into_iter().next() {
            Some((parent, lost)) => Err(no_parent(&lost, parent.as_deref().unwrap_or_default())),
            None => Ok(Self { migrations: line }),
        }
    }

    /// The migrations, first to last.
    #[must_use]
    pub fn migrations(&self) -> &[Migration] {
        &self.migrations
    }

    /// The name of the last migration.
    #[must_use]
    pub fn head(&self) -> Option<&str> {
        self.migrations.last().map(|last| last.name.as_str())
    }

    /// The number that the next migration gets.
    #[must_use]
    pub fn next_number(&self) -> u32 {
        let numbers = self.migrations.iter().filter_map(|m| m.name.split('_').next()?.parse::<u32>().ok());
        numbers.max().unwrap_or(0) + 1
    }

    /// The state that all migrations together make.
    ///
    /// # Errors
    /// When a migration does not fit what the ones before made; the message names it.
    pub fn replay(&self) -> Result<ProjectState, StateError> {
        let mut state = ProjectState::new();
        for migration in &self.migrations {
            for operation in &migration.operations {
                apply(&mut state, &migration.app, operation)
                    .map_err(|error| StateError(format!("migration {}: {error}", migration.label())))?;
            }
        }
        Ok(state)
    }
}

/// The line with a pending migration at its end, under the number that it would be sealed with.
///
/// # Errors
/// When it does not follow the last one.
pub fn history_with(history: &History, pending: Migration) -> Result<History, String> {
    let name = format!("{:04}_{}", history.next_number(), pending.name);
    let mut migrations = history.migrations.clone();
    migrations.push(Migration { name, ..pending });
    History::new(migrations)
}

fn two_heads(one: &Migration, other: &Migration) -> String {
    let (one, other) = if one.name < other.name { (one, other) } else { (other, one) };
    format!(
        "two migrations of `{}` follow {}: {} and {}. Two branches met: give the second a new number after the \
         first, write `parent = \"{}\"` in it, delete its `checksum` line, and run `makemigrations`",
        one.app,
        one.parent.as_deref().unwrap_or("nothing"),
        one.name,
        other.name,
        one.name,
    )
}

fn no_parent(lost: &Migration, parent: &str) -> String {
    format!(
        "migration {} follows `{parent}`, which is not in the line of migrations: restore its file, or correct `parent`",
        lost.label()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, parent: Option<&str>) -> Migration {
        Migration { name: name.to_owned(), ..Migration::pending("shop", parent, Vec::new()) }
    }

    #[test]
    fn the_parents_make_the_order() {
        let history = History::new(vec![named("0002_b", Some("0001_a")), named("0001_a", None)]).unwrap();
        assert_eq!(history.head(), Some("0002_b"));
        assert_eq!(history.next_number(), 3);
    }

    #[test]
    fn two_branches_are_refused_with_what_to_do() {
        let error = History::new(vec![
            named("0001_a", None),
            named("0002_c", Some("0001_a")),
            named("0002_b", Some("0001_a")),
        ])
        .unwrap_err();
        assert_eq!(
            error,
            "two migrations of `shop` follow 0001_a: 0002_b and 0002_c. Two branches met: give the second a new \
             number after the first, write `parent = \"0002_b\"` in it, delete its `checksum` line, and run \
             `makemigrations`"
        );
    }

    #[test]
    fn a_lost_parent_is_named() {
        let error = History::new(vec![named("0002_b", Some("0001_a"))]).unwrap_err();
        assert!(error.contains("shop.0002_b follows `0001_a`"), "{error}");
    }
}
