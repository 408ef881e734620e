//! Decimals that SQLite computes. It has no decimals, only floats, of which 15 digits can be trusted.
//!
//! A sum, difference or product is rounded to the digits that the exact result has, so that it equals what the
//! other two databases compute; where the result has more than 15 digits the statement fails with a `Validation`
//! error instead of telling a wrong number. What has no exact number of digits, as a quotient or an average,
//! is right to 15 digits.

use nuages_schema::{Backend, ColumnKind};

use super::Writer;
use super::kind::kind_of;
use super::walk::has_aggregate;
use crate::error::Result;
use crate::expr::{AggregateFunction, Expr, Operator, WindowFunction};
use crate::value::Value;

/// The digits of a decimal that SQLite keeps.
pub(super) const DIGITS: u32 = 15;

/// Makes SQLite fail with "integer overflow".
const OVERFLOW: &str = "ABS(-9223372036854775807 - 1)";

/// How many digits after the point an exact decimal has; none where that is not known.
pub(super) fn scale(value: &Expr) -> Option<u32> {
    match value {
        Expr::Value(Value::Decimal(number)) => Some(number.scale()),
        Expr::Column(_) | Expr::Value(_) if kind_of(value).is_integer() => Some(0),
        Expr::Column(column) if kind_of(value) == ColumnKind::Decimal => {
            column.field().options.decimal_places.map(u32::from)
        }
        Expr::Binary(left, operator, right) => {
            let (left, right) = (scale(left)?, scale(right)?);
            match operator {
                Operator::Add | Operator::Subtract | Operator::Modulo => Some(left.max(right)),
                Operator::Multiply => Some(left + right),
                Operator::Divide => None,
            }
        }
        Expr::Window(window) => match &window.function {
            WindowFunction::Aggregate(aggregate) if aggregate.function == AggregateFunction::Sum => {
                aggregate.argument.as_ref().and_then(scale)
            }
            _ => None,
        },
        Expr::Aggregate(aggregate) if aggregate.function == AggregateFunction::Sum => {
            aggregate.argument.as_ref().and_then(scale)
        }
        _ => None,
    }
}

impl Writer {
    /// Writes a decimal that SQLite computes, without the noise of its floats.
    pub(super) fn exact(&mut self, value: &Expr, inner: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let decimal =
            self.backend == Backend::Sqlite && !self.rounding && kind_of(value) == ColumnKind::Decimal;
        let Some(scale) = scale(value).filter(|_| decimal) else { return inner(self) };
        self.rounding = true;
        self.push("ROUND(");
        let written = inner(self);
        self.rounding = false;
        self.push(&format!(", {scale})"));
        written
    }
}

/// Writes a value that a decimal column of SQLite is set to, rounded as the other two round what they store:
/// half away from zero, with an error where the column's digits are more than a float holds.
///
/// A float beside a half may lie below it (1.005 is 1.00499…), so it is moved by less than its last place first.
pub(super) fn stored(writer: &mut Writer, value: &Expr, places: u32) -> Result<()> {
    let nudge = match scale(value) {
        Some(scale) if scale > places && scale < places + 6 => format!("1e-{}", scale + 1),
        _ => "0".to_owned(),
    };
    let limit = DIGITS.saturating_sub(places);
    writer.push(&format!(
        "(SELECT CASE WHEN ABS(v) >= 1e{limit} THEN {OVERFLOW} \
         ELSE ROUND(v + CASE WHEN v < 0 THEN -{nudge} ELSE {nudge} END, {places}) END FROM (SELECT "
    ));
    writer.expr(value)?;
    writer.push(" AS v))");
    Ok(())
}

/// Writes a value that is read, with an error where SQLite computed a decimal of more digits than a float holds.
pub(super) fn read(writer: &mut Writer, value: &Expr) -> Result<()> {
    let computed = matches!(value, Expr::Binary(..)) && !has_aggregate(value);
    let decimal = writer.backend == Backend::Sqlite && computed && kind_of(value) == ColumnKind::Decimal;
    let Some(scale) = scale(value).filter(|_| decimal) else { return writer.expr(value) };
    let limit = DIGITS.saturating_sub(scale);
    writer.push(&format!("(SELECT CASE WHEN ABS(v) >= 1e{limit} THEN {OVERFLOW} ELSE v END FROM (SELECT "));
    writer.expr(value)?;
    writer.push(" AS v))");
    Ok(())
}
