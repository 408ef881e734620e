//! The source of models.

use std::fmt::Write as _;

use nuages_build::state::{ColumnType, IndexState, ModelState, Term, UniqueState};
use nuages_schema::{OnDelete, column_name, default_table};

use super::{Found, FoundField, FoundRelation, Inspection};

const HEAD: &str = "\
//! Models of tables that were there, written by `inspectdb`: look them through before you rely on them.
//!
//! While a model says `managed = false` no migration touches its table.

use nuages::prelude::*;
";

pub(super) fn source(found: &[Found], inspection: &Inspection) -> String {
    let mut out = HEAD.to_owned();
    for one in found {
        out.push('\n');
        match one.fields.is_empty() {
            true => left_out(&mut out, one),
            false => model(&mut out, one, inspection),
        }
    }
    out
}

fn left_out(out: &mut String, one: &Found) {
    let _ = writeln!(out, "// The table `{}` is left out: {}.", one.state.table, one.notes.join("; "));
}

fn model(out: &mut String, one: &Found, inspection: &Inspection) {
    let ModelState { name, table, managed, .. } = &one.state;
    let _ = writeln!(out, "/// A row of `{table}`.");
    for note in &one.notes {
        let _ = writeln!(out, "// {note}");
    }
    if inspection.managed {
        for difference in &one.differences {
            let _ = writeln!(out, "// not managed: {difference}");
        }
    }
    let _ = writeln!(out, "#[derive(Model, Clone, Debug)]");
    let mut words = Vec::new();
    if *table != default_table(&inspection.app, name) {
        words.push(format!("db_table = {table:?}"));
    }
    if !managed {
        words.push("managed = false".to_owned());
    }
    let key: Vec<&str> = one.state.keys().map(|field| field.name.as_str()).collect();
    if key.len() > 1 {
        words.push(format!("primary_key({})", key.join(", ")));
    }
    words.extend(one.only().map(|backend| format!("only({})", backend.word())));
    words.extend(one.state.uniques.iter().map(unique));
    words.extend(one.state.indexes.iter().map(index));
    for check in &one.state.checks {
        words.push(format!("check(name = {:?}, {:?})", check.name, check.sql));
    }
    attribute(out, "", "model", &words);
    let _ = writeln!(out, "pub struct {name} {{");
    for field in &one.fields {
        self::field(out, field, key.len() < 2);
    }
    for relation in &one.relations {
        self::relation(out, relation);
    }
    out.push_str("}\n");
}

fn unique(unique: &UniqueState) -> String {
    let UniqueState { name, fields, condition, include, nulls_equal, deferrable } = unique;
    let mut words = vec![format!("fields({})", terms(fields))];
    words.extend(name.as_ref().map(|name| format!("name = {name:?}")));
    words.extend(rows(condition.as_ref(), include));
    words.extend(nulls_equal.then(|| "nulls_distinct = false".to_owned()));
    words.extend(deferrable.map(|when| format!("deferrable = {}", when.word())));
    format!("unique({})", words.join(", "))
}

fn index(index: &IndexState) -> String {
    let IndexState { name, fields, condition, include } = index;
    let mut words = vec![format!("fields({})", terms(fields))];
    words.extend(name.as_ref().map(|name| format!("name = {name:?}")));
    words.extend(rows(condition.as_ref(), include));
    format!("index({})", words.join(", "))
}

fn rows(condition: Option<&String>, include: &[String]) -> Vec<String> {
    let include = (!include.is_empty()).then(|| format!("include({})", include.join(", ")));
    condition.map(|sql| format!("condition = {sql:?}")).into_iter().chain(include).collect()
}

/// Fields as they are, and what is computed as SQL in quotes.
fn terms(fields: &[String]) -> String {
    let term = |field: &String| {
        let (minus, name) = field.strip_prefix('-').map_or(("", field.as_str()), |name| ("-", name));
        match Term::of(name) {
            Term::Field(name) => format!("{minus}{name}"),
            Term::Expression(sql) => format!("{minus}{sql:?}"),
        }
    };
    fields.iter().map(term).collect::<Vec<_>>().join(", ")
}

/// `alone`: the key is one column, which says so itself.
fn field(out: &mut String, field: &FoundField, alone: bool) {
    let FoundField { state, rust, related_name, note } = field;
    let foreign = state.target().is_some();
    let mut words = Vec::new();
    if state.column != column_name(&state.name, foreign) {
        words.push(format!("db_column = {:?}", state.column));
    }
    if alone && state.primary_key && state.name != "id" {
        words.push("primary_key".to_owned());
    }
    let counts = ["i16", "i32", "i64"].contains(&rust.as_str());
    if state.name == "id" && counts && !state.auto {
        words.push("auto = false".to_owned());
    }
    match &state.data {
        ColumnType::Plain { max_length, max_digits, decimal_places, .. } => {
            words.extend(max_length.map(|length| format!("max_length = {length}")));
            words.extend(max_digits.map(|digits| format!("max_digits = {digits}")));
            words.extend(decimal_places.map(|places| format!("decimal_places = {places}")));
        }
        ColumnType::Key { on_delete, .. } => words.push(format!("on_delete = {}", rule(*on_delete))),
    }
    words.extend(state.collation.as_ref().map(|name| format!("db_collation = {name:?}")));
    words.extend(related_name.as_ref().map(|name| format!("related_name = {name}")));
    if state.unique && !foreign {
        words.push("unique".to_owned());
    }
    if state.index && !foreign {
        words.push("index".to_owned());
    }
    let _ = writeln!(out, "    /// The column `{}`.", state.column);
    if let Some(note) = note {
        let _ = writeln!(out, "    // {note}");
    }
    attribute(out, "    ", "field", &words);
    let rust = if state.nullable { format!("Option<{rust}>") } else { rust.clone() };
    let _ = writeln!(out, "    pub {}: {rust},", state.name);
}

fn rule(rule: Option<OnDelete>) -> &'static str {
    match rule {
        Some(OnDelete::DbCascade) => "db::Cascade",
        Some(OnDelete::DbSetNull) => "db::SetNull",
        _ => "Protect",
    }
}

fn relation(out: &mut String, relation: &FoundRelation) {
    let FoundRelation { state, to, related_name } = relation;
    let mut words = vec![
        format!("db_table = {:?}", state.table),
        format!("from_column = {:?}", state.from_column),
        format!("to_column = {:?}", state.to_column),
    ];
    words.extend(related_name.as_ref().map(|name| format!("related_name = {name}")));
    let _ = writeln!(out, "    /// The rows of `{}`.", state.table);
    attribute(out, "    ", "field", &words);
    let _ = writeln!(out, "    pub {}: ManyToMany<{to}>,", state.name);
}

/// On one line where it fits, else a word on each.
fn attribute(out: &mut String, indent: &str, name: &str, words: &[String]) {
    if words.is_empty() {
        return;
    }
    let line = format!("{indent}#[{name}({})]", words.join(", "));
    if line.len() <= 100 {
        let _ = writeln!(out, "{line}");
        return;
    }
    let _ = writeln!(out, "{indent}#[{name}(");
    for word in words {
        let _ = writeln!(out, "{indent}    {word},");
    }
    let _ = writeln!(out, "{indent})]");
}
