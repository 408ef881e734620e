//! The time zone in which forms, pages and dates show and read instants.

use std::fmt;
use std::str::FromStr;

use chrono::{FixedOffset, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::{Date, DateTime};

/// A time zone: one of the IANA database, such as `Europe/Berlin`, or a fixed distance from UTC.
///
/// Instants are stored in UTC whatever the zone is; a zone is for what people read and write. The
/// setting `time_zone` chooses it for the site, a view for one request
/// ([`RequestContext::set_zone`](crate::RequestContext::set_zone)).
///
/// ```
/// use nuages::value::{Date, Zone};
///
/// let berlin: Zone = "Europe/Berlin".parse()?;
/// let noon = |month, day| Date::from_ymd_opt(2026, month, day).unwrap().and_hms_opt(12, 0, 0).unwrap();
/// assert_eq!(berlin.to_utc(noon(1, 1)).unwrap().to_rfc3339(), "2026-01-01T11:00:00+00:00");
/// assert_eq!(berlin.to_utc(noon(7, 1)).unwrap().to_rfc3339(), "2026-07-01T10:00:00+00:00");
///
/// let india: Zone = "+05:30".parse()?;
/// assert_eq!(india.to_string(), "UTC+05:30");
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Fixed(FixedOffset),
    Named(Tz),
}

impl Default for Zone {
    fn default() -> Self {
        Self::UTC
    }
}

impl Zone {
    /// The zone that instants are stored in.
    pub const UTC: Self = Self(Kind::Named(Tz::UTC));

    /// So many minutes east of UTC; what no zone on earth has counts as UTC.
    #[must_use]
    pub fn from_minutes(minutes: i32) -> Self {
        let offset = minutes.checked_mul(60).filter(|seconds| *seconds != 0).and_then(FixedOffset::east_opt);
        offset.map_or(Self::UTC, |offset| Self(Kind::Fixed(offset)))
    }

    /// The instant that a clock in this zone shows. `None` for a time that the clock leaves out in
    /// spring or shows twice in autumn; Django refuses both too.
    #[must_use]
    pub fn to_utc(self, local: NaiveDateTime) -> Option<DateTime> {
        match self.0 {
            Kind::Fixed(offset) => {
                offset.from_local_datetime(&local).single().map(|at| at.with_timezone(&Utc))
            }
            Kind::Named(zone) => zone.from_local_datetime(&local).single().map(|at| at.with_timezone(&Utc)),
        }
    }

    /// What a clock in this zone shows at an instant.
    #[must_use]
    pub fn to_local(self, instant: DateTime) -> NaiveDateTime {
        match self.0 {
            Kind::Fixed(offset) => instant.with_timezone(&offset).naive_local(),
            Kind::Named(zone) => instant.with_timezone(&zone).naive_local(),
        }
    }

    /// The day that a calendar in this zone shows at an instant.
    #[must_use]
    pub fn date(self, instant: DateTime) -> Date {
        self.to_local(instant).date()
    }

    /// When a day of this zone begins. Where the clock leaves out midnight, it begins later; where it
    /// shows midnight twice, the first counts. `None` only at the ends of the calendar.
    ///
    /// A lookup by day is a range of instants, which an index serves and every database understands:
    ///
    /// ```
    /// # use nuages::prelude::*;
    /// # use nuages::value::Zone;
    /// # #[derive(Model, Clone, Debug)] #[model(app_label = "shop")] struct Order { id: i64, placed: DateTime }
    /// # fn of_day(zone: Zone, day: Date) -> Option<QuerySet<Order>> {
    /// let (from, to) = (zone.start_of(day)?, zone.start_of(day.succ_opt()?)?);
    /// Some(Order::objects().filter(|o| o.placed.gte(from) & o.placed.lt(to)))
    /// # }
    /// ```
    #[must_use]
    pub fn start_of(self, day: Date) -> Option<DateTime> {
        let midnight = day.and_hms_opt(0, 0, 0)?;
        // Clocks move by quarters of an hour, and once in Samoa by a whole day.
        (0..=4 * 25).find_map(|quarter| self.earliest(midnight + TimeDelta::minutes(15 * quarter)))
    }

