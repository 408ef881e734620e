//! The difference of tables before and after an operation.

use std::collections::{BTreeMap, BTreeSet};

use nuages_build::state::named_columns;

use super::{Alteration, Change, Fill, Key, Part};
use crate::table::{Index, Table, Term, Unique};

pub(super) fn diff(
    mut before: BTreeMap<Key, Table>,
    after: BTreeMap<Key, Table>,
    columns: &[(Key, String, String)],
    fill: Option<&(String, Fill)>,
) -> Vec<Change> {
    let mut changes = rename_tables(&mut before, &after);
    changes.extend(rename_columns(&mut before, columns));
    // Join tables refer to their models' tables, so they go first and come last.
    let gone = before.iter().rev().filter(|(key, _)| !after.contains_key(key));
    changes.extend(gone.map(|(_, table)| Change::Drop(table.clone())));
    let new = after.iter().filter(|(key, _)| !before.contains_key(key));
    changes.extend(new.map(|(_, table)| Change::Create(table.clone())));
    let mut altered: Vec<Alteration> = after
        .into_iter()
        .filter_map(|(key, after)| Some(Alteration::between(before.get(&key)?.clone(), after, fill)))
        .collect();
    let retyped = retyped(&altered);
    altered.iter_mut().for_each(|alteration| alteration.detach(&retyped));
    changes.extend(altered.into_iter().filter(|one| !one.parts.is_empty()).map(Change::Alter));
    changes
}

fn rename_tables(before: &mut BTreeMap<Key, Table>, after: &BTreeMap<Key, Table>) -> Vec<Change> {
    let mut renames = Vec::new();
    for (key, new) in after {
        let Some(old) = before.get(key).filter(|old| old.name != new.name) else { continue };
        renames.push((old.name.clone(), new.name.clone()));
    }
    let rename = |(from, to): (String, String)| {
        before.values_mut().for_each(|table| table.rename(&from, &to));
        Change::RenameTable { from, to }
    };
    renames.into_iter().map(rename).collect()
}

fn rename_columns(before: &mut BTreeMap<Key, Table>, columns: &[(Key, String, String)]) -> Vec<Change> {
    let mut changes = Vec::new();
    for (key, from, to) in columns.iter().filter(|(_, from, to)| from != to) {
        let Some(table) = before.get(key).map(|table| table.name.clone()) else { continue };
        before.values_mut().for_each(|one| one.rename_column(&table, from, to));
        changes.push(Change::RenameColumn { table, from: from.clone(), to: to.clone() });
    }
    changes
}

/// The columns whose type changes, as table and column.
fn retyped(altered: &[Alteration]) -> BTreeSet<(String, String)> {
    let of = |alteration: &Alteration| {
        let table = alteration.after.name.clone();
        let column = move |part: &Part| match part {
            Part::AlterColumn(old, new, _)
                if old.sql_type != new.sql_type || old.collation != new.collation =>
            {
                Some((table.clone(), new.name.clone()))
            }
            _ => None,
        };
        alteration.parts.iter().filter_map(column).collect::<Vec<_>>()
    };
    altered.iter().flat_map(of).collect()
}

impl Alteration {
    fn between(before: Table, after: Table, fill: Option<&(String, Fill)>) -> Self {
        let mut parts = Vec::new();
        foreign_keys(&before, &after, &mut parts);
        checks(&before, &after, &mut parts);
        columns(&before, &after, fill, &mut parts);
        uniques(&before, &after, &mut parts);
        indexes(&before, &after, &mut parts);
        indexes_of_computed(&before, &after, &mut parts);
        parts.sort_by_key(Part::rank);
        let mut this = Self { before, after, parts };
        this.free_names();
        this
    }

    /// A new index under the name of one that goes has to wait for it.
    fn free_names(&mut self) {
        let dropped: Vec<String> = self
            .parts
            .iter()
            .filter_map(|part| match part {
                Part::DropUnique(one) => Some(one.name.clone()),
                Part::DropIndex(one) => Some(one.name.clone()),
                _ => None,
            })
            .collect();
        let waits = |part: &Part| match part {
            Part::AddUnique(one) => dropped.contains(&one.name),
            Part::AddIndex(one) => dropped.contains(&one.name),
            _ => false,
        };
        self.parts.sort_by_key(|part| if waits(part) { LAST_DROP } else { part.rank() });
    }

    /// A key over a column whose type changes is taken off before and put on after.
    fn detach(&mut self, retyped: &BTreeSet<(String, String)>) {
        let own = self.before.name.clone();
        for key in &self.before.foreign_keys {
            let here = retyped.contains(&(own.clone(), key.column.clone()));
            let there = retyped.contains(&(key.table.clone(), key.to_column.clone()));
            if !here && !there {
                continue;
            }
            let renames = |part: &Part| matches!(part, Part::RenameForeignKey(old, _) if old == key);
            if let Some(at) = self.parts.iter().position(renames) {
                if let Part::RenameForeignKey(old, new) = self.parts.remove(at) {
                    self.parts.push(Part::DropForeignKey(old));
                    self.parts.push(Part::AddForeignKey(new));
                }
                continue;
            }
            let dropped = self.parts.contains(&Part::DropForeignKey(key.clone()));
            let stays = self.after.foreign_keys.contains(key);
            if !dropped && stays {
                self.parts.push(Part::DropForeignKey(key.clone()));
                self.parts.push(Part::AddForeignKey(key.clone()));
            }
        }
        self.parts.sort_by_key(Part::rank);
        self.free_names();
    }
}

