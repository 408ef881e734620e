//! Names for migrations nobody named.

use nuages_schema::snake;

use crate::Operation;

/// The part after the number: what the first operation does, as Django names it.
#[must_use]
pub fn suggest_name(operations: &[Operation], first: bool) -> String {
    if first {
        return "initial".to_owned();
    }
    let name = match operations {
        [] => "empty".to_owned(),
        [only] => fragment(only),
        [one, ..] => format!("{}_and_more", fragment(one)),
    };
    name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(52).collect()
}

fn fragment(operation: &Operation) -> String {
    use Operation as O;
    match operation {
        O::CreateModel { model } => snake(&model.name),
        O::DeleteModel { model } => format!("delete_{}", snake(model)),
        O::RenameModel { from, to, .. } => format!("rename_{}_{}", snake(from), snake(to)),
        O::AdoptModel { from, model } => format!("adopt_{}_from_{}", snake(&model.name), from.app),
        O::ReleaseModel { model, to, .. } => format!("release_{}_to_{}", snake(model), to.app),
        O::PromoteRelation { through, .. } => snake(&through.name),
        O::DemoteRelation { through, .. } => format!("without_{}", snake(through)),
        O::AlterTable { model, .. } => format!("alter_{}_table", snake(model)),
        O::AddField { model, field, .. } => format!("{}_{}", snake(model), field.name),
        O::RemoveField { model, field } => format!("remove_{}_{field}", snake(model)),
        O::AlterField { model, field, .. } => format!("alter_{}_{}", snake(model), field.name),
        O::RenameField { model, from, to, .. } => format!("rename_{}_{from}_{to}", snake(model)),
        O::AddIndex { model, .. } => format!("{}_index", snake(model)),
        O::RemoveIndex { model, .. } => format!("remove_{}_index", snake(model)),
        O::AddUnique { model, .. } => format!("{}_unique", snake(model)),
        O::RemoveUnique { model, .. } => format!("remove_{}_unique", snake(model)),
        O::AddCheck { check, .. } => check.name.clone(),
        O::RemoveCheck { check, .. } => format!("remove_{}", check.name),
        O::RenameIndex { model, .. } => format!("rename_{}_index", snake(model)),
        O::RenameUnique { model, .. } => format!("rename_{}_unique", snake(model)),
        O::RenameCheck { from, to, .. } => format!("rename_{}_{}", from.name, to.name),
        O::AddManyToMany { model, relation } => format!("{}_{}", snake(model), relation.name),
        O::RemoveManyToMany { model, relation } => format!("remove_{}_{relation}", snake(model)),
        O::AlterManyToMany { model, relation, .. } => format!("alter_{}_{}", snake(model), relation.name),
        O::StateOnly { .. } | O::RunSql { .. } => "sql".to_owned(),
        O::RunData { forward, .. } => snake(forward),
    }
}
