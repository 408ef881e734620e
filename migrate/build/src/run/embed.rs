//! The file that `nuages::app!()` includes: all migrations of the crate, as text in the binary.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use super::Surroundings;
use crate::folder::write_if_changed;

/// The file's name in `OUT_DIR`.
const FILE: &str = "nuages_migrations.rs";

/// Writes an expression of the type `&[(&str, &str, &[(&str, &str)])]`: label, folder, and the files with
/// name and text. The folder is empty where nothing may be written.
pub(super) fn write(surroundings: &Surroundings, apps: &[(String, PathBuf)]) -> io::Result<()> {
    // A dependency that nothing names is not linked, and its commands would be missing.
    let linked =
        if depends_on_migrator(&surroundings.folder) { "extern crate nuages_migrate as _;\n" } else { "" };
    let mut text = format!("{{\n{linked}&[\n");
    for (label, path) in apps {
        let folder = if surroundings.why_read_only().is_some() { Path::new("") } else { path };
        let _ = writeln!(text, "    ({label:?}, {folder:?}, &[");
        for (name, content) in files(path)? {
            let _ = writeln!(text, "        ({name:?}, {content:?}),");
        }
        text.push_str("    ]),\n");
    }
    text.push_str("]\n}\n");
    write_if_changed(&surroundings.out.join(FILE), &text).map(drop)
}

/// Whether the crate's manifest names `nuages-migrate` among its ordinary dependencies.
fn depends_on_migrator(folder: &Path) -> bool {
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    let manifest: toml::Table = manifest.parse().unwrap_or_default();
    let dependencies = manifest.get("dependencies").and_then(toml::Value::as_table);
    dependencies.is_some_and(|dependencies| dependencies.contains_key("nuages-migrate"))
}

/// The migrations by name, the pending one last.
fn files(path: &Path) -> io::Result<Vec<(String, String)>> {
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let numbered = name.starts_with(|c: char| c.is_ascii_digit());
        if path.extension().is_some_and(|end| end == "toml") && (numbered || name == crate::file::PENDING) {
            files.push((name, std::fs::read_to_string(&path)?));
        }
    }
    files.sort();
    Ok(files)
}
