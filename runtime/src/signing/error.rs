//! Why a signed value was refused.

use std::fmt;

/// Why a signed value could not be made or was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SigningError {
    /// It does not look like anything that was signed here.
    Malformed,
    /// The signature is not ours, or was made for another purpose.
    BadSignature,
    /// It was signed by us, but longer ago than allowed.
    Expired,
    /// The signature is right, but the value is not of the type asked for.
    WrongType(String),
}

impl fmt::Display for SigningError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => f.write_str("the value is not a signed value"),
            Self::BadSignature => f.write_str("the signature does not match"),
            Self::Expired => f.write_str("the signed value is too old"),
            Self::WrongType(why) => write!(f, "the signed value is of another type: {why}"),
        }
    }
}

impl std::error::Error for SigningError {}
