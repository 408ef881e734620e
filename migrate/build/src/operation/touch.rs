//! What an operation touches, so that two of them can be told apart or put in another order.

use super::Operation;
use crate::state::{CheckState, Term};

/// What an operation touches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touch {
    /// The models that it changes as a whole: made, gone, renamed, moved.
    pub models: Vec<String>,
    /// The fields, relations, indexes and constraints that it changes, each with its model.
    pub parts: Vec<(String, String)>,
    /// The models and parts that it only needs.
    pub needs: Vec<(String, Option<String>)>,
    /// The models of which it may need any part.
    pub any_of: Vec<String>,
    /// It may touch anything: SQL and data steps.
    pub anything: bool,
}

impl Touch {
    fn part(model: &str, part: &str) -> Self {
        Self { parts: vec![(model.to_owned(), part.to_owned())], ..Self::default() }
    }

    fn parts<'a>(model: &str, parts: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            parts: parts.into_iter().map(|part| (model.to_owned(), part.to_owned())).collect(),
            ..Self::default()
        }
    }

    fn whole(model: &str) -> Self {
        Self { models: vec![model.to_owned()], ..Self::default() }
    }

    fn needing<'a>(mut self, needs: impl IntoIterator<Item = (&'a str, Option<&'a str>)>) -> Self {
        let owned = |(model, part): (&str, Option<&str>)| (model.to_owned(), part.map(str::to_owned));
        self.needs.extend(needs.into_iter().map(owned));
        self
    }

    /// Whether the two cannot change places.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        self.anything
            || other.anything
            || self.changes(other).is_some()
            || self.disturbs(other)
            || other.disturbs(self)
    }

    /// What both change, as `Model` or `Model.field`.
    #[must_use]
    pub fn changes(&self, other: &Self) -> Option<String> {
        let whole = |a: &Self, b: &Self| {
            let touched =
                |model: &&String| b.models.contains(model) || b.parts.iter().any(|(of, _)| of == *model);
            a.models.iter().find(touched).cloned()
        };
        let part = self.parts.iter().find(|part| other.parts.contains(part));
        let part = part.map(|(model, part)| format!("{model}.{part}"));
        part.or_else(|| whole(self, other)).or_else(|| whole(other, self))
    }

    /// Whether this changes what the other needs.
    fn disturbs(&self, other: &Self) -> bool {
        let parts = self.parts.iter().any(|(model, _)| other.any_of.contains(model));
        parts
            || other.needs.iter().any(|(model, part)| {
                self.models.contains(model)
                    || part
                        .as_ref()
                        .is_some_and(|part| self.parts.iter().any(|(of, own)| of == model && own == part))
            })
    }
}

impl Operation {
    /// What the operation touches.
    #[must_use]
    pub fn touches(&self) -> Touch {
        let own = self.model().unwrap_or_default();
        let touch = match self {
            Self::StateOnly { .. } | Self::RunSql { .. } | Self::RunData { .. } => {
                Touch { anything: true, ..Touch::default() }
            }
            Self::CreateModel { .. }
            | Self::DeleteModel { .. }
            | Self::AlterTable { .. }
            | Self::AdoptModel { .. }
            | Self::ReleaseModel { .. } => Touch::whole(own),
            Self::RenameModel { from, to, .. } => {
                Touch { models: vec![from.clone(), to.clone()], ..Touch::default() }
            }
            Self::PromoteRelation { model, through, .. } => {
                Touch { models: vec![model.clone(), through.name.clone()], ..Touch::default() }
            }
            Self::DemoteRelation { model, through, .. } => {
                Touch { models: vec![model.clone(), through.clone()], ..Touch::default() }
            }
            Self::AddField { field, .. } | Self::AlterField { field, .. } => Touch::part(own, &field.name),
            Self::RemoveField { field, .. } => Touch::part(own, field),
            Self::RenameField { from, to, .. } => Touch::parts(own, [from.as_str(), to.as_str()]),
            Self::AddManyToMany { relation, .. } => Touch::part(own, &relation.name),
            Self::RemoveManyToMany { relation, .. } => Touch::part(own, relation),
            Self::AlterManyToMany { from, relation, .. } => {
                Touch::parts(own, [from.as_str(), relation.name.as_str()])
            }
            Self::AddIndex { index, .. } | Self::RemoveIndex { index, .. } => {
                constraint(own, "index", &index.fields)
            }
            Self::RenameIndex { from, .. } => constraint(own, "index", &from.fields),
            Self::AddUnique { unique, .. } | Self::RemoveUnique { unique, .. } => {
                constraint(own, "unique", &unique.fields)
            }
            Self::RenameUnique { from, .. } => constraint(own, "unique", &from.fields),
            Self::AddCheck { check, .. } | Self::RemoveCheck { check, .. } => checks(own, &[check]),
            Self::RenameCheck { from, to, .. } => checks(own, &[from, to]),
        };
        let references = self.references();
        let touch = touch.needing(references.iter().map(|to| (to.name.as_str(), None)));
        if own.is_empty() { touch } else { touch.needing([(own, None)]) }
    }
}

fn constraint(model: &str, kind: &str, fields: &[String]) -> Touch {
    let names = || fields.iter().map(|field| field.trim_start_matches('-'));
    let needs = names().filter(|name| matches!(Term::of(name), Term::Field(_)));
    let touch = Touch::part(model, &format!("{kind} on {}", fields.join(", ")));
    let touch = touch.needing(needs.map(|name| (model, Some(name))));
    // An expression names columns and no fields, so it may need any of the model.
    let computed = names().any(|name| matches!(Term::of(name), Term::Expression(_)));
    if computed { Touch { any_of: vec![model.to_owned()], ..touch } } else { touch }
}

/// A check names columns and no fields, so it may need any of the model.
fn checks(model: &str, checks: &[&CheckState]) -> Touch {
    let touch = Touch::parts(model, checks.iter().map(|check| check.name.as_str()));
    Touch { any_of: vec![model.to_owned()], ..touch }
}
