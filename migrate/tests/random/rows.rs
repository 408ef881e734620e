//! Rows for a pair of schemas: values that survive the way there and back, and what they are at each end of it.
//!
//! A value is written down once, in a form that no database owns, and read back through the kind of its column.

use std::collections::BTreeMap;

use nuages::backend::quote_identifier;
use nuages::value::Value;
use nuages::{Db, Result};
use nuages_build::state::{ColumnType, FieldState, ModelState};
use nuages_build::{Backfill, Literal};
use nuages_migrate::table::literal;
use nuages_schema::{Backend, ColumnKind as K};

use crate::pairs::Pair;

/// The values of one column, from the first row to the last; `None` is NULL.
#[derive(Clone, Debug)]
struct Held {
    field: String,
    column: String,
    kind: K,
    /// What the values mean, whatever keeps them: a date in a text is a date.
    meaning: K,
    values: Vec<Option<String>>,
}

/// What is in the tables, by their names.
type Content = BTreeMap<String, Vec<Held>>;

/// What is in the tables before, after, and when it was taken back.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    before: Content,
    after: Content,
    back: Content,
}

/// How many rows each model of the first schema has.
type Counts = BTreeMap<String, usize>;

/// What values of both columns mean, and some that both keep; `None` where there is no such value.
pub(crate) fn samples(old: &FieldState, new: &FieldState) -> Option<(K, &'static [&'static str])> {
    let (from, to) = (kind(old), kind(new));
    let meaning = meaning(from, to)?;
    let words = old.choices.is_some() || new.choices.is_some();
    if from != to && [old, new].iter().any(|field| words || room(field) < width(meaning)) {
        return None;
    }
    let fractions = from == to && places(old) > 0 && places(new) > 0;
    Some((
        meaning,
        match meaning {
            K::Text if words => &["it's", "other"],
            K::Text => &["it's", "a\\b", "ünï ☃"],
            K::Bool => &["true", "false"],
            K::Real | K::Double if from == to => &["0.5", "2.25", "-1.5"],
            K::Decimal if fractions => &["1.5", "2.5", "-3.5"],
            K::Date => &["2020-01-31", "1999-12-31", "2024-02-29"],
            K::DateTime => &["2020-01-31 12:30:00", "1999-12-31 23:59:59", "2024-02-29 00:00:00"],
            K::Time => &["12:30:00", "00:00:00", "23:59:59"],
            K::Uuid => &[
                "6f9619ff8b86d011b42d00c04fc964ff",
                "00000000000000000000000000000001",
                "ffffffffffffffffffffffffffffffff",
            ],
            K::Json => &["{\"a\":1}", "[1,2]", "\"x\""],
            K::Binary => &["00ff", "78", "275c"],
            _ => &["3", "7", "-4"],
        },
    ))
}

/// What rows get that have no value in a column that takes no NULL.
pub(crate) fn backfill(pair: &Pair, model: &ModelState, field: &FieldState) -> Option<Backfill> {
    if field.nullable {
        return None;
    }
    let known = pair.former(&model.name, &field.name);
    if !field.unique {
        return Some(Backfill::Value(value(kind(field), last(known.unwrap_or(field), field))));
    }
    // Each row gets its own; no row of a column that was there needs one.
    let sql = match kind(field) {
        _ if known.is_some() => "NULL".to_owned(),
        K::Text => {
            let texts: Vec<String> = own(field).iter().map(|text| text.replace('\'', "''")).collect();
            let text = |at: usize| texts.get(at).unwrap_or(&texts[0]);
            format!("CASE \"id\" WHEN 1 THEN '{}' WHEN 2 THEN '{}' ELSE '{}' END", text(0), text(1), text(2))
        }
        _ => "\"id\"".to_owned(),
    };
    Some(Backfill::Sql { sql })
}

/// The texts that a new and unique text column gets; without a backslash, which databases read differently in SQL.
fn own(field: &FieldState) -> &'static [&'static str] {
    if field.choices.is_some() { &["it's", "other"] } else { &["it's", "b", "ünï ☃"] }
}

/// The value that stands for NULL.
fn last(known: &FieldState, field: &FieldState) -> &'static str {
    let foreign = known.target().is_some() || field.target().is_some();
    if foreign { "1" } else { samples(known, field).map_or("3", |(_, texts)| texts[texts.len() - 1]) }
}

