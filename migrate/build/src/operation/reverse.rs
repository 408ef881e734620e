//! What takes an operation back.

use super::Operation;
use crate::state::{ModelRef, ModelState, ProjectState};

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
            Self::AddField { model, field, .. } => {
                vec![Self::RemoveField { model: model.clone(), field: field.name.clone() }]
            }
            Self::RenameField { model, from, to, .. } => {
                let column = old_field(old(model)?, from)?.column.clone();
                vec![Self::RenameField { model: model.clone(), from: to.clone(), to: from.clone(), column }]
            }
            Self::RemoveField { model, field } => {
                let field = old_field(old(model)?, field)?.clone();
                vec![Self::AddField { model: model.clone(), field, backfill: None }]
            }
            Self::AlterField { model, field, .. } => {
                let field = old_field(old(model)?, &field.name)?.clone();
                vec![Self::AlterField { model: model.clone(), field, backfill: None }]
            }
            Self::AddIndex { model, index } => {
                vec![Self::RemoveIndex { model: model.clone(), index: index.clone() }]
            }
            Self::RemoveIndex { model, index } => {
                vec![Self::AddIndex { model: model.clone(), index: index.clone() }]
            }
            Self::AddUnique { model, unique } => {
                vec![Self::RemoveUnique { model: model.clone(), unique: unique.clone() }]
            }
            Self::RemoveUnique { model, unique } => {
                vec![Self::AddUnique { model: model.clone(), unique: unique.clone() }]
            }
            Self::AddCheck { model, check } => {
                vec![Self::RemoveCheck { model: model.clone(), check: check.clone() }]
            }
            Self::RemoveCheck { model, check } => {
                vec![Self::AddCheck { model: model.clone(), check: check.clone() }]
            }
            Self::AddManyToMany { model, relation } => {
                vec![Self::RemoveManyToMany { model: model.clone(), relation: relation.name.clone() }]
            }
            Self::RemoveManyToMany { model, relation } => {
                let relation = old_relation(old(model)?, relation)?;
                vec![Self::AddManyToMany { model: model.clone(), relation }]
            }
            Self::AlterManyToMany { model, from, relation } => {
                let old = old_relation(old(model)?, from)?;
                vec![Self::AlterManyToMany {
                    model: model.clone(),
                    from: relation.name.clone(),
                    relation: old,
                }]
            }
            Self::RunSql { forward, reverse } => match reverse {
                Some(reverse) => {
                    vec![Self::RunSql { forward: reverse.clone(), reverse: Some(forward.clone()) }]
                }
                None => return Err(Irreversible("an SQL step says no `reverse`".to_owned())),
            },
            Self::RunData { forward, reverse } => match reverse {
                Some(reverse) => {
                    vec![Self::RunData { forward: reverse.clone(), reverse: Some(forward.clone()) }]
                }
                None => return Err(Irreversible(format!("the data step `{forward}` says no `reverse`"))),
            },
        })
    }
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
