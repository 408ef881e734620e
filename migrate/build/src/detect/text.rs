//! The sentences of findings: what is wrong, and the attribute to write.

pub(super) fn not_reached(model: &str) -> String {
    format!(
        "the migrations that the build wrote do not lead to `{model}`; this is a fault of nuages-build, please report it"
    )
}

pub(super) fn gone_model(model: &str) -> String {
    format!(
        "model `{model}` is gone, and its table may hold rows: write `nuages::app!(drop({model}))` to drop it, or \
         `#[model(was = \"{model}\")]` on the model that it has become"
    )
}

pub(super) fn gone_field(field: &str) -> String {
    format!(
        "field `{field}` is gone, and its column may hold values: write `#[model(drop({field}))]` to drop it, or \
         `#[field(was = \"{field}\")]` on the field that it has become"
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

pub(super) const SPENT_BACKFILL: &str =
    "`backfill` is done: the column is in a sealed migration and no rows wait for a value; delete it";

pub(super) const SPENT_NARROW: &str =
    "`narrow` is done: no change of this column waits for consent; delete it";

pub(super) fn no_value(field: &str) -> String {
    format!(
        "`{field}` is new and not NULL, so rows that are there already need a value: write \
         `#[field(backfill = …)]` with a literal or `sql(\"…\")`, give it a literal `default`, or make it `Option<…>`"
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
