//! Walks through expressions and conditions.

use crate::expr::{Aggregate, Condition, Expr, WindowFunction};
use crate::field::ColumnRef;
use crate::query::OrderTerm;

/// A part of an expression or of a condition.
#[derive(Clone, Copy)]
pub(super) enum Node<'a> {
    Expr(&'a Expr),
    Condition(&'a Condition),
}

/// Calls `each` with the parts right below an expression. An aggregate and a subquery stand for themselves: their
/// rows are not those of the query.
fn below<'a>(expr: &'a Expr, each: &mut dyn FnMut(Node<'a>)) {
    match expr {
        Expr::Binary(left, _, right) => {
            each(Node::Expr(left));
            each(Node::Expr(right));
        }
        Expr::Call(_, arguments) | Expr::Custom(_, arguments, _) => {
            arguments.iter().for_each(|argument| each(Node::Expr(argument)));
        }
        Expr::Case(branches, otherwise) => {
            for (condition, value) in branches {
                each(Node::Condition(condition));
                each(Node::Expr(value));
            }
            each(Node::Expr(otherwise));
        }
        Expr::Condition(condition) => each(Node::Condition(condition)),
        Expr::Cast(inner, _) | Expr::InZone(inner, _) | Expr::JsonPath(inner, _, _) => {
            each(Node::Expr(inner))
        }
        Expr::Window(window) => {
            match &window.function {
                WindowFunction::Ranking(_, arguments) => arguments.iter().for_each(|a| each(Node::Expr(a))),
                WindowFunction::Aggregate(aggregate) => of_aggregate(aggregate, each),
            }
            window.partition.iter().for_each(|part| each(Node::Expr(part)));
            ordered(&window.order, each);
        }
        Expr::Column(_) | Expr::Outer(_) | Expr::Value(_) | Expr::Aggregate(_) | Expr::Subquery(_) => {}
    }
}

fn of_aggregate<'a>(aggregate: &'a Aggregate, each: &mut dyn FnMut(Node<'a>)) {
    aggregate.argument.iter().for_each(|argument| each(Node::Expr(argument)));
    aggregate.filter.iter().for_each(|filter| each(Node::Condition(filter)));
    ordered(&aggregate.order, each);
}

fn ordered<'a>(terms: &'a [OrderTerm], each: &mut dyn FnMut(Node<'a>)) {
    terms.iter().for_each(|term| each(Node::Expr(&term.expr)));
}

/// The same of a condition. The rows of an inner query are its own.
fn below_condition<'a>(condition: &'a Condition, each: &mut dyn FnMut(Node<'a>)) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().for_each(|part| each(Node::Condition(part)));
        }
        Condition::Not(inner) => each(Node::Condition(inner)),
        Condition::Compare(left, _, right)
        | Condition::Match(left, _, right)
        | Condition::Json(left, _, right) => {
            each(Node::Expr(left));
            each(Node::Expr(right));
        }
        Condition::In(value, _)
        | Condition::InQuery(value, _)
        | Condition::Reached(value, _, _)
        | Condition::IsNull(value, _)
        | Condition::JsonHas(value, _)
        | Condition::Holds(value) => each(Node::Expr(value)),
        Condition::Between(value, from, to) => {
            [value, from, to].into_iter().for_each(|part| each(Node::Expr(part)))
        }
        Condition::Exists(_) => {}
    }
}

/// Whether any part of an expression or condition, itself included, is so.
pub(super) fn any(node: Node<'_>, is: &mut dyn FnMut(Node<'_>) -> bool) -> bool {
    if is(node) {
        return true;
    }
    let mut found = false;
    let mut each = |part: Node<'_>| found = found || any(part, is);
    match node {
        Node::Expr(expr) => below(expr, &mut each),
        Node::Condition(condition) => below_condition(condition, &mut each),
    }
    found
}

/// The columns of an expression that belong to the same query; those inside aggregates are not among them.
pub(super) fn collect(expr: &Expr, into: &mut Vec<ColumnRef>) {
    collect_node(Node::Expr(expr), into);
}

/// The same of a condition.
pub(super) fn collect_condition(condition: &Condition, into: &mut Vec<ColumnRef>) {
    collect_node(Node::Condition(condition), into);
}

fn collect_node(node: Node<'_>, into: &mut Vec<ColumnRef>) {
    any(node, &mut |part| {
        if let Node::Expr(Expr::Column(column)) = part {
            into.push(*column);
        }
        false
    });
}

/// The columns of what is asked for with joins: inside a NOT it is EXISTS.
pub(super) fn collect_joined(condition: &Condition, into: &mut Vec<ColumnRef>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().for_each(|part| collect_joined(part, into));
        }
        Condition::Not(_) => {}
        leaf => collect_condition(leaf, into),
    }
}

/// Whether any of those columns is so; asked without an allocation.
pub(super) fn any_joined(condition: &Condition, is: &dyn Fn(&ColumnRef) -> bool) -> bool {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(|part| any_joined(part, is)),
        Condition::Not(_) => false,
        leaf => any_column(Node::Condition(leaf), is),
    }
}

/// Whether any column of an expression or condition is so.
pub(super) fn any_column(node: Node<'_>, is: &dyn Fn(&ColumnRef) -> bool) -> bool {
    any(node, &mut |part| matches!(part, Node::Expr(Expr::Column(column)) if is(column)))
}

/// The columns of an aggregate.
pub(super) fn columns_of_aggregate(aggregate: &Aggregate) -> Vec<ColumnRef> {
    let mut columns = Vec::new();
    of_aggregate(aggregate, &mut |part| collect_node(part, &mut columns));
    columns
}

/// Whether an expression holds an aggregate over the rows of the query itself.
pub(super) fn has_plain_aggregate(expr: &Expr) -> bool {
    any(Node::Expr(expr), &mut is_plain_aggregate)
}

/// The same of a condition.
pub(super) fn condition_has_plain_aggregate(condition: &Condition) -> bool {
    any(Node::Condition(condition), &mut is_plain_aggregate)
}

fn is_plain_aggregate(node: Node<'_>) -> bool {
    let Node::Expr(Expr::Aggregate(aggregate)) = node else { return false };
    !columns_of_aggregate(aggregate).iter().any(ColumnRef::is_to_many)
}

/// Whether an expression holds any aggregate or subquery.
pub(super) fn has_aggregate(expr: &Expr) -> bool {
    any(Node::Expr(expr), &mut is_of_other_rows)
}

/// The same of a condition.
pub(super) fn condition_has_aggregate(condition: &Condition) -> bool {
    any(Node::Condition(condition), &mut is_of_other_rows)
}

const fn is_of_other_rows(node: Node<'_>) -> bool {
    matches!(
        node,
        Node::Expr(Expr::Aggregate(_) | Expr::Subquery(_) | Expr::Outer(_) | Expr::Window(_))
            | Node::Condition(Condition::Exists(_) | Condition::InQuery(..) | Condition::Reached(..))
    )
}

/// Whether a condition asks for what a window function gives.
pub(super) fn has_window(condition: &Condition) -> bool {
    any(Node::Condition(condition), &mut |node| matches!(node, Node::Expr(Expr::Window(_))))
}
