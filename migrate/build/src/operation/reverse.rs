//! What takes an operation back.

use super::Operation;
use crate::state::{ModelRef, ModelState, ProjectState, apply};

/// An operation that cannot be taken back, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Irreversible(pub String);

impl std::fmt::Display for Irreversible {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Irreversible {}

impl Operation {
    /// The operations that take this one back, given the state before it ran.
    ///
    /// Columns and tables come back; what was in them does not.
    ///
    /// # Errors
    /// When a step of the user names nothing that takes it back, or the state does not fit.
    pub fn reverse(&self, app: &str, before: &ProjectState) -> Result<Vec<Self>, Irreversible> {
        let old = |name: &str| old_model(app, before, name);
        Ok(match self {
            Self::CreateModel { model } => vec![Self::DeleteModel { model: model.name.clone() }],
            Self::DeleteModel { model } => recreate(old(model)?),
            Self::RenameModel { from, to, .. } => {
                vec![Self::RenameModel {
                    from: to.clone(),
                    to: from.clone(),
                    table: old(from)?.table.clone(),
                }]
            }
            Self::AlterTable { model, .. } => {
                let ModelState { table, managed, .. } = old(model)?;
                vec![Self::AlterTable { model: model.clone(), table: table.clone(), managed: *managed }]
            }
            Self::AdoptModel { from, model } => {
                // Where the other app is not replayed, as in a build, the model is new here.
                let shape = before.model(from).filter(|_| before.resolve(from) == from).cloned();
                vec![Self::ReleaseModel { model: model.name.clone(), to: from.clone(), shape }]
            }
            // It went when the other app adopted it, so there is nothing left to take back.
            Self::ReleaseModel { model, to, .. } => match old(model) {
                Ok(known) if before.resolve(&ModelRef::new(app, model)).app == app => {
                    vec![Self::AdoptModel { from: to.clone(), model: known.clone() }]
                }
                _ => Vec::new(),
            },
            Self::PromoteRelation { model, relation, through } => vec![Self::DemoteRelation {
                model: model.clone(),
                relation: old_relation(old(model)?, relation)?,
                through: through.name.clone(),
            }],
            Self::DemoteRelation { model, relation, through } => vec![Self::PromoteRelation {
                model: model.clone(),
                relation: relation.name.clone(),
                through: old(through)?.clone(),
            }],
            Self::StateOnly { operations } => vec![taken_back(app, before, operations)?],
            Self::RunSql { forward, reverse, elidable } => match reverse {
                Some(reverse) => {
                    let (forward, reverse) = (reverse.clone(), Some(forward.clone()));
                    vec![Self::RunSql { forward, reverse, elidable: *elidable }]
                }
                None => return Err(Irreversible("an SQL step says no `reverse`".to_owned())),
            },
            Self::RunData { forward, reverse, elidable } => match reverse {
                Some(reverse) => {
                    let (forward, reverse) = (reverse.clone(), Some(forward.clone()));
                    vec![Self::RunData { forward, reverse, elidable: *elidable }]
                }
                None => return Err(Irreversible(format!("the data step `{forward}` says no `reverse`"))),
            },
            other => match other.model() {
                Some(model) => vec![other.reverse_part(old(model)?)?],
                None => Vec::new(),
            },
        })
    }

    /// What takes back an operation on a part of a model.
    fn reverse_part(&self, old: &ModelState) -> Result<Self, Irreversible> {
        let model = old.name.clone();
        Ok(match self.clone() {
            Self::AddField { field, .. } => Self::RemoveField { model, field: field.name },
            Self::RenameField { from, to, .. } => {
                let column = old_field(old, &from)?.column.clone();
                Self::RenameField { model, from: to, to: from, column }
            }
            Self::RemoveField { field, .. } => {
                Self::AddField { model, field: old_field(old, &field)?.clone(), backfill: None }
            }
            Self::AlterField { field, .. } => {
                Self::AlterField { model, field: old_field(old, &field.name)?.clone(), backfill: None }
            }
            Self::AddIndex { index, .. } => Self::RemoveIndex { model, index },
            Self::RemoveIndex { index, .. } => Self::AddIndex { model, index },
            Self::AddUnique { unique, .. } => Self::RemoveUnique { model, unique },
            Self::RemoveUnique { unique, .. } => Self::AddUnique { model, unique },
            Self::AddCheck { check, .. } => Self::RemoveCheck { model, check },
            Self::RemoveCheck { check, .. } => Self::AddCheck { model, check },
            Self::RenameIndex { from, to, .. } => Self::RenameIndex { model, from: to, to: from },
            Self::RenameUnique { from, to, .. } => Self::RenameUnique { model, from: to, to: from },
            Self::RenameCheck { from, to, .. } => Self::RenameCheck { model, from: to, to: from },
            Self::AddManyToMany { relation, .. } => Self::RemoveManyToMany { model, relation: relation.name },
            Self::RemoveManyToMany { relation, .. } => {
                Self::AddManyToMany { model, relation: old_relation(old, &relation)? }
            }
            Self::AlterManyToMany { from, relation, .. } => {
                Self::AlterManyToMany { model, from: relation.name, relation: old_relation(old, &from)? }
            }
            // What changes whole models and what the user wrote is taken back above.
            whole => whole,
        })
    }
}

/// The operations one by one, each with the state that it found.
fn taken_back(app: &str, before: &ProjectState, operations: &[Operation]) -> Result<Operation, Irreversible> {
    let mut state = before.clone();
    let mut back = Vec::new();
    for operation in operations {
        back.push(operation.reverse(app, &state)?);
        apply(&mut state, app, operation).map_err(|error| Irreversible(error.to_string()))?;
    }
    Ok(Operation::StateOnly { operations: back.into_iter().rev().flatten().collect() })
}

/// The table as it was, then its relations.
fn recreate(old: &ModelState) -> Vec<Operation> {
    let mut model = old.clone();
    let relations = std::mem::take(&mut model.many_to_many);
    let name = model.name.clone();
    let add =
        relations.into_iter().map(|relation| Operation::AddManyToMany { model: name.clone(), relation });
    std::iter::once(Operation::CreateModel { model }).chain(add).collect()
}

fn old_model<'a>(app: &str, before: &'a ProjectState, name: &str) -> Result<&'a ModelState, Irreversible> {
    before
        .model(&ModelRef::new(app, name))
        .ok_or_else(|| Irreversible(format!("the history before it has no model `{app}.{name}`")))
}

fn old_field<'a>(model: &'a ModelState, name: &str) -> Result<&'a crate::state::FieldState, Irreversible> {
    let missing = || Irreversible(format!("the history before it has no field `{}.{name}`", model.name));
    model.field(name).ok_or_else(missing)
}

fn old_relation(model: &ModelState, name: &str) -> Result<crate::state::ManyToManyState, Irreversible> {
    let missing = || Irreversible(format!("the history before it has no relation `{}.{name}`", model.name));
    model.relation(name).cloned().ok_or_else(missing)
}
