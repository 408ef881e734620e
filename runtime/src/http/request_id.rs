//! The id of a request: in the log, in a header, and on error pages.

use std::cell::Cell;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Sixteen hexadecimal digits that name one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RequestId(u64);

impl RequestId {
    /// A new id. It is unique in this process and unlikely in another; it is no secret.
    pub(crate) fn new() -> Self {
        static START: OnceLock<u64> = OnceLock::new();
        let start = *START.get_or_init(|| RandomState::new().hash_one(std::process::id()));
        let count = count();
        // An odd factor maps counts to distinct ids that do not look alike.
        Self(start.wrapping_add(count.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    /// The digits, without an allocation.
    #[must_use]
    pub fn digits(self) -> [u8; 16] {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let mut digits = [0; 16];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(self.0.to_be_bytes()) {
            pair[0] = HEX[usize::from(byte >> 4)];
            pair[1] = HEX[usize::from(byte & 15)];
        }
        digits
    }
}

/// A number that no other request of this process has. Threads take them in blocks, so that they do not wait
/// for each other.
fn count() -> u64 {
    const BLOCK: u64 = 1024;
    static NEXT_BLOCK: AtomicU64 = AtomicU64::new(0);
    thread_local! {
        static NEXT: Cell<u64> = const { Cell::new(0) };
    }
    let mut next = NEXT.get();
    if next.is_multiple_of(BLOCK) {
        next = NEXT_BLOCK.fetch_add(BLOCK, Ordering::Relaxed);
    }
    NEXT.set(next + 1);
    next
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_differ_and_have_sixteen_digits() {
        let ids: std::collections::HashSet<_> = (0..1000).map(|_| RequestId::new().to_string()).collect();
        assert!(ids.len() == 1000 && ids.iter().all(|id| id.len() == 16));
        let id = RequestId::new();
        assert_eq!(id.to_string().as_bytes(), id.digits());
    }
}
