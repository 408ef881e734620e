//! Why a password could not be hashed.

use crate::signing::RandomError;
use std::fmt;

/// Why a password could not be hashed or compared. A wrong password is not an error.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HashError {
    /// The password is longer than [`MAX_PASSWORD_BYTES`](super::MAX_PASSWORD_BYTES).
    TooLong,
    /// The operating system gave no random salt.
    Random,
    /// The hash function refused its parameters, or the task that ran it is gone.
    Failed(String),
}

impl fmt::Display for HashError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => {
                write!(f, "the password is longer than {} bytes", super::MAX_PASSWORD_BYTES)
            }
            Self::Random => RandomError.fmt(f),
            Self::Failed(why) => write!(f, "the password could not be hashed: {why}"),
        }
    }
}

impl std::error::Error for HashError {}

impl From<RandomError> for HashError {
    fn from(_: RandomError) -> Self {
        Self::Random
    }
}
