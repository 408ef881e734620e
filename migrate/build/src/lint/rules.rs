//! The rules: an operation and the state before it, to what may go wrong while others use the table.

use nuages_schema::{Backend, ColumnKind as K};

use super::{Hazard, Rule};
use crate::state::{ColumnType, FieldState, ModelRef, ModelState, ProjectState};
use crate::{Backfill, Operation};

const ALL: [Backend; 3] = [Backend::Sqlite, Backend::Postgres, Backend::Mysql];

pub(super) fn hazards(state: &ProjectState, app: &str, operation: &Operation) -> Vec<Hazard> {
    use Operation as O;
    let model = operation.model().and_then(|name| state.model(&ModelRef::new(app, name)));
    match (operation, model) {
        (O::RemoveField { field, .. }, _) => vec![dropped(&format!("the column of `{field}`"))],
        (O::RemoveManyToMany { relation, .. }, Some(model)) if has_join(model, relation) => {
            vec![dropped(&format!("the join table of `{relation}`"))]
        }
        (O::DeleteModel { model: name }, Some(model)) if model.managed => {
            vec![dropped(&format!("the table of `{name}`"))]
        }
        (O::RenameModel { table, to, .. }, Some(model)) if model.table != *table => {
            vec![renamed(
                &format!("table `{}`", model.table),
                &format!("#[model(db_table = \"{}\")]` on `{to}", model.table),
            )]
        }
        (O::AlterTable { table, model: name, .. }, Some(model)) if model.table != *table => {
            vec![renamed(
                &format!("table `{}`", model.table),
                &format!("#[model(db_table = \"{}\")]` on `{name}", model.table),
            )]
        }
        (O::RenameField { from, to, column, .. }, Some(model)) => {
            let old = model.field(from).map(|field| &field.column).filter(|old| *old != column);
            let keep = |old: &String| {
                renamed(&format!("column `{old}`"), &format!("#[field(db_column = \"{old}\")]` on `{to}"))
            };
            old.map(keep).into_iter().collect()
        }
        (O::AddField { field, backfill, .. }, _) => added(field, backfill.as_ref()),
        (O::AlterField { field, backfill, .. }, Some(model)) => match model.field(&field.name) {
            Some(old) => altered(state, &ModelRef::new(app, &model.name), old, field, backfill.as_ref()),
            None => Vec::new(),
        },
        (O::AddIndex { index, .. }, _) => vec![index_built(&index.fields.join(", "))],
        (O::AddUnique { unique, .. }, _) => vec![unique_added(&unique.fields.join(", "))],
        (O::AddCheck { check, .. }, _) => vec![check_added(&format!("`{}`", check.name), Some(&check.sql))],
        _ => Vec::new(),
    }
}

fn has_join(model: &ModelState, relation: &str) -> bool {
    model.relation(relation).is_some_and(|relation| relation.through.is_none())
}

fn hazard(rule: Rule, on: &[Backend], what: String, recipe: &str) -> Hazard {
    let recipe = recipe.to_owned();
    Hazard { rule, operation: 0, model: String::new(), on: on.to_vec(), what, recipe, allowed: None }
}

fn dropped(what: &str) -> Hazard {
    let recipe = "first release a version that does not use it (make a column `Option<…>`, so that rows can do without), \
                  and apply this when no process of the version before runs any more";
    hazard(
        Rule::DropsWhatIsUsed,
        &ALL,
        format!("{what} goes, and the version that runs now still reads it"),
        recipe,
    )
}

fn renamed(what: &str, keep: &str) -> Hazard {
    let recipe =
        format!("keep the name in the database with `{keep}`, or stop the version that runs now first");
    hazard(
        Rule::RenamesWhatIsUsed,
        &ALL,
        format!("{what} gets another name, and the version that runs now asks for the old one"),
        &recipe,
    )
}

fn added(field: &FieldState, backfill: Option<&Backfill>) -> Vec<Hazard> {
    let name = &field.name;
    let mut found = Vec::new();
    if !field.nullable {
        found.push(hazard(
            Rule::RequiresValue,
            &ALL,
            format!("`{name}` is NOT NULL, and the version that runs now inserts rows without it"),
            "make it `Option<…>` in this release, fill it in a data step, and take the `Option` away in the next",
        ));
    }
    found.extend(filled(name, backfill, true));
    if field.unique || field.index {
        // The column is new, so only the size of the table counts.
        found.push(index_built(name));
    }
    if field.target().is_some() {
        found.push(foreign_key(name));
    }
    found
}

fn filled(name: &str, backfill: Option<&Backfill>, new: bool) -> Option<Hazard> {
    let constant = matches!(backfill?, Backfill::Value(_));
    // PostgreSQL keeps a constant beside a new column; SQLite copies the table in any case.
    let on: &[Backend] = if constant && new { &[Backend::Mysql] } else { &ALL };
    Some(hazard(
        Rule::FillsRows,
        on,
        format!("every row that needs a value for `{name}` is written in one transaction"),
        "add it as `Option<…>`, fill it in batches in a data step, and take the `Option` away after that",
    ))
}

