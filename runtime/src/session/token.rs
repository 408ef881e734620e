//! The secret that a browser holds to be recognised.

use crate::signing::{RandomError, constant_time_eq, random_bytes};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use std::fmt;

/// 256 random bits. The database keeps only their hash, so that a stolen copy of
/// the table opens no session.
#[derive(Clone)]
pub struct SessionToken([u8; 32]);

impl SessionToken {
    /// A new token.
    ///
    /// # Errors
    /// When the operating system has no random bytes.
    pub fn generate() -> Result<Self, RandomError> {
        random_bytes().map(Self)
    }

    /// Reads a cookie's value. Everything that is not a token of ours is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 43 {
            return None;
        }
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// The value of the cookie.
    #[must_use]
    pub fn expose(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What the database keeps: SHA-256 in hexadecimal digits. A plain hash is
    /// enough, as nobody can try out 2²⁵⁶ tokens.
    #[must_use]
    pub fn digest(&self) -> String {
        Sha256::digest(self.0).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The bits themselves, to make other secrets from.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl PartialEq for SessionToken {
    fn eq(&self, other: &Self) -> bool {
        constant_time_eq(&self.0, &other.0)
    }
}

impl Eq for SessionToken {}

/// Tokens are never printed.
impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::SessionToken;

    #[test]
    fn a_token_survives_its_cookie() {
        let token = SessionToken::generate().unwrap();
        assert_eq!(SessionToken::parse(&token.expose()), Some(token.clone()));
        assert_ne!(token, SessionToken::generate().unwrap());
        assert_eq!(format!("{token:?}"), "SessionToken(…)");
    }

    #[test]
    fn the_digest_is_sha256() {
        let token = SessionToken([7; 32]);
        // python3 -c 'import hashlib; print(hashlib.sha256(b"\7"*32).hexdigest())'
        assert_eq!(token.digest(), "4bb06f8e4e3a7715d201d573d0aa423762e55dabd61a2c02278fa56cc6d294e0");
    }

    #[test]
    fn other_texts_are_no_tokens() {
        let token = SessionToken::generate().unwrap().expose();
        let forged = [&token[1..], &format!("{token}="), &"!".repeat(43), "", &"A".repeat(1_000_000)];
        for text in forged {
            assert_eq!(SessionToken::parse(text), None);
        }
    }
}
