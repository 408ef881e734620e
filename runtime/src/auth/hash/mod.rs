//! Password hashing: argon2id for new passwords, Django's stored forms accepted and upgraded.
//!
//! ```
//! # async fn example() -> Result<(), nuages::auth::hash::HashError> {
//! use nuages::auth::hash::PasswordHasher;
//!
//! let hasher = PasswordHasher::shared();
//! let stored = hasher.hash("correct horse battery staple").await?;
//! assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
//! assert!(hasher.verify("correct horse battery staple", &stored).await?.matches);
//! # Ok(())
//! # }
//! ```
//!
//! What may be stored, and what becomes of it:
//!
//! | stored | made by | verified | replaced at the next login |
//! |---|---|---|---|
//! | `$argon2id$v=19$m=…,t=…,p=…$salt$hash` | Nuages | yes | when the parameters are not today's |
//! | `argon2$argon2id$…`, `argon2$argon2i$…` | Django | yes | yes |
//! | `pbkdf2_sha256$iterations$salt$hash`, `pbkdf2_sha1$…` | Django | yes | yes |
//! | `scrypt$N$salt$r$p$hash` | Django | yes | yes |
//! | `bcrypt_sha256$$2b$12$…`, `bcrypt$$2b$12$…` | Django | yes | yes |
//! | `!…` | either | never matches | no |
//! | anything else | | never matches | no |

mod error;
mod foreign;
mod gate;
mod hasher;
mod stored;

pub use error::HashError;
pub use hasher::{PasswordHasher, Verification};
pub use stored::{is_usable, unusable};

/// Longer passwords are refused before anything is computed. Nothing is ever cut off.
pub const MAX_PASSWORD_BYTES: usize = 4096;
