//! The way down through years, months and days of a date.

use std::time::Duration;

use chrono::{Datelike, Months, NaiveDate};
use nuages::Result;
use nuages::admin::{AdminPath, rows};
use nuages::backend::{Db, Row};
use nuages::expr::{Comparison, Condition, Expr};
use nuages::field::ColumnRef;
use nuages::form::Zone;
use nuages::model::ModelEntry;
use nuages::query::{OrderTerm, Part, Select};
use nuages::value::{ColumnKind, Value};

use super::columns::path_label;
use super::query::in_time;
use crate::address::Address;
use crate::page::Link;
use crate::page::list::Dates;
use crate::text;

/// The name in the address.
const NAME: &str = "d";
/// What stands before a year to mean everything before it.
const BEFORE: &str = "before-";
/// Years that are offered, the latest ones.
const YEARS: i32 = 12;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The date that a list drills down by.
pub(crate) struct DatePlan {
    column: ColumnRef,
    label: String,
    here: Span,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Span {
    All,
    /// Everything before a year: what did not fit into the years that are offered.
    Before(i32),
    Year(i32),
    Month(i32, u32),
    Day(NaiveDate),
}

impl Span {
    fn parse(text: &str) -> Self {
        if let Some(year) = text.strip_prefix(BEFORE) {
            let year = year.parse().ok().filter(|year| (1..=9998).contains(year));
            return year.map_or(Self::All, Self::Before);
        }
        let mut parts = text.split('-').map(str::parse::<u32>);
        let (year, month, day) = (parts.next(), parts.next(), parts.next());
        let Some(Ok(year)) = year else { return Self::All };
        let Ok(year) = i32::try_from(year) else { return Self::All };
        if !(1..=9998).contains(&year) {
            return Self::All;
        }
        match (month, day) {
            (None, _) => Self::Year(year),
            (Some(Ok(month @ 1..=12)), None) => Self::Month(year, month),
            (Some(Ok(month)), Some(Ok(day))) => {
                NaiveDate::from_ymd_opt(year, month, day).map_or(Self::All, Self::Day)
            }
            _ => Self::All,
        }
    }

    /// The first day, and the first day after.
    fn bounds(self) -> Option<(NaiveDate, NaiveDate)> {
        match self {
            Self::All => None,
            Self::Before(year) => {
                Some((NaiveDate::from_ymd_opt(1, 1, 1)?, NaiveDate::from_ymd_opt(year, 1, 1)?))
            }
            Self::Year(year) => {
                Some((NaiveDate::from_ymd_opt(year, 1, 1)?, NaiveDate::from_ymd_opt(year + 1, 1, 1)?))
            }
            Self::Month(year, month) => {
                let first = NaiveDate::from_ymd_opt(year, month, 1)?;
                Some((first, first.checked_add_months(Months::new(1))?))
            }
            Self::Day(day) => Some((day, day.succ_opt()?)),
        }
    }
}

impl DatePlan {
    /// What the options name, at the place that the address names.
    pub(crate) fn of(entry: &ModelEntry, address: &Address) -> Option<Self> {
        let path = entry.admin.date_hierarchy?();
        let AdminPath::Column(column) = path else { return None };
        if !(column.field().kind)().has_date() {
            return None;
        }
        let here = address.get(NAME).map_or(Span::All, Span::parse);
        Some(Self { column, label: path_label(&path), here })
    }

    /// The rows of the span.
    pub(crate) fn condition(&self, zone: Zone) -> Option<Condition> {
        let (from, to) = self.here.bounds()?;
        let compare = |comparison, day| {
            Some(Condition::Compare(
                Expr::Column(self.column),
                comparison,
                Expr::Value(self.bound(day, zone)?),
            ))
        };
        Some(Condition::All(vec![compare(Comparison::GreaterOrEqual, from)?, compare(Comparison::Less, to)?]))
    }

    fn bound(&self, day: NaiveDate, zone: Zone) -> Option<Value> {
        if (self.column.field().kind)() == ColumnKind::Date {
            return Some(Value::Date(day));
        }
        text::midnight(day, zone).map(Value::DateTime)
    }

