//! Two branches that met at one parent, put one after the other.
//!
//! The migrations of the second branch get new numbers and a new parent, and
//! say which names they had, so that a database which has them already under
//! the old names is not asked to run them again.

use std::collections::BTreeMap;

use crate::History;
use crate::file::Migration;

/// What putting one branch after the other comes to.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The migrations of the second branch: the former name, and the migration as it is from now on.
    pub moved: Vec<(String, Migration)>,
    /// The last migration of the first branch, which the second follows.
    pub onto: String,
}

/// Puts the branch whose first name sorts last after the other; `None` where there is one line already.
///
/// # Errors
/// In words: more than two branches, both change the same thing, or they do not fit together.
pub fn merge(migrations: &[Migration]) -> Result<Option<Merged>, String> {
    if History::new(migrations.to_vec()).is_ok() {
        return Ok(None);
    }
    let mut children: BTreeMap<Option<&str>, Vec<&Migration>> = BTreeMap::new();
    for one in migrations {
        children.entry(one.parent.as_deref()).or_default().push(one);
    }
    let Some(fork) = children.values().find(|children| children.len() > 1) else {
        // What is wrong is something else, and has its own words.
        return History::new(migrations.to_vec()).map(|_| None);
    };
    let mut firsts = fork.clone();
    firsts.sort_by(|a, b| a.name.cmp(&b.name));
    let [first, second] = firsts[..] else {
        return Err("more than two branches met: merge two of them in version control first, then the third"
            .to_owned());
    };
    let (one, other) = (branch(&children, first)?, branch(&children, second)?);
    check_apart(&one, &other)?;
    let merged = moved(migrations, &one, &other);
    prove(migrations, &merged)?;
    Ok(Some(merged))
}

/// A migration and what follows it.
fn branch<'a>(
    children: &BTreeMap<Option<&str>, Vec<&'a Migration>>,
    first: &'a Migration,
) -> Result<Vec<&'a Migration>, String> {
    let mut line = vec![first];
    while let Some(last) = line.last() {
        match children.get(&Some(last.name.as_str())).map(Vec::as_slice) {
            None | Some([]) => break,
            Some([next]) => line.push(next),
            Some(_) => {
                return Err(format!("the branch of {} divides again: merge its ends first", first.label()));
            }
        }
    }
    Ok(line)
}

/// What both branches change has no order that is right for both.
fn check_apart(one: &[&Migration], other: &[&Migration]) -> Result<(), String> {
    for (a, b) in one.iter().flat_map(|a| other.iter().map(move |b| (*a, *b))) {
        for operation in &a.operations {
            let touch = operation.touches();
            let both = b.operations.iter().find_map(|other| touch.changes(&other.touches()));
            if let Some(what) = both {
                return Err(format!(
                    "{} and {} both change {what}: delete the file of the one that no database has yet, and build, so \
                     that it is written anew after the other",
                    a.label(),
                    b.label()
                ));
            }
        }
    }
    Ok(())
}

fn moved(migrations: &[Migration], one: &[&Migration], other: &[&Migration]) -> Merged {
    let number = |name: &str| name.split('_').next().and_then(|digits| digits.parse::<u32>().ok());
    let staying = |migration: &&Migration| !other.iter().any(|moved| moved.name == migration.name);
    let last = migrations.iter().filter(staying).filter_map(|one| number(&one.name)).max().unwrap_or(0);
    let onto = one.last().map(|last| last.name.clone()).unwrap_or_default();
    let mut parent = onto.clone();
    let mut moved = Vec::new();
    for (at, old) in (1_u32..).zip(other) {
        let rest = old.name.split_once('_').map_or(old.name.as_str(), |(_, rest)| rest);
        let mut new = (*old).clone();
        new.name = format!("{:04}_{rest}", last + at);
        new.parent = Some(std::mem::replace(&mut parent, new.name.clone()));
        if new.name != old.name {
            new.replaces.push(old.name.clone());
        }
        if new.sealed.is_some() {
            new.sealed = Some(new.checksum());
        }
        moved.push((old.name.clone(), new));
    }
    Merged { moved, onto }
}

/// The line must replay from its beginning.
fn prove(migrations: &[Migration], merged: &Merged) -> Result<(), String> {
    let stays = |one: &&Migration| !merged.moved.iter().any(|(old, _)| *old == one.name);
    let staying = migrations.iter().filter(stays).cloned();
    let line: Vec<Migration> = staying.chain(merged.moved.iter().map(|(_, new)| new.clone())).collect();
    let replayed =
        History::new(line).and_then(|line| line.replay().map(drop).map_err(|error| error.to_string()));
    replayed.map_err(|error| format!("the two branches do not fit after each other: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Operation;
    use crate::state::{ColumnType, FieldState, ModelState};

    fn sealed(name: &str, parent: Option<&str>, operation: Operation) -> Migration {
        let mut migration = Migration::pending("shop", parent, vec![operation]);
        migration.name = name.to_owned();
        migration.sealed = Some(migration.checksum());
        migration
    }

    fn start() -> Migration {
        let mut model = ModelState::new("Book", "shop_book");
        model.fields.push(FieldState::auto_key("id"));
        sealed("0001_initial", None, Operation::CreateModel { model })
    }

    fn add(name: &str, parent: &str, field: &str) -> Migration {
        let field = FieldState { nullable: true, ..FieldState::new(field, ColumnType::text(10)) };
        sealed(name, Some(parent), Operation::AddField { model: "Book".into(), field, backfill: None })
    }

    #[test]
    fn the_second_branch_goes_after_the_first() {
        let all = [
            start(),
            add("0002_book_b", "0001_initial", "b"),
            add("0002_book_a", "0001_initial", "a"),
            add("0003_book_c", "0002_book_b", "c"),
        ];
        let merged = merge(&all).unwrap().unwrap();
        assert_eq!(merged.onto, "0002_book_a");
        let names: Vec<_> = merged.moved.iter().map(|(old, new)| (old.as_str(), new.name.as_str())).collect();
        assert_eq!(names, [("0002_book_b", "0003_book_b"), ("0003_book_c", "0004_book_c")]);
        let (_, first) = &merged.moved[0];
        assert_eq!(
            (first.parent.as_deref(), &first.replaces[..]),
            (Some("0002_book_a"), &["0002_book_b".to_owned()][..])
        );
        assert!(!first.was_edited());
        assert!(merge(&all[..1]).unwrap().is_none());
    }

    #[test]
    fn what_both_branches_change_is_not_put_in_any_order() {
        let all = [start(), add("0002_a", "0001_initial", "title"), add("0002_b", "0001_initial", "title")];
        let error = merge(&all).unwrap_err();
        assert!(error.starts_with("shop.0002_a and shop.0002_b both change Book.title"), "{error}");
    }
}
