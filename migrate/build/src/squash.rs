//! Several migrations as one, which stands for them.
//!
//! The old files stay until every database has them or the new one: a database
//! in between goes on with the old ones (see [`History::line_for`]).

use crate::History;
use crate::file::Migration;
use crate::optimize::optimize;
use crate::state::{ProjectState, apply};

/// A migration that stands for a part of the line.
#[derive(Clone, Debug)]
pub struct Squashed {
    /// The migration, not sealed yet.
    pub migration: Migration,
    /// How many operations the old ones have together.
    pub operations: usize,
}

/// One migration for those from `from` to `to`, each named by its name or the start of it.
///
/// # Errors
/// In words: a name that fits none or several, a draft among them, or one that stands for others itself.
pub fn squash(history: &History, from: &str, to: &str) -> Result<Squashed, String> {
    let line = history.migrations();
    let (first, last) = (find(line, from)?, find(line, to)?);
    if first >= last {
        return Err(format!("{} does not come after {}", line[last].name, line[first].name));
    }
    let part = &line[first..=last];
    for one in part {
        check(history, one)?;
    }
    let before = state_of(&line[..first])?;
    let all: Vec<_> = part.iter().flat_map(|one| one.operations.iter().cloned()).collect();
    let kept: Vec<_> = all.iter().filter(|one| !one.is_elidable()).cloned().collect();
    let operations = shorter(&before, &part[0].app, &kept);
    let inside = |name: &str| part.iter().any(|one| one.label() == name);
    let mut migration = Migration::pending(&part[0].app, part[0].parent.as_deref(), operations);
    migration.name = format!("{}_squashed_{}", number(&part[0].name), part[part.len() - 1].name);
    migration.name = migration.name.chars().take(100).collect();
    migration.after = part.iter().flat_map(|one| &one.after).filter(|name| !inside(name)).cloned().collect();
    migration.after.sort();
    migration.after.dedup();
    migration.atomic = part.iter().all(|one| one.atomic);
    migration.replaces = part.iter().map(|one| one.name.clone()).collect();
    Ok(Squashed { migration, operations: all.len() })
}

/// The operations in short form, if they prove to lead to the same state.
fn shorter(before: &ProjectState, app: &str, all: &[crate::Operation]) -> Vec<crate::Operation> {
    let after = |operations: &[crate::Operation]| {
        let mut state = before.clone();
        operations.iter().try_for_each(|operation| apply(&mut state, app, operation)).ok()?;
        Some(state)
    };
    let short = optimize(app, all.to_vec());
    match (after(all), after(&short)) {
        (Some(long), Some(state)) if long.same(&state) => short,
        _ => all.to_vec(),
    }
}

fn check(history: &History, one: &Migration) -> Result<(), String> {
    if one.sealed.is_none() {
        return Err(format!("{} is not sealed yet: run `makemigrations` first", one.label()));
    }
    let unfinished = one.replaces.iter().any(|name| history.replaced().iter().any(|file| file.name == *name));
    if unfinished {
        return Err(format!(
            "{} stands for migrations whose files are still there: delete those first, once no database needs them",
            one.label()
        ));
    }
    Ok(())
}

fn state_of(line: &[Migration]) -> Result<ProjectState, String> {
    let mut state = ProjectState::new();
    for migration in line {
        for operation in &migration.operations {
            apply(&mut state, &migration.app, operation)
                .map_err(|error| format!("migration {}: {error}", migration.label()))?;
        }
    }
    Ok(state)
}

fn find(line: &[Migration], name: &str) -> Result<usize, String> {
    if let Some(exact) = line.iter().position(|one| one.name == name) {
        return Ok(exact);
    }
    let found: Vec<usize> = (0..line.len()).filter(|at| line[*at].name.starts_with(name)).collect();
    match found[..] {
        [only] => Ok(only),
        [] => Err(format!("there is no migration that starts with `{name}`; see `showmigrations`")),
        _ => Err(format!("several migrations start with `{name}`; write more of the name")),
    }
}