    /// The links up and down. Only the top asks the database, for the first and the last date.
    pub(crate) async fn show(
        &self,
        db: &Db,
        entry: &ModelEntry,
        address: &Address,
        zone: Zone,
        limit: Option<Duration>,
    ) -> Result<Dates> {
        let address = address.without(super::PAGE);
        let link = |label: String, place: String| Link::new(label, address.with(NAME, place).url());
        let all = Link::new("All dates", address.without(&[NAME]).url());
        let mut dates = Dates { label: self.label.clone(), ..Dates::default() };
        match self.here {
            Span::All => {
                let years = self.years(db, entry, zone, limit).await?;
                dates.down = years.into_iter().map(|(label, place)| link(label, place)).collect();
            }
            Span::Before(year) => {
                let years = self.years(db, entry, zone, limit).await?;
                dates.up = vec![all];
                dates.here = Some(format!("Before {year}"));
                dates.down = years.into_iter().map(|(label, place)| link(label, place)).collect();
            }
            Span::Year(year) => {
                dates.up = vec![all];
                dates.here = Some(year.to_string());
                let months = MONTHS.iter().enumerate();
                dates.down = months
                    .map(|(at, name)| link((*name).to_owned(), format!("{year:04}-{:02}", at + 1)))
                    .collect();
            }
            Span::Month(year, month) => {
                dates.up = vec![all, link(year.to_string(), format!("{year:04}"))];
                dates.here = Some(month_name(month));
                dates.down = self.days().map(|day| link(day.day().to_string(), day.to_string())).collect();
            }
            Span::Day(day) => {
                let (year, month) = (day.year(), day.month());
                dates.up = vec![
                    all,
                    link(year.to_string(), format!("{year:04}")),
                    link(month_name(month), format!("{year:04}-{month:02}")),
                ];
                dates.here = Some(day.day().to_string());
            }
        }
        Ok(dates)
    }

    fn days(&self) -> impl Iterator<Item = NaiveDate> {
        let (from, to) = self.here.bounds().unzip();
        from.into_iter()
            .flat_map(|from| from.iter_days())
            .take_while(move |day| to.is_some_and(|to| *day < to))
    }

    /// The latest years as label and place; what lies before them is one more.
    async fn years(
        &self,
        db: &Db,
        entry: &ModelEntry,
        zone: Zone,
        limit: Option<Duration>,
    ) -> Result<Vec<(String, String)>> {
        let mut select = Select::of(entry.schema);
        select.parts = vec![self.end(entry, false), self.end(entry, true)];
        select.order = Some(Vec::new());
        select.limit = Some(1);
        // Without an index on the date this may take long; then the list goes without its years.
        let found = in_time(rows::fetch_within(db, &select, limit).await)?.unwrap_or_default();
        let row = found.first();
        let Some(row) = row else { return Ok(Vec::new()) };
        let (Some(first), Some(last)) = (self.year(row, 0, zone)?, self.year(row, 1, zone)?) else {
            return Ok(Vec::new());
        };
        let last = if let Span::Before(year) = self.here { last.min(year - 1) } else { last };
        let from = first.max(last - YEARS + 1);
        let earlier = (from > first).then(|| (format!("Before {from}"), format!("{BEFORE}{from}")));
        let years = (from..=last).map(|year| (year.to_string(), format!("{year:04}")));
        Ok(earlier.into_iter().chain(years).collect())
    }

    /// The first date or the last one. It is the end of an order and not MIN or MAX: SQLite looks up only a lone
    /// one of them in an index, and MariaDB neither in one that descends.
    fn end(&self, entry: &ModelEntry, last: bool) -> Part {
        let mut select = Select::of(entry.schema);
        let date = Expr::Column(self.column);
        select.parts = vec![Part::Value(date.clone())];
        select.filters = vec![Condition::IsNull(date.clone(), false)];
        select.order = Some(vec![OrderTerm { expr: date, descending: last, nulls_first: None }]);
        select.limit = Some(1);
        Part::Value(Expr::Subquery(Box::new(select)))
    }

    fn year(&self, row: &Row, at: usize, zone: Zone) -> Result<Option<i32>> {
        Ok(match row.value(at, (self.column.field().kind)())? {
            Value::Date(date) => Some(date.year()),
            Value::DateTime(instant) => Some(text::local(instant, zone).year()),
            _ => None,
        })
    }
}

fn month_name(month: u32) -> String {
    MONTHS.get(month as usize - 1).map_or_else(String::new, |name| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::{NaiveDate, Span};

    #[test]
    fn a_place_that_is_no_place_is_everywhere() {
        for odd in ["", "x", "2026-13", "2026-02-30", "-1", "99999", "0", "2026-1-1-1x"] {
            assert!(matches!(Span::parse(odd), Span::All | Span::Day(_)), "{odd}");
        }
        assert_eq!(Span::parse("2026-02"), Span::Month(2026, 2));
        assert_eq!((Span::parse("before-1974"), Span::parse("before-x")), (Span::Before(1974), Span::All));
    }

    #[test]
    fn a_month_ends_where_the_next_begins() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).expect("a day");
        assert_eq!(Span::Month(2026, 12).bounds(), Some((day(2026, 12, 1), day(2027, 1, 1))));
        assert_eq!(Span::Year(2026).bounds(), Some((day(2026, 1, 1), day(2027, 1, 1))));
    }
}
