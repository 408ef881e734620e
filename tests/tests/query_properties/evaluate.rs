//! What a condition means, row by row in memory: Django's meaning.
//!
//! A path is followed as outer joins follow it. What stands outside of any NOT shares one related row per
//! path; what stands inside asks, leaf by leaf, whether any related row fulfils it. A leaf that NULL makes
//! unknown does not hold.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use nuages::expr::{Aggregate, AggregateFunction, Comparison, Condition, Expr, Matching, Operator};
use nuages::field::ColumnRef;
use nuages::value::{Decimal, Value};

use crate::data::Data;
use crate::schema::{MODELS, Path, WAYS, path_of};

/// Which row each path leads to.
pub(crate) type Rows = BTreeMap<Path, Option<usize>>;

/// The evaluator.
pub(crate) struct Evaluator<'a> {
    pub(crate) data: &'a Data,
    pub(crate) root: usize,
}

impl Evaluator<'_> {
    /// In how many ways a row fulfils a filter: as often as the joins hand it out.
    pub(crate) fn count(&self, filter: &Condition, row: usize) -> usize {
        let alone: Rows = [(Path::new(), Some(row))].into();
        let mut paths = BTreeSet::new();
        joined_paths(filter, &mut paths);
        self.expand(&alone, &paths).iter().filter(|rows| self.holds(filter, rows, &alone)).count()
    }

    /// A value of one row of the query, over paths to one row.
    pub(crate) fn alone(&self, expr: &Expr, row: usize) -> Option<Value> {
        let mut paths = BTreeSet::new();
        expr_paths(expr, &mut paths);
        let rows = self.expand(&[(Path::new(), Some(row))].into(), &paths);
        self.value(expr, &rows[0])
    }

    /// All ways to follow paths.
    fn expand(&self, start: &Rows, paths: &BTreeSet<Path>) -> Vec<Rows> {
        let mut all = vec![start.clone()];
        let steps: BTreeSet<Path> =
            paths.iter().flat_map(|path| (1..=path.len()).map(|to| path[..to].to_vec())).collect();
        for path in steps.into_iter().filter(|path| !start.contains_key(path)) {
            let (last, before) = path.split_last().unwrap();
            all = all
                .into_iter()
                .flat_map(|rows| {
                    let next =
                        rows[before].map(|row| self.data.follow(&WAYS[*last], row)).unwrap_or_default();
                    let mut next: Vec<Option<usize>> = next.into_iter().map(Some).collect();
                    if next.is_empty() {
                        next.push(None);
                    }
                    let path = path.clone();
                    next.into_iter().map(move |row| {
                        let mut rows = rows.clone();
                        rows.insert(path.clone(), row);
                        rows
                    })
                })
                .collect();
        }
        all
    }

    /// `outside` is what a NOT sees of the joined rows. A leaf on paths that are not joined asks for any row.
    fn holds(&self, condition: &Condition, rows: &Rows, outside: &Rows) -> bool {
        match condition {
            Condition::All(parts) => parts.iter().all(|part| self.holds(part, rows, outside)),
            Condition::Any(parts) => parts.iter().any(|part| self.holds(part, rows, outside)),
            Condition::Not(inner) => !self.holds(inner, outside, outside),
            leaf => {
                let mut paths = BTreeSet::new();
                leaf_paths(leaf, &mut paths);
                self.expand(rows, &paths).iter().any(|rows| self.leaf(leaf, rows) == Some(true))
            }
        }
    }

    fn leaf(&self, leaf: &Condition, rows: &Rows) -> Option<bool> {
        match leaf {
            Condition::Compare(left, comparison, right) => {
                let order = compare(&self.value(left, rows)?, &self.value(right, rows)?);
                Some(match comparison {
                    Comparison::Equal => order.is_eq(),
                    Comparison::NotEqual => order.is_ne(),
                    Comparison::Less => order.is_lt(),
                    Comparison::LessOrEqual => order.is_le(),
                    Comparison::Greater => order.is_gt(),
                    Comparison::GreaterOrEqual => order.is_ge(),
                })
            }
            Condition::Match(left, matching, right) => {
                Some(matches(*matching, &text(self.value(left, rows)?), &text(self.value(right, rows)?)))
            }
            Condition::In(value, list) => {
                if list.is_empty() {
                    return Some(false);
                }
                let value = self.value(value, rows)?;
                Some(list.contains(&value))
            }
            Condition::InQuery(value, select) => {
                let value = self.value(value, rows)?;
                let found = crate::run::values_of(self.data, select);
                let unknown = found.iter().any(Option::is_none);
                match found.into_iter().flatten().any(|one| one == value) {
                    true => Some(true),
                    false => (!unknown).then_some(false),
                }
            }
            Condition::Between(value, from, to) => {
                let (value, from) = (self.value(value, rows)?, self.value(from, rows)?);
                let to = self.value(to, rows)?;
                Some(compare(&value, &from).is_ge() && compare(&value, &to).is_le())
            }
            Condition::IsNull(value, null) => Some(self.value(value, rows).is_none() == *null),
            Condition::Holds(value) => Some(self.value(value, rows)? == Value::Bool(true)),
            other => panic!("not made here: {other:?}"),
        }
    }

    /// A value; none is NULL.
    pub(crate) fn value(&self, expr: &Expr, rows: &Rows) -> Option<Value> {
        match expr {
            Expr::Column(column) => self.column(column, rows),
            Expr::Value(Value::Null(_)) => None,
            Expr::Value(value) => Some(value.clone()),
            Expr::Binary(left, Operator::Add, right) => {
                match (self.value(left, rows)?, self.value(right, rows)?) {
                    (Value::Int(left), Value::Int(right)) => Some(Value::Int(left + right)),
                    (Value::Decimal(left), Value::Decimal(right)) => Some(Value::Decimal(left + right)),
                    other => panic!("not added here: {other:?}"),
                }
            }
            Expr::Binary(left, Operator::Multiply, right) => {
                match (self.value(left, rows)?, self.value(right, rows)?) {
                    (Value::Int(left), Value::Int(right)) => Some(Value::Int(left * right)),
                    (Value::Decimal(left), Value::Decimal(right)) => Some(Value::Decimal(left * right)),
                    other => panic!("not multiplied here: {other:?}"),
                }
            }
            Expr::Call(nuages::expr::Function::Coalesce, arguments) => {
                arguments.iter().find_map(|argument| self.value(argument, rows))
            }
            Expr::Aggregate(aggregate) => self.aggregate(aggregate, rows),
            other => panic!("not made here: {other:?}"),
        }
    }

    fn column(&self, column: &ColumnRef, rows: &Rows) -> Option<Value> {
        let path = path_of(column);
        let row = rows[&path]?;
        let model = path.last().map_or(self.root, |last| WAYS[*last].to);
        assert!(MODELS[model]() == (column.model)());
        match &self.data.rows[model][row][column.index] {
            Value::Null(_) => None,
            value => Some(value.clone()),
        }
    }

    fn aggregate(&self, aggregate: &Aggregate, rows: &Rows) -> Option<Value> {
        let argument = aggregate.argument.as_ref().expect("an argument");
        let mut paths = BTreeSet::new();
        expr_paths(argument, &mut paths);
        let base = paths.iter().find_map(|path| first_to_many(path)).expect("a to-many path");
        let alone: Rows = [(Path::new(), rows[&Path::new()])].into();
        let mut values = Vec::new();
        for rows in self.expand(&alone, &paths).iter().filter(|rows| rows[&base].is_some()) {
            let kept = aggregate.filter.as_ref().is_none_or(|filter| self.holds(filter, rows, rows));
            values.extend(self.value(argument, rows).filter(|_| kept));
        }
        if aggregate.distinct {
            let mut seen: Vec<Value> = Vec::new();
            values.retain(|value| {
                !seen.contains(value) && {
                    seen.push(value.clone());
                    true
                }
            });
        }
        match aggregate.function {
            AggregateFunction::Count => Some(Value::Int(i64::try_from(values.len()).unwrap())),
            AggregateFunction::Sum => values.into_iter().reduce(|sum, value| match (sum, value) {
                (Value::Int(sum), Value::Int(value)) => Value::Int(sum + value),
                (Value::Decimal(sum), Value::Decimal(value)) => Value::Decimal(sum + value),
                other => panic!("not added here: {other:?}"),
            }),
            AggregateFunction::Min => values.into_iter().min_by(compare),
            AggregateFunction::Max => values.into_iter().max_by(compare),
            _ => panic!("not made here"),
        }
    }
}

