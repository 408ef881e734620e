//! Set operations: the rows of several queries as one.

use std::marker::PhantomData;

use super::select::Ordering;
use super::{Cursor, OrderTerm, Part, QuerySet, Select, Shape};
use crate::backend::{Backend, Db, Row, Statement};
use crate::error::{Error, ErrorKind, Result};
use crate::expr::Expr;
use crate::model::Model;
use crate::path::Root;
use crate::sql;

/// How the rows of two queries are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetOperator {
    /// The rows of either; equal ones count once.
    Union,
    /// The rows of either, all of them.
    UnionAll,
    /// The rows of both.
    Intersection,
    /// The rows of the first that the second does not have.
    Difference,
}

/// The rows of several queries, without types.
#[derive(Clone)]
pub(crate) struct Combination {
    pub(crate) first: Select,
    pub(crate) rest: Vec<(SetOperator, Select)>,
    /// The place of a column, from 1, and whether its largest value comes first.
    pub(crate) order: Vec<(usize, bool)>,
    pub(crate) limit: Option<u64>,
    pub(crate) offset: u64,
}

/// The rows of several queries as one: made by [`union`](QuerySet::union) and its kin. It can be ordered, cut
/// off and counted; what is filtered is filtered in the queries.
#[must_use = "a query does nothing until it is run, as with `.all(&db).await`"]
pub struct Combined<M, S> {
    combination: Combination,
    unread: Option<String>,
    marker: PhantomData<fn() -> (M, S)>,
}

