//! Changes of one table put together, for the database that makes a table anew for most of them.

use super::{Alteration, Change, Part};

/// The same changes with those of one table in one, so that SQLite copies its rows once.
///
/// A change stays where it is if a name changes in between, or if it would read what the one before it wrote.
#[must_use]
pub fn merged(changes: Vec<Change>) -> Vec<Change> {
    let mut merged: Vec<Change> = Vec::new();
    for change in changes {
        match change {
            Change::Alter(later) => join(&mut merged, later),
            other => merged.push(other),
        }
    }
    merged
}

fn join(merged: &mut Vec<Change>, later: Alteration) {
    let Some(at) = partner(merged, &later) else { return merged.push(Change::Alter(later)) };
    match merged.remove(at) {
        // The table is new and empty, so it begins in its last shape.
        Change::Create(_) => merged.insert(at, Change::Create(later.after)),
        Change::Alter(Alteration { before, after: _, mut parts }) => {
            parts.extend(later.parts);
            merged.push(Change::Alter(Alteration { before, after: later.after, parts }));
        }
        other => merged.insert(at, other),
    }
}

/// The earlier change that this one can become a part of.
fn partner(merged: &[Change], later: &Alteration) -> Option<usize> {
    let table = &later.before.name;
    for (at, change) in merged.iter().enumerate().rev() {
        match change {
            Change::Create(new) if new.name == *table => return Some(at),
            Change::Alter(earlier) if earlier.after.name == *table => {
                return can_join(earlier, later).then_some(at);
            }
            Change::Drop(gone) if gone.name == *table => return None,
            Change::RenameTable { .. } | Change::RenameColumn { .. } => return None,
            Change::Create(_) | Change::Drop(_) | Change::Alter(_) => {}
        }
    }
    None
}

fn can_join(earlier: &Alteration, later: &Alteration) -> bool {
    let touched: Vec<&str> = earlier.parts.iter().filter_map(column_of).collect();
    let comes_back = |part: &Part| match part {
        // The old column's values are not the new one's.
        Part::AddColumn(new, _) => earlier
            .parts
            .iter()
            .any(|part| matches!(part, Part::DropColumn(old) if old.name.eq_ignore_ascii_case(&new.name))),
        _ => false,
    };
    let reads = |part: &Part| match part {
        Part::AddColumn(_, Some(fill)) | Part::AlterColumn(_, _, Some(fill)) if !fill.constant => {
            let text = fill.sql.to_lowercase();
            touched.iter().any(|name| text.contains(&name.to_lowercase()))
        }
        _ => false,
    };
    // The values of a type come from those of the type before it, one step at a time.
    let casts = |part: &Part| match part {
        Part::AlterColumn(old, new, _) => {
            old.sql_type != new.sql_type && touched.contains(&new.name.as_str())
        }
        _ => false,
    };
    !later.parts.iter().any(|part| comes_back(part) || reads(part) || casts(part))
}

/// The column that a part writes or takes away.
fn column_of(part: &Part) -> Option<&str> {
    match part {
        Part::AddColumn(column, _) | Part::AlterColumn(_, column, _) | Part::DropColumn(column) => {
            Some(&column.name)
        }
        _ => None,
    }
}