/// The path up to its first to-many way.
pub(crate) fn first_to_many(path: &[usize]) -> Option<Path> {
    path.iter().position(|way| WAYS[*way].is_to_many()).map(|at| path[..=at].to_vec())
}

fn joined_paths(condition: &Condition, into: &mut BTreeSet<Path>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().for_each(|part| joined_paths(part, into));
        }
        Condition::Not(_) => {}
        leaf => leaf_paths(leaf, into),
    }
}

fn leaf_paths(leaf: &Condition, into: &mut BTreeSet<Path>) {
    match leaf {
        Condition::Compare(left, _, right) | Condition::Match(left, _, right) => {
            expr_paths(left, into);
            expr_paths(right, into);
        }
        // Nothing is asked, so nothing is joined.
        Condition::In(_, list) if list.is_empty() => {}
        Condition::In(value, _)
        | Condition::InQuery(value, _)
        | Condition::IsNull(value, _)
        | Condition::Holds(value) => expr_paths(value, into),
        Condition::Between(value, from, to) => {
            [value, from, to].into_iter().for_each(|part| expr_paths(part, into));
        }
        other => panic!("not made here: {other:?}"),
    }
}

fn expr_paths(expr: &Expr, into: &mut BTreeSet<Path>) {
    match expr {
        Expr::Column(column) => {
            into.insert(path_of(column));
        }
        Expr::Binary(left, _, right) => {
            expr_paths(left, into);
            expr_paths(right, into);
        }
        Expr::Call(_, arguments) => arguments.iter().for_each(|argument| expr_paths(argument, into)),
        _ => {}
    }
}

/// Compares two values of one kind.
pub(crate) fn compare(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => left.cmp(right),
        (Value::Decimal(left), Value::Decimal(right)) => left.cmp(right),
        (Value::Int(left), Value::Decimal(right)) => Decimal::from(*left).cmp(right),
        (Value::Text(left), Value::Text(right)) => left.cmp(right),
        (Value::Date(left), Value::Date(right)) => left.cmp(right),
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        other => panic!("not compared here: {other:?}"),
    }
}

fn text(value: Value) -> String {
    match value {
        Value::Text(text) => text,
        other => panic!("not text: {other:?}"),
    }
}

fn matches(matching: Matching, text: &str, wanted: &str) -> bool {
    let (low, low_wanted) = (text.to_ascii_lowercase(), wanted.to_ascii_lowercase());
    match matching {
        Matching::IExact => low == low_wanted,
        Matching::Contains => text.contains(wanted),
        Matching::IContains => low.contains(&low_wanted),
        Matching::StartsWith => text.starts_with(wanted),
        Matching::IStartsWith => low.starts_with(&low_wanted),
        Matching::EndsWith => text.ends_with(wanted),
        Matching::IEndsWith => low.ends_with(&low_wanted),
        Matching::Regex | Matching::IRegex => panic!("not made here"),
    }
}
