//! The timer of a connection: one for its whole life, however many requests come over it.

use hyper::rt::{Sleep, Timer};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

/// What hyper asks for the time that a request's head may take.
///
/// hyper drops its timer with every head and makes a new one for the next, each with a place in the runtime's
/// wheel. Deadlines of one connection only ever move on, so the one place that there is may ring too early, and is
/// moved then: once per limit instead of once per request.
#[derive(Clone, Default)]
pub(super) struct LazyTimer(Arc<Mutex<Option<Bell>>>);

struct Bell {
    sleep: Pin<Box<tokio::time::Sleep>>,
    /// Who is woken when it rings.
    waker: Option<Waker>,
}

struct Waiting {
    timer: LazyTimer,
    deadline: Instant,
}

impl Timer for LazyTimer {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(Instant::now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        Box::pin(Waiting { timer: self.clone(), deadline })
    }
}

impl Sleep for Waiting {}

impl Future for Waiting {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut bell = self.timer.0.lock().unwrap_or_else(PoisonError::into_inner);
        let deadline = self.deadline.into();
        let bell = bell
            .get_or_insert_with(|| Bell { sleep: Box::pin(tokio::time::sleep_until(deadline)), waker: None });
        let is_set = bell.waker.as_ref().is_some_and(|known| known.will_wake(cx.waker()));
        if is_set && !bell.sleep.is_elapsed() {
            return Poll::Pending;
        }
        bell.waker = Some(cx.waker().clone());
        while bell.sleep.as_mut().poll(cx).is_ready() {
            if bell.sleep.deadline() >= deadline {
                return Poll::Ready(());
            }
            bell.sleep.as_mut().reset(deadline);
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_later_deadline_moves_the_bell() {
        let timer = LazyTimer::default();
        let start = Instant::now();
        let short = timer.sleep_until(start + Duration::from_millis(50));
        assert!(tokio::time::timeout(Duration::from_millis(5), short).await.is_err());
        timer.sleep_until(start + Duration::from_millis(150)).await;
        assert!(start.elapsed() >= Duration::from_millis(150), "{:?}", start.elapsed());
    }
}