impl Rows {
    /// As many rows as constraints of both sides let be: three, and one at least.
    pub(crate) fn of(pair: &Pair) -> Self {
        let mut counts: Counts = pair.old.iter().map(|model| (model.name.clone(), 3)).collect();
        loop {
            let mut less = false;
            for model in &pair.old {
                let [before, after, back] = held(pair, model, &counts);
                let later = pair.later_model(&model.name);
                let broken = is_broken(model, &before)
                    || is_broken(model, &back)
                    || later.is_some_and(|later| is_broken(later, &after));
                let count = counts.entry(model.name.clone()).or_default();
                if broken && *count > 1 {
                    *count -= 1;
                    less = true;
                }
            }
            if !less {
                break;
            }
        }
        let mut rows = Self::default();
        for model in &pair.old {
            let [before, after, back] = held(pair, model, &counts);
            let later = pair.later_model(&model.name);
            rows.before.insert(model.table.clone(), before);
            rows.back.insert(model.table.clone(), if later.is_some() { back } else { Vec::new() });
            rows.after.extend(later.map(|later| (later.table.clone(), after)));
            rows.relations(pair, model, &counts);
        }
        rows
    }

    fn relations(&mut self, pair: &Pair, model: &ModelState, counts: &Counts) {
        for relation in &model.many_to_many {
            let pairs = counts[&model.name].min(counts[&relation.to.name]);
            let ids: Vec<Option<String>> = (1..=pairs).map(|id| Some(id.to_string())).collect();
            let held = |column: &String| Held {
                field: column.clone(),
                column: column.clone(),
                kind: K::BigInt,
                meaning: K::BigInt,
                values: ids.clone(),
            };
            let all = vec![held(&relation.from_column), held(&relation.to_column)];
            let later = pair.later_model(&model.name).and_then(|later| later.relation(&relation.name));
            let stays = later.is_some_and(|later| later.to == relation.to);
            self.before.insert(relation.table.clone(), all.clone());
            if stays {
                self.after.insert(relation.table.clone(), all.clone());
                self.back.insert(relation.table.clone(), all);
            }
        }
    }

    /// Puts the rows of the first schema into its tables. Keys of tables that refer to each other are looked at
    /// when all are there.
    pub(crate) async fn insert(&self, db: &Db) -> Result<()> {
        let own = db.database().dedicated().await?;
        if own.backend() == Backend::Mysql {
            own.execute_script("SET FOREIGN_KEY_CHECKS = 0").await?;
        }
        let statements = self.statements(own.backend())?;
        own.atomic(async |db| {
            for sql in statements {
                db.execute_script(sql).await?;
            }
            Ok(())
        })
        .await?;
        own.close().await
    }

    fn statements(&self, backend: Backend) -> Result<Vec<String>> {
        let mut statements = Vec::new();
        for (table, columns) in &self.before {
            let names = columns
                .iter()
                .map(|one| quote_identifier(backend, &one.column))
                .collect::<Result<Vec<_>>>()?;
            for row in 0..columns.first().map_or(0, |one| one.values.len()) {
                let values: Vec<String> =
                    columns.iter().map(|one| written(backend, one, one.values[row].as_deref())).collect();
                statements.push(format!(
                    "INSERT INTO {} ({}) VALUES ({})",
                    quote_identifier(backend, table)?,
                    names.join(", "),
                    values.join(", ")
                ));
            }
        }
        Ok(statements)
    }

    pub(crate) async fn assert_before(&self, db: &Db) {
        assert_content(db, &self.before, "before").await;
    }

    pub(crate) async fn assert_after(&self, db: &Db) {
        assert_content(db, &self.after, "after").await;
    }

    pub(crate) async fn assert_back(&self, db: &Db) {
        assert_content(db, &self.back, "taken back").await;
    }

    /// How many rows there are before.
    pub(crate) fn count(&self) -> usize {
        self.before.values().filter_map(|columns| Some(columns.first()?.values.len())).sum()
    }
}

