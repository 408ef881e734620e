//! Random values, conditions and queries, made of a tape of choices.

use nuages::expr::{Aggregate, AggregateFunction, Comparison, Condition, Expr, Function, Matching, Operator};
use nuages::prelude::*;
use nuages::query::{OrderTerm, Part, Select};
use nuages::schema::ColumnKind;
use nuages::value::Value;

use crate::data::has_order;
use crate::evaluate::first_to_many;
use crate::schema::{MODELS, Path, WAYS, column, end};

/// Choices, one after the other; behind the end all are 0, the simplest.
pub(crate) struct Tape<'a> {
    choices: &'a [u16],
    at: usize,
}

impl<'a> Tape<'a> {
    pub(crate) const fn new(choices: &'a [u16]) -> Self {
        Self { choices, at: 0 }
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let choice = self.choices.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        usize::from(choice) % end
    }

    pub(crate) fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == chances - 1
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

const TEXTS: [&str; 16] =
    ["a", "b", "", "A", "aB", "%", "_", "\\", "'", "\"", "a%b", "a_b\\", "*", "[a]", "é日", " a "];
const NEEDLES: [&str; 14] = ["a", "B", "", "%", "_", "\\", "'", "\"", "*", "[", "?", "é", "\\_", " "];

pub(crate) fn random_value(tape: &mut Tape, kind: ColumnKind) -> Value {
    match kind {
        ColumnKind::Text => Value::Text(tape.pick(&TEXTS).to_owned()),
        ColumnKind::Decimal => {
            Value::Decimal(tape.pick(&[dec!(1.00), dec!(0.00), dec!(2.50), dec!(-0.25), dec!(10.00)]))
        }
        ColumnKind::Bool => Value::Bool(tape.below(2) == 0),
        ColumnKind::Date => {
            let (year, month, day) = tape.pick(&[(2000, 1, 1), (1999, 12, 31), (2024, 2, 29)]);
            Value::Date(Date::from_ymd_opt(year, month, day).unwrap())
        }
        _ => Value::Int(tape.pick(&[1, 0, 2, 3, -1, 5])),
    }
}

/// A path of at most `most` ways.
fn random_path(tape: &mut Tape, root: usize, most: usize, wanted: impl Fn(usize) -> bool) -> Path {
    let mut path = Path::new();
    for _ in 0..tape.below(most + 1) {
        let here = end(root, &path);
        let ways: Vec<usize> =
            (0..WAYS.len()).filter(|way| WAYS[*way].from == here && wanted(*way)).collect();
        if ways.is_empty() {
            break;
        }
        path.push(tape.pick(&ways));
    }
    path
}

fn random_column(tape: &mut Tape, root: usize, path: &[usize]) -> (Expr, ColumnKind) {
    let fields = MODELS[end(root, path)]().fields;
    let index = tape.below(fields.len());
    (Expr::Column(column(root, path, index)), (fields[index].kind)())
}

/// A condition; `leaf` makes its leaves.
fn tree(tape: &mut Tape, depth: usize, leaf: &mut dyn FnMut(&mut Tape) -> Condition) -> Condition {
    match if depth == 0 { 0 } else { tape.below(7) } {
        0 | 1 => leaf(tape),
        2 | 3 => Condition::Not(Box::new(tree(tape, depth - 1, leaf))),
        4 => Condition::Any((0..1 + tape.below(3)).map(|_| tree(tape, depth - 1, leaf)).collect()),
        5 => Condition::All((0..1 + tape.below(3)).map(|_| tree(tape, depth - 1, leaf)).collect()),
        _ => tree(tape, depth - 1, leaf).or(tree(tape, depth - 1, leaf)),
    }
}

fn random_leaf(tape: &mut Tape, root: usize) -> Condition {
    if tape.one_in(6) {
        let aggregate = random_aggregate(tape, root);
        if let Some((expr, kind)) = aggregate {
            return compare(tape, expr, kind);
        }
    }
    let path = random_path(tape, root, 3, |_| true);
    match tape.below(12) {
        10 => across(tape, root, &path),
        11 => in_query(tape, root, &path),
        _ => leaf_on(tape, root, &path),
    }
}

/// A comparison of two columns, each at the end of a path of its own.
fn across(tape: &mut Tape, root: usize, path: &[usize]) -> Condition {
    let (expr, kind) = random_column(tape, root, path);
    let other = random_path(tape, root, 2, |_| true);
    let fields = MODELS[end(root, &other)]().fields;
    let same: Vec<usize> = (0..fields.len()).filter(|index| (fields[*index].kind)() == kind).collect();
    if same.is_empty() {
        return compare(tape, expr, kind);
    }
    let other = Expr::Column(column(root, &other, tape.pick(&same)));
    Condition::Compare(expr, comparison(tape, kind), other)
}

/// A column among those of another query, which may hold NULL, be cut off, and lead over relations itself.
fn in_query(tape: &mut Tape, root: usize, path: &[usize]) -> Condition {
    let (expr, kind) = random_column(tape, root, path);
    let model = tape.below(3);
    let fields = MODELS[model]().fields;
    let same: Vec<usize> = (0..fields.len()).filter(|index| (fields[*index].kind)() == kind).collect();
    if same.is_empty() {
        return compare(tape, expr, kind);
    }
    let mut select = Select::of(MODELS[model]());
    select.parts = vec![Part::Value(Expr::Column(column(model, &[], tape.pick(&same))))];
    for _ in 0..tape.below(2) {
        let depth = tape.below(2);
        select.filters.push(tree(tape, depth, &mut |tape| {
            let path = random_path(tape, model, 2, |_| true);
            leaf_on(tape, model, &path)
        }));
    }
    let key = Expr::Column(column(model, &[], 0));
    select.order = Some(vec![OrderTerm { expr: key, descending: tape.one_in(2), nulls_first: None }]);
    if tape.one_in(3) {
        select.slice(tape.below(2) as u64, Some(tape.below(3) as u64));
    }
    Condition::InQuery(expr, Box::new(select))
}

fn leaf_on(tape: &mut Tape, root: usize, path: &[usize]) -> Condition {
    let (expr, kind) = random_column(tape, root, path);
    match tape.below(8) {
        0 | 1 => compare(tape, expr, kind),
        2 => Condition::IsNull(expr, tape.below(2) == 0),
        3 => {
            let mut values: Vec<Value> = (0..tape.below(3)).map(|_| random_value(tape, kind)).collect();
            if tape.one_in(8) {
                values.extend((100..250).map(|n| many(kind, n)));
            }
            Condition::In(expr, values)
        }
        4 if has_order(kind) => Condition::Between(
            expr,
            Expr::Value(random_value(tape, kind)),
            Expr::Value(random_value(tape, kind)),
        ),
        4 if kind == ColumnKind::Bool => Condition::Holds(expr),
        5 => {
            let (other, other_kind) = random_column(tape, root, path);
            if other_kind == kind {
                return Condition::Compare(expr, comparison(tape, kind), other);
            }
            compare(tape, expr, kind)
        }
        6 if kind == ColumnKind::BigInt || kind == ColumnKind::Decimal => {
            let more = Expr::Value(random_value(tape, kind));
            let sum = if tape.below(2) == 0 {
                Expr::Binary(Box::new(expr), Operator::Add, Box::new(more))
            } else {
                Expr::Call(Function::Coalesce, vec![expr, more])
            };
            compare(tape, sum, kind)
        }
        _ if kind == ColumnKind::Text => {
            let matching = tape.pick(&[
                Matching::Contains,
                Matching::StartsWith,
                Matching::EndsWith,
                Matching::IExact,
                Matching::IContains,
                Matching::IStartsWith,
                Matching::IEndsWith,
            ]);
            Condition::Match(expr, matching, Expr::Value(Value::Text(tape.pick(&NEEDLES).to_owned())))
        }
        _ => compare(tape, expr, kind),
    }
}

/// One of many values of a kind, none of which is in a row.
fn many(kind: ColumnKind, number: i64) -> Value {
    match kind {
        ColumnKind::Text => Value::Text(format!("'\"\\{number}")),
        ColumnKind::Decimal => Value::Decimal(Decimal::from(number)),
        ColumnKind::Bool => Value::Bool(true),
        ColumnKind::Date => Value::Date(Date::from_num_days_from_ce_opt(number as i32).unwrap()),
        _ => Value::Int(number),
    }
}

fn comparison(tape: &mut Tape, kind: ColumnKind) -> Comparison {
    let all = [
        Comparison::Equal,
        Comparison::NotEqual,
        Comparison::Less,
        Comparison::LessOrEqual,
        Comparison::Greater,
        Comparison::GreaterOrEqual,
    ];
    tape.pick(if has_order(kind) { &all } else { &all[..2] })
}

fn compare(tape: &mut Tape, left: Expr, kind: ColumnKind) -> Condition {
    let comparison = comparison(tape, kind);
    Condition::Compare(left, comparison, Expr::Value(random_value(tape, kind)))
}

/// An aggregate over a to-many path, perhaps with a filter on its rows.
fn random_aggregate(tape: &mut Tape, root: usize) -> Option<(Expr, ColumnKind)> {
    let path = random_path(tape, root, 3, |_| true);
    let base = first_to_many(&path)?;
    let (argument, kind) = random_column(tape, root, &path);
    let function = match tape.below(4) {
        1 if kind == ColumnKind::Decimal || kind == ColumnKind::BigInt => AggregateFunction::Sum,
        2 if has_order(kind) => AggregateFunction::Min,
        3 if has_order(kind) => AggregateFunction::Max,
        _ => AggregateFunction::Count,
    };
    let filter = tape.one_in(3).then(|| {
        tree(tape, 2, &mut |tape| {
            let path = match tape.below(5) {
                3 => Path::new(),
                // Away from the rows that are counted.
                4 => random_path(tape, root, 2, |way| Some(&way) != base.first()),
                _ => base.clone(),
            };
            leaf_on(tape, root, &path)
        })
    });
    let distinct = tape.one_in(4);
    let kind = if function == AggregateFunction::Count { ColumnKind::BigInt } else { kind };
    Some((
        Expr::Aggregate(Box::new(Aggregate { distinct, filter, ..Aggregate::new(function, Some(argument)) })),
        kind,
    ))
}

/// A query about one of the models: its number, and its conditions, order, slice and parts.
pub(crate) fn random_query(tape: &mut Tape) -> (usize, Select) {
    let root = tape.pick(&[1, 0, 2]);
    let mut select = Select::of(MODELS[root]()).only_key();
    for _ in 0..tape.below(4) {
        let depth = tape.below(4);
        let filter = tree(tape, depth, &mut |tape| random_leaf(tape, root));
        select.filters.push(if tape.below(3) == 2 { filter.negate() } else { filter });
    }
    let mut order: Vec<OrderTerm> = (0..tape.below(3)).map(|_| random_order(tape, root)).collect();
    order.push(OrderTerm {
        expr: Expr::Column(column(root, &[], 0)),
        descending: tape.one_in(3),
        nulls_first: None,
    });
    select.order = Some(order);
    select.reversed = tape.one_in(4);
    select.distinct = tape.one_in(4);
    if tape.one_in(3)
        && let Some((aggregate, _)) = random_aggregate(tape, root)
    {
        select.parts.push(Part::Value(aggregate));
    }
    for _ in 0..tape.below(3) {
        let path = random_path(tape, root, 2, |way| !WAYS[way].is_to_many());
        select.parts.push(Part::Value(random_value_of(tape, root, &path)));
    }
    if tape.one_in(3) {
        let (skip, count) = (tape.below(4), tape.below(5));
        select.slice(skip as u64, (count > 0).then_some(count as u64));
    }
    (root, select)
}

/// What `values` reads: a column, or something computed from one.
fn random_value_of(tape: &mut Tape, root: usize, path: &[usize]) -> Expr {
    let (expr, kind) = random_column(tape, root, path);
    if kind != ColumnKind::BigInt && kind != ColumnKind::Decimal {
        return expr;
    }
    let other = Expr::Value(random_value(tape, kind));
    match tape.below(4) {
        1 => Expr::Binary(Box::new(expr), Operator::Add, Box::new(other)),
        2 => Expr::Binary(Box::new(expr), Operator::Multiply, Box::new(other)),
        3 => Expr::Call(Function::Coalesce, vec![expr, other]),
        _ => expr,
    }
}

/// A query about the rows of a model for `prefetch_related`: filtered, in the order of the key, perhaps cut off.
pub(crate) fn random_rows(tape: &mut Tape, model: usize) -> Select {
    let mut select = Select::of(MODELS[model]());
    for _ in 0..tape.below(3) {
        let depth = tape.below(3);
        select.filters.push(tree(tape, depth, &mut |tape| random_leaf(tape, model)));
    }
    let key = Expr::Column(column(model, &[], 0));
    select.order = Some(vec![OrderTerm { expr: key, descending: tape.one_in(2), nulls_first: None }]);
    if tape.one_in(3) {
        select.slice(tape.below(2) as u64, Some(1 + tape.below(3) as u64));
    }
    select
}

fn random_order(tape: &mut Tape, root: usize) -> OrderTerm {
    let path = random_path(tape, root, 2, |way| !WAYS[way].is_to_many());
    let fields = MODELS[end(root, &path)]().fields;
    let ordered: Vec<usize> = (0..fields.len()).filter(|index| has_order((fields[*index].kind)())).collect();
    let expr = Expr::Column(column(root, &path, tape.pick(&ordered)));
    OrderTerm { expr, descending: tape.one_in(2), nulls_first: Some(tape.below(2) == 0) }
}
