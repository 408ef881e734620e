//! One query, in the database and in memory.

use nuages::expr::Expr;
use nuages::prelude::*;
use nuages::query::{Part, Select};
use nuages::schema::ColumnKind;
use nuages::value::Value;

use crate::data::Data;
use crate::evaluate::{Evaluator, compare};
use crate::generate::{Tape, random_query, random_rows};
use crate::schema::{Label, LabelWorksPath, MODELS, WAYS, Work, Writer, WriterWorksPath};

/// A row found: its key, and what else was asked for.
type Found = (i64, Vec<Option<Value>>);

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
        if select.parts.len() == 1 && !select.is_sliced() {
            prefetched(db, data, root, &select, tape, &expected).await?;
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
        && expected.iter().zip(found).all(|(one, other)| one.0 == other.0 && same_values(&one.1, &other.1));
    if same { Ok(()) } else { Err(Error::other(format!("found {found:?}"))) }
}

fn same_values(one: &[Option<Value>], other: &[Option<Value>]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same_value(one, other))
}

fn same_value(one: &Option<Value>, other: &Option<Value>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => compare(one, other).is_eq(),
        (one, other) => one.is_none() && other.is_none(),
    }
}

async fn found(db: &Db, select: &Select) -> Result<Vec<Found>> {
    let statement = QuerySet::<Work>::from_select(select.clone()).sql(db)?;
    let kinds: Vec<ColumnKind> = select.parts[1..].iter().map(part_kind).collect();
    let rows = db.fetch(statement).await?;
    rows.iter()
        .map(|row| {
            let key = row.i64(0)?.ok_or_else(|| Error::other("no key"))?;
            let read = |(at, kind): (usize, &ColumnKind)| row.value(at + 1, *kind);
            let values: Result<Vec<Value>> = kinds.iter().enumerate().map(read).collect();
            Ok((key, values?.into_iter().map(|value| Some(value).filter(|value| !value.is_null())).collect()))
        })
        .collect()
}

fn part_kind(part: &Part) -> ColumnKind {
    match part {
        Part::Value(expr) => kind_of(expr),
        _ => ColumnKind::BigInt,
    }
}

fn kind_of(expr: &Expr) -> ColumnKind {
    use nuages::expr::AggregateFunction;
    match expr {
        Expr::Column(column) => (column.field().kind)(),
        Expr::Binary(left, _, _) => kind_of(left),
        Expr::Call(_, arguments) => kind_of(&arguments[0]),
        Expr::Aggregate(aggregate) => match (aggregate.function, &aggregate.argument) {
            (AggregateFunction::Count, _) => ColumnKind::BigInt,
            (_, Some(argument)) => kind_of(argument),
            other => panic!("not made here: {other:?}"),
        },
        other => panic!("not made here: {other:?}"),
    }
}

/// What should be found.
fn expected(data: &Data, root: usize, select: &Select) -> Vec<Found> {
    let evaluator = Evaluator { data, root };
    let values = |row: usize| {
        let parts = select.parts[1..].iter().map(|part| match part {
            Part::Value(expr) => evaluator.alone(expr, row),
            _ => None,
        });
        parts.collect()
    };
    let rows = found_rows(data, root, select);
    rows.into_iter().map(|row| (i64::try_from(row).unwrap() + 1, values(row))).collect()
}

/// The rows that a query finds, by position.
fn found_rows(data: &Data, root: usize, select: &Select) -> Vec<usize> {
    let every: Vec<usize> = (0..data.rows[root].len()).collect();
    rows_among(data, root, select, &every)
}

/// The same among some rows.
fn rows_among(data: &Data, root: usize, select: &Select, among: &[usize]) -> Vec<usize> {
    let evaluator = Evaluator { data, root };
    let mut rows = Vec::new();
    for row in among {
        let times: usize = select.filters.iter().map(|filter| evaluator.count(filter, *row)).product();
        let times = if select.distinct { times.min(1) } else { times };
        rows.extend(std::iter::repeat_n(*row, times));
    }
    rows.sort_by(|one, other| order(&evaluator, select, *one, *other));
    rows.into_iter()
        .skip(usize::try_from(select.offset).unwrap())
        .take(select.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap()))
        .collect()
}

/// The one value of each row of a query.
pub(crate) fn values_of(data: &Data, select: &Select) -> Vec<Option<Value>> {
    let root = MODELS.iter().position(|model| model() == select.model).unwrap();
    let Part::Value(expr) = &select.parts[0] else { panic!("a query of one value") };
    let evaluator = Evaluator { data, root };
    found_rows(data, root, select).into_iter().map(|row| evaluator.alone(expr, row)).collect()
}

/// Prefetches related rows, filtered and perhaps cut off, and compares them row by row.
async fn prefetched(
    db: &Db,
    data: &Data,
    root: usize,
    select: &Select,
    tape: &mut Tape<'_>,
    expected: &[Found],
) -> Result<()> {
    let (way, rows) = match root {
        0 => (3, random_rows(tape, 1)),
        1 => (6, random_rows(tape, 2)),
        _ => (7, random_rows(tape, 1)),
    };
    let mut select = select.clone();
    select.parts = Select::of(MODELS[root]()).parts;
    let found: Vec<(i64, Vec<i64>)> = match root {
        0 => {
            let query = whole::<Writer>(select).prefetch_related(|w| w.works().rows(|_| whole(rows.clone())));
            query.all(db).await?.into_iter().map(|(one, many)| (one.id, keys(&many, |w| w.id))).collect()
        }
        1 => {
            let query = whole::<Work>(select).prefetch_related(|w| w.labels.rows(|_| whole(rows.clone())));
            query.all(db).await?.into_iter().map(|(one, many)| (one.id, keys(&many, |l| l.id))).collect()
        }
        _ => {
            let query = whole::<Label>(select).prefetch_related(|l| l.works().rows(|_| whole(rows.clone())));
            query.all(db).await?.into_iter().map(|(one, many)| (one.id, keys(&many, |w| w.id))).collect()
        }
    };
    let wanted: Vec<(i64, Vec<i64>)> = expected
        .iter()
        .map(|(key, _)| {
            let related = data.follow(&WAYS[way], usize::try_from(*key - 1).unwrap());
            let related = rows_among(data, WAYS[way].to, &rows, &related);
            (*key, related.into_iter().map(|row| i64::try_from(row).unwrap() + 1).collect())
        })
        .collect();
    if found == wanted {
        return Ok(());
    }
    Err(Error::other(format!(
        "prefetched {found:?} and not {wanted:?} of way {way} with {rows:?} {:?}",
        rows.limit
    )))
}

fn whole<M: Model>(select: Select) -> QuerySet<M> {
    QuerySet::from_select(select)
}

fn keys<T>(rows: &[T], key: impl Fn(&T) -> i64) -> Vec<i64> {
    rows.iter().map(key).collect()
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
