//! Where in the user's code a statement was asked for, so that a query in a loop can be told from many queries.
//!
//! Known in debug builds only: there a query's future marks the thread while it is polled, and the log of
//! the session reads the mark. In a release build nothing of this is left.

use std::future::Future;
use std::panic::Location;

use nuages_schema::ModelSchema;

/// Where a statement was asked for, and what for.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// File, line and column of the call.
    pub caller: &'static Location<'static>,
    /// The model the call was about.
    pub model: &'static ModelSchema,
    /// What the call does.
    pub purpose: Purpose,
}

/// What a call does with its model, as far as it matters for doing many of them at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Reads rows, or counts them.
    Read {
        /// By what the rows are found.
        by: FoundBy,
        /// Only a number is asked for.
        counts: bool,
    },
    /// Makes a row.
    Create,
    /// Writes a row that exists.
    Write,
}

/// By what a query finds its rows, where it is one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FoundBy {
    /// By their primary key.
    Key,
    /// By the foreign key at this position of the model's fields.
    ForeignKey(usize),
    /// As the many-to-many rows of one row; the relation stands at this position of the model that declares it,
    /// which is the rows' own model if `forward` is false.
    ManyToMany {
        /// Its position in `many_to_many`.
        relation: usize,
        /// Whether the relation is followed as it is declared.
        forward: bool,
    },
    /// By anything else.
    Other,
}

#[cfg(debug_assertions)]
thread_local! {
    static CURRENT: std::cell::Cell<Option<Place>> = const { std::cell::Cell::new(None) };
}

/// The place whose future is being polled on this thread.
#[cfg(debug_assertions)]
pub(super) fn current() -> Option<Place> {
    CURRENT.get()
}

#[cfg(not(debug_assertions))]
pub(super) const fn current() -> Option<Place> {
    None
}

/// The same future; the statements it sends are noted with their place. Inside another one it changes nothing:
/// what the user called counts, not what that call is made of.
#[cfg(debug_assertions)]
pub(crate) fn located<F: Future>(place: Place, future: F) -> impl Future<Output = F::Output> {
    /// Takes the mark away again, whatever the future does.
    struct Marked(Option<Place>);
    impl Drop for Marked {
        fn drop(&mut self) {
            CURRENT.set(self.0);
        }
    }
    async move {
        let mut future = std::pin::pin!(future);
        std::future::poll_fn(|context| {
            let before = CURRENT.get();
            let _mark = Marked(before);
            CURRENT.set(before.or(Some(place)));
            future.as_mut().poll(context)
        })
        .await
    }
}

/// The same future.
#[cfg(not(debug_assertions))]
#[inline]
pub(crate) fn located<F: Future>(_: Place, future: F) -> F {
    future
}
