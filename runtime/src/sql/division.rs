//! Division and remainder: one meaning on three databases.
//!
//! Whole numbers divide to a whole number, the fraction cut off; all others exactly. The remainder has the sign
//! of the left side. Dividing by zero gives NULL.

use nuages_schema::{Backend, ColumnKind};

use super::Writer;
use super::kind::kind_of;
use crate::error::Result;
use crate::expr::{Expr, Operator};
use crate::value::Value;

impl Writer {
    pub(super) fn divided(&mut self, left: &Expr, operator: Operator, right: &Expr) -> Result<()> {
        let whole = kind_of(left).is_integer() && kind_of(right).is_integer();
        match (operator, self.backend) {
            (Operator::Modulo, Backend::Sqlite) if !whole => self.remainder_of_floats(left, right),
            (Operator::Modulo, _) => self.remainder(left, right),
            (_, Backend::Mysql) if whole => self.between(left, " DIV ", right),
            (_, Backend::Mysql) if kind_of(left) != ColumnKind::Double => {
                // Its quotients have four digits more than the left side.
                self.push("(CAST(");
                self.expr(left)?;
                self.push(" AS DECIMAL(65, 30)) / ");
                self.divisor(right)?;
                self.push(")");
                Ok(())
            }
            (_, Backend::Sqlite) if !whole => {
                // A float without a fraction is stored as a whole number.
                self.push("(CAST(");
                self.expr(left)?;
                self.push(" AS REAL) / ");
                self.divisor(right)?;
                self.push(")");
                Ok(())
            }
            _ => self.between(left, " / ", right),
        }
    }

    fn between(&mut self, left: &Expr, word: &str, right: &Expr) -> Result<()> {
        self.push("(");
        self.expr(left)?;
        self.push(word);
        self.divisor(right)?;
        self.push(")");
        Ok(())
    }

    /// The right side. PostgreSQL fails on a zero; the others give NULL.
    fn divisor(&mut self, right: &Expr) -> Result<()> {
        if self.backend != Backend::Postgres || is_not_zero(right) {
            return self.expr(right);
        }
        self.push("NULLIF(");
        self.expr(right)?;
        self.push(", 0)");
        Ok(())
    }

    /// PostgreSQL has no remainder of floats.
    fn remainder(&mut self, left: &Expr, right: &Expr) -> Result<()> {
        let is_float = |expr| matches!(kind_of(expr), ColumnKind::Real | ColumnKind::Double);
        if self.backend != Backend::Postgres || !(is_float(left) || is_float(right)) {
            return self.between(left, " % ", right);
        }
        self.push("CAST((CAST(");
        self.expr(left)?;
        self.push(" AS numeric) % CAST(");
        self.divisor(right)?;
        self.push(" AS numeric)) AS double precision)");
        Ok(())
    }

    /// SQLite takes the remainder of whole numbers only.
    fn remainder_of_floats(&mut self, left: &Expr, right: &Expr) -> Result<()> {
        self.push("(");
        self.expr(left)?;
        self.push(" - ");
        self.expr(right)?;
        self.push(" * CAST(CAST(");
        self.expr(left)?;
        self.push(" AS REAL) / ");
        self.expr(right)?;
        self.push(" AS INTEGER))");
        Ok(())
    }
}

fn is_not_zero(expr: &Expr) -> bool {
    match expr {
        Expr::Value(Value::Int(number)) => *number != 0,
        Expr::Value(Value::Decimal(number)) => !number.is_zero(),
        Expr::Value(Value::Float(number)) => *number != 0.0,
        _ => false,
    }
}