macro_rules! operators {
    ($($(#[$doc:meta])* $name:ident = $operator:ident;)*) => {
        impl<M: Model, S: Shape> QuerySet<M, S> {
            $(
                $(#[$doc])*
                pub fn $name<N: Model>(self, other: QuerySet<N, S>) -> Combined<M, S> {
                    Combined::begin(self.select).and(SetOperator::$operator, other.select)
                }
            )*
        }

        impl<M: Model, S: Shape> Combined<M, S> {
            $(
                $(#[$doc])*
                pub fn $name<N: Model>(self, other: QuerySet<N, S>) -> Self {
                    self.and(SetOperator::$operator, other.select)
                }
            )*
        }
    };
}

operators! {
    /// The rows of this query and of another whose rows hold the same; equal ones count once.
    ///
    /// ```
    /// # use nuages::prelude::*;
    /// # use nuages::backend::Backend;
    /// # #[derive(Model, Clone, Debug)] #[model(app_label = "shop")] struct Pile { id: i64, stones: i64 }
    /// let few = Pile::objects().filter(|p| p.stones.lt(3)).values(|p| p.stones);
    /// let many = Pile::objects().filter(|p| p.stones.gt(30)).values(|p| p.stones);
    /// let both = few.union(many).order_by(|p| p.stones.desc()).limit(5);
    /// assert_eq!(
    ///     both.to_sql(Backend::Sqlite)?.sql,
    ///     r#"SELECT c0 FROM (SELECT t0."stones" AS c0 FROM "shop_pile" t0 WHERE t0."stones" < ?) AS s0 UNION SELECT c0 FROM (SELECT t1."stones" AS c0 FROM "shop_pile" t1 WHERE t1."stones" > ?) AS s1 ORDER BY 1 DESC LIMIT 5"#,
    /// );
    /// assert_eq!(
    ///     both.to_sql(Backend::Postgres)?.sql,
    ///     both.to_sql(Backend::Sqlite)?.sql.replacen('?', "$1", 1).replacen('?', "$2", 1),
    /// );
    /// assert_eq!(both.to_sql(Backend::Mysql)?.sql, both.to_sql(Backend::Sqlite)?.sql.replace('"', "`"));
    /// # Ok::<(), nuages::Error>(())
    /// ```
    union = Union;
    /// The rows of this query and of another, all of them.
    union_all = UnionAll;
    /// The rows that both queries find.
    intersection = Intersection;
    /// The rows of this query that the other does not find.
    difference = Difference;
}

impl<M: Model, S: Shape> Combined<M, S> {
    const fn begin(first: Select) -> Self {
        let combination = Combination { first, rest: Vec::new(), order: Vec::new(), limit: None, offset: 0 };
        Self { combination, unread: None, marker: PhantomData }
    }

    fn and(mut self, operator: SetOperator, other: Select) -> Self {
        self.combination.rest.push((operator, other));
        self
    }

    /// Orders by columns that the rows hold.
    pub fn order_by<O: Ordering<M>>(mut self, build: impl FnOnce(&M::Fields<Root<M>>) -> O) -> Self {
        self.combination.order.clear();
        for term in build(M::fields()).terms() {
            match place(&self.combination.first, &term) {
                Some(place) => self.combination.order.push((place, term.descending)),
                None => self.unread = Some(format!("{:?}", term.expr)),
            }
        }
        self
    }

    /// At most `count` rows.
    pub fn limit(mut self, count: u64) -> Self {
        self.combination.limit = Some(self.combination.limit.map_or(count, |limit| limit.min(count)));
        self
    }

    /// Leaves out the first `count` rows.
    pub fn offset(mut self, count: u64) -> Self {
        self.combination.offset += count;
        self.combination.limit = self.combination.limit.map(|limit| limit.saturating_sub(count));
        self
    }

    /// All rows.
    ///
    /// # Errors
    /// If the database fails; `NotSupported` if the queries prefetch, or the order is by what the rows do not hold.
    pub async fn all(self, db: &Db) -> Result<Vec<S::Item>> {
        let rows = db.fetch(self.sql(db)?).await?;
        let read = |row: &Row| S::read(&mut Cursor { row, at: 0, prefetched: &mut [], next_prefetched: 0 });
        rows.iter().map(read).collect()
    }

    /// The first row.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub async fn first(self, db: &Db) -> Result<Option<S::Item>> {
        Ok(self.limit(1).all(db).await?.pop())
    }

    /// How many rows there are.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub async fn count(&self, db: &Db) -> Result<u64> {
        self.check()?;
        let row = db.fetch_optional(sql::count_combined(db, &self.combination)?).await?;
        let count = row.map(|row| row.i64(0)).transpose()?.flatten();
        Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or(0))
    }

    /// Whether there is any row.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub async fn exists(&self, db: &Db) -> Result<bool> {
        Ok(self.count(db).await? > 0)
    }

    /// The statement, with its values, as the database gets it.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub fn sql(&self, db: &Db) -> Result<Statement> {
        self.check()?;
        sql::combined(db, &self.combination)
    }

    /// The statement in the spelling of any of the three databases.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub fn to_sql(&self, backend: Backend) -> Result<Statement> {
        self.check()?;
        sql::combined_for(backend, &self.combination)
    }

    fn check(&self) -> Result<()> {
        let combination = &self.combination;
        let mut all = std::iter::once(&combination.first).chain(combination.rest.iter().map(|(_, s)| s));
        let text = match &self.unread {
            Some(unread) => {
                format!("combined queries are ordered by what their rows hold, which {unread} is not")
            }
            None if all.any(|select| select.prefetches().next().is_some()) => {
                "combined queries cannot prefetch; load the related rows in a query of their own".to_owned()
            }
            None => return Ok(()),
        };
        Err(Error::new(ErrorKind::NotSupported, text))
    }
}

/// Where the rows of a query hold what a term orders by, from 1.
fn place(select: &Select, term: &OrderTerm) -> Option<usize> {
    let mut before = 0;
    for part in &select.parts {
        match (part, &term.expr) {
            (Part::Value(value), expr) if value == expr => return Some(before + 1),
            (Part::Model(hops, model), Expr::Column(column))
                if column.hops == *hops && (column.model)() == *model =>
            {
                return Some(before + column.index + 1);
            }
            _ => before += part.columns(),
        }
    }
    None
}