    fn earliest(self, local: NaiveDateTime) -> Option<DateTime> {
        match self.0 {
            Kind::Fixed(offset) => {
                offset.from_local_datetime(&local).earliest().map(|at| at.with_timezone(&Utc))
            }
            Kind::Named(zone) => zone.from_local_datetime(&local).earliest().map(|at| at.with_timezone(&Utc)),
        }
    }

    /// Minutes east of UTC at an instant.
    #[must_use]
    pub fn offset_minutes(self, instant: DateTime) -> i32 {
        let offset = match self.0 {
            Kind::Fixed(offset) => offset,
            Kind::Named(zone) => zone.offset_from_utc_datetime(&instant.naive_utc()).fix(),
        };
        offset.local_minus_utc() / 60
    }

    /// The zone's name for people: `UTC`, `Europe/Berlin`, or `UTC+02:00`.
    #[must_use]
    pub fn name(self) -> String {
        self.to_string()
    }

    /// The names of the IANA database.
    pub fn names() -> impl Iterator<Item = &'static str> {
        chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name())
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Kind::Named(zone) => f.write_str(zone.name()),
            Kind::Fixed(offset) => write!(f, "UTC{offset}"),
        }
    }
}

/// `Europe/Berlin`, `UTC`, or a fixed distance such as `+01:00`.
impl FromStr for Zone {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.starts_with(['+', '-']) {
            let offset = (text.len() == "+00:00".len()).then(|| text.parse::<FixedOffset>().ok()).flatten();
            return match offset {
                Some(offset) => Ok(Self::from_minutes(offset.local_minus_utc() / 60)),
                None => Err(format!(
                    "`{text}` is no distance from UTC; write hours and minutes, such as `+01:00`"
                )),
            };
        }
        text.parse::<Tz>().map(|zone| Self(Kind::Named(zone))).map_err(|_| {
            format!("`{text}` is no time zone; write a name of the IANA database, such as `Europe/Berlin`, or `+01:00`")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn local(text: &str) -> NaiveDateTime {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn zone(text: &str) -> Zone {
        text.parse().unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn a_named_zone_follows_its_clocks_through_the_year() {
        let berlin = zone("Europe/Berlin");
        for (utc, shown, minutes) in [
            ("2026-03-29T00:59:59Z", "2026-03-29T01:59:59", 60),
            ("2026-03-29T01:00:00Z", "2026-03-29T03:00:00", 120),
            ("2026-10-25T01:00:00Z", "2026-10-25T02:00:00", 60),
        ] {
            assert_eq!(berlin.to_local(at(utc)), local(shown), "{utc}");
            assert_eq!(berlin.offset_minutes(at(utc)), minutes, "{utc}");
        }
        assert_eq!(berlin.to_utc(local("2026-03-29T02:30:00")), None, "left out in spring");
        assert_eq!(berlin.to_utc(local("2026-10-25T02:30:00")), None, "shown twice in autumn");
        assert_eq!(berlin.to_utc(local("2026-07-01T12:00:00")), Some(at("2026-07-01T10:00:00Z")));
    }

    #[test]
    fn a_day_begins_where_its_clock_does() {
        let day = |text: &str| text.parse::<Date>().unwrap_or_else(|error| panic!("{error}"));
        for (name, date, start) in [
            ("Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z"),
            ("Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00Z"),
            // Midnight is left out: the day begins at one.
            ("Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00Z"),
            // Midnight comes twice: the first counts.
            ("America/Havana", "2025-11-02", "2025-11-02T04:00:00Z"),
            ("+05:30", "2026-01-01", "2025-12-31T18:30:00Z"),
        ] {
            assert_eq!(zone(name).start_of(day(date)), Some(at(start)), "{name} {date}");
        }
        assert_eq!(zone("Pacific/Auckland").date(at("2026-01-01T11:30:00Z")), day("2026-01-02"));
    }

    #[test]
    fn what_is_no_zone_is_told() {
        for text in ["", "Berlin", "europe/nowhere", "+1", "+25:00", "01:00", "+01:00:30", "../etc/passwd"] {
            assert!(text.parse::<Zone>().is_err(), "{text}");
        }
        assert_eq!(zone("+00:00"), Zone::UTC);
        assert_eq!((zone("-03:30").name(), zone("UTC").name()), ("UTC-03:30".to_owned(), "UTC".to_owned()));
        assert!(Zone::names().any(|name| name == "Africa/Nairobi"));
    }
}
