//! The texts of statements, each kept once.
//!
//! A program has few shapes of statements and sends them again and again. A text is written into a buffer of the
//! thread, looked up, and is `&'static` from then on: nothing is allocated for it, and the driver copies nothing.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Mutex, PoisonError};

/// Longer texts are not kept: they are lists of values more often than shapes.
const LONGEST: usize = 4096;
/// So many texts are kept, and no more, so that a program that makes texts without end does not fill the memory.
const MOST: usize = 4096;

type Texts = HashSet<&'static str, BuildHasherDefault<TextHasher>>;

static ALL: Mutex<Texts> = Mutex::new(HashSet::with_hasher(BuildHasherDefault::new()));

thread_local! {
    /// What this thread has seen of `ALL`, so that threads do not wait for each other.
    static SEEN: RefCell<Texts> = const { RefCell::new(HashSet::with_hasher(BuildHasherDefault::new())) };
    static BUFFER: Cell<String> = const { Cell::new(String::new()) };
}

/// An empty buffer; given back by [`finish`].
pub(crate) fn buffer() -> String {
    let buffer = BUFFER.take();
    debug_assert!(buffer.is_empty());
    buffer
}

/// The text that was written into a buffer.
pub(crate) fn finish(mut text: String) -> Cow<'static, str> {
    match known(&text) {
        Some(known) => {
            text.clear();
            BUFFER.set(text);
            Cow::Borrowed(known)
        }
        None => Cow::Owned(text),
    }
}

fn known(text: &str) -> Option<&'static str> {
    if text.len() > LONGEST {
        return None;
    }
    SEEN.with_borrow_mut(|seen| {
        if let Some(known) = seen.get(text) {
            return Some(*known);
        }
        let known = keep(text)?;
        seen.insert(known);
        Some(known)
    })
}

#[cold]
fn keep(text: &str) -> Option<&'static str> {
    let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = all.get(text) {
        return Some(*known);
    }
    if all.len() >= MOST {
        return None;
    }
    let text: &'static str = Box::leak(Box::from(text));
    all.insert(text);
    Some(text)
}

/// Fast for texts of some hundred bytes. They are written by the program, and their number is bounded, so nobody
/// gains anything by making them collide.
#[derive(Default)]
struct TextHasher(u64);

impl TextHasher {
    fn add(&mut self, word: u64) {
        // The factor is that of the golden ratio: odd, and without a pattern.
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for TextHasher {
    fn write(&mut self, bytes: &[u8]) {
        let mut words = bytes.chunks_exact(8);
        for word in &mut words {
            self.add(u64::from_le_bytes(word.try_into().unwrap_or_default()));
        }
        let mut last = [0; 8];
        let rest = words.remainder();
        last[..rest.len()].copy_from_slice(rest);
        self.add(u64::from_le_bytes(last));
        self.add(bytes.len() as u64);
    }

    fn finish(&self) -> u64 {
        // The upper bits are the mixed ones.
        self.0 ^ (self.0 >> 32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_one() {
        let write = |text: &str| {
            let mut buffer = buffer();
            buffer.push_str(text);
            finish(buffer)
        };
        let (first, second) = (write("SELECT 1 AS one"), write("SELECT 1 AS one"));
        let (Cow::Borrowed(first), Cow::Borrowed(second)) = (first, second) else { panic!("not kept") };
        assert!(std::ptr::eq(first, second));
        assert_eq!(write("SELECT 1 AS two"), "SELECT 1 AS two");
        let other = std::thread::spawn(|| {
            let mut buffer = buffer();
            buffer.push_str("SELECT 1 AS one");
            finish(buffer)
        });
        assert!(matches!(other.join().unwrap(), Cow::Borrowed(text) if std::ptr::eq(text, first)));
    }

    #[test]
    fn long_texts_are_not_kept() {
        let mut buffer = buffer();
        buffer.push_str(&"x".repeat(LONGEST + 1));
        assert!(matches!(finish(buffer), Cow::Owned(_)));
    }
}
