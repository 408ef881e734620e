//! Fewer operations that come to the same: what a squashed migration is made of.
//!
//! Two operations become one or none where everything between them can step
//! aside. What SQL and data steps do nobody knows, so nothing passes them.

use crate::Operation;
use crate::operation::Touch;
use crate::state::{ModelRef, ModelState, ProjectState, apply};

/// Operations that lead to the same state, as few as the rules find.
///
/// Rows that are there get what they got before, as long as a step of the user's does not look in between.
#[must_use]
pub fn optimize(app: &str, operations: Vec<Operation>) -> Vec<Operation> {
    let mut list = operations;
    while let Some(shorter) = shorten(app, &list) {
        list = shorter;
    }
    list
}

/// The list after the first reduction that is possible.
fn shorten(app: &str, list: &[Operation]) -> Option<Vec<Operation>> {
    let touches: Vec<Touch> = list.iter().map(Operation::touches).collect();
    for (first, one) in list.iter().enumerate() {
        for (second, other) in list.iter().enumerate().skip(first + 1) {
            let Some(merged) = reduce(app, one, other) else { continue };
            let between = &touches[first + 1..second];
            let at = if between.iter().all(|touch| !touch.meets(&touches[second])) {
                first
            } else if between.iter().all(|touch| !touch.meets(&touches[first])) {
                second
            } else {
                continue;
            };
            return Some(replaced(list, first, second, at, merged));
        }
    }
    None
}

/// The list without two operations, and with another at the place of one of them.
fn replaced(
    list: &[Operation],
    first: usize,
    second: usize,
    at: usize,
    merged: Option<Operation>,
) -> Vec<Operation> {
    let mut out = Vec::with_capacity(list.len());
    for (here, operation) in list.iter().enumerate() {
        if here == at {
            out.extend(merged.clone());
        }
        if here != first && here != second {
            out.push(operation.clone());
        }
    }
    out
}

/// What two operations come to: `Some(None)` is nothing at all, `None` is no rule.
fn reduce(app: &str, one: &Operation, other: &Operation) -> Option<Option<Operation>> {
    use Operation as O;
    if let O::CreateModel { model } = one {
        return into_creation(app, model, other);
    }
    if let (O::RenameModel { from, to, .. }, O::RenameModel { from: again, to: last, table }) = (one, other)
        && to == again
    {
        let (from, to, table) = (from.clone(), last.clone(), table.clone());
        return Some(Some(O::RenameModel { from, to, table }));
    }
    if let (O::RenameModel { from, to, .. }, O::DeleteModel { model }) = (one, other) {
        return (to == model).then(|| Some(O::DeleteModel { model: from.clone() }));
    }
    let model = one.model().filter(|model| other.model() == Some(model))?.to_owned();
    match (one, other) {
        (O::AlterTable { .. }, O::AlterTable { .. }) => Some(Some(other.clone())),
        (O::AddField { .. } | O::AlterField { .. } | O::RenameField { .. }, _) => fields(model, one, other),
        (O::AddManyToMany { .. } | O::AlterManyToMany { .. }, _) => relations(model, one, other),
        _ => constraints(model, one, other),
    }
}

/// A new table can be made as it ends up, since no row is in it yet.
fn into_creation(app: &str, model: &ModelState, other: &Operation) -> Option<Option<Operation>> {
    use Operation as O;
    if other.model() != Some(&model.name) {
        return None;
    }
    match other {
        O::DeleteModel { .. } => return Some(None),
        O::CreateModel { .. }
        | O::AdoptModel { .. }
        | O::ReleaseModel { .. }
        | O::AddManyToMany { .. }
        | O::RemoveManyToMany { .. }
        | O::AlterManyToMany { .. }
        | O::PromoteRelation { .. }
        | O::DemoteRelation { .. } => return None,
        _ => {}
    }
    let mut state = ProjectState::new();
    state.insert(app, model.clone());
    apply(&mut state, app, other).ok()?;
    let name = match other {
        O::RenameModel { to, .. } => to,
        _ => &model.name,
    };
    let model = state.model(&ModelRef::new(app, name))?.clone();
    Some(Some(O::CreateModel { model }))
}

