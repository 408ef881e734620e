//! Copies of a database that sessions read from until they write.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::DatabaseSettings;
use super::connector::{Role, backend_of};
use super::pool::{Lease, Pool};
use crate::{Error, ErrorKind, Result};

/// The pools of the copies, used in turn.
pub(super) struct Replicas {
    pools: Vec<Arc<Pool>>,
    next: AtomicUsize,
}

impl Replicas {
    pub(super) fn of(settings: &DatabaseSettings) -> Result<Self> {
        let backend = backend_of(&settings.url)?;
        let mut pools = Vec::new();
        for url in &settings.replicas {
            if backend_of(url)? != backend {
                let text =
                    format!("a replica is a copy of the {} database, and so of its kind", backend.title());
                return Err(Error::new(ErrorKind::NotSupported, text));
            }
            let own = DatabaseSettings { url: url.clone(), replicas: Vec::new(), ..settings.clone() };
            pools.push(Pool::new(Arc::new(own), Role::Replica, settings.max_connections));
        }
        Ok(Self { pools, next: AtomicUsize::new(0) })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pools.is_empty()
    }

    /// A connection to the next copy that answers; none if none does, so that the database itself is asked.
    pub(super) async fn take(&self) -> Option<Lease> {
        let start = self.next.fetch_add(1, Ordering::Relaxed);
        for step in 0..self.pools.len() {
            let pool = &self.pools[start.wrapping_add(step) % self.pools.len()];
            match pool.take().await {
                Ok(lease) => return Some(lease),
                Err(error) => tracing::warn!(%error, "a replica does not answer; another one is asked"),
            }
        }
        None
    }

    pub(super) async fn close(&self) {
        for pool in &self.pools {
            pool.close().await;
        }
    }
}
