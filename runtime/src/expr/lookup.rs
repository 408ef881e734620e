//! Lookups, orderings, arithmetic and aggregates: the methods of columns and expressions.
//!
//! Each bound stands on its method, so that the compiler's answer to a lookup
//! that a type does not have is a sentence of ours at the method's name.

use rust_decimal::Decimal;

use super::aggregate::aggregate;
use super::methods::on_columns;
use super::{
    AggregateFunction, Aggregated, Comparison, Computed, Condition, Expr, Expression, Kind, Matching,
    OneValue, Operand, Pattern, Q,
};
use crate::field::{Column, Field, File, Image, Relation, StorageAlias};
use crate::model::Model;
use crate::path::{Nullness, Path, Step, Via};
use crate::query::Order;
use crate::value::{Date, DateTime, Time, Value};

macro_rules! field_traits {
    ($($(#[$doc:meta])* $name:ident, $message:literal, $label:literal, for $($type:ty),*;)*) => {$(
        $(#[$doc])*
        #[diagnostic::on_unimplemented(message = $message, label = $label)]
        pub trait $name: Field {}
        $(impl $name for $type {})*
    )*};
}

field_traits! {
    /// Types stored as text, with the lookups of text.
    TextField, "`{Self}` is not text, so it cannot be searched", "not text", for String;
    /// Types with an order.
    OrderedField, "values of `{Self}` have no order", "cannot be compared by size",
        for i16, i32, i64, u8, u16, u32, f32, f64, Decimal, String, Date, Time, DateTime, chrono::TimeDelta, uuid::Uuid, bool;
    /// Types with a calendar date.
    DatedField, "`{Self}` has no calendar date", "not a date", for Date, DateTime;
    /// Types with a time of day.
    TimedField, "`{Self}` has no time of day", "not a time", for Time, DateTime;
}

impl<S: StorageAlias> TextField for File<S> {}
impl<S: StorageAlias> TextField for Image<S> {}

fn compare<M: Model>(left: Expr, comparison: Comparison, right: Expr) -> Q<M> {
    Q::new(Condition::Compare(left, comparison, right))
}

/// The methods that columns and computed values share.
macro_rules! lookups {
    ($type:ty, [$($generics:tt)*], $root:ty, $value:ty) => {
        impl<$($generics)*> $type {
            /// Equal to a value or another column.
            pub fn eq<V: Operand<$root, <$value as Field>::Base>>(self, value: V) -> Q<$root> {
                compare(self.into_expr(), Comparison::Equal, value.operand())
            }

            /// Not equal to a value; rows where either is NULL do not fulfil it.
            pub fn ne<V: Operand<$root, <$value as Field>::Base>>(self, value: V) -> Q<$root> {
                compare(self.into_expr(), Comparison::NotEqual, value.operand())
            }

            /// Less than a value.
            pub fn lt<V: Operand<$root, <$value as Field>::Base>>(self, value: V) -> Q<$root>
            where
                <$value as Field>::Base: OrderedField,
            {
                compare(self.into_expr(), Comparison::Less, value.operand())
            }

            /// Less than or equal to a value.
            pub fn lte<V: Operand<$root, <$value as Field>::Base>>(self, value: V) -> Q<$root>
            where
                <$value as Field>::Base: OrderedField,
            {
                compare(self.into_expr(), Comparison::LessOrEqual, value.operand())
            }

            /// Greater than a value.
            pub fn gt<V: Operand<$root, <$value as Field>::Base>>(self, value: V) -> Q<$root>
            where
                <$value as Field>::Base: OrderedField,
            {
                compare(self.into_expr(), Comparison::Greater, value.operand())
            }

            /// Greater than or equal to a value.
            pub fn gte<V: Operand<$root, <$value as Field>::Base>>(self, value: V) -> Q<$root>
            where
                <$value as Field>::Base: OrderedField,
            {
                compare(self.into_expr(), Comparison::GreaterOrEqual, value.operand())
            }

            /// Between two values, both inclusive.
            pub fn range<V, W>(self, from: V, to: W) -> Q<$root>
            where
                V: Operand<$root, <$value as Field>::Base>,
                W: Operand<$root, <$value as Field>::Base>,
                <$value as Field>::Base: OrderedField,
            {
                Q::new(Condition::Between(self.into_expr(), from.operand(), to.operand()))
            }

            /// One of several values. Of none, no row.
            pub fn is_in<V>(self, values: impl IntoIterator<Item = V>) -> Q<$root>
            where
                V: Into<<$value as Field>::Base>,
            {
                let values = values.into_iter().map(|value| value.into().to_value()).collect();
                Q::new(Condition::In(self.into_expr(), values))
            }

            /// NULL.
            pub fn is_null(self) -> Q<$root> {
                Q::new(Condition::IsNull(self.into_expr(), true))
            }

            /// Not NULL.
            pub fn is_not_null(self) -> Q<$root> {
                Q::new(Condition::IsNull(self.into_expr(), false))
            }

            /// Equal to a text, in any case.
            pub fn iexact(self, text: impl Pattern) -> Q<$root>
            where
                <$value as Field>::Base: TextField,
            {
                Q::new(Condition::Match(self.into_expr(), Matching::IExact, text.pattern()))
            }

            /// Has a text in it.
            pub fn contains(self, text: impl Pattern) -> Q<$root>
            where
                <$value as Field>::Base: TextField,
            {
                Q::new(Condition::Match(self.into_expr(), Matching::Contains, text.pattern()))
            }

            /// Has a text in it, in any case.
            pub fn icontains(self, text: impl Pattern) -> Q<$root>
            where
                <$value as Field>::Base: TextField,
            {
                Q::new(Condition::Match(self.into_expr(), Matching::IContains, text.pattern()))
            }

            /// Begins with a text.
            pub fn startswith(self, text: impl Pattern) -> Q<$root>
            where
                <$value as Field>::Base: TextField,
            {
                Q::new(Condition::Match(self.into_expr(), Matching::StartsWith, text.pattern()))
            }

            /// Begins with a text, in any case.
            pub fn istartswith(self, text: impl Pattern) -> Q<$root>
            where
                <$value as Field>::Base: TextField,
            {
                Q::new(Condition::Match(self.into_expr(), Matching::IStartsWith, text.pattern()))
            }

            /// Ends with a text.
            pub fn endswith(self, text: impl Pattern) -> Q<$root>
            where
                <$value as Field>::Base: TextField,
            {
                Q::new(Condition::Match(self.into_expr(), Matching::EndsWith, text.pattern()))
            }

            /// Ends with a text, in any case.
            pub fn iendswith(self, text: impl Pattern) -> Q<$root>
            where
                <$value as Field>::Base: TextField,
            {
                Q::new(Condition::Match(self.into_expr(), Matching::IEndsWith, text.pattern()))
            }

            /// One of the values of a query that reads one: `b.price.in_query(others.values(|o| o.price))`.
            pub fn in_query<O, S>(self, query: crate::query::QuerySet<O, S>) -> Q<$root>
            where
                O: Model,
                S: OneValue<Value: Field<Base = <$value as Field>::Base>>,
            {
                super::subquery::in_query(self, query)
            }

            /// Smallest first.
            pub fn asc(self) -> Order<$root> {
                Order::new(self.into_expr(), false)
            }

            /// Largest first.
            pub fn desc(self) -> Order<$root> {
                Order::new(self.into_expr(), true)
            }
        }
    };
}

on_columns!(lookups);

impl<P: Path, S: Step, N: Nullness> Relation<P, S, N> {
    /// How many rows the relation leads to.
    pub fn count(self) -> Computed<P::Root, i64, Aggregated> {
        aggregate(AggregateFunction::Count, Some(Expr::Column(self.key_column())))
    }

    /// Leads to no row.
    pub fn is_null(self) -> Q<P::Root> {
        Q::new(Condition::IsNull(Expr::Column(self.key_column()), true))
    }

    /// Leads to a row.
    pub fn is_not_null(self) -> Q<P::Root> {
        Q::new(Condition::IsNull(Expr::Column(self.key_column()), false))
    }

    /// Leads to this row: a `&T`, its key or a foreign key to it.
    pub fn eq(self, row: impl crate::field::KeyOf<S::To>) -> Q<P::Root> {
        self.compare(Comparison::Equal, row.key_of().to_value())
    }

    /// Leads to another row than this one.
    pub fn ne(self, row: impl crate::field::KeyOf<S::To>) -> Q<P::Root> {
        self.compare(Comparison::NotEqual, row.key_of().to_value())
    }

    fn compare(self, comparison: Comparison, key: Value) -> Q<P::Root> {
        compare(Expr::Column(self.key_column()), comparison, Expr::Value(key))
    }

    /// Leads to one of several rows.
    pub fn is_in<K: crate::field::KeyOf<S::To>>(self, rows: impl IntoIterator<Item = K>) -> Q<P::Root> {
        let keys = rows.into_iter().map(|row| row.key_of().to_value()).collect();
        Q::new(Condition::In(Expr::Column(self.key_column()), keys))
    }

    /// Leads to one of the rows of a query.
    pub fn in_query<R>(self, rows: crate::query::QuerySet<S::To, R>) -> Q<P::Root> {
        let keys = Box::new(rows.into_select().only_key());
        Q::new(Condition::InQuery(Expr::Column(self.key_column()), keys))
    }

    /// The model it leads to.
    #[must_use]
    pub fn target(&self) -> &'static nuages_schema::ModelSchema {
        S::To::schema()
    }

    /// The hop, at run time.
    #[must_use]
    pub fn hop(&self) -> Option<&'static crate::path::Hop> {
        <Via<P, S, N> as Path>::HOPS
    }
}
