//! The one error of the crate: a kind to decide by, a text to read, a chain of causes.

use std::backtrace::Backtrace;
use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

/// What functions of this crate, and most functions of a project, return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

type Text = Cow<'static, str>;
type Source = Box<dyn StdError + Send + Sync + 'static>;

/// An error with a [kind](ErrorKind).
///
/// Every `std::error::Error` converts into it with `?`, so it is not one itself.
///
/// ```
/// use nuages::{Error, ErrorKind};
///
/// fn number(text: &str) -> nuages::Result<i64> {
///     Ok(text.parse()?)
/// }
///
/// let error = number("x").unwrap_err().context("the number of pages is wrong");
/// assert_eq!(error.kind(), ErrorKind::Other);
/// assert_eq!(error.to_string(), "the number of pages is wrong: invalid digit found in string");
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    /// The last one was added last, and is read first.
    texts: Vec<Text>,
    violation: Option<Violation>,
    field: Option<Text>,
    source: Option<Source>,
    /// Where it was made, kept in debug runs only.
    trace: Option<Box<Backtrace>>,
}

/// Whether errors note where they were made.
static KEEP_TRACES: AtomicBool = AtomicBool::new(false);

fn trace() -> Option<Box<Backtrace>> {
    KEEP_TRACES.load(Ordering::Relaxed).then(|| Box::new(Backtrace::force_capture()))
}

/// What went wrong, for code that decides by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No row matched where one was asked for.
    DoesNotExist,
    /// More than one row matched where one was asked for.
    MultipleObjects,
    /// A value that must be unique is there already.
    Unique,
    /// A foreign key points at nothing, or a row is still pointed at.
    ForeignKey,
    /// A check constraint refused the row.
    Check,
    /// NULL in a column that does not take it.
    NotNull,
    /// The database gave up on a transaction because of others: a serialization
    /// failure, a deadlock, a lock that was not granted in time. Trying again may work.
    Serialization,
    /// The row was changed by somebody else since it was read: its `version` is another one.
    Conflict,
    /// No connection became free in time.
    PoolTimeout,
    /// A statement ran longer than it was allowed to, and was broken off.
    Timeout,
    /// The database cannot do this.
    NotSupported,
    /// The input breaks the rules of a form or model.
    Validation,
    /// The user may not do this.
    PermissionDenied,
    /// There is nothing at this address.
    NotFound,
    /// The request makes no sense.
    BadRequest,
    /// The database refused a statement or could not be reached, for another reason than those above.
    Database,
    /// Anything else.
    Other,
}

/// Which constraint of the database refused a statement, as far as the database tells.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// [`Unique`](ErrorKind::Unique), [`ForeignKey`](ErrorKind::ForeignKey),
    /// [`Check`](ErrorKind::Check) or [`NotNull`](ErrorKind::NotNull).
    pub kind: ErrorKind,
    /// The constraint's or index's name.
    pub constraint: Option<String>,
    /// The table.
    pub table: Option<String>,
    /// The columns, where the database names them.
    pub columns: Vec<String>,
}

impl Violation {
    /// A violation of which nothing but the kind is known.
    #[must_use]
    pub fn new(kind: ErrorKind) -> Self {
        Self { kind, constraint: None, table: None, columns: Vec::new() }
    }
}

impl Error {
    /// An error of this kind with this text.
    #[must_use]
    pub fn new(kind: ErrorKind, text: impl Into<Cow<'static, str>>) -> Self {
        let inner = Inner {
            kind,
            texts: vec![text.into()],
            violation: None,
            field: None,
            source: None,
            trace: trace(),
        };
        Self(Box::new(inner))
    }

