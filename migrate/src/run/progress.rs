//! What people see while migrations run.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::Instant;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use nuages::Error;
use nuages_build::file::Migration;

use crate::editor::Step;
use crate::project::Direction;

/// Hears how a run goes.
pub trait Progress: Send + Sync {
    /// So many migrations will run.
    fn start(&self, migrations: usize) {
        let _ = migrations;
    }
    /// A migration begins.
    fn begin(&self, migration: &Migration, direction: Direction) {
        let _ = (migration, direction);
    }
    /// A step begins.
    fn step(&self, step: &Step) {
        let _ = step;
    }
    /// A statement of the schema as it is sent, with what the database is asked beside it.
    fn sent(&self, sql: &str) {
        let _ = sql;
    }
    /// A step has run; where it is part of a transaction, that is still open.
    fn stepped(&self, step: &Step) {
        let _ = step;
    }
    /// The migration is only recorded: its tables are there already, or are believed to be.
    fn faked(&self, migration: &Migration) {
        let _ = migration;
    }
    /// The migration is recorded.
    fn end(&self, migration: &Migration, direction: Direction) {
        let _ = (migration, direction);
    }
    /// A data step is so far, in rows.
    fn rows(&self, step: &str, done: u64, all: u64) {
        let _ = (step, done, all);
    }
    /// A lock was not to be had; it is tried again.
    fn retry(&self, tries: u32, of: u32, why: &Error) {
        let _ = (tries, of, why);
    }
    /// Everything ran.
    fn finish(&self) {}
    /// Another migrator is at work.
    fn waiting(&self, holder: &str) {
        let _ = holder;
    }
}

/// Says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quiet;

impl Progress for Quiet {}

/// A bar on a terminal, and a line for each migration everywhere.
#[derive(Debug, Default)]
pub struct Terminal {
    bars: MultiProgress,
    bar: Mutex<Option<ProgressBar>>,
    rows: Mutex<Option<ProgressBar>>,
    began: Mutex<Option<Instant>>,
}

impl Terminal {
    fn line(&self, text: &str) {
        match &*lock(&self.bar) {
            Some(bar) => bar.suspend(|| println!("{text}")),
            None => println!("{text}"),
        }
    }
}

impl Progress for Terminal {
    fn start(&self, migrations: usize) {
        if migrations == 0 {
            println!("Nothing to migrate.");
        } else if std::io::stderr().is_terminal() {
            let bar = styled(migrations as u64, "{bar:30} {pos}/{len} {wide_msg}");
            *lock(&self.bar) = Some(self.bars.add(bar));
        }
    }

    fn begin(&self, migration: &Migration, _direction: Direction) {
        *lock(&self.began) = Some(Instant::now());
        if let Some(bar) = &*lock(&self.bar) {
            bar.set_message(migration.label());
        }
    }

    fn faked(&self, migration: &Migration) {
        self.line(&format!("{} is only recorded", migration.label()));
    }

    fn rows(&self, step: &str, done: u64, all: u64) {
        if !std::io::stderr().is_terminal() {
            return;
        }
        let mut rows = lock(&self.rows);
        let bar = rows.get_or_insert_with(|| {
            self.bars.add(styled(all, "{bar:30} {human_pos}/{human_len} rows of {msg}, {eta} to go"))
        });
        bar.set_message(step.to_owned());
        bar.set_length(all);
        bar.set_position(done);
        if done >= all
            && let Some(bar) = rows.take()
        {
            bar.finish_and_clear();
        }
    }

    fn retry(&self, tries: u32, of: u32, why: &Error) {
        self.line(&format!("A lock was not to be had ({tries} of {of} tries): {why}"));
    }

    fn step(&self, step: &Step) {
        let sql = step.sql();
        let first = sql.first().and_then(|sql| sql.lines().next()).unwrap_or_default();
        tracing::debug!(target: "nuages_migrate", "{}", sql.join(";\n"));
        if let Some(bar) = &*lock(&self.bar) {
            bar.set_message(first.to_owned());
        }
    }

    fn end(&self, migration: &Migration, direction: Direction) {
        let took = lock(&self.began).map(|began| began.elapsed()).unwrap_or_default();
        let word = if direction == Direction::Forward { "Applied" } else { "Took back" };
        self.line(&format!("{word} {} ({} ms)", migration.label(), took.as_millis()));
        if let Some(bar) = &*lock(&self.bar) {
            bar.inc(1);
        }
    }

    fn finish(&self) {
        if let Some(bar) = lock(&self.bar).take() {
            bar.finish_and_clear();
        }
    }

    fn waiting(&self, holder: &str) {
        self.line(&format!("Waiting for another migrator ({holder}) …"));
    }
}

fn styled(length: u64, template: &str) -> ProgressBar {
    let bar = ProgressBar::new(length);
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
