//! Signing: values that leave the server and come back unchanged.
//!
//! A [`Keyring`] holds the project's secret and the older secrets that are
//! still accepted. Everything that is signed names its *purpose*, and each
//! purpose has a key of its own, so that a value signed for one thing is never
//! valid for another.
//!
//! ```
//! use nuages::signing::Keyring;
//! use std::time::Duration;
//!
//! let keys = Keyring::new("a secret of at least fifty characters, kept out of the code");
//! let link = keys.dumps("newsletter.unsubscribe", &("ada@example.org", 7)).unwrap();
//! let (mail, list): (String, i64) =
//!     keys.loads("newsletter.unsubscribe", &link, Some(Duration::from_secs(3 * 86_400))).unwrap();
//! assert_eq!((mail.as_str(), list), ("ada@example.org", 7));
//! assert!(keys.loads::<(String, i64)>("newsletter.subscribe", &link, None).is_err());
//! ```

mod error;
mod keyring;
mod random;
mod signer;

pub use error::SigningError;
pub use keyring::Keyring;
pub use random::{RandomError, random_bytes, random_token};
pub use signer::{Signer, TimestampSigner};

use subtle::ConstantTimeEq;

/// Compares two secrets without telling by its time where they differ.
///
/// The lengths are not secret.
#[must_use]
pub fn constant_time_eq(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}
