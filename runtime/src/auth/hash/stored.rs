//! The forms in which passwords are stored, read with bounds.
//!
//! A stored form is data: whoever can write one row (an import, a restored dump)
//! must not be able to make the server allocate 4 GiB or hash for an hour.

use super::HashError;
use super::foreign::ForeignHash;
use crate::signing::random_token;
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use subtle::ConstantTimeEq;

/// 128 MiB; Django's default is 100 MiB.
const MAX_MEMORY_KIB: u32 = 128 * 1024;
/// Memory times passes: four times Django's default work.
const MAX_WORK_KIB: u64 = 800 * 1024;
const MAX_LANES: u32 = 16;
/// Longer than any form we know.
const MAX_STORED_BYTES: usize = 512;

/// The mark of a password that cannot be used.
const UNUSABLE: char = '!';

/// A stored password, taken apart.
#[derive(Debug, PartialEq)]
pub(super) enum Stored {
    Argon2(Argon2Hash),
    Foreign(ForeignHash),
}

#[derive(Debug, PartialEq)]
pub(super) struct Argon2Hash {
    pub(super) algorithm: Algorithm,
    pub(super) params: Params,
    pub(super) salt: Vec<u8>,
    pub(super) hash: Vec<u8>,
    /// Whether it is in Django's form, with a word before it.
    pub(super) django: bool,
}

/// Whether some password could match what is stored.
#[must_use]
pub fn is_usable(stored: &str) -> bool {
    Stored::parse(stored).is_some()
}

/// What to store for a user who has no password. It is random, so that password
/// reset links and sessions made for one such value do not fit another.
///
/// # Errors
/// When the operating system has no random bytes.
pub fn unusable() -> Result<String, HashError> {
    Ok(format!("{UNUSABLE}{}", random_token()?))
}

impl Stored {
    /// Reads a stored form; `None` if it is unusable, unknown or out of bounds.
    pub(super) fn parse(stored: &str) -> Option<Self> {
        if stored.len() > MAX_STORED_BYTES || stored.starts_with(UNUSABLE) {
            return None;
        }
        let (phc, django) = match stored.strip_prefix("argon2$") {
            Some(rest) => (rest, true),
            None if stored.starts_with('$') => (&stored[1..], false),
            None => return ForeignHash::parse(stored).map(Self::Foreign),
        };
        Some(Self::Argon2(parse_argon2(phc, django)?))
    }

    /// How many KiB it takes to compare a password with it.
    pub(super) fn memory_kib(&self) -> u32 {
        match self {
            Self::Argon2(hash) => hash.params.m_cost(),
            Self::Foreign(hash) => hash.memory_kib(),
        }
    }

    /// Hashes the password as this one was hashed, and compares in constant time.
    pub(super) fn matches(&self, password: &[u8]) -> bool {
        match self {
            Self::Argon2(stored) => stored.matches(password),
            Self::Foreign(stored) => stored.matches(password),
        }
    }
}

impl Argon2Hash {
    fn matches(&self, password: &[u8]) -> bool {
        let argon2 = Argon2::new(self.algorithm, Version::V0x13, self.params.clone());
        let mut found = vec![0; self.hash.len()];
        argon2.hash_password_into(password, &self.salt, &mut found).is_ok() && found.ct_eq(&self.hash).into()
    }

    /// The PHC string.
    pub(super) fn to_phc(&self) -> String {
        let (p, salt) = (&self.params, STANDARD_NO_PAD.encode(&self.salt));
        let hash = STANDARD_NO_PAD.encode(&self.hash);
        let (m, t, lanes) = (p.m_cost(), p.t_cost(), p.p_cost());
        format!("${}$v=19$m={m},t={t},p={lanes}${salt}${hash}", self.algorithm.as_str())
    }
}

/// `argon2id$v=19$m=…,t=…,p=…$salt$hash`.
fn parse_argon2(text: &str, django: bool) -> Option<Argon2Hash> {
    let parts: Vec<&str> = text.split('$').collect();
    let [name, "v=19", costs, salt, hash] = parts[..] else { return None };
    let algorithm = match name {
        "argon2id" => Algorithm::Argon2id,
        "argon2i" => Algorithm::Argon2i,
        _ => return None,
    };
    let salt = STANDARD_NO_PAD.decode(salt).ok().filter(|salt| (8..=64).contains(&salt.len()))?;
    let hash = STANDARD_NO_PAD.decode(hash).ok().filter(|hash| (16..=64).contains(&hash.len()))?;
    Some(Argon2Hash { algorithm, params: parse_costs(costs)?, salt, hash, django })
}

/// `m=…,t=…,p=…` within bounds.
fn parse_costs(text: &str) -> Option<Params> {
    let (m, rest) = text.strip_prefix("m=")?.split_once(",t=")?;
    let (t, p) = rest.split_once(",p=")?;
    let (m, t, p): (u32, u32, u32) = (m.parse().ok()?, t.parse().ok()?, p.parse().ok()?);
    let bounded = m <= MAX_MEMORY_KIB && p <= MAX_LANES && u64::from(m) * u64::from(t) <= MAX_WORK_KIB;
    bounded.then(|| Params::new(m, t, p, None).ok())?
}
