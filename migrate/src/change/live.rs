//! Names of constraints and indexes as they are in a database that was taken over.
//!
//! The history knows them by the names that migrations give. A database that was there before has names of
//! its own for the same things, which are found by what they do.

use std::collections::{BTreeMap, BTreeSet};

use super::{Alteration, Change, Part};
use crate::table::{Check, ForeignKey, Index, Table, Term, Unique};

/// The live tables, followed through the changes of one migration.
#[derive(Clone, Debug, Default)]
pub struct LiveNames {
    tables: BTreeMap<String, Table>,
    /// What the migration has named itself.
    ours: BTreeSet<String>,
}

impl LiveNames {
    /// The names that these tables have.
    #[must_use]
    pub fn new(tables: BTreeMap<String, Table>) -> Self {
        Self { tables, ours: BTreeSet::new() }
    }

    /// Whether anything goes by another name than the expected tables say.
    #[must_use]
    pub fn differ_from(&self, expected: &BTreeMap<String, Table>) -> bool {
        expected.values().any(|table| {
            let mut renamed = table.clone();
            self.rename(&mut renamed);
            renamed != *table
        })
    }

    /// Changes what is dropped or renamed to the names that are there.
    pub fn put_into(&mut self, changes: &mut [Change]) {
        for change in changes {
            match change {
                Change::RenameTable { from, to } => {
                    if let Some(table) = self.tables.remove(from) {
                        self.tables.insert(to.clone(), table);
                    }
                    self.tables.values_mut().for_each(|table| table.rename(from, to));
                }
                Change::RenameColumn { table, from, to } => {
                    self.tables.values_mut().for_each(|one| one.rename_column(table, from, to));
                }
                Change::Alter(alteration) => self.alter(alteration),
                Change::Create(_) | Change::Drop(_) => {}
            }
        }
    }

    fn alter(&mut self, alteration: &mut Alteration) {
        let name = alteration.after.name.clone();
        let Some(live) = self.tables.get(&name) else { return };
        for part in &mut alteration.parts {
            match part {
                Part::DropForeignKey(old) | Part::RenameForeignKey(old, _) => {
                    foreign_key(live, old, &self.ours)
                }
                Part::DropCheck(_) | Part::RenameCheck(..) => {}
                Part::DropUnique(old) | Part::RenameUnique(old, _) => unique(live, old, &self.ours),
                Part::DropIndex(old) | Part::RenameIndex(old, _) => index(live, old, &self.ours),
                Part::AddUnique(Unique { name, .. })
                | Part::AddIndex(Index { name, .. })
                | Part::AddCheck(Check { name, .. })
                | Part::AddForeignKey(ForeignKey { name, .. }) => {
                    self.ours.insert(name.clone());
                }
                Part::AddColumn(..) | Part::AlterColumn(..) | Part::DropColumn(_) => {}
            }
        }
        // A table that is made anew asks for the indexes that it had.
        self.rename(&mut alteration.before);
    }

    fn rename(&self, table: &mut Table) {
        let Some(live) = self.tables.get(&table.name) else { return };
        table.foreign_keys.iter_mut().for_each(|one| foreign_key(live, one, &self.ours));
        table.uniques.iter_mut().for_each(|one| unique(live, one, &self.ours));
        table.indexes.iter_mut().for_each(|one| index(live, one, &self.ours));
    }
}

/// The name of the one that does the same, if none has the name itself.
fn swap<'a, T: 'a>(
    name: &mut String,
    ours: &BTreeSet<String>,
    live: impl Iterator<Item = &'a T> + Clone,
    of: impl Fn(&T) -> &String,
    same: impl Fn(&T) -> bool,
) {
    if ours.contains(name) || live.clone().any(|one| of(one) == name) {
        return;
    }
    let mut twins = live.filter(|one| same(one));
    if let Some(twin) = twins.next() {
        name.clone_from(of(twin));
    }
}

