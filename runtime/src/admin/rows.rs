//! Rows without Rust types: what the admin reads and writes.
//!
//! Every function takes the untyped tree of a query or the entry of a model;
//! names come from static schemas and values are bound.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use nuages_schema::ModelSchema;

use crate::backend::{Backend, Db, Row, Statement};
use crate::error::Result;
use crate::expr::{Aggregate, AggregateFunction, Condition, Expr, WindowFunction, Windowed};
use crate::field::ColumnRef;
use crate::path::{Hop, HopKind};
use crate::query::{Owner, Select};
use crate::sql;
use crate::value::Value;

/// The rows of a query.
///
/// # Errors
/// If the database fails.
pub async fn fetch(db: &Db, select: &Select) -> Result<Vec<Row>> {
    if select.nothing { Ok(Vec::new()) } else { db.fetch(sql::select(db, select)?).await }
}

/// The rows of a query, if the database finds them in time.
///
/// # Errors
/// `Timeout` if it does not, or if the database fails.
pub async fn fetch_within(db: &Db, select: &Select, limit: Option<Duration>) -> Result<Vec<Row>> {
    if select.nothing { Ok(Vec::new()) } else { db.fetch(sql::select(db, select)?.within(limit)).await }
}

/// How many rows a query has; with a limit, at most so many.
///
/// # Errors
/// If the database fails.
pub async fn count(db: &Db, select: &Select) -> Result<u64> {
    count_within(db, select, None).await
}

/// As [`count`], if the database has counted them in time.
///
/// # Errors
/// `Timeout` if it has not, or if the database fails.
pub async fn count_within(db: &Db, select: &Select, limit: Option<Duration>) -> Result<u64> {
    if select.nothing {
        return Ok(0);
    }
    let row = db.fetch_optional(sql::count(db, select)?.within(limit)).await?;
    let count = row.map(|row| row.i64(0)).transpose()?.flatten();
    Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or(0))
}

/// About how many rows a query has, in the opinion of the database's planner, without counting any.
/// `None` where the planner has no opinion (SQLite).
///
/// # Errors
/// If the database fails.
pub async fn estimate(db: &Db, select: &Select) -> Result<Option<u64>> {
    let mut whole = select.clone().only_key();
    (whole.limit, whole.offset) = (None, 0);
    let Statement { sql, args, .. } = sql::select(db, &whole)?;
    let word = match db.backend() {
        Backend::Sqlite => return Ok(None),
        Backend::Postgres => "EXPLAIN (FORMAT JSON) ",
        Backend::Mysql if db.capabilities().mariadb => "EXPLAIN EXTENDED ",
        Backend::Mysql => "EXPLAIN ",
    };
    let plan = db.fetch(Statement::new(format!("{word}{sql}"), args)).await?;
    if db.backend() == Backend::Postgres {
        let plan = plan.first().map(|row| row.text(0)).transpose()?.flatten();
        let Ok(plan) = serde_json::from_str::<serde_json::Value>(plan.as_deref().unwrap_or_default()) else {
            return Ok(None);
        };
        return Ok(plan.pointer("/0/Plan/Plan Rows").and_then(serde_json::Value::as_u64));
    }
    product(&plan)
}

/// MySQL says for each table how many rows it looks at, and which part of them it expects to keep.
fn product(plan: &[Row]) -> Result<Option<u64>> {
    let mut rows = 1.0_f64;
    for line in plan {
        // `rows`, `filtered` and `Extra` are the last columns, whatever stands before them.
        let Some(at) = line.len().checked_sub(3) else { return Ok(None) };
        let (Some(looked_at), Some(kept)) = (number(&line.any(at)?), number(&line.any(at + 1)?)) else {
            return Ok(None);
        };
        rows *= looked_at * kept / 100.0;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an estimate, and never negative"
    )]
    let rows = rows as u64;
    Ok((!plan.is_empty()).then_some(rows))
}

fn number(value: &Value) -> Option<f64> {
    match value {
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        Value::Decimal(number) => number.to_string().parse().ok(),
        Value::Text(text) => text.parse().ok(),
        _ => None,
    }
}