/// The rank of a part that waits for indexes to go.
const LAST_DROP: u8 = 9;

impl Part {
    /// The order in which parts can be carried out. Indexes come before those that go, because
    /// MySQL wants one under each foreign key at all times.
    pub(crate) fn rank(&self) -> u8 {
        match self {
            Self::DropForeignKey(_) => 0,
            Self::DropCheck(_) => 1,
            Self::RenameForeignKey(..)
            | Self::RenameCheck(..)
            | Self::RenameUnique(..)
            | Self::RenameIndex(..) => 2,
            Self::AddColumn(..) => 3,
            Self::AlterColumn(..) => 4,
            Self::AddUnique(_) => 5,
            Self::AddIndex(_) => 6,
            Self::DropUnique(_) => 7,
            Self::DropIndex(_) => 8,
            Self::DropColumn(_) => 10,
            Self::AddCheck(_) => 11,
            Self::AddForeignKey(_) => 12,
        }
    }
}

/// Pairs what is the same but for its name, and tells the rest apart as gone and new.
fn pair<T: Clone + PartialEq>(
    before: &[T],
    after: &[T],
    same: impl Fn(&T, &T) -> bool,
    mut tell: impl FnMut(Option<&T>, Option<&T>),
) {
    let mut rest: Vec<&T> = after.iter().collect();
    for old in before {
        let twin =
            rest.iter().position(|new| *new == old).or_else(|| rest.iter().position(|new| same(old, new)));
        match twin {
            Some(at) => {
                let new = rest.remove(at);
                if new != old {
                    tell(Some(old), Some(new));
                }
            }
            None => tell(Some(old), None),
        }
    }
    rest.into_iter().for_each(|new| tell(None, Some(new)));
}

fn foreign_keys(before: &Table, after: &Table, parts: &mut Vec<Part>) {
    let shape = |key: &crate::table::ForeignKey| {
        (key.column.clone(), key.table.clone(), key.to_column.clone(), key.on_delete)
    };
    pair(
        &before.foreign_keys,
        &after.foreign_keys,
        |a, b| shape(a) == shape(b),
        |old, new| match (old, new) {
            (Some(old), Some(new)) => parts.push(Part::RenameForeignKey(old.clone(), new.clone())),
            (Some(old), None) => parts.push(Part::DropForeignKey(old.clone())),
            (None, Some(new)) => parts.push(Part::AddForeignKey(new.clone())),
            (None, None) => {}
        },
    );
}

fn checks(before: &Table, after: &Table, parts: &mut Vec<Part>) {
    pair(
        &before.checks,
        &after.checks,
        |a, b| a.sql == b.sql,
        |old, new| match (old, new) {
            (Some(old), Some(new)) => parts.push(Part::RenameCheck(old.clone(), new.clone())),
            (Some(old), None) => parts.push(Part::DropCheck(old.clone())),
            (None, Some(new)) => parts.push(Part::AddCheck(new.clone())),
            (None, None) => {}
        },
    );
}

fn uniques(before: &Table, after: &Table, parts: &mut Vec<Part>) {
    pair(&before.uniques, &after.uniques, Unique::is_renamed, |old, new| match (old, new) {
        (Some(old), Some(new)) => parts.push(Part::RenameUnique(old.clone(), new.clone())),
        (Some(old), None) => parts.push(Part::DropUnique(old.clone())),
        (None, Some(new)) => parts.push(Part::AddUnique(new.clone())),
        (None, None) => {}
    });
}

fn indexes(before: &Table, after: &Table, parts: &mut Vec<Part>) {
    pair(&before.indexes, &after.indexes, Index::is_renamed, |old, new| match (old, new) {
        (Some(old), Some(new)) => parts.push(Part::RenameIndex(old.clone(), new.clone())),
        (Some(old), None) => parts.push(Part::DropIndex(old.clone())),
        (None, Some(new)) => parts.push(Part::AddIndex(new.clone())),
        (None, None) => {}
    });
}

/// A column that is computed from something else is made anew, and takes its indexes along.
fn indexes_of_computed(before: &Table, after: &Table, parts: &mut Vec<Part>) {
    let differs = |name: &str| match (before.column(name), after.column(name)) {
        (Some(old), Some(new)) => old.generated != new.generated,
        _ => false,
    };
    let anew = |term: &Term| match term {
        Term::Column(name) => differs(name),
        Term::Computed(sql) => named_columns(sql).iter().any(|name| differs(name)),
    };
    for index in after.indexes.iter().filter(|index| before.indexes.contains(index)) {
        if index.terms.iter().any(|(term, _)| anew(term)) {
            parts.push(Part::AddIndex(index.clone()));
        }
    }
    for unique in after.uniques.iter().filter(|unique| before.uniques.contains(unique)) {
        if unique.terms.iter().any(anew) {
            parts.push(Part::AddUnique(unique.clone()));
        }
    }
}

fn columns(before: &Table, after: &Table, fill: Option<&(String, Fill)>, parts: &mut Vec<Part>) {
    let fill = |column: &str| fill.filter(|(name, _)| name == column).map(|(_, fill)| fill.clone());
    let gone = before.columns.iter().filter(|column| after.column(&column.name).is_none());
    parts.extend(gone.map(|column| Part::DropColumn(column.clone())));
    for new in &after.columns {
        match before.column(&new.name) {
            None => parts.push(Part::AddColumn(new.clone(), fill(&new.name))),
            Some(old) if old != new => {
                parts.push(Part::AlterColumn(old.clone(), new.clone(), fill(&new.name)));
            }
            Some(_) => {}
        }
    }
}