fn fields(model: String, one: &Operation, other: &Operation) -> Option<Option<Operation>> {
    use Operation as O;
    match (one, other) {
        (O::AddField { field, .. }, O::RemoveField { field: gone, .. }) if field.name == *gone => Some(None),
        (O::AlterField { field, .. }, O::RemoveField { field: gone, .. }) if field.name == *gone => {
            Some(Some(other.clone()))
        }
        (O::AddField { field, backfill, .. }, O::AlterField { field: new, backfill: later, .. })
            if field.name == new.name && field.data.word() == new.data.word() =>
        {
            let backfill = later.clone().or_else(|| backfill.clone());
            Some(Some(O::AddField { model, field: new.clone(), backfill }))
        }
        (O::AlterField { field, backfill, .. }, O::AlterField { field: new, backfill: later, .. })
            if field.name == new.name && field.data.word() == new.data.word() =>
        {
            let backfill = backfill.clone().or_else(|| later.clone());
            Some(Some(O::AlterField { model, field: new.clone(), backfill }))
        }
        (O::AddField { field, backfill, .. }, O::RenameField { from, to, column, .. })
            if field.name == *from =>
        {
            let mut field = field.clone();
            field.name.clone_from(to);
            field.column.clone_from(column);
            Some(Some(O::AddField { model, field, backfill: backfill.clone() }))
        }
        (O::RenameField { from, to, .. }, O::RenameField { from: again, to: last, column, .. })
            if to == again =>
        {
            let (from, to, column) = (from.clone(), last.clone(), column.clone());
            Some(Some(O::RenameField { model, from, to, column }))
        }
        (O::RenameField { from, to, .. }, O::RemoveField { field, .. }) if to == field => {
            Some(Some(O::RemoveField { model, field: from.clone() }))
        }
        _ => None,
    }
}

fn relations(model: String, one: &Operation, other: &Operation) -> Option<Option<Operation>> {
    use Operation as O;
    match (one, other) {
        (O::AddManyToMany { relation, .. }, O::RemoveManyToMany { relation: gone, .. })
            if relation.name == *gone =>
        {
            Some(None)
        }
        (O::AddManyToMany { relation, .. }, O::AlterManyToMany { from, relation: new, .. })
            if relation.name == *from =>
        {
            Some(Some(O::AddManyToMany { model, relation: new.clone() }))
        }
        (
            O::AlterManyToMany { from, relation, .. },
            O::AlterManyToMany { from: again, relation: new, .. },
        ) if relation.name == *again => {
            Some(Some(O::AlterManyToMany { model, from: from.clone(), relation: new.clone() }))
        }
        _ => None,
    }
}

