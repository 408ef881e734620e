//! The files inside the binary: named after their content, so that browsers may keep them for ever.

use std::fmt::Write;

/// A file that the admin serves.
pub struct Asset {
    /// What it is called without its hash.
    stem: &'static str,
    /// The end of its name.
    extension: &'static str,
    /// The media type.
    pub media_type: &'static str,
    /// What is in it.
    pub content: &'static str,
    hash: u64,
}

/// The stylesheet.
pub static STYLE: Asset =
    Asset::new("admin", "css", "text/css; charset=utf-8", include_str!("../assets/admin.css"));
/// The script.
pub static SCRIPT: Asset =
    Asset::new("admin", "js", "text/javascript; charset=utf-8", include_str!("../assets/admin.js"));
/// The drawings.
pub static ICONS: Asset = Asset::new("icons", "svg", "image/svg+xml", include_str!("../assets/icons.svg"));
/// The picture in the browser's tab.
pub static FAVICON: Asset =
    Asset::new("favicon", "svg", "image/svg+xml", include_str!("../assets/favicon.svg"));

/// Every file.
pub static ALL: [&Asset; 4] = [&STYLE, &SCRIPT, &ICONS, &FAVICON];

impl Asset {
    const fn new(
        stem: &'static str,
        extension: &'static str,
        media_type: &'static str,
        content: &'static str,
    ) -> Self {
        Self { stem, extension, media_type, content, hash: fnv(content.as_bytes()) }
    }

    /// The name with the hash, such as `admin-0123456789abcdef.css`.
    #[must_use]
    pub fn name(&self) -> String {
        let mut name = String::from(self.stem);
        // Writing into a String cannot fail.
        let _ = write!(name, "-{:016x}.{}", self.hash, self.extension);
        name
    }
}

/// The file of this name, if there is one.
#[must_use]
pub fn find(name: &str) -> Option<&'static Asset> {
    ALL.into_iter().find(|asset| asset.name() == name)
}

/// FNV-1a: tells contents apart, and nothing depends on it being hard to invert.
const fn fnv(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::{ALL, find};

    #[test]
    fn names_lead_back_to_files() {
        for asset in ALL {
            assert!(std::ptr::eq(find(&asset.name()).expect("a file has its own name"), asset));
        }
        assert!(find("admin.css").is_none());
    }
}
