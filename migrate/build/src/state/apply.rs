//! Replay: what each operation does to the state.

use super::{
    FieldState, IndexState, ManyToManyState, ModelRef, ModelState, ProjectState, StateError, rename_quoted,
};
use crate::Operation;

/// Changes the state as the operation of this app says.
///
/// # Errors
/// When the operation does not fit: a model or field that is not there, or is there already.
pub fn apply(state: &mut ProjectState, app: &str, operation: &Operation) -> Result<(), StateError> {
    use Operation as O;
    if let O::CreateModel { model } = operation {
        return create(state, app, model);
    }
    if let O::AdoptModel { from, model } = operation {
        return adopt(state, app, from, model);
    }
    if let O::StateOnly { operations } = operation {
        return operations.iter().try_for_each(|operation| apply(state, app, operation));
    }
    let Some(name) = operation.model() else { return Ok(()) };
    let name = ModelRef::new(app, name);
    match operation {
        O::DeleteModel { .. } => return delete(state, &name),
        O::RenameModel { to, table, .. } => return rename_model(state, &name, to, table),
        O::ReleaseModel { to, shape, .. } => return release(state, &name, to, shape.as_ref()),
        O::PromoteRelation { relation, through, .. } => return promote(state, &name, relation, through),
        O::DemoteRelation { relation, through, .. } => return demote(state, &name, relation, through),
        _ => {}
    }
    let model = state.model_mut(&name)?;
    match operation {
        O::CreateModel { .. } | O::DeleteModel { .. } | O::RenameModel { .. } => Ok(()),
        O::AdoptModel { .. } | O::ReleaseModel { .. } => Ok(()),
        O::PromoteRelation { .. } | O::DemoteRelation { .. } => Ok(()),
        O::StateOnly { .. } | O::RunSql { .. } | O::RunData { .. } => Ok(()),
        O::AlterTable { table, managed, .. } => {
            model.table.clone_from(table);
            model.managed = *managed;
            Ok(())
        }
        O::AddField { field, .. } => add_field(model, field),
        O::RemoveField { field, .. } => remove_field(model, field),
        O::AlterField { field, .. } => alter_field(model, field),
        O::RenameField { from, to, column, .. } => rename_field(model, from, to, column),
        O::AddIndex { index, .. } => add(&mut model.indexes, index, &name, "index"),
        O::RemoveIndex { index, .. } => remove(&mut model.indexes, index, &name, "index"),
        O::AddUnique { unique, .. } => add(&mut model.uniques, unique, &name, "unique constraint"),
        O::RemoveUnique { unique, .. } => remove(&mut model.uniques, unique, &name, "unique constraint"),
        O::AddCheck { check, .. } => add(&mut model.checks, check, &name, "check"),
        O::RemoveCheck { check, .. } => remove(&mut model.checks, check, &name, "check"),
        O::RenameIndex { from, to, .. } => exchange(&mut model.indexes, from, to, &name, "index"),
        O::RenameUnique { from, to, .. } => {
            exchange(&mut model.uniques, from, to, &name, "unique constraint")
        }
        O::RenameCheck { from, to, .. } => exchange(&mut model.checks, from, to, &name, "check"),
        O::AddManyToMany { relation, .. } => add_relation(model, relation),
        O::RemoveManyToMany { relation, .. } => {
            relation_mut(model, relation)?;
            model.many_to_many.retain(|known| known.name != *relation);
            Ok(())
        }
        O::AlterManyToMany { from, relation, .. } => {
            relation_mut(model, from)?.clone_from(relation);
            Ok(())
        }
    }
}

fn create(state: &mut ProjectState, app: &str, model: &ModelState) -> Result<(), StateError> {
    let name = ModelRef::new(app, &model.name);
    if state.contains(&name) {
        return Err(StateError(format!("model `{name}` is there already")));
    }
    let managed = model.managed && !state.is_replaced(&name);
    state.insert(app, ModelState { managed, ..model.clone() });
    Ok(())
}

