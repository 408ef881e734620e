//! New tables that follow each other on MySQL and MariaDB: one mark in the journal stands for many of them.
//!
//! A mark is a commit, which costs as much as a table. That a table is there is told by the catalogue, if it was not
//! there before; so a run that was killed asks it of every table that the mark stands for.

use std::collections::BTreeSet;

use nuages::Result;

use super::steps::Work;
use crate::editor::{Shows, Step};
use crate::introspect::table_names;

/// How many tables one mark stands for, which a run that is taken up again asks about one by one.
const MOST: usize = 50;

/// The step behind the last one that a mark at this step stands for.
pub(super) async fn marked_until(work: &Work<'_>, at: usize) -> Result<usize> {
    if made(work, at).is_none() || made(work, at + 1).is_none() {
        return Ok(at + 1);
    }
    let there: BTreeSet<String> = table_names(work.db).await?.into_iter().collect();
    let new = |step: &usize| made(work, *step).is_some_and(|table| !there.contains(table));
    let more = (at + 1..at + MOST).take_while(new).count();
    // One that is there already is asked about by nobody but its own mark.
    Ok(if new(&at) { at + 1 + more } else { at + 1 })
}

/// The table that a step makes.
fn made<'a>(work: &Work<'a>, at: usize) -> Option<&'a str> {
    match &work.planned.get(at)?.step {
        Step::Schema { sql, shows: Some(Shows::Table(name, true)) } if sql.starts_with("CREATE TABLE") => {
            Some(name)
        }
        _ => None,
    }
}