    /// A value that a type cannot take, while a row is read.
    pub(crate) fn decode(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Database, text)
    }

    /// An error with no kind of its own.
    #[must_use]
    pub fn other(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Other, text)
    }

    /// An error of this kind that was caused by another.
    #[must_use]
    pub fn from_source(kind: ErrorKind, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let inner = Inner {
            kind,
            texts: Vec::new(),
            violation: None,
            field: None,
            source: Some(source.into()),
            trace: trace(),
        };
        Self(Box::new(inner))
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Puts a text in front, such as what was being done.
    #[must_use]
    pub fn context(mut self, text: impl Into<Cow<'static, str>>) -> Self {
        self.0.texts.push(text.into());
        self
    }

    /// Changes the kind.
    #[must_use]
    pub fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.0.kind = kind;
        self
    }

    /// Says which field of the model it belongs to.
    #[must_use]
    pub fn with_field(mut self, field: impl Into<Cow<'static, str>>) -> Self {
        self.0.field = Some(field.into());
        self
    }

    /// Says which constraint of the database refused.
    #[must_use]
    pub fn with_violation(mut self, violation: Violation) -> Self {
        self.0.kind = violation.kind;
        self.0.violation = Some(violation);
        self
    }

    /// The field of the model that it belongs to, where one is known.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// The constraint that refused, if a constraint did.
    #[must_use]
    pub fn constraint(&self) -> Option<&Violation> {
        self.0.violation.as_ref()
    }

    /// The error that caused this one.
    #[must_use]
    pub fn source(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        self.0.source.as_deref()
    }

    /// The cause, if it is of this type.
    #[must_use]
    pub fn downcast_ref<E: StdError + 'static>(&self) -> Option<&E> {
        self.source()?.downcast_ref()
    }

    /// Whether no row matched where one was asked for.
    #[must_use]
    pub fn is_does_not_exist(&self) -> bool {
        self.kind() == ErrorKind::DoesNotExist
    }

    /// Whether more than one row matched where one was asked for.
    #[must_use]
    pub fn is_multiple_objects(&self) -> bool {
        self.kind() == ErrorKind::MultipleObjects
    }

    /// Whether a value that must be unique is there already.
    #[must_use]
    pub fn is_unique(&self) -> bool {
        self.kind() == ErrorKind::Unique
    }

    /// Whether a foreign key refused.
    #[must_use]
    pub fn is_foreign_key(&self) -> bool {
        self.kind() == ErrorKind::ForeignKey
    }

    /// Whether the database gave up because of other transactions, so that trying again may work.
    #[must_use]
    pub fn is_serialization(&self) -> bool {
        self.kind() == ErrorKind::Serialization
    }

    /// Whether no connection became free in time.
    #[must_use]
    pub fn is_pool_timeout(&self) -> bool {
        self.kind() == ErrorKind::PoolTimeout
    }

    /// Whether the database cannot do what was asked.
    #[must_use]
    pub fn is_not_supported(&self) -> bool {
        self.kind() == ErrorKind::NotSupported
    }

    /// Whether the input broke the rules of a form or model.
    #[must_use]
    pub fn is_validation(&self) -> bool {
        self.kind() == ErrorKind::Validation
    }

    /// What is said, from the outside in. A cause that its effect quotes already is left out.
    pub(crate) fn chain(&self) -> Vec<String> {
        let mut chain: Vec<String> = self.0.texts.iter().rev().map(ToString::to_string).collect();
        let mut cause = self.0.source.as_deref().map(|source| source as &dyn StdError);
        while let Some(error) = cause {
            let text = error.to_string();
            if !chain.last().is_some_and(|last| last.contains(&text)) {
                chain.push(text);
            }
            cause = error.source();
        }
        chain
    }

    /// Where it was made, in debug runs of a project.
    pub(crate) fn trace(&self) -> Option<&Backtrace> {
        self.0.trace.as_deref()
    }

    /// From now on errors note where they were made, for the developer's page.
    pub(crate) fn keep_traces() {
        KEEP_TRACES.store(true, Ordering::Relaxed);
    }

    /// As a `std::error::Error`, for interfaces that want one.
    #[must_use]
    pub fn into_std(self) -> Box<dyn StdError + Send + Sync + 'static> {
        Box::new(AsStd(self))
    }
}