fn delete(state: &mut ProjectState, name: &ModelRef) -> Result<(), StateError> {
    let other = state.referring(name).find(|(from, _)| *from != name);
    if let Some((from, field)) = other {
        return Err(StateError(format!("model `{name}` cannot go: `{from}.{}` refers to it", field.name)));
    }
    state.take(name).map(drop)
}

fn rename_model(state: &mut ProjectState, from: &ModelRef, to: &str, table: &str) -> Result<(), StateError> {
    let to = ModelRef::new(&from.app, to);
    if state.contains(&to) && to != *from {
        return Err(StateError(format!("model `{to}` is there already, so `{from}` cannot take its name")));
    }
    let mut model = state.take(from)?;
    model.name.clone_from(&to.name);
    table.clone_into(&mut model.table);
    state.insert(&from.app, model);
    state.follow(from, &to);
    Ok(())
}

/// A build replays one app alone, and there the model is simply new.
fn adopt(state: &mut ProjectState, app: &str, from: &ModelRef, model: &ModelState) -> Result<(), StateError> {
    if state.contains(from) {
        state.take(from)?;
    }
    create(state, app, model)?;
    state.follow(from, &ModelRef::new(app, &model.name));
    Ok(())
}

/// Where the other app is replayed too, the model is there by now.
fn release(
    state: &mut ProjectState,
    name: &ModelRef,
    to: &ModelRef,
    shape: Option<&ModelState>,
) -> Result<(), StateError> {
    if state.contains(name) {
        state.take(name)?;
        if let Some(shape) = shape {
            state.insert(&to.app, shape.clone());
        }
        state.follow(name, to);
        return Ok(());
    }
    state.model(to).map(drop).ok_or_else(|| {
        StateError(format!(
            "there is no model `{name}` at this point of the history, and `{to}` has not adopted it"
        ))
    })
}

fn promote(
    state: &mut ProjectState,
    name: &ModelRef,
    relation: &str,
    through: &ModelState,
) -> Result<(), StateError> {
    let known = relation_mut(state.model_mut(name)?, relation)?;
    known.through = Some(ModelRef::new(&name.app, &through.name));
    create(state, &name.app, through)
}

fn demote(
    state: &mut ProjectState,
    name: &ModelRef,
    relation: &ManyToManyState,
    through: &str,
) -> Result<(), StateError> {
    relation_mut(state.model_mut(name)?, &relation.name)?.clone_from(relation);
    delete(state, &ModelRef::new(&name.app, through))
}

fn add_field(model: &mut ModelState, field: &FieldState) -> Result<(), StateError> {
    if model.field(&field.name).is_some() {
        return Err(StateError(format!("field `{}.{}` is there already", model.name, field.name)));
    }
    model.fields.push(field.clone());
    Ok(())
}

fn remove_field(model: &mut ModelState, field: &str) -> Result<(), StateError> {
    let column = field_mut(model, field)?.column.clone();
    if let Some(index) =
        model.indexes.iter().find(|index| index.terms().any(|(term, _)| term.needs(field, &column)))
    {
        return Err(still_used(model, field, &index.fields));
    }
    if let Some(unique) =
        model.uniques.iter().find(|unique| unique.terms().any(|term| term.needs(field, &column)))
    {
        return Err(still_used(model, field, &unique.fields));
    }
    model.fields.retain(|known| known.name != field);
    Ok(())
}

fn still_used(model: &ModelState, field: &str, by: &[String]) -> StateError {
    let (model, by) = (&model.name, by.join(", "));
    StateError(format!("field `{model}.{field}` cannot go: the index or constraint on {by} uses it"))
}

fn alter_field(model: &mut ModelState, field: &FieldState) -> Result<(), StateError> {
    let old = field_mut(model, &field.name)?;
    let column = std::mem::replace(old, field.clone()).column;
    rename_in_checks(model, &column, &field.column);
    Ok(())
}