/// The columns of a model before, after and taken back.
fn held(pair: &Pair, model: &ModelState, counts: &Counts) -> [Vec<Held>; 3] {
    let count = counts[&model.name];
    let ids: Vec<Option<String>> = (1..=count).map(|id| Some(id.to_string())).collect();
    let key = |model: &ModelState| held_in(&model.fields[0], K::BigInt, ids.clone());
    let (mut before, mut back) = (vec![key(model)], vec![key(model)]);
    let Some(later) = pair.later_model(&model.name) else {
        for (at, field) in model.fields.iter().enumerate().skip(1) {
            before.push(held_in(field, kind(field), values(at, field, None, count, counts)));
        }
        return [before, Vec::new(), Vec::new()];
    };
    let mut after = vec![key(later)];
    for (at, field) in model.fields.iter().enumerate().skip(1) {
        let Some(new) = pair.later(&model.name, &field.name) else {
            before.push(held_in(field, kind(field), values(at, field, None, count, counts)));
            back.push(held_in(field, kind(field), vec![None; count]));
            continue;
        };
        let meaning = samples(field, new).map_or(kind(field), |(meaning, _)| meaning);
        let old = values(at, field, Some(new), count, counts);
        let filled = |value: &Option<String>| match value {
            None if !new.nullable => Some(last(field, new).to_owned()),
            value => value.clone(),
        };
        let kept: Vec<Option<String>> = old.iter().map(filled).collect();
        before.push(held_in(field, meaning, old));
        back.push(held_in(field, meaning, kept.clone()));
        after.push(held_in(new, meaning, kept));
    }
    for field in later.fields.iter().filter(|field| pair.former(&model.name, &field.name).is_none()) {
        let value = |row: usize| match (field.nullable, field.unique) {
            (true, _) => None,
            (false, false) => Some(last(field, field).to_owned()),
            (false, true) if kind(field) == K::Text => {
                Some(own(field).get(row).unwrap_or(&own(field)[0]).to_string())
            }
            (false, true) => Some((row + 1).to_string()),
        };
        after.push(held_in(field, kind(field), (0..count).map(value).collect()));
    }
    [before, after, back]
}

fn held_in(field: &FieldState, meaning: K, values: Vec<Option<String>>) -> Held {
    Held { field: field.name.clone(), column: field.column.clone(), kind: kind(field), meaning, values }
}

/// The values of a column before; every third is NULL where that can be.
fn values(
    at: usize,
    field: &FieldState,
    new: Option<&FieldState>,
    count: usize,
    counts: &Counts,
) -> Vec<Option<String>> {
    let new = new.unwrap_or(field);
    let nulls = field.nullable && (new.nullable || !new.unique);
    let targets = [field, new].into_iter().filter_map(FieldState::target);
    let ids = targets.map(|to| counts.get(&to.name).copied().unwrap_or(1)).min();
    let value = |row: usize| match ids {
        Some(ids) => (1 + row % ids).to_string(),
        None => {
            let (_, texts) = samples(field, new).unwrap_or((K::Text, &["3"]));
            texts[row % texts.len()].to_owned()
        }
    };
    (0..count)
        .map(|row| if nulls && (row + at).is_multiple_of(3) { None } else { Some(value(row)) })
        .collect()
}

/// Whether the rows would break a unique constraint of the model.
fn is_broken(model: &ModelState, columns: &[Held]) -> bool {
    let single = model.fields.iter().filter(|field| field.unique).map(|field| vec![field.name.clone()]);
    let mut uniques = single.chain(model.uniques.iter().map(|unique| unique.fields.clone()));
    uniques.any(|fields| {
        let of = |name: &String| columns.iter().find(|one| one.field == *name);
        let Some(over) = fields.iter().map(of).collect::<Option<Vec<_>>>() else { return false };
        let rows = over.first().map_or(0, |one| one.values.len());
        let tuple = |row: usize| over.iter().map(|one| one.values[row].clone()).collect::<Option<Vec<_>>>();
        let tuples: Vec<Vec<String>> = (0..rows).filter_map(tuple).collect();
        (1..tuples.len()).any(|at| tuples[..at].contains(&tuples[at]))
    })
}

async fn assert_content(db: &Db, content: &Content, what: &str) {
    // A connection of its own: PostgreSQL refuses statements that were prepared before a column changed its type.
    let own = db.database().dedicated().await.unwrap();
    let title = own.backend().title();
    for (table, columns) in content {
        let q = |name: &str| quote_identifier(own.backend(), name).unwrap();
        let names: Vec<String> = columns.iter().map(|one| q(&one.column)).collect();
        let list = if names.is_empty() { "1".to_owned() } else { names.join(", ") };
        let sql = format!("SELECT {list} FROM {} ORDER BY 1", q(table));
        let rows = own.fetch(sql.into()).await.unwrap();
        assert_eq!(
            rows.len(),
            columns.first().map_or(0, |one| one.values.len()),
            "{what}: rows of {table} on {title}"
        );
        for (at, one) in columns.iter().enumerate() {
            let read = |row: &nuages::backend::Row| shown(one.meaning, &row.value(at, one.kind).unwrap());
            let found: Vec<Option<String>> = rows.iter().map(read).collect();
            assert_eq!(found, one.values, "{what}: {table}.{} as {:?} on {title}", one.column, one.meaning);
        }
    }
    own.close().await.unwrap();
}

