//! One query, in the database and in memory.

use nuages::expr::Expr;
use nuages::prelude::*;
use nuages::query::{Part, Select};
use nuages::schema::ColumnKind;
use nuages::value::Value;

use crate::data::Data;
use crate::evaluate::{Evaluator, Rows, compare};
use crate::generate::{Tape, random_query};
use crate::schema::{Path, Work};

/// A row found: its key, and what else was asked for.
type Found = (i64, Option<Value>);

/// Makes a query and compares what is found; the error is what to show.
pub(crate) async fn check(db: &Db, data: &Data, tape: &mut Tape<'_>) -> Result<(), String> {
    let (root, select) = random_query(tape);
    let expected = expected(data, root, &select);
    let told = async {
        let found = found(db, &select).await?;
        compare_lists(&expected, &found)?;
        let query = QuerySet::<Work>::from_select(select.clone());
        let count = query.count(db).await?;
        if count != expected.len() as u64 {
            return Err(Error::other(format!("count() says {count}")));
        }
        if query.exists(db).await? == expected.is_empty() {
            return Err(Error::other("exists() says otherwise"));
        }
        if root == 1 {
            let keys = expected.iter().map(|(key, _)| *key).collect();
            update(db, &select, keys).await?;
        }
        Result::<()>::Ok(())
    };
    told.await.map_err(|error| describe(db, &select, &expected, &error))
}

fn describe(db: &Db, select: &Select, expected: &[Found], error: &Error) -> String {
    let statement = QuerySet::<Work>::from_select(select.clone()).sql(db);
    let sql = statement.map_or_else(|e| e.to_string(), |s| format!("{}\n{:?}", s.sql, s.args));
    format!(
        "{error}\n\nexpected {expected:?}\n\n{:#?}\norder {:?} reversed {} distinct {} limit {:?} offset {}\n\n{sql}",
        select.filters, select.order, select.reversed, select.distinct, select.limit, select.offset
    )
}

fn compare_lists(expected: &[Found], found: &[Found]) -> Result<()> {
    let same = expected.len() == found.len()
        && expected.iter().zip(found).all(|(one, other)| one.0 == other.0 && same_value(&one.1, &other.1));
    if same { Ok(()) } else { Err(Error::other(format!("found {found:?}"))) }
}

fn same_value(one: &Option<Value>, other: &Option<Value>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => compare(one, other).is_eq(),
        (one, other) => one.is_none() && other.is_none(),
    }
}

async fn found(db: &Db, select: &Select) -> Result<Vec<Found>> {
    let statement = QuerySet::<Work>::from_select(select.clone()).sql(db)?;
    let kind = select.parts.get(1).map(part_kind);
    let rows = db.fetch(statement).await?;
    rows.iter()
        .map(|row| {
            let key = row.i64(0)?.ok_or_else(|| Error::other("no key"))?;
            let value = kind.map(|kind| row.value(1, kind)).transpose()?;
            Ok((key, value.filter(|value| !value.is_null())))
        })
        .collect()
}

fn part_kind(part: &Part) -> ColumnKind {
    use nuages::expr::AggregateFunction;
    match part {
        Part::Value(Expr::Aggregate(aggregate)) => match (aggregate.function, &aggregate.argument) {
            (AggregateFunction::Count, _) => ColumnKind::BigInt,
            (_, Some(Expr::Column(column))) => (column.field().kind)(),
            other => panic!("not made here: {other:?}"),
        },
        _ => ColumnKind::BigInt,
    }
}

/// What should be found.
fn expected(data: &Data, root: usize, select: &Select) -> Vec<Found> {
    let evaluator = Evaluator { data, root };
    let mut rows = Vec::new();
    for row in 0..data.rows[root].len() {
        let times: usize = select.filters.iter().map(|filter| evaluator.count(filter, row)).product();
        let times = if select.distinct { times.min(1) } else { times };
        rows.extend(std::iter::repeat_n(row, times));
    }
    rows.sort_by(|one, other| order(&evaluator, select, *one, *other));
    let alone = |row: usize| -> Rows { [(Path::new(), Some(row))].into() };
    rows.into_iter()
        .skip(usize::try_from(select.offset).unwrap())
        .take(select.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap()))
        .map(|row| {
            let value = match select.parts.get(1) {
                Some(Part::Value(expr)) => evaluator.value(expr, &alone(row)),
                _ => None,
            };
            (i64::try_from(row).unwrap() + 1, value)
        })
        .collect()
}

fn order(evaluator: &Evaluator<'_>, select: &Select, one: usize, other: usize) -> std::cmp::Ordering {
    let mut result = std::cmp::Ordering::Equal;
    for term in select.order.iter().flatten() {
        let (one, other) = (evaluator.alone(&term.expr, one), evaluator.alone(&term.expr, other));
        let nulls_first = term.nulls_first.unwrap_or(false) != select.reversed;
        let descending = term.descending != select.reversed;
        result = result.then(match (one, other) {
            (Some(one), Some(other)) if descending => compare(&other, &one),
            (Some(one), Some(other)) => compare(&one, &other),
            (one, other) if nulls_first => one.is_some().cmp(&other.is_some()),
            (one, other) => one.is_none().cmp(&other.is_none()),
        });
    }
    result
}

/// Changes the rows of the query, looks at which were changed, and changes them back.
async fn update(db: &Db, select: &Select, mut keys: Vec<i64>) -> Result<()> {
    let mut select = select.clone();
    select.parts.truncate(1);
    let query = QuerySet::<Work>::from_select(select);
    query.update(db, |w| w.stock.set(w.stock + 1000)).await?;
    let changed = Work::objects().filter(|w| w.stock.gt(500)).order_by(|w| w.id);
    let found: Vec<i64> = changed.clone().values(|w| w.id).all(db).await?;
    changed.update(db, |w| w.stock.set(w.stock - 1000)).await?;
    keys.sort_unstable();
    keys.dedup();
    if found == keys { Ok(()) } else { Err(Error::other(format!("update() changed {found:?}"))) }
}