fn rename_field(model: &mut ModelState, from: &str, to: &str, column: &str) -> Result<(), StateError> {
    if from != to && model.field(to).is_some() {
        return Err(StateError(format!("field `{}.{to}` is there already", model.name)));
    }
    let field = field_mut(model, from)?;
    to.clone_into(&mut field.name);
    let old = std::mem::replace(&mut field.column, column.to_owned());
    for index in &mut model.indexes {
        rename_in_index(index, from, to);
    }
    for unique in &mut model.uniques {
        rename_in_list(&mut unique.fields, from, to);
        rename_in_list(&mut unique.include, from, to);
    }
    rename_in_checks(model, &old, column);
    Ok(())
}

fn rename_in_index(index: &mut IndexState, from: &str, to: &str) {
    rename_in_list(&mut index.include, from, to);
    for field in &mut index.fields {
        if field == from {
            to.clone_into(field);
        } else if field.strip_prefix('-') == Some(from) {
            *field = format!("-{to}");
        }
    }
}

fn rename_in_list(names: &mut [String], from: &str, to: &str) {
    for name in names.iter_mut().filter(|name| *name == from) {
        to.clone_into(name);
    }
}

/// A column that is called otherwise, in the conditions of checks and of partial indexes.
fn rename_in_checks(model: &mut ModelState, from: &str, to: &str) {
    if from == to {
        return;
    }
    // Fields go by names of their own and have no quotes, so only expressions are changed.
    let terms = model.indexes.iter_mut().flat_map(|index| &mut index.fields);
    let terms = terms.chain(model.uniques.iter_mut().flat_map(|unique| &mut unique.fields));
    for sql in terms {
        *sql = rename_quoted(sql, from, to);
    }
    let indexes = model.indexes.iter_mut().filter_map(|index| index.condition.as_mut());
    let uniques = model.uniques.iter_mut().filter_map(|unique| unique.condition.as_mut());
    let checks = model.checks.iter_mut().map(|check| &mut check.sql);
    let generated = model.fields.iter_mut().filter_map(|field| field.generated.as_mut());
    let generated = generated.map(|generated| &mut generated.sql);
    for sql in checks.chain(indexes).chain(uniques).chain(generated) {
        *sql = rename_quoted(sql, from, to);
    }
}

fn add_relation(model: &mut ModelState, relation: &ManyToManyState) -> Result<(), StateError> {
    if model.relation(&relation.name).is_some() {
        return Err(StateError(format!("relation `{}.{}` is there already", model.name, relation.name)));
    }
    model.many_to_many.push(relation.clone());
    Ok(())
}

fn field_mut<'a>(model: &'a mut ModelState, name: &str) -> Result<&'a mut FieldState, StateError> {
    let missing =
        StateError(format!("model `{}` has no field `{name}` at this point of the history", model.name));
    model.fields.iter_mut().find(|field| field.name == name).ok_or(missing)
}

fn relation_mut<'a>(model: &'a mut ModelState, name: &str) -> Result<&'a mut ManyToManyState, StateError> {
    let missing =
        StateError(format!("model `{}` has no relation `{name}` at this point of the history", model.name));
    model.many_to_many.iter_mut().find(|relation| relation.name == name).ok_or(missing)
}

fn add<T: Clone + PartialEq>(
    list: &mut Vec<T>,
    one: &T,
    model: &ModelRef,
    what: &str,
) -> Result<(), StateError> {
    if list.contains(one) {
        return Err(StateError(format!("the {what} is there already on `{model}`")));
    }
    list.push(one.clone());
    Ok(())
}

fn remove<T: PartialEq>(list: &mut Vec<T>, one: &T, model: &ModelRef, what: &str) -> Result<(), StateError> {
    let Some(at) = list.iter().position(|known| known == one) else {
        return Err(StateError(format!("there is no such {what} on `{model}` at this point of the history")));
    };
    list.remove(at);
    Ok(())
}

fn exchange<T: Clone + PartialEq>(
    list: &mut [T],
    from: &T,
    to: &T,
    model: &ModelRef,
    what: &str,
) -> Result<(), StateError> {
    let Some(known) = list.iter_mut().find(|known| *known == from) else {
        return Err(StateError(format!("there is no such {what} on `{model}` at this point of the history")));
    };
    known.clone_from(to);
    Ok(())
}
