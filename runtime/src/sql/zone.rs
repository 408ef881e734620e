//! What a clock in a zone shows at an instant.
//!
//! PostgreSQL knows the zones. SQLite does not, and MySQL only where somebody has loaded them, so there the
//! statement brings the moments at which the zone's distance from UTC changes, as one bound value.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use nuages_schema::{Backend, ColumnKind};

use super::Writer;
use super::kind::kind_of;
use crate::error::Result;
use crate::expr::Expr;
use crate::value::{Date, DateTime, Duration, Value, Zone};

impl Writer {
    /// Writes what a clock shows: in UTC, unless the expression says a zone. PostgreSQL reads an instant in the
    /// session's zone unless told otherwise.
    pub(super) fn local(&mut self, argument: &Expr) -> Result<()> {
        if matches!(argument, Expr::InZone(..)) || self.backend != Backend::Postgres {
            return self.expr(argument);
        }
        self.push("(");
        self.expr(argument)?;
        let instant = kind_of(argument) == ColumnKind::DateTime;
        self.push(if instant { " AT TIME ZONE 'UTC')" } else { ")" });
        Ok(())
    }

    /// Writes an instant as a clock in a zone shows it.
    pub(super) fn in_zone(&mut self, instant: &Expr, zone: Zone) -> Result<()> {
        match (self.backend, fixed_seconds(zone)) {
            (Backend::Postgres, Some(seconds)) => {
                self.push("(");
                self.expr(instant)?;
                self.push(&format!(" AT TIME ZONE INTERVAL '{seconds} seconds')"));
                Ok(())
            }
            (Backend::Postgres, None) => {
                self.push("(");
                self.expr(instant)?;
                // Names of zones are letters, digits, `/`, `_`, `+` and `-`.
                self.push(&format!(" AT TIME ZONE '{zone}')"));
                Ok(())
            }
            (Backend::Sqlite, seconds) => {
                // The fraction of the second stays as it is.
                self.push("(strftime('%Y-%m-%d %H:%M:%S', SUBSTR(");
                self.expr(instant)?;
                self.push(", 1, 19), (");
                match seconds {
                    Some(seconds) => self.push(&seconds.to_string()),
                    None => {
                        self.push("SELECT json_extract(value, '$[1]') FROM json_each(");
                        self.value(Value::Text(changes(zone)));
                        self.push(") WHERE json_extract(value, '$[0]') <= ");
                        self.expr(instant)?;
                        self.push(" ORDER BY key DESC LIMIT 1");
                    }
                }
                self.push(") || ' seconds') || SUBSTR(");
                self.expr(instant)?;
                self.push(", 20))");
                Ok(())
            }
            (Backend::Mysql, seconds) => {
                self.push("DATE_ADD(");
                self.expr(instant)?;
                self.push(", INTERVAL (");
                match seconds {
                    Some(seconds) => self.push(&seconds.to_string()),
                    None => {
                        self.push("SELECT o FROM JSON_TABLE(");
                        self.value(Value::Text(changes(zone)));
                        self.push(", '$[*]' COLUMNS (t DATETIME PATH '$[0]', o INT PATH '$[1]')) AS changes WHERE t <= ");
                        self.expr(instant)?;
                        self.push(" ORDER BY t DESC LIMIT 1");
                    }
                }
                self.push(") SECOND)");
                Ok(())
            }
        }
    }
}

/// The distance from UTC in seconds, of a zone that never changes it.
fn fixed_seconds(zone: Zone) -> Option<i64> {
    zone.to_string().starts_with("UTC").then(|| seconds_at(zone, DateTime::UNIX_EPOCH))
}

fn seconds_at(zone: Zone, instant: DateTime) -> i64 {
    (zone.to_local(instant) - instant.naive_utc()).num_seconds()
}

/// The moments from 1900 to 2100 at which the distance changes, and what it is from then on, as JSON.
fn changes(zone: Zone) -> String {
    static KNOWN: Mutex<Option<HashMap<String, String>>> = Mutex::new(None);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known.get_or_insert_default().entry(zone.to_string()).or_insert_with(|| find_changes(zone)).clone()
}

fn find_changes(zone: Zone) -> String {
    let midnight =
        |year| Date::from_ymd_opt(year, 1, 1).unwrap_or_default().and_time(crate::value::Time::MIN).and_utc();
    let (mut at, end) = (midnight(1900), midnight(2100));
    let mut distance = seconds_at(zone, at);
    let mut list = vec![serde_json::json!(["1000-01-01 00:00:00", distance])];
    while at < end {
        let next = at + Duration::days(1);
        let after = seconds_at(zone, next);
        if after != distance {
            let moment = first_of(zone, at, next, after);
            list.push(serde_json::json!([moment.format("%Y-%m-%d %H:%M:%S").to_string(), after]));
            distance = after;
        }
        at = next;
    }
    serde_json::Value::Array(list).to_string()
}

/// The first second of a day at which the distance is the new one.
fn first_of(zone: Zone, mut before: DateTime, mut behind: DateTime, distance: i64) -> DateTime {
    while behind - before > Duration::seconds(1) {
        let middle = before + Duration::seconds((behind - before).num_seconds() / 2);
        if seconds_at(zone, middle) == distance {
            behind = middle;
        } else {
            before = middle;
        }
    }
    behind
}
