//! The project's secret, and the keys made from it.

use super::{Signer, SigningError, TimestampSigner};
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A key made for one purpose.
pub(super) type PurposeKey = [u8; 32];

/// The secret that signs, and the older ones that are still accepted.
///
/// To rotate the secret, make the new one current and keep the old one as a
/// [fallback](Keyring::with_fallback) until everything signed with it is too old.
#[derive(Clone)]
pub struct Keyring {
    current: Arc<[u8]>,
    fallbacks: Vec<Arc<[u8]>>,
}

impl Keyring {
    /// A keyring with this secret.
    #[must_use]
    pub fn new(secret: impl AsRef<[u8]>) -> Self {
        Self { current: secret.as_ref().into(), fallbacks: Vec::new() }
    }

    /// Also accepts what an older secret signed.
    #[must_use]
    pub fn with_fallback(mut self, secret: impl AsRef<[u8]>) -> Self {
        self.fallbacks.push(secret.as_ref().into());
        self
    }

    /// Signs text for one purpose.
    #[must_use]
    pub fn signer(&self, purpose: &str) -> Signer {
        Signer::new(self.purpose_keys("sign", purpose))
    }

    /// Signs text with the time for one purpose.
    #[must_use]
    pub fn timestamp_signer(&self, purpose: &str) -> TimestampSigner {
        TimestampSigner::new(self.purpose_keys("timestamp", purpose))
    }

    /// Signs any serializable value, with the time. The value can be read by whoever holds it.
    ///
    /// # Errors
    /// When the value does not serialize.
    pub fn dumps<T: Serialize + ?Sized>(&self, purpose: &str, value: &T) -> Result<String, SigningError> {
        self.object_signer(purpose).dumps(value)
    }

    /// Reads back what [`dumps`](Self::dumps) made for the same purpose, no older than `max_age`.
    ///
    /// # Errors
    /// When it was not signed here for this purpose, is too old, or is of another type.
    pub fn loads<T: DeserializeOwned>(
        &self,
        purpose: &str,
        text: &str,
        max_age: Option<Duration>,
    ) -> Result<T, SigningError> {
        self.object_signer(purpose).loads(text, max_age)
    }

    /// The codes under every accepted secret, the current one first.
    pub(crate) fn macs<'a>(
        &'a self,
        purpose: &'a str,
        parts: &'a [&'a [u8]],
    ) -> impl Iterator<Item = [u8; 32]> + 'a {
        self.secrets().map(move |secret| authenticate(&purpose_key(secret, "mac", purpose), parts))
    }

    fn object_signer(&self, purpose: &str) -> TimestampSigner {
        TimestampSigner::new(self.purpose_keys("object", purpose))
    }

    fn purpose_keys(&self, kind: &str, purpose: &str) -> Vec<PurposeKey> {
        self.secrets().map(|secret| purpose_key(secret, kind, purpose)).collect()
    }

    fn secrets(&self) -> impl Iterator<Item = &[u8]> {
        std::iter::once(&self.current).chain(&self.fallbacks).map(|secret| &**secret)
    }
}

/// Secrets are never printed.
impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring(1 current, {} older)", self.fallbacks.len())
    }
}

/// The key of one purpose: a code over kind and purpose, under the secret.
fn purpose_key(secret: &[u8], kind: &str, purpose: &str) -> PurposeKey {
    authenticate(secret, &[b"nuages.v1", kind.as_bytes(), purpose.as_bytes()])
}

/// HMAC-SHA256 over the parts, each preceded by its length.
///
/// The lengths keep `("ab", "c")` and `("a", "bc")` apart; plain concatenation
/// let values cross purposes elsewhere (CVE-2026-6873).
pub(super) fn authenticate(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = new_mac(key);
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// A code under a key of any length. A key longer than the hash's block is hashed first, a
/// shorter one is filled with zeros: that is HMAC's own rule, and done here it cannot fail.
fn new_mac(key: &[u8]) -> Hmac<Sha256> {
    let mut block = [0; 64];
    let hashed = Sha256::digest(key);
    let key = if key.len() > block.len() { hashed.as_slice() } else { key };
    block[..key.len()].copy_from_slice(key);
    Hmac::<Sha256>::new(&block.into())
}
