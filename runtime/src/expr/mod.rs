//! Expressions without types: what queries are made of below the typed shell.
//!
//! The typed methods of columns build these; the SQL writer, the admin and the
//! class views read them. Every name in them comes from a static schema, every
//! value is bound.

mod arithmetic;
mod lookup;
mod newtype;
mod operand;
mod typed;

pub use arithmetic::{Factor, Mixes, NumericField};
pub use lookup::{DatedField, OrderedField, TextField};
pub use operand::{Operand, Pattern};
pub use typed::{Computed, Expression, Q};

use nuages_schema::ColumnKind;

use crate::field::ColumnRef;
use crate::query::Select;
use crate::value::Value;

/// A value in a statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A column.
    Column(ColumnRef),
    /// A column of the query around a subquery.
    Outer(ColumnRef),
    /// A bound value.
    Value(Value),
    /// Two values and an operator.
    Binary(Box<Expr>, Operator, Box<Expr>),
    /// A function of the database.
    Call(Function, Vec<Expr>),
    /// An aggregate.
    Aggregate(Box<Aggregate>),
    /// The first branch whose condition holds, else the last value.
    Case(Vec<(Condition, Expr)>, Box<Expr>),
    /// A condition as a value.
    Condition(Box<Condition>),
    /// The one value of a query.
    Subquery(Box<Select>),
    /// Another type of the same value.
    Cast(Box<Expr>, ColumnKind),
}

/// An operator between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// Addition.
    Add,
    /// Subtraction.
    Subtract,
    /// Multiplication.
    Multiply,
    /// Division; of whole numbers it is exact, as in Django on PostgreSQL it is not: see the guide.
    Divide,
    /// Remainder.
    Modulo,
}

/// A function that all three databases have, in whatever spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// The first argument that is not NULL.
    Coalesce,
    /// Lower case.
    Lower,
    /// Upper case.
    Upper,
    /// The number of characters.
    Length,
    /// All arguments as one text; NULL counts as nothing.
    Concat,
    /// The instant of the statement.
    Now,
    /// The absolute value.
    Abs,
    /// Rounded to a number of decimal places.
    Round,
    /// The calendar date of an instant.
    Date,
    /// The year of a date or instant.
    Year,
    /// The month, 1 to 12.
    Month,
    /// The day of the month.
    Day,
}

/// An aggregate over the rows of a query, or over the rows that a to-many path leads to.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregate {
    /// Which one.
    pub function: AggregateFunction,
    /// What it runs over; nothing counts rows.
    pub argument: Option<Expr>,
    /// Whether equal values count once.
    pub distinct: bool,
    /// Which rows count.
    pub filter: Option<Condition>,
}

/// The five aggregates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AggregateFunction {
    /// How many.
    Count,
    /// The sum.
    Sum,
    /// The average.
    Avg,
    /// The least.
    Min,
    /// The greatest.
    Max,
}

/// What a row must fulfil.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// All of them; of none, true.
    All(Vec<Condition>),
    /// Any of them; of none, false.
    Any(Vec<Condition>),
    /// Not this one; rows for which it is unknown because of NULL count as not fulfilling it, and stay.
    Not(Box<Condition>),
    /// A comparison.
    Compare(Expr, Comparison, Expr),
    /// A search in text.
    Match(Expr, Matching, Expr),
    /// One of several values.
    In(Expr, Vec<Value>),
    /// One of the values of a query.
    InQuery(Expr, Box<Select>),
    /// Between two values, both inclusive.
    Between(Expr, Expr, Expr),
    /// NULL, or not.
    IsNull(Expr, bool),
    /// A condition stored as a value.
    Holds(Expr),
    /// Some row of the query exists.
    Exists(Box<Select>),
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Equal.
    Equal,
    /// Not equal.
    NotEqual,
    /// Less.
    Less,
    /// Less or equal.
    LessOrEqual,
    /// Greater.
    Greater,
    /// Greater or equal.
    GreaterOrEqual,
}

/// A search in text. `%`, `_` and `\` in the value stand for themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matching {
    /// The whole text, in any case.
    IExact,
    /// Somewhere in the text.
    Contains,
    /// Somewhere in the text, in any case.
    IContains,
    /// At the start.
    StartsWith,
    /// At the start, in any case.
    IStartsWith,
    /// At the end.
    EndsWith,
    /// At the end, in any case.
    IEndsWith,
}

impl Condition {
    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match self {
            Self::All(mut parts) => {
                parts.push(other);
                Self::All(parts)
            }
            first => Self::All(vec![first, other]),
        }
    }

    /// Either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match self {
            Self::Any(mut parts) => {
                parts.push(other);
                Self::Any(parts)
            }
            first => Self::Any(vec![first, other]),
        }
    }

    /// Not this.
    #[must_use]
    pub fn negate(self) -> Self {
        Self::Not(Box::new(self))
    }

    /// Always true.
    #[must_use]
    pub const fn always() -> Self {
        Self::All(Vec::new())
    }

    /// Never true.
    #[must_use]
    pub const fn never() -> Self {
        Self::Any(Vec::new())
    }
}
