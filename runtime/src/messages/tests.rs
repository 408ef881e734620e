//! Levels, tags and reading once. Keeping them over a redirect is tested on every database.

use super::{Level, Message, Messages};
use crate::session::{Session, SessionSettings, SessionToken};
use std::sync::Arc;

/// A visitor without a cookie, whose session needs no database to be loaded.
fn session() -> Session {
    Session::new(Arc::new(SessionSettings::default()), None)
}

#[test]
fn messages_are_shown_once_and_in_order() {
    let messages = Messages::new(session());
    messages.info("one");
    messages.error("two");
    assert!(!messages.is_empty().unwrap() && messages.is_pending());
    let shown = messages.take().unwrap();
    assert_eq!(
        shown.iter().map(|m| (m.level, &*m.text)).collect::<Vec<_>>(),
        [(Level::Info, "one"), (Level::Error, "two")]
    );
    assert!(messages.take().unwrap().is_empty() && messages.is_empty().unwrap());
}

#[test]
fn what_was_not_shown_waits_in_the_session() {
    let session = session();
    let first = Messages::new(session.clone());
    first.success("saved");
    first.keep().unwrap();
    assert!(!first.is_pending());
    let next = Messages::new(session.clone());
    next.info("and more");
    assert_eq!(next.take().unwrap().len(), 2);
    assert!(Messages::new(session).is_empty().unwrap());
}

#[test]
fn debug_messages_need_asking_for() {
    let quiet = Messages::new(session());
    quiet.debug("x");
    assert!(quiet.is_empty().unwrap());
    let loud = Messages::new(session()).with_least(Level::Debug);
    loud.debug("x");
    assert_eq!(loud.take().unwrap().len(), 1);
}

#[test]
fn their_number_is_bounded() {
    let session = session();
    let messages = Messages::new(session.clone());
    (0..250).for_each(|n| messages.info(n.to_string()));
    messages.keep().unwrap();
    let kept = Messages::new(session).take().unwrap();
    assert_eq!((kept.len(), &*kept[0].text), (100, "150"));
}

#[test]
fn tags_are_words_for_a_style_sheet() {
    let message = Message { level: Level::Warning, text: "x".into(), extra_tags: "safe wide".into() };
    assert_eq!(message.tags(), "safe wide warning");
    assert_eq!(Message { extra_tags: String::new(), ..message }.tags(), "warning");
    assert!(Level::Debug < Level::Info && Level::Warning < Level::Error);
    assert_eq!((Level::Error.role(), Level::Success.role()), ("alert", "status"));
}

#[test]
fn an_unloaded_session_is_an_error_that_says_so() {
    let messages = Messages::new(Session::new(Arc::default(), SessionToken::generate().ok()));
    messages.info("x");
    let error = messages.take().unwrap_err().to_string();
    assert!(error.contains("not loaded"), "{error}");
    assert!(messages.is_pending());
}
