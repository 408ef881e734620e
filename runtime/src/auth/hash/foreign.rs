//! What Django stores beside argon2: PBKDF2, scrypt and bcrypt, each with a word before it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use scrypt::Params;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Django 6.1 makes 1.5 million.
const MAX_ITERATIONS: u32 = 5_000_000;
const SHA256_BYTES: usize = 32;
const SHA1_BYTES: usize = 20;
/// 128 MiB; Django's default is 16.
const MAX_SCRYPT_KIB: u64 = 128 * 1024;
/// Memory times lanes: eight times Django's default work.
const MAX_SCRYPT_WORK_KIB: u64 = 640 * 1024;
/// What the lanes hold beside that; Django's default is 5.
const MAX_SCRYPT_BLOCKS_KIB: u64 = 1024;
/// Django's default is 5.
const MAX_SCRYPT_LANES: u32 = 64;
/// Django's default is 12; each step doubles the time.
const MAX_BCRYPT_COST: u32 = 15;

/// A hash that Django made, taken apart.
#[derive(Debug, PartialEq)]
pub(super) enum ForeignHash {
    /// 32 bytes of SHA-256, or 20 of SHA-1.
    Pbkdf2 {
        iterations: u32,
        salt: String,
        hash: Vec<u8>,
    },
    Scrypt {
        params: Params,
        salt: String,
        hash: Vec<u8>,
    },
    /// `hash` is in bcrypt's own form. It takes the first 72 bytes of a password; with `sha256` the
    /// password goes through that first, so that every byte counts.
    Bcrypt {
        sha256: bool,
        hash: String,
    },
}

impl ForeignHash {
    /// Reads `word$…`; `None` if the word is another or what follows is out of bounds.
    pub(super) fn parse(stored: &str) -> Option<Self> {
        let (word, rest) = stored.split_once('$')?;
        match word {
            "pbkdf2_sha256" => pbkdf2(rest, SHA256_BYTES),
            "pbkdf2_sha1" => pbkdf2(rest, SHA1_BYTES),
            "scrypt" => scrypt_params(rest),
            "bcrypt_sha256" => bcrypt_form(rest, true),
            "bcrypt" => bcrypt_form(rest, false),
            _ => None,
        }
    }

    /// How many KiB it takes to compare a password with it.
    pub(super) fn memory_kib(&self) -> u32 {
        match self {
            Self::Scrypt { params, .. } => {
                u32::try_from(scrypt_kib(params.n(), params.r())).unwrap_or(u32::MAX)
            }
            Self::Pbkdf2 { .. } | Self::Bcrypt { .. } => 0,
        }
    }

    /// Hashes the password as this one was hashed, and compares in constant time.
    pub(super) fn matches(&self, password: &[u8]) -> bool {
        match self {
            Self::Pbkdf2 { iterations, salt, hash } => {
                let mut found = vec![0; hash.len()];
                if hash.len() == SHA1_BYTES {
                    pbkdf2::pbkdf2_hmac::<Sha1>(password, salt.as_bytes(), *iterations, &mut found);
                } else {
                    pbkdf2::pbkdf2_hmac::<Sha256>(password, salt.as_bytes(), *iterations, &mut found);
                }
                found.ct_eq(hash).into()
            }
            Self::Scrypt { params, salt, hash } => {
                let mut found = [0; 64];
                let done = scrypt::scrypt(password, salt.as_bytes(), params, &mut found);
                done.is_ok() && bool::from(found.ct_eq(hash))
            }
            Self::Bcrypt { sha256: true, hash } => {
                let digest = Sha256::digest(password);
                let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
                bcrypt::verify(hex, hash).unwrap_or(false)
            }
            Self::Bcrypt { sha256: false, hash } => bcrypt::verify(password, hash).unwrap_or(false),
        }
    }
}

/// `iterations$salt$hash`.
fn pbkdf2(text: &str, bytes: usize) -> Option<ForeignHash> {
    let parts: Vec<&str> = text.split('$').collect();
    let [iterations, salt, hash] = parts[..] else { return None };
    let iterations = iterations.parse().ok().filter(|n| (1..=MAX_ITERATIONS).contains(n))?;
    let hash = STANDARD.decode(hash).ok().filter(|hash| hash.len() == bytes)?;
    let salt = Some(salt).filter(|salt| !salt.is_empty())?.to_owned();
    Some(ForeignHash::Pbkdf2 { iterations, salt, hash })
}

/// `N$salt$r$p$hash`.
fn scrypt_params(text: &str) -> Option<ForeignHash> {
    let parts: Vec<&str> = text.split('$').collect();
    let [n, salt, r, p, hash] = parts[..] else { return None };
    let (n, r, p): (u64, u32, u32) = (n.parse().ok()?, r.parse().ok()?, p.parse().ok()?);
    let memory = scrypt_kib(n, r);
    // Each lane has a block of 128 bytes times r whatever N is, so that a small N does not make lanes free.
    let blocks = u64::from(r).saturating_mul(u64::from(p)) / 8;
    let bounded = memory <= MAX_SCRYPT_KIB
        && memory.saturating_mul(u64::from(p)) <= MAX_SCRYPT_WORK_KIB
        && blocks <= MAX_SCRYPT_BLOCKS_KIB
        && p <= MAX_SCRYPT_LANES;
    if !(n.is_power_of_two() && n > 1 && bounded) {
        return None;
    }
    let params = Params::new(u8::try_from(n.ilog2()).ok()?, r, p).ok()?;
    let hash = STANDARD.decode(hash).ok().filter(|hash| hash.len() == 64)?;
    let salt = Some(salt).filter(|salt| !salt.is_empty())?.to_owned();
    Some(ForeignHash::Scrypt { params, salt, hash })
}

/// 128 bytes times N times r.
fn scrypt_kib(n: u64, r: u32) -> u64 {
    n.saturating_mul(u64::from(r)) / 8
}

/// `$2b$12$…`, 60 characters.
fn bcrypt_form(text: &str, sha256: bool) -> Option<ForeignHash> {
    let (_, rest) = text.strip_prefix("$2")?.split_once('$')?;
    let cost: u32 = rest.split_once('$')?.0.parse().ok()?;
    let fits = text.len() == 60 && text.is_ascii() && (4..=MAX_BCRYPT_COST).contains(&cost);
    fits.then(|| ForeignHash::Bcrypt { sha256, hash: text.to_owned() })
}
