//! The functions of dates and instants, in UTC or in a zone.

use super::methods::{call, on_columns};
use super::{Computed, DatePart, DatedField, Expr, Expression, Function, Kind, Like, TimedField};
use crate::field::{Column, Field, LocalTime};
use crate::model::Model;
use crate::path::{Nullness, Path};
use crate::value::{Date, DateTime, Time, Zone};

macro_rules! dates {
    ($type:ty, [$($generics:tt)*], $root:ty, $value:ty) => {
        impl<$($generics)*> $type {
            dates!(@extract $root, $value, DatedField,
                /// The year.
                year Year
                /// The year that the ISO week belongs to.
                iso_year IsoYear
                /// The quarter, 1 to 4.
                quarter Quarter
                /// The month, 1 to 12.
                month Month
                /// The ISO week, 1 to 53; weeks begin on a Monday.
                week Week
                /// The day of the month.
                day Day
                /// The day of the week: 1 for Sunday to 7 for Saturday, as in Django.
                week_day WeekDay
                /// The day of the week: 1 for Monday to 7 for Sunday.
                iso_week_day IsoWeekDay
            );
            dates!(@extract $root, $value, TimedField,
                /// The hour, 0 to 23.
                hour Hour
                /// The minute.
                minute Minute
                /// The second, without its fraction.
                second Second
            );
            dates!(@trunc $root, $value, DatedField, Date,
                /// The first day of the year.
                trunc_year Year
                /// The first day of the quarter.
                trunc_quarter Quarter
                /// The first day of the month.
                trunc_month Month
                /// The Monday of the week.
                trunc_week Week
                /// The day itself.
                trunc_day Day
            );
            dates!(@trunc $root, $value, InstantField, DateTime,
                /// The beginning of the hour.
                trunc_hour Hour
                /// The beginning of the minute.
                trunc_minute Minute
                /// The instant without the fraction of its second.
                trunc_second Second
            );

            /// The calendar date: in UTC, or after [`in_zone`](Self::in_zone) in the zone.
            pub fn date(self) -> Computed<$root, Like<$value, Date>>
            where
                <$value as Field>::Base: DatedField,
            {
                call(Function::Date, vec![self.into_expr()])
            }

            /// The time of day: in UTC, or after [`in_zone`](Self::in_zone) in the zone.
            pub fn time(self) -> Computed<$root, Like<$value, Time>>
            where
                <$value as Field>::Base: DatedField,
            {
                call(Function::Time, vec![self.into_expr()])
            }

            /// What a clock in a zone shows, for the parts of dates and times:
            /// `o.placed.in_zone(berlin).trunc_month()`.
            pub fn in_zone(self, zone: Zone) -> Computed<$root, Like<$value, LocalTime>>
            where
                <$value as Field>::Base: InstantField,
            {
                Computed::new(Expr::InZone(Box::new(self.into_expr()), zone))
            }
        }
    };
    (@extract $root:ty, $value:ty, $bound:ident, $($(#[$doc:meta])* $name:ident $part:ident)*) => {$(
        $(#[$doc])*
        pub fn $name(self) -> Computed<$root, Like<$value, i32>>
        where
            <$value as Field>::Base: $bound,
        {
            call(Function::Extract(DatePart::$part), vec![self.into_expr()])
        }
    )*};
    (@trunc $root:ty, $value:ty, $bound:ident, $result:ty, $($(#[$doc:meta])* $name:ident $part:ident)*) => {$(
        $(#[$doc])*
        pub fn $name(self) -> Computed<$root, Like<$value, $result>>
        where
            <$value as Field>::Base: $bound,
        {
            call(Function::Truncated(DatePart::$part), vec![self.into_expr()])
        }
    )*};
}

on_columns!(dates);

/// Types that are an instant.
#[diagnostic::on_unimplemented(message = "`{Self}` is not an instant", label = "not an instant")]
pub trait InstantField: Field {}

impl InstantField for DateTime {}

impl DatedField for LocalTime {}
impl TimedField for LocalTime {}
