//! How many hashes may run at once.

use super::HashError;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Semaphore;

/// Bounds the memory that hashing takes, whatever the number of logins.
///
/// The permit moves into the blocking task: such a task runs on when the request
/// that started it is dropped, so a permit held by the request would be given
/// back too early and a client that hangs up could start any number of them.
#[derive(Clone)]
pub(super) struct Gate {
    permits: Arc<Semaphore>,
    size: u32,
    gauge: Arc<Gauge>,
}

/// What the gate has seen.
#[derive(Default)]
struct Gauge {
    done: AtomicU64,
    running: AtomicU64,
    most: AtomicU64,
}

impl Gate {
    pub(super) fn new(size: u32) -> Self {
        let size = size.max(1);
        Self { permits: Arc::new(Semaphore::new(size as usize)), size, gauge: Arc::default() }
    }

    /// Runs work that is as heavy as `weight` ordinary hashes on a blocking thread.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        weight: u32,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, HashError> {
        let weight = weight.clamp(1, self.size);
        let permit = Arc::clone(&self.permits).acquire_many_owned(weight).await.map_err(failed)?;
        let gauge = Arc::clone(&self.gauge);
        let task = tokio::task::spawn_blocking(move || {
            gauge.enter();
            let result = work();
            gauge.leave();
            drop(permit);
            result
        });
        task.await.map_err(failed)
    }

    /// How many hashes were computed.
    pub(super) fn done(&self) -> u64 {
        self.gauge.done.load(Ordering::Relaxed)
    }

    /// The most that ran at the same time.
    #[cfg(test)]
    pub(super) fn most(&self) -> u64 {
        self.gauge.most.load(Ordering::Relaxed)
    }
}

impl Gauge {
    fn enter(&self) {
        let running = self.running.fetch_add(1, Ordering::Relaxed) + 1;
        self.most.fetch_max(running, Ordering::Relaxed);
    }

    fn leave(&self) {
        self.running.fetch_sub(1, Ordering::Relaxed);
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}

fn failed(error: impl std::fmt::Display) -> HashError {
    HashError::Failed(error.to_string())
}
