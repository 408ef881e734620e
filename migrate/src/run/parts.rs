//! Runs one migration: in one transaction with its record where that can be, else part by part with a journal.

use std::sync::atomic::{AtomicBool, Ordering};

use nuages::{Error, Result};
use nuages_schema::Backend;

use super::journal::{self, Journal};
use super::manner::{Group, Manner};
use super::retry::Patience;
use super::steps::Work;
use super::{catalogue, creates, sqlite};
use crate::editor::{Planned, Step};

pub(super) async fn run(work: &Work<'_>) -> Result<()> {
    match work.groups()[..] {
        [] | [Group { manner: Manner::Together, .. }] => whole(work).await,
        _ => in_parts(work).await,
    }
}

/// Everything and the record in one transaction, and again where a lock was not to be had.
async fn whole(work: &Work<'_>) -> Result<()> {
    let mut patience = Patience::new();
    loop {
        match together(work, work.planned, None).await {
            Ok(()) => return Ok(()),
            Err(error) => patience.after(work, error).await?,
        }
    }
}

async fn in_parts(work: &Work<'_>) -> Result<()> {
    if work.is_settled(work.db).await? {
        return Ok(());
    }
    let journal = Journal::open(work).await?;
    let mut marked = journal.marked();
    for group in work.groups() {
        if journal.is_done(group.last) {
            continue;
        }
        part(work, journal, &mut marked, group).await.map_err(|error| error.context(holds(work, group)))?;
        work.stop.heed()?;
    }
    work.db
        .atomic(async |db| {
            journal::clear(&db, work.one.migration).await?;
            work.record(&db).await
        })
        .await
}

/// One part, and again where a lock was not to be had.
async fn part(work: &Work<'_>, journal: Journal, marked: &mut usize, group: Group) -> Result<()> {
    let mut patience = Patience::new();
    let mut begun = journal.was_begun(group.first);
    loop {
        let outcome = match group.manner {
            Manner::Alone => alone(work, &mut begun, marked, group.first).await,
            Manner::Together | Manner::Apart => {
                together(work, &work.planned[group.first..=group.last], Some(group.last)).await
            }
        };
        match outcome {
            Ok(()) => return Ok(()),
            Err(error) => patience.after(work, error).await?,
        }
    }
}

/// Steps in one transaction, with the mark that they are done, or with the record if they are all there are.
async fn together(work: &Work<'_>, planned: &[Planned], mark: Option<usize>) -> Result<()> {
    // SQLite heeds this only before the transaction begins.
    let keys = sqlite::touches_keys(work.db, planned);
    if keys {
        work.db.execute_script("PRAGMA foreign_keys = OFF").await?;
    }
    let outcome = work
        .db
        .atomic(async |db| {
            if mark.is_none() && work.is_settled(&db).await? {
                return Ok(());
            }
            let before = if keys { sqlite::violations(&db).await? } else { 0 };
            for planned in planned {
                work.step(&db, planned).await?;
            }
            if keys && sqlite::violations(&db).await? > before {
                return Err(Error::other("rows would refer to rows that are not there; nothing was changed"));
            }
            match mark {
                Some(last) => journal::mark(work, &db, last, true).await,
                None => work.record(&db).await,
            }
        })
        .await;
    if keys {
        work.db.execute_script("PRAGMA foreign_keys = ON").await?;
    }
    outcome
}

/// A step that commits by itself. Where an earlier try ended in it, the catalogue tells whether it has run. `marked`
/// is the step behind the last one that has its mark. Of SQL of the user's own no catalogue tells, so on PostgreSQL it
/// shares a transaction with its mark, unless it is of the kind that no transaction takes.
async fn alone(work: &Work<'_>, begun: &mut bool, marked: &mut usize, at: usize) -> Result<()> {
    let planned = &work.planned[at];
    if matches!(planned.step, Step::Rows(_)) && work.db.backend() == Backend::Postgres && !*begun {
        match together(work, &work.planned[at..=at], Some(at)).await {
            Err(error) if error.is_not_supported() => {}
            outcome => return outcome,
        }
    }
    if *begun {
        if catalogue::has_run(work.db, &planned.step).await? {
            // A mark that stands for later steps too stays.
            return if at + 1 < *marked { Ok(()) } else { journal::mark(work, work.db, at, true).await };
        }
    } else if at >= *marked {
        *marked = creates::marked_until(work, at).await?;
        journal::mark_until(work, at, *marked).await?;
        *begun = true;
    } else {
        *begun = true;
    }
    if let Step::Concurrently { index, .. } = &planned.step {
        catalogue::drop_invalid(work.db, index).await?;
    }
    work.step(work.db, planned).await?;
    match planned.step {
        // The mark of the next step, or the record, says it too, and the catalogue shows it until then.
        Step::Schema { .. } => Ok(()),
        _ => journal::mark(work, work.db, at, true).await,
    }
}

/// What holds after a failure in the middle.
fn holds(work: &Work<'_>, group: Group) -> String {
    let (first, all) = (group.first, work.planned.len());
    let steps = match group.first == group.last {
        true => format!("step {} of {all} failed", first + 1),
        false => {
            format!("steps {} to {} of {all} failed together and were undone", first + 1, group.last + 1)
        }
    };
    match first {
        0 => steps,
        1 => format!("{steps}; step 1 holds and will not run again"),
        _ => format!("{steps}; steps 1 to {first} hold and will not run again"),
    }
}

/// Asked to stop, a run ends between two parts.
#[derive(Clone, Debug, Default)]
pub struct Stop(std::sync::Arc<AtomicBool>);

impl Stop {
    /// Asks the run to end after the step or batch that is under way.
    pub fn ask(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// # Errors
    /// When it was asked.
    pub(super) fn heed(&self) -> Result<()> {
        if self.is_asked() {
            return Err(Error::other(
                "stopped as asked: what was done holds, and `migrate` goes on from here",
            ));
        }
        Ok(())
    }
}
