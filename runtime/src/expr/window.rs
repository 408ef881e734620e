//! Window functions: a value computed over the rows around a row, without folding them into one.

use std::marker::PhantomData;
use std::ops::{Bound, RangeBounds};

use super::aggregate::OfManyRows;
use super::methods::number;
use super::{Aggregate, Computed, Expr, Expression, Kind};
use crate::field::Field;
use crate::model::Model;
use crate::query::{OrderTerm, Ordering};

/// A window function with the window it looks through.
#[derive(Clone, Debug, PartialEq)]
pub struct Windowed {
    /// What is computed.
    pub function: WindowFunction,
    /// Rows with equal values of these belong together.
    pub partition: Vec<Expr>,
    /// The order of the rows.
    pub order: Vec<OrderTerm>,
    /// Which of them count.
    pub frame: Option<Frame>,
}

/// What is computed through a window.
#[derive(Clone, Debug, PartialEq)]
pub enum WindowFunction {
    /// An aggregate.
    Aggregate(Box<Aggregate>),
    /// A function of windows only.
    Ranking(Ranking, Vec<Expr>),
}

/// The functions that there are for windows only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ranking {
    /// The place, equal rows have the same, and the next one counts them.
    Rank,
    /// The place, without gaps.
    DenseRank,
    /// The number of the row.
    RowNumber,
    /// The place as a part of all, from 0 to 1.
    PercentRank,
    /// How many are no further, as a part of all.
    CumeDist,
    /// In which of so many equal parts.
    Ntile,
    /// The value some rows before.
    Lag,
    /// The value some rows behind.
    Lead,
    /// The value of the first row.
    FirstValue,
    /// The value of the last row.
    LastValue,
    /// The value of a row by its number.
    NthValue,
}

/// Which rows of a window count, seen from a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// By value, where rows that are equal in the order count together; else by row.
    pub by_value: bool,
    /// The first: how many before the row if negative; none is the first of all.
    pub from: Option<i64>,
    /// The last; none is the last of all.
    pub to: Option<i64>,
    /// What is left out.
    pub exclude: Option<Exclusion>,
}

/// What is left out of a frame. Not on MySQL and MariaDB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exclusion {
    /// The row itself.
    CurrentRow,
    /// The row and those equal to it in the order.
    Group,
    /// Those equal to it, but not the row.
    Ties,
}

/// A window: which rows belong together, in which order, and which of them count.
#[must_use = "a window is given back to `over`"]
pub struct Window<M> {
    partition: Vec<Expr>,
    order: Vec<OrderTerm>,
    frame: Option<Frame>,
    marker: PhantomData<fn() -> M>,
}

impl<M: Model> Window<M> {
    /// Rows with equal values belong together: a column, an expression, or a tuple of them.
    pub fn partition_by(mut self, by: impl Partition<M>) -> Self {
        self.partition = by.parts();
        self
    }

    /// The order of the rows.
    pub fn order_by(mut self, order: impl Ordering<M>) -> Self {
        self.order = order.terms();
        self
    }

    /// Which rows count, by their number: `..=0` from the first to this one, `-1..=1` with its neighbours.
    pub fn rows(self, range: impl RangeBounds<i64>) -> Self {
        self.framed(false, &range)
    }

    /// Which rows count, by the value they are ordered by: `..=0` with all that are equal to this one.
    pub fn range(self, range: impl RangeBounds<i64>) -> Self {
        self.framed(true, &range)
    }

    /// What is left out of the frame.
    pub fn exclude(mut self, exclude: Exclusion) -> Self {
        let all = Frame { by_value: true, from: None, to: Some(0), exclude: None };
        self.frame = Some(Frame { exclude: Some(exclude), ..self.frame.unwrap_or(all) });
        self
    }

    fn framed(mut self, by_value: bool, range: &impl RangeBounds<i64>) -> Self {
        let from = match range.start_bound() {
            Bound::Included(at) => Some(*at),
            Bound::Excluded(at) => Some(at.saturating_add(1)),
            Bound::Unbounded => None,
        };
        let to = match range.end_bound() {
            Bound::Included(at) => Some(*at),
            Bound::Excluded(at) => Some(at.saturating_sub(1)),
            Bound::Unbounded => None,
        };
        let exclude = self.frame.and_then(|frame| frame.exclude);
        self.frame = Some(Frame { by_value, from, to, exclude });
        self
    }
}

/// What `partition_by` takes.
pub trait Partition<M: Model> {
    /// The expressions.
    fn parts(self) -> Vec<Expr>;
}

impl<M: Model, E: Expression<Root = M>> Partition<M> for E {
    fn parts(self) -> Vec<Expr> {
        self.into_expr().parts()
    }
}

impl<M: Model, A: Expression<Root = M>, B: Expression<Root = M>> Partition<M> for (A, B) {
    fn parts(self) -> Vec<Expr> {
        [self.0.into_expr(), self.1.into_expr()].into_iter().flat_map(Expr::parts).collect()
    }
}

impl<P, S, N> Partition<P::Root> for crate::field::Relation<P, S, N>
where
    P: crate::path::Path,
    S: crate::path::Step,
    N: crate::path::Nullness,
{
    fn parts(self) -> Vec<Expr> {
        Expr::Column(self.key_column()).parts()
    }
}

