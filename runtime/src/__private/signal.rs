//! What `#[receiver]` calls.

use crate::error::{Error, Result};
use crate::query::{Event, ManyChange};

/// The row, as the model's own type.
///
/// # Errors
/// If the row is of another model, which registering by type rules out.
pub fn instance<'a, M: Send + Sync + 'static>(event: &Event<'a>) -> Result<&'a M> {
    event.instance.downcast_ref().ok_or_else(|| Error::other("a receiver was told of a row of another model"))
}

/// What changed in a many-to-many relation.
///
/// # Errors
/// If the signal is another one.
pub fn change<'e>(event: &'e Event<'_>) -> Result<&'e ManyChange> {
    event.change.as_ref().ok_or_else(|| Error::other("the signal tells of no many-to-many relation"))
}