fn number(name: &str) -> &str {
    name.split('_').next().unwrap_or(name)
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

    fn add(field: &str) -> Operation {
        let field = FieldState { nullable: true, ..FieldState::new(field, ColumnType::text(10)) };
        Operation::AddField { model: "Book".into(), field, backfill: None }
    }

    fn line() -> Vec<Migration> {
        let mut model = ModelState::new("Book", "shop_book");
        model.fields.push(FieldState::auto_key("id"));
        vec![
            sealed("0001_initial", None, Operation::CreateModel { model }),
            sealed("0002_book_a", Some("0001_initial"), add("a")),
            sealed("0003_book_b", Some("0002_book_a"), add("b")),
            sealed("0004_book_c", Some("0003_book_b"), add("c")),
        ]
    }

    #[test]
    fn a_squash_leads_where_its_migrations_lead() {
        let history = History::new(line()).unwrap();
        let squashed = squash(&history, "0001", "0003").unwrap();
        assert_eq!((squashed.operations, squashed.migration.operations.len()), (3, 1));
        assert_eq!(squashed.migration.name, "0001_squashed_0003_book_b");
        assert_eq!(squashed.migration.replaces, ["0001_initial", "0002_book_a", "0003_book_b"]);
        let both = History::new([line(), vec![squashed.migration]].concat()).unwrap();
        assert_eq!(both.migrations().len(), 2);
        assert!(both.replay().unwrap().same(&history.replay().unwrap()));
    }

    #[test]
    fn a_squash_leaves_out_what_was_about_the_rows_of_then() {
        let step = |text: &str| Migration::parse("shop", "0002", text).unwrap().operations.remove(0);
        let with = |elidable: &str| {
            let data = format!("[[operation]]\nop = \"run_data\"\nforward = \"fill\"\n{elidable}");
            let sql = format!(
                "[[operation]]\nop = \"run_sql\"\nforward = \"UPDATE shop_book SET a = 1\"\n{elidable}"
            );
            let all = [
                sealed("0002_book_a", Some("0001_initial"), add("a")),
                sealed("0003_fill", Some("0002_book_a"), step(&data)),
                sealed("0004_sql", Some("0003_fill"), step(&sql)),
                sealed("0005_book_b", Some("0004_sql"), add("b")),
            ];
            let history = History::new([&line()[..1], &all].concat()).unwrap();
            let squashed = squash(&history, "0001", "0005").unwrap();
            let both = History::new(
                history.migrations().iter().cloned().chain([squashed.migration.clone()]).collect(),
            );
            assert!(both.unwrap().replay().unwrap().same(&history.replay().unwrap()));
            assert_eq!(squashed.operations, 5);
            squashed.migration.operations.len()
        };
        assert_eq!((with(""), with("elidable = true\n")), (4, 1));
        assert!(!step("[[operation]]\nop = \"run_data\"\nforward = \"fill\"\n").is_elidable());
    }

    #[test]
    fn a_squash_in_the_middle_keeps_its_place() {
        let history = History::new(line()).unwrap();
        let middle = squash(&history, "0002", "0003").unwrap().migration;
        assert_eq!(middle.parent.as_deref(), Some("0001_initial"));
        let both = History::new([line(), vec![middle]].concat()).unwrap();
        let names: Vec<_> = both.migrations().iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["0001_initial", "0002_squashed_0003_book_b", "0004_book_c"]);
    }

    #[test]
    fn what_cannot_be_squashed_says_why() {
        let mut drafts = line();
        drafts[1].sealed = None;
        let history = History::new(drafts).unwrap();
        assert!(squash(&history, "0001", "0003").unwrap_err().contains("is not sealed yet"));
        let history = History::new(line()).unwrap();
        assert!(squash(&history, "0003", "0001").unwrap_err().contains("does not come after"));
        assert!(squash(&history, "00", "0001").unwrap_err().contains("several migrations start with"));
    }
}
