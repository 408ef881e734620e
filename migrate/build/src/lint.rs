//! What locks a table, rewrites it, or breaks the version that still runs: each with the safe way to do it.
//!
//! Tables that the migration itself makes hold no rows and no running version
//! knows them, so nothing is said of them.

mod rules;

use std::collections::BTreeSet;

use nuages_schema::Backend;
use serde::{Deserialize, Serialize};

use crate::Operation;
use crate::file::Migration;
use crate::state::{ProjectState, apply};

/// A kind of hazard, under the word that `allow` names it by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The version that runs still reads or writes what goes.
    DropsWhatIsUsed,
    /// The version that runs knows only the old name.
    RenamesWhatIsUsed,
    /// The version that runs inserts rows without a value.
    RequiresValue,
    /// Every row is written again.
    RewritesTable,
    /// Every row is updated in one transaction.
    FillsRows,
    /// An index is built.
    BuildsIndex,
    /// Rows may hold duplicates, and an index is built.
    AddsUnique,
    /// Rows may break the rule, and all are looked at.
    AddsCheck,
    /// Rows may refer to nothing, and all are looked at.
    AddsForeignKey,
}

/// One hazard of a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hazard {
    /// Its kind.
    pub rule: Rule,
    /// The position of the operation in the migration.
    pub operation: usize,
    /// The model.
    pub model: String,
    /// The databases on which it is one.
    pub on: Vec<Backend>,
    /// What happens.
    pub what: String,
    /// What to do instead.
    pub recipe: String,
    /// Why somebody allowed it.
    pub allowed: Option<String>,
}

impl Rule {
    /// The word in `allow`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::DropsWhatIsUsed => "drops_what_is_used",
            Self::RenamesWhatIsUsed => "renames_what_is_used",
            Self::RequiresValue => "requires_value",
            Self::RewritesTable => "rewrites_table",
            Self::FillsRows => "fills_rows",
            Self::BuildsIndex => "builds_index",
            Self::AddsUnique => "adds_unique",
            Self::AddsCheck => "adds_check",
            Self::AddsForeignKey => "adds_foreign_key",
        }
    }
}

impl Hazard {
    /// Whether it is one on this database.
    #[must_use]
    pub fn concerns(&self, backend: Backend) -> bool {
        self.on.contains(&backend)
    }
}

impl std::fmt::Display for Hazard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let on = match self.on.len() {
            3 => String::new(),
            _ => format!(" ({})", self.on.iter().map(|one| one.title()).collect::<Vec<_>>().join(", ")),
        };
        let (word, what, recipe) = (self.rule.word(), &self.what, &self.recipe);
        match &self.allowed {
            Some(reason) => write!(f, "{word}{on}: {what}; allowed: {reason}"),
            None => write!(f, "{word}{on}: {what}; {recipe}"),
        }
    }
}

/// The hazards of a migration, given the state before it.
#[must_use]
pub fn lint(before: &ProjectState, migration: &Migration) -> Vec<Hazard> {
    let mut state = before.clone();
    let mut new: BTreeSet<String> = BTreeSet::new();
    let mut found = Vec::new();
    for (at, operation) in migration.operations.iter().enumerate() {
        if let Operation::CreateModel { model } = operation {
            new.insert(model.name.clone());
        }
        let about = operation.model().unwrap_or_default();
        if !new.contains(about) {
            found.extend(rules::hazards(&state, &migration.app, operation).into_iter().map(|one| Hazard {
                operation: at,
                model: about.to_owned(),
                ..one
            }));
        }
        if let Operation::RenameModel { from, to, .. } = operation
            && new.remove(from)
        {
            new.insert(to.clone());
        }
        if apply(&mut state, &migration.app, operation).is_err() {
            break;
        }
    }
    for hazard in &mut found {
        let fits = |allow: &&crate::file::Allow| {
            allow.lint == hazard.rule && allow.model.as_ref().is_none_or(|model| *model == hazard.model)
        };
        hazard.allowed = migration.allow.iter().find(fits).map(|allow| allow.reason.clone());
    }
    found
}
