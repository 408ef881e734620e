//! Signing text, with and without the time.

use super::keyring::{PurposeKey, authenticate};
use super::{SigningError, constant_time_eq};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Between value, time and signature. It occurs in neither of the latter two.
const SEPARATOR: char = ':';

/// Longer texts are refused before anything is computed.
const MAX_LENGTH: usize = 64 * 1024;

/// How far in the future a time may lie, for servers whose clocks differ.
const CLOCK_SKEW: Duration = Duration::from_secs(60);

/// Signs text for one purpose: `value:signature`. Made by [`Keyring::signer`](super::Keyring::signer).
pub struct Signer {
    keys: Vec<PurposeKey>,
}

impl Signer {
    /// The first key signs, all verify.
    pub(super) fn new(keys: Vec<PurposeKey>) -> Self {
        Self { keys }
    }

    /// `value:signature`.
    #[must_use]
    pub fn sign(&self, value: &str) -> String {
        let signature = self.keys.first().map(|key| signature(key, value)).unwrap_or_default();
        format!("{value}{SEPARATOR}{signature}")
    }

    /// The value that was signed.
    ///
    /// # Errors
    /// When the signature is missing or not ours.
    pub fn unsign<'a>(&self, signed: &'a str) -> Result<&'a str, SigningError> {
        if signed.len() > MAX_LENGTH {
            return Err(SigningError::Malformed);
        }
        let (value, given) = signed.rsplit_once(SEPARATOR).ok_or(SigningError::Malformed)?;
        let matches = |key| constant_time_eq(signature(key, value).as_bytes(), given.as_bytes());
        if self.keys.iter().any(matches) { Ok(value) } else { Err(SigningError::BadSignature) }
    }
}

fn signature(key: &PurposeKey, value: &str) -> String {
    URL_SAFE_NO_PAD.encode(authenticate(key, &[value.as_bytes()]))
}

/// Signs text with the time: `value:time:signature`. Made by
/// [`Keyring::timestamp_signer`](super::Keyring::timestamp_signer).
pub struct TimestampSigner {
    signer: Signer,
}

impl TimestampSigner {
    pub(super) fn new(keys: Vec<PurposeKey>) -> Self {
        Self { signer: Signer::new(keys) }
    }

    /// Signs the value as of now.
    #[must_use]
    pub fn sign(&self, value: &str) -> String {
        self.sign_at(value, SystemTime::now())
    }

    /// Signs the value as of a given time.
    #[must_use]
    pub fn sign_at(&self, value: &str, at: SystemTime) -> String {
        self.signer.sign(&format!("{value}{SEPARATOR}{}", seconds(at)))
    }

    /// The value that was signed, no longer than `max_age` ago.
    ///
    /// # Errors
    /// When the signature is not ours or the value is too old.
    pub fn unsign<'a>(&self, signed: &'a str, max_age: Option<Duration>) -> Result<&'a str, SigningError> {
        self.unsign_at(signed, max_age, SystemTime::now())
    }

    /// As [`unsign`](Self::unsign), at a given time.
    ///
    /// # Errors
    /// When the signature is not ours or the value is too old.
    pub fn unsign_at<'a>(
        &self,
        signed: &'a str,
        max_age: Option<Duration>,
        now: SystemTime,
    ) -> Result<&'a str, SigningError> {
        let (value, time) =
            self.signer.unsign(signed)?.rsplit_once(SEPARATOR).ok_or(SigningError::Malformed)?;
        let time: u64 = time.parse().map_err(|_| SigningError::Malformed)?;
        check_age(time, seconds(now), max_age)?;
        Ok(value)
    }

    pub(super) fn dumps<T: Serialize + ?Sized>(&self, value: &T) -> Result<String, SigningError> {
        let json = serde_json::to_vec(value).map_err(|error| SigningError::WrongType(error.to_string()))?;
        Ok(self.sign(&URL_SAFE_NO_PAD.encode(json)))
    }

    pub(super) fn loads<T: DeserializeOwned>(
        &self,
        text: &str,
        max_age: Option<Duration>,
    ) -> Result<T, SigningError> {
        let value = self.unsign(text, max_age)?;
        let json = URL_SAFE_NO_PAD.decode(value).map_err(|_| SigningError::Malformed)?;
        serde_json::from_slice(&json).map_err(|error| SigningError::WrongType(error.to_string()))
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// A value from the future is refused too: our own clock never signs one.
fn check_age(signed: u64, now: u64, max_age: Option<Duration>) -> Result<(), SigningError> {
    if signed > now.saturating_add(CLOCK_SKEW.as_secs()) {
        return Err(SigningError::Malformed);
    }
    match max_age {
        Some(limit) if now.saturating_sub(signed) > limit.as_secs() => Err(SigningError::Expired),
        _ => Ok(()),
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
