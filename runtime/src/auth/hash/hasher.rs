//! The hasher: one way to make a hash, several to read one.

use super::gate::Gate;
use super::stored::{Argon2Hash, Stored};
use super::{HashError, MAX_PASSWORD_BYTES};
use crate::signing::random_bytes;
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::LazyLock;

/// Hashes and compares passwords. Clones share one bound on how many run at once.
#[derive(Clone)]
pub struct PasswordHasher {
    params: Params,
    gate: Gate,
}

/// What comparing a password with a stored form showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Verification {
    /// Whether it is the password.
    pub matches: bool,
    /// Whether the stored form should be replaced by a new hash of the same password.
    /// Only true when `matches` is.
    pub needs_upgrade: bool,
}

/// One bound for the whole process, because it is the process whose memory is bounded.
static SHARED: LazyLock<PasswordHasher> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(2, |n| u32::try_from(n.get()).unwrap_or(64));
    PasswordHasher { params: Params::DEFAULT, gate: Gate::new(cores) }
});

impl PasswordHasher {
    /// The hasher of this process: argon2id with 19 MiB, two passes, one lane;
    /// as many at once as there are cores.
    #[must_use]
    pub fn shared() -> Self {
        SHARED.clone()
    }

    /// A hasher with its own bound of `at_once` hashes, for tests and tools.
    #[must_use]
    pub fn separate(at_once: u32) -> Self {
        Self { params: Params::DEFAULT, gate: Gate::new(at_once) }
    }

    /// The same hasher with other costs for new hashes: memory in KiB, passes, lanes.
    ///
    /// # Errors
    /// When argon2 does not know such costs.
    pub fn with_costs(mut self, memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, HashError> {
        let params = Params::new(memory_kib, passes, lanes, None);
        self.params = params.map_err(|error| HashError::Failed(error.to_string()))?;
        Ok(self)
    }

    /// Hashes a password for storing.
    ///
    /// # Errors
    /// When the password is too long, or there is no randomness.
    pub async fn hash(&self, password: &str) -> Result<String, HashError> {
        let password = checked(password)?;
        let salt = random_bytes::<16>()?;
        let params = self.params.clone();
        self.gate.run(1, move || make(params, &password, &salt)).await?
    }

    /// Compares a password with a stored form.
    ///
    /// One hash is computed whatever is stored: for an unusable or unknown form a
    /// dummy one with the costs of new hashes, so that time tells nobody who has
    /// a password and who has none.
    ///
    /// # Errors
    /// When the password is too long.
    pub async fn verify(&self, password: &str, stored: &str) -> Result<Verification, HashError> {
        let Some(stored) = Stored::parse(stored) else { return self.verify_nothing(password).await };
        let password = checked(password)?;
        let upgrade = self.is_outdated(&stored);
        let weight = stored.memory_kib().div_ceil(self.params.m_cost().max(1));
        let matches = self.gate.run(weight, move || stored.matches(&password)).await?;
        Ok(Verification { matches, needs_upgrade: matches && upgrade })
    }

    /// Spends what comparing a password costs, for a user who is not there.
    ///
    /// # Errors
    /// When the password is too long, as for a user who is.
    pub async fn verify_nothing(&self, password: &str) -> Result<Verification, HashError> {
        self.hash(password).await?;
        Ok(Verification { matches: false, needs_upgrade: false })
    }

    /// How many hashes this hasher has computed.
    #[must_use]
    pub fn hashes_done(&self) -> u64 {
        self.gate.done()
    }

    /// The most hashes that ran at the same time.
    #[cfg(test)]
    pub(super) fn most_at_once(&self) -> u64 {
        self.gate.most()
    }

    fn is_outdated(&self, stored: &Stored) -> bool {
        let Stored::Argon2(hash) = stored else { return true };
        let costs = |p: &Params| (p.m_cost(), p.t_cost(), p.p_cost());
        hash.django
            || hash.algorithm != Algorithm::Argon2id
            || costs(&hash.params) != costs(&self.params)
            || hash.hash.len() < Params::DEFAULT_OUTPUT_LEN
            || hash.salt.len() < 16
    }
}

impl std::fmt::Debug for PasswordHasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PasswordHasher").field("params", &self.params).finish_non_exhaustive()
    }
}

/// The password's bytes, if they are not too many.
fn checked(password: &str) -> Result<Vec<u8>, HashError> {
    if password.len() > MAX_PASSWORD_BYTES { Err(HashError::TooLong) } else { Ok(password.into()) }
}

fn make(params: Params, password: &[u8], salt: &[u8]) -> Result<String, HashError> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let mut hash = vec![0; Params::DEFAULT_OUTPUT_LEN];
    let done = argon2.hash_password_into(password, salt, &mut hash);
    done.map_err(|error| HashError::Failed(error.to_string()))?;
    Ok(Argon2Hash { algorithm: Algorithm::Argon2id, params, salt: salt.into(), hash, django: false }.to_phc())
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
