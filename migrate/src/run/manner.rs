//! Which steps of a migration share a transaction, and which run by themselves.

use nuages_schema::Backend;

use super::steps::Work;
use crate::editor::{Planned, Step};

/// How a step runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// In one transaction with its neighbours.
    Together,
    /// In a transaction of its own.
    Apart,
    /// In none: it commits by itself.
    Alone,
}

/// Neighbouring steps that run in the same way, by their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) manner: Manner,
    pub(super) first: usize,
    pub(super) last: usize,
}

impl Work<'_> {
    pub(super) fn groups(&self) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for (at, planned) in self.planned.iter().enumerate() {
            let manner = self.manner(planned);
            match groups.last_mut() {
                Some(group) if manner == Manner::Together && group.manner == manner => group.last = at,
                _ => groups.push(Group { manner, first: at, last: at }),
            }
        }
        groups
    }

    /// MySQL commits each change of the schema by itself. A migration that says `atomic = false` is cut at each
    /// step, and its own SQL may be what no transaction takes.
    fn manner(&self, planned: &Planned) -> Manner {
        let mysql = self.db.backend() == Backend::Mysql;
        let atomic = self.one.migration.atomic;
        match &planned.step {
            Step::Concurrently { .. } => Manner::Alone,
            Step::Schema { .. } if mysql => Manner::Alone,
            Step::Rows(_) | Step::Data(_) if !atomic => Manner::Alone,
            Step::Apart { .. } => Manner::Apart,
            _ if mysql || !atomic => Manner::Apart,
            _ => Manner::Together,
        }
    }
}