fn kind(field: &FieldState) -> K {
    match &field.data {
        ColumnType::Plain { kind, .. } => *kind,
        ColumnType::Key { .. } => K::BigInt,
    }
}

fn room(field: &FieldState) -> u32 {
    match &field.data {
        ColumnType::Plain { kind: K::Text, max_length: Some(length), .. } => *length,
        _ => u32::MAX,
    }
}

fn places(field: &FieldState) -> u8 {
    match &field.data {
        ColumnType::Plain { decimal_places: Some(places), .. } => *places,
        _ => 0,
    }
}

/// The most characters that a database writes such a value with.
fn width(meaning: K) -> u32 {
    match meaning {
        K::DateTime => 32,
        K::Uuid => 36,
        K::Time => 15,
        _ => 10,
    }
}

fn meaning(from: K, to: K) -> Option<K> {
    Some(match (from, to) {
        (from, to) if from == to => from,
        (K::Binary, _) | (_, K::Binary) => return None,
        (K::Text, other) | (other, K::Text) => other,
        (K::Bool, other) | (other, K::Bool) if other.is_number() => K::Bool,
        (from, to) if from.is_number() && to.is_number() => K::Decimal,
        (from, to) if from.has_date() && to.has_date() => K::Date,
        (K::Duration, K::BigInt) | (K::BigInt, K::Duration) => K::BigInt,
        _ => return None,
    })
}

/// The literal of a value for a column of this kind.
fn value(kind: K, text: &str) -> Literal {
    match kind {
        K::Bool => Literal::Bool(["true", "1"].contains(&text)),
        K::SmallInt | K::Integer | K::BigInt | K::Duration => {
            Literal::Int(text.parse().unwrap_or_else(|_| i64::from(text == "true")))
        }
        K::Real | K::Double => {
            Literal::Float(text.parse().unwrap_or_else(|_| f64::from(u8::from(text == "true"))))
        }
        K::Decimal if text == "true" => Literal::Text("1".into()),
        K::Decimal if text == "false" => Literal::Text("0".into()),
        K::DateTime if text.len() == 10 => Literal::Text(format!("{text} 00:00:00")),
        _ => Literal::Text(text.to_owned()),
    }
}

fn written(backend: Backend, held: &Held, text: Option<&str>) -> String {
    match (text, held.kind) {
        (None, _) => "NULL".to_owned(),
        (Some(text), K::Binary) if backend == Backend::Postgres => format!("'\\x{text}'"),
        (Some(text), K::Binary) => format!("X'{text}'"),
        (Some(text), kind) => literal(backend, kind, &value(kind, text)),
    }
}

/// A value as it was written down.
fn shown(meaning: K, value: &Value) -> Option<String> {
    let text = match value {
        Value::Null(_) => return None,
        Value::Bool(truth) => truth.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Date(date) => date.to_string(),
        Value::Time(time) => time.format("%H:%M:%S%.f").to_string(),
        Value::DateTime(at) => at.format("%Y-%m-%d %H:%M:%S%.f").to_string(),
        Value::Duration(length) => length.num_microseconds().unwrap_or(i64::MAX).to_string(),
        Value::Uuid(uuid) => uuid.simple().to_string(),
        Value::Json(json) => json.to_string(),
        Value::Bytes(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        Value::Array(..) | Value::Key(_) => format!("{value:?}"),
    };
    Some(match meaning {
        K::Text | K::Binary => text,
        K::Bool => match text.parse::<f64>() {
            Ok(number) => (number != 0.0).to_string(),
            Err(_) => text,
        },
        K::Uuid => text.replace('-', ""),
        K::Json => text.replace(' ', ""),
        K::Date => text.strip_suffix(" 00:00:00").unwrap_or(&text).to_owned(),
        K::DateTime | K::Time => text.strip_suffix(".000000").unwrap_or(&text).to_owned(),
        _ => text.parse::<f64>().map_or(text, |number| number.to_string()),
    })
}
