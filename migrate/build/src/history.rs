//! The line of migrations of one app: each has the one before as its parent.

use std::collections::BTreeMap;

use crate::file::Migration;
use crate::state::{ProjectState, StateError, apply};

/// The sealed migrations of one app, first to last.
#[derive(Clone, Debug, Default)]
pub struct History {
    migrations: Vec<Migration>,
    /// Files that are still there although a migration of the line stands for them.
    replaced: Vec<Migration>,
}

/// The line of migrations that one database takes.
#[derive(Clone, Debug)]
pub struct Line {
    /// The line.
    pub history: History,
    /// Migrations of the line that are done, since all that they stand for is: they are recorded and do not run.
    pub done: Vec<String>,
}

impl History {
    /// Puts migrations in order by their parents.
    ///
    /// # Errors
    /// In words, when they are not one line: two at the same parent, or a parent that is not there.
    pub fn new(migrations: Vec<Migration>) -> Result<Self, String> {
        let stands_for = Self::stands_for(&migrations)?;
        let (replaced, line): (Vec<Migration>, Vec<Migration>) =
            migrations.into_iter().partition(|one| stands_for.contains_key(&one.name));
        let count = line.len();
        let mut by_parent: BTreeMap<Option<String>, Migration> = BTreeMap::new();
        for migration in line {
            let parent = migration.parent.as_ref().map(|name| current(&stands_for, name).to_owned());
            if let Some(other) = by_parent.get(&parent) {
                return Err(two_heads(other, &migration));
            }
            by_parent.insert(parent, migration);
        }
        let mut line: Vec<Migration> = Vec::with_capacity(count);
        while let Some(next) = by_parent.remove(&line.last().map(|last| last.name.clone())) {
            line.push(next);
        }
        match by_parent.into_iter().next() {
            Some((parent, lost)) => Err(no_parent(&lost, parent.as_deref().unwrap_or_default())),
            None => Ok(Self { migrations: line, replaced }),
        }
    }

    /// For each name that a migration stands for, the name of that migration.
    fn stands_for(migrations: &[Migration]) -> Result<BTreeMap<String, String>, String> {
        let mut stands_for = BTreeMap::new();
        for migration in migrations {
            for name in &migration.replaces {
                if let Some(other) = stands_for.insert(name.clone(), migration.name.clone()) {
                    let (label, name) = (migration.label(), name);
                    return Err(format!(
                        "{label} and {other} both replace {name}: delete one of the two files"
                    ));
                }
            }
        }
        Ok(stands_for)
    }

    /// The files that are still there although a migration of the line stands for them.
    #[must_use]
    pub fn replaced(&self) -> &[Migration] {
        &self.replaced
    }

