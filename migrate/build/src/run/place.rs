//! Where the build runs, and whether it may write there.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::file::PENDING;
use crate::folder::Folder;

/// What cargo tells a build script of its surroundings.
#[derive(Clone, Debug)]
pub(super) struct Surroundings {
    /// The folder of the crate's manifest.
    pub(super) folder: PathBuf,
    /// Where generated files go.
    pub(super) out: PathBuf,
    /// The name of the package.
    pub(super) package: String,
    /// Whether the profile is release.
    pub(super) release: bool,
    /// Whether `CI` is set.
    pub(super) ci: bool,
    /// When the script started.
    pub(super) start: SystemTime,
}

impl Surroundings {
    pub(super) fn from_cargo() -> Self {
        let text = |name| std::env::var(name).unwrap_or_default();
        Self {
            folder: PathBuf::from(text("CARGO_MANIFEST_DIR")),
            out: PathBuf::from(text("OUT_DIR")),
            package: text("CARGO_PKG_NAME"),
            release: text("PROFILE") == "release",
            ci: !matches!(text("CI").as_str(), "" | "0" | "false"),
            start: SystemTime::now(),
        }
    }

    /// Whether consents that are done are errors.
    pub(super) fn strict(&self) -> bool {
        self.ci || self.release
    }

    pub(super) fn own_label(&self) -> String {
        self.package.replace('-', "_")
    }

    /// The folder of an app's migrations: the crate's own app has the folder to itself, others a folder inside.
    pub(super) fn migrations(&self, app: &str, own: &str) -> PathBuf {
        let folder = self.folder.join("migrations");
        if app == own { folder } else { folder.join(app) }
    }

    /// Why nothing may be written, in words that follow "nothing is written"; `None` where it may.
    pub(super) fn why_read_only(&self) -> Option<&'static str> {
        if self.ci {
            return Some("where `CI` is set");
        }
        if self.release {
            return Some("in a release build");
        }
        if is_packaged(&self.folder) {
            return Some("into a packaged or vendored crate");
        }
        let read_only = std::fs::metadata(&self.folder).is_ok_and(|data| data.permissions().readonly());
        read_only.then_some("into a folder that is read-only")
    }
}

/// `target/package`, `vendor`, or a registry's sources.
fn is_packaged(folder: &Path) -> bool {
    let parts: Vec<_> = folder.iter().map(|part| part.to_string_lossy()).collect();
    let pair = |first: &str, second: &str| parts.windows(2).any(|two| two[0] == first && two[1] == second);
    let vendored = folder.join(".cargo-checksum.json").exists() || folder.join(".cargo-ok").exists();
    vendored || pair("target", "package") || pair("registry", "src") || pair("git", "checkouts")
}

/// Lets what the script wrote look older than its start: cargo runs a script again when a file that it
/// watches is newer, and the user's crate would be compiled a second time for nothing.
pub(super) fn backdate(start: SystemTime, folder: &Folder) {
    let Some(before) = start.checked_sub(Duration::from_secs(1)) else { return };
    for path in [folder.file(PENDING), folder.path.join("head"), folder.path.clone()] {
        let newer = std::fs::metadata(&path).and_then(|data| data.modified()).is_ok_and(|time| time >= start);
        if newer && let Ok(file) = File::open(&path) {
            // A time that cannot be set costs a second build and nothing else.
            let _ = file.set_modified(before);
        }
    }
}
