//! Expressions without types: what queries are made of below the typed shell.
//!
//! The typed methods of columns build these; the SQL writer, the admin and the
//! class views read them. Every name in them comes from a static schema, every
//! value is bound.

mod aggregate;
mod argument;
mod arithmetic;
mod case;
mod custom;
mod dates;
mod function;
pub mod functions;
mod json;
mod lookup;
mod maths;
mod methods;
mod newtype;
mod operand;
mod subquery;
mod text;
mod typed;
mod window;

pub use aggregate::{Aggregate, AggregateFunction, Aggregated, OfManyRows, count_rows};
pub use argument::{Argument, Arguments};
pub use arithmetic::{Factor, Mixes, NumericField};
pub use case::{Branches, Case, case};
pub use custom::DatabaseFunction;
pub use dates::InstantField;
pub use function::{DatePart, Function};
pub use json::{JsonField, JsonStep, JsonTest, Part, json_array, json_object, part};
pub use lookup::{DatedField, OrderedField, TextField, TimedField};
pub use maths::{CastTo, coalesce, greatest, least, now, random, value};
pub use methods::Like;
pub use operand::{Operand, Pattern};
pub use subquery::{OneValue, Outer, exists, outer, subquery};
pub use text::concat;
pub use typed::{Computed, Expression, Kind, Q, Scalar};
pub use window::{
    Exclusion, Frame, OverWindow, Partition, Ranking, Window, WindowFunction, Windowed, cume_dist,
    dense_rank, first_value, lag, last_value, lead, nth_value, ntile, percent_rank, rank, row_number,
};

use nuages_schema::ColumnKind;

use crate::field::ColumnRef;
use crate::path::Hop;
use crate::query::Select;
use crate::value::{Value, Zone};

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
    /// A function of the user's own, and what it gives.
    Custom(&'static DatabaseFunction, Vec<Expr>, ColumnKind),
    /// A window function.
    Window(Box<Windowed>),
    /// What a clock in a zone shows at an instant.
    InZone(Box<Expr>, Zone),
    /// What stands at a path of a JSON document: a document, or a value of a kind.
    JsonPath(Box<Expr>, Vec<JsonStep>, Option<ColumnKind>),
}

impl Expr {
    /// The columns that it stands for, if it is a composite key; otherwise itself.
    #[must_use]
    pub fn parts(self) -> Vec<Self> {
        match self {
            Self::Column(column) if column.is_composite() => column.parts().map(Self::Column).collect(),
            one => vec![one],
        }
    }
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
    /// One of the keys of a query, or of what a relation of the model to itself leads to from there.
    Reached(Expr, Box<Select>, &'static Hop),
    /// Some row of the query exists.
    Exists(Box<Select>),
    /// One JSON document is in another.
    Json(Expr, JsonTest, Expr),
    /// Something stands at a path of a JSON document.
    JsonHas(Expr, Vec<JsonStep>),
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
    /// A regular expression.
    Regex,
    /// A regular expression, in any case.
    IRegex,
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