impl<E: StdError + Send + Sync + 'static> From<E> for Error {
    fn from(source: E) -> Self {
        let source: Source = Box::new(source);
        match source.downcast::<AsStd>() {
            Ok(wrapped) => wrapped.0,
            Err(source) => Self::from_source(ErrorKind::Other, source),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut last = String::new();
        for text in self.0.texts.iter().rev() {
            next(f, &mut last, text.to_string())?;
        }
        let mut cause = self.0.source.as_deref().map(|source| source as &dyn StdError);
        while let Some(error) = cause {
            next(f, &mut last, error.to_string())?;
            cause = error.source();
        }
        Ok(())
    }
}

/// Writes the next link of the chain, unless the one before it has said it already, as many errors do.
fn next(f: &mut fmt::Formatter<'_>, last: &mut String, text: String) -> fmt::Result {
    if last.ends_with(&text) && !last.is_empty() {
        return Ok(());
    }
    write!(f, "{}{text}", if last.is_empty() { "" } else { ": " })?;
    *last = text;
    Ok(())
}

/// What `fn main() -> nuages::Result<()>` prints: the kind where it says something, then the text.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind() {
            ErrorKind::Other => write!(f, "{self}")?,
            kind => write!(f, "{self} ({kind:?})")?,
        }
        match self.field() {
            Some(field) => write!(f, " (field `{field}`)"),
            None => Ok(()),
        }
    }
}

/// The wrapper that [`Error::into_std`] hands out.
struct AsStd(Error);

impl StdError for AsStd {}

impl fmt::Display for AsStd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for AsStd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Adds a text to the error of a `Result`.
pub trait Context<T> {
    /// Puts a text in front of the error, such as what was being done.
    ///
    /// # Errors
    /// The error that was there, with the text in front.
    fn context(self, text: impl Into<Cow<'static, str>>) -> Result<T>;

    /// As [`context`](Self::context), with a text that is made only for an error.
    ///
    /// # Errors
    /// The error that was there, with the text in front.
    fn with_context<S: Into<Cow<'static, str>>>(self, text: impl FnOnce() -> S) -> Result<T>;
}

impl<T, E: Into<Error>> Context<T> for std::result::Result<T, E> {
    fn context(self, text: impl Into<Cow<'static, str>>) -> Result<T> {
        self.map_err(|error| error.into().context(text))
    }

    fn with_context<S: Into<Cow<'static, str>>>(self, text: impl FnOnce() -> S) -> Result<T> {
        self.map_err(|error| error.into().context(text()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chain_reads_from_the_outside_in() {
        let cause = std::io::Error::other("disk full");
        let error = Error::from(cause).context("cannot write the page").context("the site is broken");
        assert_eq!(error.to_string(), "the site is broken: cannot write the page: disk full");
        assert_eq!(format!("{error:?}"), error.to_string());
        assert!(error.downcast_ref::<std::io::Error>().is_some());
    }

    #[test]
    fn a_kind_and_a_field_show_in_debug() {
        let error = Error::new(ErrorKind::Unique, "a book with this title exists").with_field("title");
        assert_eq!(format!("{error:?}"), "a book with this title exists (Unique) (field `title`)");
        assert_eq!(error.field(), Some("title"));
    }

    #[test]
    fn an_error_survives_the_way_through_a_boxed_one() {
        fn back() -> Result<()> {
            let std: Box<dyn StdError + Send + Sync> = Error::new(ErrorKind::Unique, "twice")
                .with_violation(Violation::new(ErrorKind::Unique))
                .into_std();
            Err(*std.downcast::<AsStd>().unwrap())?
        }
        let error = back().unwrap_err();
        assert!(error.is_unique() && error.constraint().is_some());
    }

    #[test]
    fn context_works_on_results_of_both_sorts() {
        let foreign: std::result::Result<i32, _> = "x".parse::<i32>();
        assert!(foreign.context("no number").unwrap_err().to_string().starts_with("no number: "));
        let own: Result<i32> = Err(Error::other("inner"));
        assert_eq!(own.with_context(|| "outer").unwrap_err().to_string(), "outer: inner");
    }
}
