//! The sentences of findings: what is wrong, and the attribute to write.

use super::Intent;
use crate::Literal;

pub(super) fn not_reached(model: &str) -> String {
    format!(
        "the migrations that the build wrote do not lead to `{model}`; this is a fault of nuages-build, please report it"
    )
}

pub(super) fn gone_model(model: &str) -> String {
    format!(
        "model `{model}` is gone, and its table may hold rows: write `nuages::app!(drop({model}))` to drop it, \
         `#[model(was = \"{model}\")]` on the model that it has become, or `nuages::app!(moved(other_app::{model}))` if \
         another app has it now"
    )
}

pub(super) fn gone_field(field: &str) -> String {
    format!(
        "field `{field}` is gone, and its column may hold values: write `#[model(drop({field}))]` to drop it, or \
         `#[field(was = \"{field}\")]` on the field that it has become"
    )
}

pub(super) fn other_shape(name: &str, old: &str, new: &str) -> String {
    format!(
        "`{name}` was {old} and is {new} now, and there is no way from the one to the other: give the new field another \
         name and write `#[model(drop({name}))]`"
    )
}

pub(super) fn unknown_was(kind: &str, was: &str, known: &[&str]) -> String {
    let known = match known {
        [] => String::new(),
        known => format!("; they have {}", list(known)),
    };
    format!("`was = \"{was}\"`: the recorded migrations have no {kind} `{was}`{known}")
}

pub(super) fn taken_was(kind: &str, was: &str) -> String {
    format!(
        "`was = \"{was}\"`: the {kind} `{was}` is still in the source; a rename leaves only one of the two"
    )
}

pub(super) fn spent_was(was: &str) -> String {
    format!("`was = \"{was}\"` is done: the rename is in a sealed migration; delete it")
}

pub(super) fn spent_drop(name: &str) -> String {
    format!("`drop({name})` is done: no recorded migration holds `{name}` any more; delete it")
}

pub(super) fn early_drop(name: &str) -> String {
    format!("`drop({name})` and `{name}` are both in the source; delete one of them")
}

pub(super) fn spent_moved(name: &str) -> String {
    format!("`moved({name})` is done: a sealed migration has handed it over; delete it")
}

pub(super) fn early_moved(name: &str) -> String {
    format!("`moved({name})` and the model are both in the source; delete one of them")
}

pub(super) fn same_table(table: &str, one: &str, other: &str) -> String {
    format!("`{one}` and `{other}` would share the table `{table}`: write another `db_table` for one of them")
}

pub(super) const SPENT_BACKFILL: &str =
    "`backfill` is done: the column is in a sealed migration and no rows wait for a value; delete it";

pub(super) const SPENT_NARROW: &str =
    "`narrow` is done: no change of this column waits for consent; delete it";

pub(super) fn no_value(field: &str, intent: Option<&Intent>) -> String {
    let new = format!("`{field}` is new and not NULL, so rows that are there already need a value");
    match intent {
        Some(intent) if intent.now => format!(
            "{new}: write `#[field(backfill = sql(\"CURRENT_TIMESTAMP\"))]` for the moment of the migration, or make it \
             `Option<…>`"
        ),
        Some(intent) if intent.computed => format!(
            "{new}, and its default is a function, which a migration cannot hold: write `#[field(backfill = …)]` with a \
             literal or `sql(\"…\")`, or make it `Option<…>` and fill it in a data step"
        ),
        _ => format!(
            "{new}: write `#[field(backfill = …)]` with a literal or `sql(\"…\")`, give it a literal `default`, or make it \
             `Option<…>`"
        ),
    }
}

pub(super) fn misfit(field: &str, value: &Literal, why: &str) -> String {
    format!(
        "{value}, which rows of `{field}` that are there already would get, {why}: write a value that the column takes"
    )
}

pub(super) fn same_for_all(field: &str, value: &Literal) -> String {
    format!(
        "`{field}` is unique, and every row that is there already would get {value}: write \
         `#[field(backfill = sql(\"…\"))]` with an expression that differs from row to row, or make it `Option<…>`"
    )
}

pub(super) fn no_cast(field: &str, why: &str) -> String {
    format!(
        "`{field}` {why}, and no database makes the one of the other: add a field of another name, copy in a data step, \
         and drop this one"
    )
}

pub(super) fn no_value_for_null(field: &str) -> String {
    format!(
        "`{field}` could be NULL and now cannot, so rows that hold NULL need a value: write \
         `#[field(backfill = …)]` with a literal or `sql(\"…\")`"
    )
}

pub(super) fn narrowing(field: &str, why: &str) -> String {
    format!(
        "`{field}` {why}, which values that are there already may not survive: write `#[field(narrow)]` to agree, or \
         add a new field and copy in a data step"
    )
}

pub(super) fn key_change(model: &str) -> String {
    format!(
        "the primary key of `{model}` is another field than the recorded one: a table keeps its key; make a new \
         model and copy the rows in a data step"
    )
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
