//! What a query does, in the words of [`Place`]: found out where the user calls, without looking at SQL.

use std::panic::Location;

use super::Select;
use crate::backend::{FoundBy, Place, Purpose};
use crate::expr::{Comparison, Condition, Expr};
use crate::field::ColumnRef;
use crate::model::Model;
use crate::path::HopKind;

/// The caller's place, for a query that reads rows.
#[track_caller]
pub(super) fn reading(select: &Select) -> Place {
    read(select, false, Location::caller())
}

/// The caller's place, for a query that asks for a number only.
#[track_caller]
pub(super) fn counting(select: &Select) -> Place {
    read(select, true, Location::caller())
}

/// The caller's place, for a row that is made.
#[track_caller]
pub(super) fn creating<M: Model>() -> Place {
    Place { caller: Location::caller(), model: M::schema(), purpose: Purpose::Create }
}

/// The caller's place, for a row that is written.
#[track_caller]
pub(super) fn writing<M: Model>() -> Place {
    Place { caller: Location::caller(), model: M::schema(), purpose: Purpose::Write }
}

/// The caller's place, for a row that is read again.
#[track_caller]
pub(super) fn refreshing<M: Model>() -> Place {
    let purpose = Purpose::Read { by: FoundBy::Key, counts: false };
    Place { caller: Location::caller(), model: M::schema(), purpose }
}

fn read(select: &Select, counts: bool, caller: &'static Location<'static>) -> Place {
    // In a release build nobody asks, and the search costs nothing because it is not there.
    let by = if cfg!(debug_assertions) { found_by(select) } else { FoundBy::Other };
    Place { caller, model: select.model, purpose: Purpose::Read { by, counts } }
}

fn found_by(select: &Select) -> FoundBy {
    let mut by = select.filters.iter().filter_map(one_value).map(|column| meaning(select, column));
    by.find(|by| *by != FoundBy::Other).unwrap_or(FoundBy::Other)
}

/// The column that a condition holds to one value.
fn one_value(condition: &Condition) -> Option<ColumnRef> {
    match condition {
        Condition::All(all) => all.iter().find_map(one_value),
        Condition::Compare(Expr::Column(column), Comparison::Equal, Expr::Value(_)) => Some(*column),
        Condition::In(Expr::Column(column), values) if values.len() == 1 => Some(*column),
        _ => None,
    }
}

fn meaning(select: &Select, column: ColumnRef) -> FoundBy {
    let is_key = column.index == (column.model)().key;
    match column.hops {
        None if is_key => FoundBy::Key,
        None if column.field().foreign.is_some() => FoundBy::ForeignKey(column.index),
        Some(hop) if is_key && hop.before.is_none() => match hop.kind {
            HopKind::Forward if (hop.model)() == select.model => FoundBy::ForeignKey(hop.index),
            HopKind::ManyToMany => FoundBy::ManyToMany { relation: hop.index, forward: false },
            HopKind::ManyToManyReverse => FoundBy::ManyToMany { relation: hop.index, forward: true },
            _ => FoundBy::Other,
        },
        _ => FoundBy::Other,
    }
}