fn foreign_key(live: &Table, key: &mut ForeignKey, ours: &BTreeSet<String>) {
    let (column, table, to) = (key.column.clone(), key.table.clone(), key.to_column.clone());
    let same = |one: &ForeignKey| one.column == column && one.table == table && one.to_column == to;
    swap(&mut key.name, ours, live.foreign_keys.iter(), |one| &one.name, same);
}

fn unique(live: &Table, unique: &mut Unique, ours: &BTreeSet<String>) {
    let over = |one: &Unique| one.terms.iter().map(Term::comparable).collect::<Vec<_>>();
    let (terms, some) = (over(unique), unique.condition.is_some());
    let same = |one: &Unique| over(one) == terms && one.condition.is_some() == some;
    swap(&mut unique.name, ours, live.uniques.iter(), |one| &one.name, same);
}

fn index(live: &Table, index: &mut Index, ours: &BTreeSet<String>) {
    let over = |one: &Index| {
        one.terms.iter().map(|(term, descending)| (term.comparable(), *descending)).collect::<Vec<_>>()
    };
    let (terms, some) = (over(index), index.condition.is_some());
    let same = |one: &Index| over(one) == terms && one.condition.is_some() == some;
    swap(&mut index.name, ours, live.indexes.iter(), |one| &one.name, same);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(foreign: &str, one: &str, two: &str) -> Table {
        let mut table = Table::new("book");
        table.foreign_keys.push(ForeignKey {
            name: foreign.into(),
            column: "author_id".into(),
            table: "author".into(),
            to_column: "id".into(),
            on_delete: crate::table::Action::Nothing,
        });
        table.uniques.push(Unique { name: one.into(), terms: vec!["title".into()], ..Unique::default() });
        table.indexes.push(Index {
            name: two.into(),
            terms: vec![("pages".into(), true)],
            ..Index::default()
        });
        table
    }

    fn of(table: Table) -> BTreeMap<String, Table> {
        BTreeMap::from([(table.name.clone(), table)])
    }

    #[test]
    fn what_goes_by_another_name_is_found_by_what_it_does() {
        let (ours, theirs) = (table("our_fk", "our_uniq", "our_idx"), table("fk_7", "title", "by_pages"));
        let mut names = LiveNames::new(of(theirs.clone()));
        assert!(names.differ_from(&of(ours.clone())));
        assert!(!LiveNames::new(of(ours.clone())).differ_from(&of(ours.clone())));
        let parts = vec![
            Part::DropForeignKey(ours.foreign_keys[0].clone()),
            Part::RenameUnique(
                ours.uniques[0].clone(),
                Unique { name: "new".into(), ..ours.uniques[0].clone() },
            ),
            Part::DropIndex(ours.indexes[0].clone()),
            Part::AddIndex(Index { name: "our_idx".into(), ..ours.indexes[0].clone() }),
        ];
        let alteration = Alteration { before: ours.clone(), after: ours.clone(), parts };
        let mut changes = vec![Change::Alter(alteration.clone())];
        names.put_into(&mut changes);
        let Change::Alter(changed) = &changes[0] else { unreachable!("it stays what it is") };
        assert_eq!(changed.parts[0], Part::DropForeignKey(theirs.foreign_keys[0].clone()));
        assert_eq!(changed.parts[2], Part::DropIndex(theirs.indexes[0].clone()));
        assert_eq!(changed.parts[3], alteration.parts[3], "what is added has our name");
        // An index that the migration has made itself goes by its own name from then on.
        let mut later = vec![Change::Alter(Alteration {
            parts: vec![Part::DropIndex(ours.indexes[0].clone())],
            ..alteration
        })];
        names.put_into(&mut later);
        let Change::Alter(changed) = &later[0] else { unreachable!("it stays what it is") };
        assert_eq!(changed.parts[0], Part::DropIndex(ours.indexes[0].clone()));
    }
}
