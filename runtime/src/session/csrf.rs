//! The secret that proves a form came from our own page.
//!
//! It is made from what the browser already holds: the session's token, or for
//! a visitor without a session a random cookie. So there is nothing to store and
//! no query to make, the secret changes when the session's token does (at login
//! and logout), and a token of one session is no good in another.

use super::SessionToken;
use crate::signing::{Keyring, RandomError, constant_time_eq, random_bytes};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The length of the secret, and of the mask over it.
const LENGTH: usize = 32;

/// The CSRF secret of one session or one anonymous visitor.
///
/// ```
/// use nuages::session::{CsrfSecret, SessionToken};
/// use nuages::signing::Keyring;
///
/// let keys = Keyring::new("the secret of the project, not of this page");
/// let session = SessionToken::generate().unwrap();
/// let secret = CsrfSecret::of_session(&keys, &session);
/// let field = secret.masked().unwrap();               // another text for every form
/// assert!(secret.verify(&field));
/// assert_ne!(field, secret.masked().unwrap());
/// ```
pub struct CsrfSecret {
    /// Under the current key first, then under the older ones.
    secrets: Vec<[u8; LENGTH]>,
}

impl CsrfSecret {
    /// The secret that belongs to a session.
    #[must_use]
    pub fn of_session(keys: &Keyring, session: &SessionToken) -> Self {
        Self::made_from(keys, "csrf.session", session)
    }

    /// The secret that belongs to the cookie of a visitor who has no session.
    /// The cookie's value is a [`SessionToken`] too, but one that opens nothing.
    #[must_use]
    pub fn of_visitor(keys: &Keyring, visitor: &SessionToken) -> Self {
        Self::made_from(keys, "csrf.visitor", visitor)
    }

    fn made_from(keys: &Keyring, purpose: &str, token: &SessionToken) -> Self {
        Self { secrets: keys.macs(purpose, &[token.bytes()]).collect() }
    }

    /// The secret under a fresh random mask, for one form. Compression of a page
    /// that repeats it therefore tells nothing about it (BREACH).
    ///
    /// # Errors
    /// When the operating system has no random bytes.
    pub fn masked(&self) -> Result<String, RandomError> {
        let mask = random_bytes::<LENGTH>()?;
        let secret = self.secrets.first().copied().unwrap_or_default();
        Ok(URL_SAFE_NO_PAD.encode([mask, xor(mask, secret)].concat()))
    }

    /// Whether a token was made from this secret.
    #[must_use]
    pub fn verify(&self, token: &str) -> bool {
        let Some(found) = unmask(token) else { return false };
        self.secrets.iter().any(|secret| constant_time_eq(secret, &found))
    }
}

/// Secrets are never printed.
impl std::fmt::Debug for CsrfSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CsrfSecret(…)")
    }
}

fn unmask(token: &str) -> Option<[u8; LENGTH]> {
    if token.len() != 86 {
        return None;
    }
    let bytes: [u8; 2 * LENGTH] = URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?;
    let (mask, masked) = bytes.split_first_chunk::<LENGTH>()?;
    Some(xor(*mask, masked.try_into().ok()?))
}

fn xor(mut left: [u8; LENGTH], right: [u8; LENGTH]) -> [u8; LENGTH] {
    left.iter_mut().zip(right).for_each(|(a, b)| *a ^= b);
    left
}

#[cfg(test)]
mod tests {
    use super::{CsrfSecret, SessionToken};
    use crate::signing::Keyring;

    fn token() -> SessionToken {
        SessionToken::generate().unwrap()
    }

    #[test]
    fn a_token_is_bound_to_its_session() {
        let keys = Keyring::new("secret");
        let (mine, other) = (token(), token());
        let masked = CsrfSecret::of_session(&keys, &mine).masked().unwrap();
        assert!(CsrfSecret::of_session(&keys, &mine).verify(&masked));
        assert!(!CsrfSecret::of_session(&keys, &other).verify(&masked));
        assert!(!CsrfSecret::of_visitor(&keys, &mine).verify(&masked));
        assert!(!CsrfSecret::of_session(&Keyring::new("other"), &mine).verify(&masked));
    }

    #[test]
    fn the_mask_hides_the_secret_and_differs_each_time() {
        let secret = CsrfSecret::of_visitor(&Keyring::new("secret"), &token());
        let tokens: std::collections::HashSet<_> = (0..50).map(|_| secret.masked().unwrap()).collect();
        assert_eq!(tokens.len(), 50);
        assert!(tokens.iter().all(|token| token.len() == 86 && secret.verify(token)));
    }

    #[test]
    fn forged_tokens_are_refused() {
        let secret = CsrfSecret::of_session(&Keyring::new("secret"), &token());
        let good = secret.masked().unwrap();
        for position in [0, 1, 42, 43, 60, 84] {
            let mut bytes = good.clone().into_bytes();
            bytes[position] = if bytes[position] == b'A' { b'B' } else { b'A' };
            assert!(!secret.verify(&String::from_utf8(bytes).unwrap()), "{position}");
        }
        for forged in
            ["", "x", &good[1..], &good[..85], &format!("{good}="), &"A".repeat(86), &"A".repeat(1 << 20)]
        {
            assert!(!secret.verify(forged));
        }
    }

    #[test]
    fn rotation_keeps_open_forms_valid() {
        let session = token();
        let old = CsrfSecret::of_session(&Keyring::new("old"), &session).masked().unwrap();
        let rotated = Keyring::new("new").with_fallback("old");
        assert!(CsrfSecret::of_session(&rotated, &session).verify(&old));
        assert!(!CsrfSecret::of_session(&Keyring::new("new"), &session).verify(&old));
    }
}
