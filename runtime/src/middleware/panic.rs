//! A panic in a view answers 500 and nothing else happens to the server.

use crate::error::Error;
use axum::response::{IntoResponse, Response};
use std::any::Any;
use std::backtrace::Backtrace;
use std::cell::RefCell;
use std::sync::{Arc, Once};

thread_local! {
    /// Where the last panic of this thread came from, noted by the hook before the stack is unwound.
    static LAST: RefCell<Option<Panicked>> = const { RefCell::new(None) };
}

/// Where a panic came from, for the debug page; in the extensions of the response.
#[derive(Clone, Debug)]
pub(crate) struct Panicked {
    /// `src/views.rs:12:9`.
    pub place: String,
    /// The frames, in debug only.
    pub trace: Option<Arc<Backtrace>>,
}

/// The answer to a panic in a view.
///
/// What the view shared with others is behind locks that are not poisoned for long or
/// database sessions that are closed on doubt, so going on is safe.
#[cold]
pub(super) fn answer(payload: &(dyn Any + Send)) -> Response {
    let place = LAST.take();
    let at = place.as_ref().map(|place| format!(" at {}", place.place)).unwrap_or_default();
    let mut response = Error::other(format!("the view panicked{at}: {}", text(payload))).into_response();
    if let Some(place) = place {
        response.extensions_mut().insert(place);
    }
    response
}

fn text(payload: &(dyn Any + Send)) -> &str {
    let fixed = payload.downcast_ref::<&str>().copied();
    fixed.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

/// Notes where panics come from, before whatever hook there was. With `frames`, the whole stack too.
pub(crate) fn install_hook(frames: bool) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            let trace = frames.then(|| Arc::new(Backtrace::force_capture()));
            LAST.set(Some(Panicked { place, trace }));
            before(info);
        }));
    });
}
