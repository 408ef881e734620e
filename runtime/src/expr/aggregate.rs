//! Aggregates: one value of many rows.

use super::methods::on_columns;
use super::{Computed, Expr, Expression, Kind, NumericField, Operand, OrderedField, Q, TextField};
use crate::field::{Column, Field};
use crate::model::Model;
use crate::path::{Nullness, Path};
use crate::query::OrderTerm;

use super::Condition;

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
    /// Between the texts that are strung together.
    pub separator: Option<String>,
    /// The order in which they are strung together.
    pub order: Vec<OrderTerm>,
}

/// The aggregates.
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
    /// The standard deviation of all values.
    StdDev,
    /// The standard deviation of a sample.
    SampleStdDev,
    /// The variance of all values.
    Variance,
    /// The variance of a sample.
    SampleVariance,
    /// All texts as one.
    StringAgg,
}

/// The kind of computed value that is an aggregate: `filter`, `distinct`, `default` and `over` are its methods.
pub struct Aggregated;

impl Aggregate {
    /// One without distinct or filter.
    #[must_use]
    pub const fn new(function: AggregateFunction, argument: Option<Expr>) -> Self {
        Self { function, argument, distinct: false, filter: None, separator: None, order: Vec::new() }
    }
}

pub(super) fn aggregate<M: Model, T: Field>(
    function: AggregateFunction,
    argument: Option<Expr>,
) -> Computed<M, T, Aggregated> {
    Computed::of_kind(Expr::Aggregate(Box::new(Aggregate::new(function, argument))))
}

macro_rules! aggregates {
    ($type:ty, [$($generics:tt)*], $root:ty, $value:ty) => {
        impl<$($generics)*> $type {
            /// How many values are not NULL.
            pub fn count(self) -> Computed<$root, i64, Aggregated> {
                aggregate(AggregateFunction::Count, Some(self.into_expr()))
            }

            /// The sum; nothing where there is no value.
            // The type is a parameter, because a projection in the signature hides the bound's own message.
            pub fn sum<V: Field>(self) -> Computed<$root, V, Aggregated>
            where
                <$value as Field>::Base: NumericField<Sum = V>,
            {
                aggregate(AggregateFunction::Sum, Some(self.into_expr()))
            }

            /// The average; nothing where there is no value.
            pub fn avg<V: Field>(self) -> Computed<$root, V, Aggregated>
            where
                <$value as Field>::Base: NumericField<Average = V>,
            {
                aggregate(AggregateFunction::Avg, Some(self.into_expr()))
            }

            /// The least value; nothing where there is none.
            pub fn min(self) -> Computed<$root, <$value as Field>::Optional, Aggregated>
            where
                <$value as Field>::Base: OrderedField,
            {
                aggregate(AggregateFunction::Min, Some(self.into_expr()))
            }

            /// The greatest value; nothing where there is none.
            pub fn max(self) -> Computed<$root, <$value as Field>::Optional, Aggregated>
            where
                <$value as Field>::Base: OrderedField,
            {
                aggregate(AggregateFunction::Max, Some(self.into_expr()))
            }

            /// The standard deviation of all values. Not on SQLite.
            pub fn std_dev(self) -> Computed<$root, Option<f64>, Aggregated>
            where
                <$value as Field>::Base: NumericField,
            {
                aggregate(AggregateFunction::StdDev, Some(self.into_expr()))
            }

            /// The standard deviation of a sample; nothing of fewer than two values. Not on SQLite.
            pub fn sample_std_dev(self) -> Computed<$root, Option<f64>, Aggregated>
            where
                <$value as Field>::Base: NumericField,
            {
                aggregate(AggregateFunction::SampleStdDev, Some(self.into_expr()))
            }

            /// The variance of all values. Not on SQLite.
            pub fn variance(self) -> Computed<$root, Option<f64>, Aggregated>
            where
                <$value as Field>::Base: NumericField,
            {
                aggregate(AggregateFunction::Variance, Some(self.into_expr()))
            }

            /// The variance of a sample; nothing of fewer than two values. Not on SQLite.
            pub fn sample_variance(self) -> Computed<$root, Option<f64>, Aggregated>
            where
                <$value as Field>::Base: NumericField,
            {
                aggregate(AggregateFunction::SampleVariance, Some(self.into_expr()))
            }

            /// All texts as one, with a text between them, in the order of the texts themselves; nothing where
            /// there is none. [`order_by`](Computed::order_by) chooses another order.
            pub fn string_agg(self, separator: &str) -> Computed<$root, Option<String>, Aggregated>
            where
                <$value as Field>::Base: TextField,
            {
                let argument = self.into_expr();
                let by_itself = OrderTerm { expr: argument.clone(), descending: false, nulls_first: None };
                let mut aggregate = Aggregate::new(AggregateFunction::StringAgg, Some(argument));
                aggregate.separator = Some(separator.to_owned());
                aggregate.order = vec![by_itself];
                Computed::of_kind(Expr::Aggregate(Box::new(aggregate)))
            }
        }
    };
}

on_columns!(aggregates);

/// How many rows a query has, or a group of them.
pub fn count_rows<M: Model>() -> Computed<M, i64, Aggregated> {
    aggregate(AggregateFunction::Count, None)
}

/// The kinds of computed values that are made of many rows.
#[diagnostic::on_unimplemented(
    message = "only an aggregate can be filtered, made distinct or put over a window",
    label = "not an aggregate such as `b.price.sum()`"
)]
pub trait OfManyRows: Kind {}

impl OfManyRows for Aggregated {}

impl<M: Model, T: Field, K: Kind> Computed<M, T, K> {
    /// Of an aggregate: only over rows that fulfil a condition.
    pub fn filter(self, condition: Q<M>) -> Self
    where
        K: OfManyRows,
    {
        self.change(|aggregate| aggregate.filter = Some(condition.into_condition()))
    }

    /// Of an aggregate: equal values count once.
    pub fn distinct(self) -> Self
    where
        K: OfManyRows,
    {
        self.change(|aggregate| aggregate.distinct = true)
    }

    /// Of an aggregate: a value in place of NULL, where there is nothing to aggregate.
    ///
    /// ```
    /// # use nuages::prelude::*;
    /// # use nuages::backend::Backend;
    /// # #[derive(Model, Clone, Debug)] #[model(app_label = "shop")] struct Pile { id: i64, stones: i64 }
    /// let query = Pile::objects().values(|p| p.stones.sum().default(0));
    /// assert_eq!(
    ///     query.to_sql(Backend::Sqlite)?.sql,
    ///     r#"SELECT COALESCE(CAST(SUM(t0."stones") AS INTEGER), ?) FROM "shop_pile" t0"#,
    /// );
    /// # Ok::<(), nuages::Error>(())
    /// ```
    pub fn default<V: Operand<M, T::Base>>(self, value: V) -> Computed<M, T::Base>
    where
        K: OfManyRows,
    {
        Computed::new(Expr::Call(super::Function::Coalesce, vec![self.into_expr(), value.operand()]))
    }

    /// Of `string_agg`: the order in which the texts are strung together.
    pub fn order_by(self, order: impl crate::query::Ordering<M>) -> Self
    where
        K: OfManyRows,
    {
        self.change(|aggregate| aggregate.order = order.terms())
    }

    fn change(self, change: impl FnOnce(&mut Aggregate)) -> Self {
        let mut expr = self.into_expr();
        if let Expr::Aggregate(aggregate) = &mut expr {
            change(aggregate);
        }
        Self::of_kind(expr)
    }
}