    /// The line for a database in which some migrations are applied.
    ///
    /// A database that has all that a migration stands for has that migration too. One that has none of
    /// it runs the migration. One in between goes on with the old files, as long as they are there.
    ///
    /// # Errors
    /// In words, when a database is in between and the old files are gone.
    pub fn line_for(&self, is_applied: impl Fn(&str) -> bool) -> Result<Line, String> {
        let mut files = self.migrations.clone();
        let mut done = Vec::new();
        for migration in
            self.migrations.iter().filter(|one| !one.replaces.is_empty() && !is_applied(&one.name))
        {
            let applied = migration.replaces.iter().filter(|name| is_applied(name)).count();
            if applied == migration.replaces.len() {
                done.push(migration.name.clone());
            } else if applied > 0 {
                files.retain(|one| one.name != migration.name);
                for name in &migration.replaces {
                    let file = self.replaced.iter().find(|one| one.name == *name);
                    files.push(file.cloned().ok_or_else(|| in_between(migration, name))?);
                }
            }
        }
        let mut history = Self::new(files)?;
        // What is not in this database's line is known all the same.
        let known = |name: &str| history.migrations.iter().any(|one| one.name == name);
        let others: Vec<Migration> =
            self.migrations.iter().chain(&self.replaced).filter(|one| !known(&one.name)).cloned().collect();
        history.replaced = others;
        Ok(Line { history, done })
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
        let all = self.migrations.iter().chain(&self.replaced);
        let numbers = all.filter_map(|m| m.name.split('_').next()?.parse::<u32>().ok());
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
    let mut migrations = [&history.migrations[..], &history.replaced[..]].concat();
    migrations.push(Migration { name, ..pending });
    History::new(migrations)
}

/// The migration that stands for a name today.
fn current<'a>(stands_for: &'a BTreeMap<String, String>, name: &'a str) -> &'a str {
    let mut name = name;
    // A squash may be squashed again; a circle of them ends somewhere.
    for _ in 0..=stands_for.len() {
        match stands_for.get(name) {
            Some(next) => name = next,
            None => break,
        }
    }
    name
}

fn two_heads(one: &Migration, other: &Migration) -> String {
    let (one, other) = if one.name < other.name { (one, other) } else { (other, one) };
    format!(
        "two migrations of `{}` follow {}: {} and {}. Two branches met: run `cargo run -- makemigrations --merge` in a \
         debug build, which puts the second after the first and settles `migrations/head`, where git saw the conflict",
        one.app,
        one.parent.as_deref().unwrap_or("nothing"),
        one.name,
        other.name,
    )
}

fn in_between(migration: &Migration, name: &str) -> String {
    format!(
        "this database has a part of what {} stands for, and the file of {name} is gone: bring it up to date with a \
         binary that still has it, then go on with this one",
        migration.label()
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
            "two migrations of `shop` follow 0001_a: 0002_b and 0002_c. Two branches met: run `cargo run -- \
             makemigrations --merge` in a debug build, which puts the second after the first and settles \
             `migrations/head`, where git saw the conflict"
        );
    }

    fn replacing(name: &str, parent: Option<&str>, replaces: &[&str]) -> Migration {
        Migration { replaces: replaces.iter().map(|&name| name.to_owned()).collect(), ..named(name, parent) }
    }

    fn names(history: &History) -> Vec<&str> {
        history.migrations().iter().map(|one| one.name.as_str()).collect()
    }

    #[test]
    fn a_squash_stands_for_its_files_while_they_are_there_and_after() {
        let old = [named("0001_a", None), named("0002_b", Some("0001_a"))];
        let new = [replacing("0001_ab", None, &["0001_a", "0002_b"]), named("0003_c", Some("0002_b"))];
        let both = History::new([&old[..], &new].concat()).unwrap();
        assert_eq!(names(&both), ["0001_ab", "0003_c"]);
        assert_eq!(both.next_number(), 4);
        assert_eq!(names(&History::new(new.to_vec()).unwrap()), ["0001_ab", "0003_c"]);
    }

    #[test]
    fn each_database_takes_the_line_that_fits_it() {
        let old = [named("0001_a", None), named("0002_b", Some("0001_a"))];
        let new = [replacing("0001_ab", None, &["0001_a", "0002_b"]), named("0003_c", Some("0002_b"))];
        let both = History::new([&old[..], &new].concat()).unwrap();
        let line = |applied: &[&str]| both.line_for(|name| applied.contains(&name)).unwrap();
        let empty = line(&[]);
        assert_eq!((names(&empty.history), empty.done), (vec!["0001_ab", "0003_c"], vec![]));
        let between = line(&["0001_a"]);
        assert_eq!((names(&between.history), between.done), (vec!["0001_a", "0002_b", "0003_c"], vec![]));
        let whole = line(&["0001_a", "0002_b"]);
        assert_eq!(
            (names(&whole.history), whole.done),
            (vec!["0001_ab", "0003_c"], vec!["0001_ab".to_owned()])
        );
        let without = History::new(new.to_vec()).unwrap();
        let error = without.line_for(|name| name == "0001_a").unwrap_err();
        assert!(error.contains("the file of 0001_a is gone"), "{error}");
    }

    #[test]
    fn a_lost_parent_is_named() {
        let error = History::new(vec![named("0002_b", Some("0001_a"))]).unwrap_err();
        assert!(error.contains("shop.0002_b follows `0001_a`"), "{error}");
    }
}
