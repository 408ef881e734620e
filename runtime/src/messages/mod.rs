//! Messages: a sentence for the visitor, shown once, on this page or the next.
//!
//! ```
//! # fn example(messages: &nuages::messages::Messages) -> nuages::Result<()> {
//! messages.success("The book was saved.");
//! for message in messages.take()? {
//!     println!("{}: {}", message.level.tag(), message.text);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! They are kept in the session, so a redirect does not lose them; adding one is
//! no query, and a visitor who never gets one never gets a session for them.

mod level;

pub use level::Level;

use crate::Result;
use crate::session::Session;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex, PoisonError};

/// Where the session keeps them.
const KEY: &str = "_messages";

/// More are not kept; the oldest go first. Nobody reads a hundred.
const MOST: usize = 100;

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// How important it is.
    pub level: Level,
    /// The sentence; plain text, which templates escape.
    pub text: String,
    /// Words for a style sheet, beside the level's own.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub extra_tags: String,
}

impl Message {
    /// The words for a style sheet: the extra ones and the level's.
    #[must_use]
    pub fn tags(&self) -> String {
        [self.extra_tags.as_str(), self.level.tag()].join(" ").trim().to_owned()
    }
}

/// The messages of one request. Clones are the same messages.
#[derive(Clone)]
pub struct Messages {
    session: Session,
    added: Arc<Mutex<Vec<Message>>>,
    least: Level,
}

impl Messages {
    /// The messages that this session keeps.
    #[must_use]
    pub fn new(session: Session) -> Self {
        Self { session, added: Arc::default(), least: Level::Info }
    }

    /// Also takes messages for developers, which are dropped otherwise.
    #[must_use]
    pub fn with_least(mut self, level: Level) -> Self {
        self.least = level;
        self
    }

    /// For developers; dropped unless the project asks for them.
    pub fn debug(&self, text: impl Into<String>) {
        self.add(Level::Debug, text);
    }

    /// Something to know.
    pub fn info(&self, text: impl Into<String>) {
        self.add(Level::Info, text);
    }

    /// It worked.
    pub fn success(&self, text: impl Into<String>) {
        self.add(Level::Success, text);
    }

    /// It worked, and something may be wrong.
    pub fn warning(&self, text: impl Into<String>) {
        self.add(Level::Warning, text);
    }

    /// It did not work.
    pub fn error(&self, text: impl Into<String>) {
        self.add(Level::Error, text);
    }

    /// A message of any level.
    pub fn add(&self, level: Level, text: impl Into<String>) {
        self.push(Message { level, text: text.into(), extra_tags: String::new() });
    }

    /// A message with words of its own for the style sheet.
    pub fn push(&self, message: Message) {
        if message.level >= self.least {
            self.added().push(message);
        }
    }

    /// Whether there is anything to show.
    ///
    /// # Errors
    /// When the session was not loaded.
    pub fn is_empty(&self) -> Result<bool> {
        Ok(self.added().is_empty() && !self.session.contains(KEY)?)
    }

    /// Everything to show, the oldest first. What was taken is not shown again.
    ///
    /// # Errors
    /// When the session was not loaded.
    pub fn take(&self) -> Result<Vec<Message>> {
        let mut messages = self.kept()?;
        messages.append(&mut self.added());
        self.session.remove(KEY)?;
        Ok(messages)
    }

    /// Everything to show, which stays until it is taken.
    pub(crate) fn peek(&self) -> Result<Vec<Message>> {
        let mut messages = self.kept()?;
        messages.extend_from_slice(&self.added());
        Ok(messages)
    }

    /// Whether messages wait that nobody has seen, so that the session must be
    /// loaded and [`keep`](Self::keep) called before it is committed.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        !self.added().is_empty()
    }

    /// Puts what was added and not shown into the session, for the next page.
    ///
    /// # Errors
    /// When the session was not loaded.
    pub fn keep(&self) -> Result<()> {
        let mut added = self.added();
        if added.is_empty() {
            return Ok(());
        }
        let mut messages = self.kept()?;
        messages.append(&mut added);
        let surplus = messages.len().saturating_sub(MOST);
        self.session.set(KEY, &messages[surplus..])
    }

    /// What the session keeps; a form that we cannot read any more is dropped.
    fn kept(&self) -> Result<Vec<Message>> {
        if !self.session.contains(KEY)? {
            return Ok(Vec::new());
        }
        Ok(self.session.get(KEY).ok().flatten().unwrap_or_default())
    }

    fn added(&self) -> std::sync::MutexGuard<'_, Vec<Message>> {
        self.added.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Messages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Messages").field("added", &self.added().len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