/// Indexes, unique constraints and checks: what comes and goes, goes and comes, or is renamed.
fn constraints(model: String, one: &Operation, other: &Operation) -> Option<Option<Operation>> {
    use Operation as O;
    let nothing = |same: bool| same.then_some(None);
    match (one, other) {
        (O::AddIndex { index: a, .. }, O::RemoveIndex { index: b, .. })
        | (O::RemoveIndex { index: a, .. }, O::AddIndex { index: b, .. }) => nothing(a == b),
        (O::AddUnique { unique: a, .. }, O::RemoveUnique { unique: b, .. })
        | (O::RemoveUnique { unique: a, .. }, O::AddUnique { unique: b, .. }) => nothing(a == b),
        (O::AddCheck { check: a, .. }, O::RemoveCheck { check: b, .. })
        | (O::RemoveCheck { check: a, .. }, O::AddCheck { check: b, .. }) => nothing(a == b),
        (O::AddIndex { index, .. }, O::RenameIndex { from, to, .. }) if index == from => {
            Some(Some(O::AddIndex { model, index: to.clone() }))
        }
        (O::AddUnique { unique, .. }, O::RenameUnique { from, to, .. }) if unique == from => {
            Some(Some(O::AddUnique { model, unique: to.clone() }))
        }
        (O::AddCheck { check, .. }, O::RenameCheck { from, to, .. }) if check == from => {
            Some(Some(O::AddCheck { model, check: to.clone() }))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use nuages_schema::ColumnKind;

    use super::*;
    use crate::state::{ColumnType, FieldState, IndexState};

    fn text(name: &str) -> FieldState {
        FieldState { nullable: true, ..FieldState::new(name, ColumnType::text(100)) }
    }

    fn key(name: &str, to: &str) -> FieldState {
        FieldState::new(name, ColumnType::key(ModelRef::new("shop", to)))
    }

    fn create(name: &str, fields: &[FieldState]) -> Operation {
        let mut model = ModelState::new(name, &nuages_schema::default_table("shop", name));
        model.fields.push(FieldState::auto_key("id"));
        model.fields.extend_from_slice(fields);
        Operation::CreateModel { model }
    }

    fn add(model: &str, field: FieldState) -> Operation {
        Operation::AddField { model: model.into(), field, backfill: None }
    }

    fn words(operations: Vec<Operation>) -> Vec<String> {
        optimize("shop", operations).iter().map(Operation::describe).collect()
    }

    #[test]
    fn a_new_table_is_made_as_it_ends_up() {
        let index = IndexState { name: None, fields: vec!["name".into()], ..IndexState::default() };
        let list = vec![
            create("Book", &[text("title")]),
            create("Tag", &[]),
            add("Book", key("tag", "Tag")),
            Operation::RenameField {
                model: "Book".into(),
                from: "title".into(),
                to: "name".into(),
                column: "name".into(),
            },
            Operation::AddIndex { model: "Book".into(), index },
            Operation::RenameModel { from: "Book".into(), to: "Volume".into(), table: "shop_volume".into() },
        ];
        assert_eq!(words(list.clone()), ["create model Tag", "create model Volume"]);
        let mut long = ProjectState::new();
        let mut short = ProjectState::new();
        list.iter().for_each(|operation| apply(&mut long, "shop", operation).unwrap());
        optimize("shop", list).iter().for_each(|operation| apply(&mut short, "shop", operation).unwrap());
        let models =
            |state: &ProjectState| state.models().map(|(_, model)| model.clone()).collect::<Vec<_>>();
        assert_eq!(models(&long), models(&short));
    }

    #[test]
    fn a_circle_of_keys_stays_split() {
        let list = vec![create("A", &[]), create("B", &[key("a", "A")]), add("A", key("b", "B"))];
        assert_eq!(words(list), ["create model A", "create model B", "add field b to A"]);
    }

    #[test]
    fn what_comes_and_goes_is_nothing() {
        let gone = Operation::RemoveField { model: "Book".into(), field: "a".into() };
        assert_eq!(
            words(vec![add("Book", text("a")), add("Book", text("b")), gone]),
            ["add field b to Book"]
        );
        let delete = Operation::DeleteModel { model: "Book".into() };
        assert_eq!(words(vec![create("Book", &[]), create("Tag", &[]), delete]), ["create model Tag"]);
    }

    #[test]
    fn nothing_passes_a_step_of_the_user() {
        let step = Operation::RunData { forward: "fill".into(), reverse: None, elidable: false };
        let list = vec![create("Book", &[]), add("Book", text("a")), step, add("Book", text("b"))];
        assert_eq!(words(list), ["create model Book", "run fill", "add field b to Book"]);
    }

    #[test]
    fn the_value_of_rows_is_kept() {
        let number = |nullable| FieldState {
            nullable,
            ..FieldState::new("n", ColumnType::plain(ColumnKind::Integer))
        };
        let fill = crate::Backfill::Value(crate::Literal::Int(1));
        let alter = Operation::AlterField {
            model: "Book".into(),
            field: number(false),
            backfill: Some(fill.clone()),
        };
        let list = optimize("shop", vec![add("Book", number(true)), alter]);
        assert_eq!(
            list,
            [Operation::AddField { model: "Book".into(), field: number(false), backfill: Some(fill) }]
        );
    }
}
