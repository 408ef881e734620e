//! Expressions as SQL.

use nuages_schema::ColumnKind;

use super::Writer;
use super::kind::cast_type;
use crate::error::Result;
use crate::expr::{Condition, Expr, Operator};
use crate::value::Value;

impl Writer {
    /// Writes an expression.
    pub(crate) fn expr(&mut self, expr: &Expr) -> Result<()> {
        match expr {
            Expr::Column(column) => self.column(*column),
            Expr::Outer(column) => self.outer_column(*column),
            Expr::Value(value) => {
                self.value(value.clone());
                Ok(())
            }
            Expr::Binary(left, operator, right) => self.exact(expr, |w| w.binary(left, *operator, right)),
            Expr::Call(function, arguments) => self.call(*function, arguments),
            Expr::Custom(function, arguments, _) => self.custom(function, arguments),
            Expr::Aggregate(aggregate) => self.exact(expr, |w| w.aggregate(aggregate)),
            Expr::Window(window) => self.exact(expr, |w| w.windowed(window)),
            Expr::Case(branches, otherwise) => self.case(branches, otherwise),
            Expr::Condition(condition) => self.condition(condition),
            Expr::Subquery(select) => {
                self.push("(");
                super::select::write_one(self, select)?;
                self.push(")");
                Ok(())
            }
            Expr::Cast(inner, kind) => self.cast(|w| w.expr(inner), *kind),
            Expr::InZone(inner, zone) => self.in_zone(inner, *zone),
            Expr::JsonPath(document, steps, kind) => self.json_path(document, steps, *kind),
        }
    }

    fn binary(&mut self, left: &Expr, operator: Operator, right: &Expr) -> Result<()> {
        let word = match operator {
            Operator::Add => " + ",
            Operator::Subtract => " - ",
            Operator::Multiply => " * ",
            Operator::Divide | Operator::Modulo => return self.divided(left, operator, right),
        };
        self.push("(");
        self.expr(left)?;
        self.push(word);
        self.expr(right)?;
        self.push(")");
        Ok(())
    }

    fn case(&mut self, branches: &[(Condition, Expr)], otherwise: &Expr) -> Result<()> {
        self.push("CASE");
        for (condition, value) in branches {
            self.push(" WHEN ");
            self.condition(condition)?;
            self.push(" THEN ");
            self.expr(value)?;
        }
        self.push(" ELSE ");
        self.expr(otherwise)?;
        self.push(" END");
        Ok(())
    }

    /// Writes `CAST(… AS …)`.
    pub(super) fn cast(
        &mut self,
        inner: impl FnOnce(&mut Self) -> Result<()>,
        kind: ColumnKind,
    ) -> Result<()> {
        self.push("CAST(");
        inner(self)?;
        self.push(" AS ");
        self.push(cast_type(self.backend, kind));
        self.push(")");
        Ok(())
    }
}

/// A literal one as a value, for tests of existence.
pub(super) const fn one() -> Value {
    Value::Int(1)
}