/// The one row of aggregates that a query has for parts.
///
/// # Errors
/// If the database fails.
pub async fn aggregate(db: &Db, select: &Select) -> Result<Option<Row>> {
    aggregate_within(db, select, None).await
}

/// As [`aggregate`], if the database knows it in time.
///
/// # Errors
/// `Timeout` if it does not, or if the database fails.
pub async fn aggregate_within(db: &Db, select: &Select, limit: Option<Duration>) -> Result<Option<Row>> {
    db.fetch_optional(sql::aggregate(db, select)?.within(limit)).await
}

/// The row with a key, locked until the transaction ends where the database can.
///
/// # Errors
/// If the database fails.
pub async fn find(db: &Db, model: &'static ModelSchema, key: Value, lock: bool) -> Result<Option<Row>> {
    let mut select = by_keys(model, vec![key]);
    if lock && db.capabilities().for_update {
        select.lock = Some(crate::query::Lock::default());
    }
    db.fetch_optional(sql::select(db, &select)?).await
}

/// A query for the rows with these keys, in no order.
#[must_use]
pub fn by_keys(model: &'static ModelSchema, keys: Vec<Value>) -> Select {
    let mut select = Select::of(model);
    let key = Expr::Column(select.key_column());
    select.filters.push(Condition::In(key, keys));
    select.order = Some(Vec::new());
    select
}

/// The statement of a query, to show in debug.
///
/// # Errors
/// If the database lacks something that the query asks for.
pub fn statement(db: &Db, select: &Select) -> Result<Statement> {
    sql::select(db, select)
}

/// A column of the model itself.
#[must_use]
pub const fn column(model: &'static ModelSchema, index: usize) -> ColumnRef {
    ColumnRef { hops: None, model: model.this, index }
}

/// The rows at the end of a to-many relation that belong to these keys. The owner's key stands behind the row's columns.
#[must_use]
pub fn belonging(hop: &'static Hop, keys: Vec<Value>) -> Select {
    let declared = (hop.model)();
    let mut select = Select::of(hop.target());
    let column = match hop.kind {
        HopKind::ManyToMany => {
            let back = self::hop(declared, HopKind::ManyToManyReverse, hop.index);
            ColumnRef { hops: Some(back), model: hop.model, index: declared.key }
        }
        HopKind::ManyToManyReverse => {
            let back = self::hop(declared, HopKind::ManyToMany, hop.index);
            let target = declared.many_to_many[hop.index].target;
            ColumnRef { hops: Some(back), model: target, index: target().key }
        }
        HopKind::Forward | HopKind::Reverse | HopKind::ReverseOne => column(declared, hop.index),
    };
    select.owner = Some(Owner { column, keys });
    select
}

/// The first rows at the end of a to-many relation for each of these keys. Behind the owner's key stands how many
/// rows belong to it, whether they are among these or not.
#[must_use]
pub fn first_belonging(hop: &'static Hop, keys: Vec<Value>, most: u64) -> Select {
    let mut select = belonging(hop, keys);
    select.limit = Some(most);
    let partition = select.owner.iter().map(|owner| Expr::Column(owner.column)).collect();
    let all = Box::new(Aggregate::new(AggregateFunction::Count, None));
    let function = WindowFunction::Aggregate(all);
    let counted = Windowed { function, partition, order: Vec::new(), frame: None };
    select.behind.push(Expr::Window(Box::new(counted)));
    select
}

/// A relation of a model as the first hop of a path.
///
/// There are only as many as the models have relations; each is made once and kept.
pub fn hop(model: &'static ModelSchema, kind: HopKind, index: usize) -> &'static Hop {
    type Known = Mutex<HashMap<(usize, u8, usize), &'static Hop>>;
    static HOPS: OnceLock<Known> = OnceLock::new();
    let key = (std::ptr::from_ref(model) as usize, kind as u8, index);
    let mut known = HOPS.get_or_init(Known::default).lock().unwrap_or_else(PoisonError::into_inner);
    known
        .entry(key)
        .or_insert_with(|| Box::leak(Box::new(Hop { before: None, kind, model: model.this, index })))
}
