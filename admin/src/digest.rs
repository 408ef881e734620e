//! What a page remembers of what it showed: a hash that is the same in every process and every version.
//! (The standard library's hasher promises neither, and two processes of one site may be of different versions.)

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// A hash over texts in order.
#[derive(Clone)]
pub(crate) struct Digest(Sha256);

impl Digest {
    /// Of nothing yet.
    pub(crate) fn new() -> Self {
        Self(Sha256::new())
    }

    /// And of this text. Its length goes in too, so that no text can be taken for the end of one and the start of the next.
    pub(crate) fn with(mut self, text: &str) -> Self {
        self.0.update((text.len() as u64).to_be_bytes());
        self.0.update(text);
        self
    }

    /// In full.
    pub(crate) fn whole(self) -> String {
        hex(&self.0.finalize())
    }

    /// Half of it, for one of many fields of a form.
    pub(crate) fn short(self) -> String {
        hex(&self.0.finalize()[..16])
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a text does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::Digest;

    #[test]
    fn it_is_what_every_version_makes_of_it() {
        let one = Digest::new().with("ab").with("c").short();
        assert_eq!(one, ONE);
        assert_ne!(one, Digest::new().with("a").with("bc").short(), "where a text ends counts");
        assert_eq!(Digest::new().whole().len(), 64);
    }

    const ONE: &str = "601d5476e2ccfe2c87a2bba7a3226597";
}
