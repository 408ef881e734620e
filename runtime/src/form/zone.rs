//! The time zone in which a form shows and reads instants.

use chrono::{FixedOffset, NaiveDateTime, TimeZone, Utc};

use crate::value::DateTime;

/// A time zone: a fixed distance from UTC. A request chooses it, or the settings do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(FixedOffset);

impl Default for Zone {
    fn default() -> Self {
        Self::from_minutes(0)
    }
}

impl Zone {
    /// So many minutes east of UTC; what no zone on earth has counts as UTC.
    #[must_use]
    pub fn from_minutes(minutes: i32) -> Self {
        let offset = minutes.checked_mul(60).and_then(FixedOffset::east_opt);
        Self(offset.unwrap_or_else(|| chrono::Offset::fix(&Utc)))
    }

    /// The instant that a clock in this zone shows.
    #[must_use]
    pub fn to_utc(self, local: NaiveDateTime) -> Option<DateTime> {
        self.0.from_local_datetime(&local).single().map(|instant| instant.with_timezone(&Utc))
    }

    /// What a clock in this zone shows at an instant.
    #[must_use]
    pub fn to_local(self, instant: DateTime) -> NaiveDateTime {
        instant.with_timezone(&self.0).naive_local()
    }

    /// The zone's name for people: `UTC`, or `UTC+02:00`.
    #[must_use]
    pub fn name(self) -> String {
        match self.0.local_minus_utc() {
            0 => "UTC".to_owned(),
            _ => format!("UTC{}", self.0),
        }
    }
}
