//! What people see while migrations run.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};
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
    /// The migration is recorded.
    fn end(&self, migration: &Migration, direction: Direction) {
        let _ = (migration, direction);
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
    bar: Mutex<Option<ProgressBar>>,
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
            let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}");
            let bar = ProgressBar::new(migrations as u64);
            *lock(&self.bar) = Some(match style {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            });
        }
    }

    fn begin(&self, migration: &Migration, _direction: Direction) {
        *lock(&self.began) = Some(Instant::now());
        if let Some(bar) = &*lock(&self.bar) {
            bar.set_message(migration.label());
        }
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

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