fn altered(
    state: &ProjectState,
    of: &ModelRef,
    old: &FieldState,
    new: &FieldState,
    backfill: Option<&Backfill>,
) -> Vec<Hazard> {
    let name = &new.name;
    let mut found = Vec::new();
    if old.column != new.column {
        let keep = format!("#[field(db_column = \"{}\")]` on `{name}", old.column);
        found.push(renamed(&format!("column `{}`", old.column), &keep));
    }
    found.extend(rewritten(state, of, old, new));
    if old.nullable && !new.nullable {
        found.push(hazard(
            Rule::RequiresValue,
            &ALL,
            format!("`{name}` takes no NULL any more, which the version that runs now may still write"),
            "first release a version that always writes it, then this change",
        ));
        found.extend(filled(name, backfill, false));
    }
    if new.unique && !old.unique {
        found.push(unique_added(name));
    } else if new.index && !old.index {
        found.push(index_built(name));
    }
    if (old.min, old.max) != (new.min, new.max) && (new.min.is_some() || new.max.is_some()) {
        found.extend(narrower(old, new));
    }
    if new.choices.is_some() && old.choices != new.choices {
        found.push(check_added(&format!("the choices of `{name}`"), None));
    }
    if new.target().is_some() && new.target() != old.target() {
        found.push(foreign_key(name));
    }
    found
}

/// Databases on which a change of type writes every row again while others wait.
fn rewritten(state: &ProjectState, name: &ModelRef, old: &FieldState, new: &FieldState) -> Option<Hazard> {
    let held = |field: &FieldState| match &field.data {
        ColumnType::Plain { .. } => Some(field.data.clone()),
        key => state.key_of(key).cloned(),
    };
    let (from, to) = (held(old)?, held(new)?);
    if from == to {
        return None;
    }
    let (
        ColumnType::Plain { kind: a, max_length: short, max_digits: d, decimal_places: p },
        ColumnType::Plain { kind: b, max_length: long, max_digits: e, decimal_places: q },
    ) = (&from, &to)
    else {
        return None;
    };
    let wider_text =
        a == b && *a == K::Text && long.is_none_or(|long| short.is_some_and(|short| long >= short));
    let wider_decimal = a == b && *a == K::Decimal && p == q && e >= d;
    let mut on = Vec::new();
    if !wider_text {
        // SQLite's own types have no length, but its table is copied for any of them.
        on.push(Backend::Sqlite);
    }
    if !(wider_text || wider_decimal) {
        on.push(Backend::Postgres);
    }
    // The length of a text is kept in one byte up to 63 characters of four bytes each.
    let same_byte = short.zip(*long).is_some_and(|(short, long)| (short <= 63) == (long <= 63));
    if !(wider_text && same_byte) {
        on.push(Backend::Mysql);
    }
    let followers = if old.primary_key { followers(state, name) } else { String::new() };
    let recipe = "add a column of the new type as `Option<…>`, write both, copy in batches in a data step, then read the \
                  new one and drop the old";
    let what =
        format!("every row{followers} is written again for the new type of `{}`, and others wait", new.name);
    (!on.is_empty()).then(|| hazard(Rule::RewritesTable, &on, what, recipe))
}

/// The columns of other tables that follow a key.
fn followers(state: &ProjectState, name: &ModelRef) -> String {
    let columns: Vec<String> =
        state.referring(name).map(|(from, field)| format!("`{}.{}`", from.name, field.name)).collect();
    match columns.is_empty() {
        true => String::new(),
        false => format!(", and those of {} with it,", columns.join(", ")),
    }
}

fn narrower(old: &FieldState, new: &FieldState) -> Option<Hazard> {
    let least = new.min.is_some_and(|new| old.min.is_none_or(|old| new > old));
    let most = new.max.is_some_and(|new| old.max.is_none_or(|old| new < old));
    (least || most).then(|| check_added(&format!("the range of `{}`", new.name), None))
}

/// PostgreSQL builds the index of a large table beside running writes, and MySQL does so by itself.
fn index_built(fields: &str) -> Hazard {
    hazard(
        Rule::BuildsIndex,
        &[Backend::Sqlite],
        format!("writes wait while the index on {fields} is built"),
        "apply it when little is written",
    )
}

fn unique_added(fields: &str) -> Hazard {
    let columns = fields.split(", ").map(|name| name.trim_start_matches('-')).collect::<Vec<_>>().join(", ");
    hazard(
        Rule::AddsUnique,
        &ALL,
        format!("the migration fails where rows share {fields}"),
        &format!(
            "look first with `SELECT {columns}, COUNT(*) … GROUP BY {columns} HAVING COUNT(*) > 1`, and mend those rows in a \
             data step before it"
        ),
    )
}

fn check_added(what: &str, condition: Option<&str>) -> Hazard {
    let look = match condition {
        Some(sql) => format!("look first with `SELECT … WHERE NOT ({sql})`"),
        None => "look for such rows first".to_owned(),
    };
    hazard(
        Rule::AddsCheck,
        &ALL,
        format!(
            "the migration fails where a row breaks {what}, and MySQL, MariaDB and SQLite copy the table meanwhile"
        ),
        &format!("{look}, and mend them in a data step before it"),
    )
}

/// PostgreSQL looks at the rows of a large table beside running writes.
fn foreign_key(name: &str) -> Hazard {
    hazard(
        Rule::AddsForeignKey,
        &[Backend::Mysql],
        format!("the table is copied for the key of `{name}`, and writes wait"),
        "apply it when little is written",
    )
}