/// A function that needs a window: call [`over`](Self::over).
#[must_use = "a window function needs its window: `.over(|w| w.order_by(…))`"]
pub struct OverWindow<M, T> {
    function: Ranking,
    arguments: Vec<Expr>,
    marker: PhantomData<fn() -> (M, T)>,
}

impl<M: Model, T: Field> OverWindow<M, T> {
    /// Through a window.
    pub fn over(self, build: impl FnOnce(Window<M>) -> Window<M>) -> Computed<M, T> {
        windowed(WindowFunction::Ranking(self.function, self.arguments), build)
    }
}

impl<M: Model, T: Field, K: Kind> Computed<M, T, K> {
    /// Of an aggregate: through a window, a value for each row.
    pub fn over(self, build: impl FnOnce(Window<M>) -> Window<M>) -> Computed<M, T>
    where
        K: OfManyRows,
    {
        match self.into_expr() {
            Expr::Aggregate(aggregate) => windowed(WindowFunction::Aggregate(aggregate), build),
            // Nothing else is of this kind.
            other => Computed::new(other),
        }
    }
}

fn windowed<M: Model, T: Field>(
    function: WindowFunction,
    build: impl FnOnce(Window<M>) -> Window<M>,
) -> Computed<M, T> {
    let empty = Window { partition: Vec::new(), order: Vec::new(), frame: None, marker: PhantomData };
    let Window { partition, order, frame, .. } = build(empty);
    Computed::new(Expr::Window(Box::new(Windowed { function, partition, order, frame })))
}

fn ranking<M: Model, T: Field>(function: Ranking, arguments: Vec<Expr>) -> OverWindow<M, T> {
    OverWindow { function, arguments, marker: PhantomData }
}

/// The place of a row; equal rows have the same, and the next one counts them.
///
/// ```
/// # use nuages::prelude::*;
/// # use nuages::backend::Backend;
/// use nuages::functions::rank;
/// # #[derive(Model, Clone, Debug)] #[model(app_label = "shop")]
/// # struct Book { id: i64, pages: i32, shelf: i32 }
///
/// let query = Book::objects()
///     .values(|b| (b.id, rank().over(|w| w.partition_by(b.shelf).order_by(b.pages.desc()))));
/// let over = r#"RANK() OVER (PARTITION BY t0."shelf" ORDER BY t0."pages" DESC)"#;
/// assert_eq!(query.to_sql(Backend::Sqlite)?.sql, format!(r#"SELECT t0."id", {over} FROM "shop_book" t0"#));
/// assert_eq!(query.to_sql(Backend::Postgres)?.sql, query.to_sql(Backend::Sqlite)?.sql);
/// assert_eq!(query.to_sql(Backend::Mysql)?.sql, query.to_sql(Backend::Sqlite)?.sql.replace('"', "`"));
/// # Ok::<(), nuages::Error>(())
/// ```
pub fn rank<M: Model>() -> OverWindow<M, i64> {
    ranking(Ranking::Rank, Vec::new())
}

/// The place of a row, without gaps after equal ones.
pub fn dense_rank<M: Model>() -> OverWindow<M, i64> {
    ranking(Ranking::DenseRank, Vec::new())
}

/// The number of a row, from 1.
pub fn row_number<M: Model>() -> OverWindow<M, i64> {
    ranking(Ranking::RowNumber, Vec::new())
}

/// The place of a row as a part of all, from 0 to 1.
pub fn percent_rank<M: Model>() -> OverWindow<M, f64> {
    ranking(Ranking::PercentRank, Vec::new())
}

/// How many rows are no further than this one, as a part of all.
pub fn cume_dist<M: Model>() -> OverWindow<M, f64> {
    ranking(Ranking::CumeDist, Vec::new())
}

/// In which of so many equal parts a row is, from 1.
pub fn ntile<M: Model>(parts: u32) -> OverWindow<M, i64> {
    ranking(Ranking::Ntile, vec![number(parts.max(1))])
}

/// The value some rows before this one; NULL where there is none.
pub fn lag<E: Expression>(value: E, rows: u32) -> OverWindow<E::Root, <E::Value as Field>::Optional> {
    ranking(Ranking::Lag, vec![value.into_expr(), number(rows)])
}

/// The value some rows behind this one; NULL where there is none.
pub fn lead<E: Expression>(value: E, rows: u32) -> OverWindow<E::Root, <E::Value as Field>::Optional> {
    ranking(Ranking::Lead, vec![value.into_expr(), number(rows)])
}

/// The value of the first row of the frame.
pub fn first_value<E: Expression>(value: E) -> OverWindow<E::Root, <E::Value as Field>::Optional> {
    ranking(Ranking::FirstValue, vec![value.into_expr()])
}

/// The value of the last row of the frame, which ends at the row itself unless the window says otherwise.
pub fn last_value<E: Expression>(value: E) -> OverWindow<E::Root, <E::Value as Field>::Optional> {
    ranking(Ranking::LastValue, vec![value.into_expr()])
}

/// The value of a row of the frame by its number, from 1; NULL where there is none.
pub fn nth_value<E: Expression>(value: E, row: u32) -> OverWindow<E::Root, <E::Value as Field>::Optional> {
    ranking(Ranking::NthValue, vec![value.into_expr(), number(row.max(1))])
}
