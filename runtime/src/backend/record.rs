//! What a session remembers about its statements: a number always, the texts when asked.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::place::{self, Place};

/// One statement that ran, kept while recording is on.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct QueryRecord {
    /// The text.
    pub sql: String,
    /// How many values it had.
    pub args: usize,
    /// How long it took.
    pub elapsed: Duration,
    /// Rows read, or rows changed.
    pub rows: u64,
    /// Where it was asked for; known in debug builds, for calls that are about a model.
    pub place: Option<Place>,
}

/// The most records kept, so that a loop in a recorded session does not fill the memory.
const MOST: usize = 10_000;

#[derive(Debug, Default)]
pub(super) struct QueryLog {
    count: AtomicU64,
    recording: AtomicBool,
    records: Mutex<Vec<QueryRecord>>,
}

/// A statement that is being measured.
pub(super) struct Running {
    sql: String,
    args: usize,
    start: Instant,
    place: Option<Place>,
}

impl QueryLog {
    pub(super) fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    pub(super) fn record(&self, on: bool) {
        self.recording.store(on, Ordering::Relaxed);
    }

    pub(super) fn records(&self) -> Vec<QueryRecord> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Counts a statement. The clock is read and the text copied only if somebody wants to know.
    #[inline]
    pub(super) fn start(&self, sql: &str, args: usize) -> Option<Running> {
        self.count.fetch_add(1, Ordering::Relaxed);
        let wanted = self.recording.load(Ordering::Relaxed)
            || tracing::enabled!(target: "nuages::sql", tracing::Level::DEBUG);
        wanted.then(|| Running { sql: sql.to_owned(), args, start: Instant::now(), place: place::current() })
    }

    #[inline]
    pub(super) fn end(&self, running: Option<Running>, rows: u64) {
        if let Some(running) = running {
            self.keep(running, rows);
        }
    }

    #[cold]
    fn keep(&self, running: Running, rows: u64) {
        let elapsed = running.start.elapsed();
        tracing::debug!(target: "nuages::sql", sql = %running.sql, args = running.args, rows, ?elapsed);
        if !self.recording.load(Ordering::Relaxed) {
            return;
        }
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        if records.len() < MOST {
            records.push(QueryRecord {
                sql: running.sql,
                args: running.args,
                elapsed,
                rows,
                place: running.place,
            });
        }
    }
}
