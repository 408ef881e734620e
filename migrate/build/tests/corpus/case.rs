//! One case: a crate in a temporary folder, sealed before and built after.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use nuages_build::detect::{Declared, Detection, Place, detect};
use nuages_build::file::Migration;
use nuages_build::folder::Folder;
use nuages_build::lint::lint;
use nuages_build::read::{Reading, read_crate};

use super::FOLDER;

/// The app's label, and the package's name.
pub(crate) const APP: &str = "shop";

/// A pair of sources.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Case {
    /// The file after the change.
    path: PathBuf,
}

/// A crate in a folder of its own, which goes when it is dropped.
pub(crate) struct Crate {
    pub(crate) folder: PathBuf,
}

impl Drop for Crate {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Case {
    /// Every case, in the order of names.
    pub(crate) fn all() -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER);
        let mut cases: Vec<Self> = entries(&folder)
            .iter()
            .filter(|topic| topic.is_dir())
            .flat_map(|topic| entries(topic))
            .filter(|path| path.extension().is_some_and(|end| end == "rs") && !is_before(path))
            .map(|path| Self { path })
            .collect();
        cases.sort();
        cases
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn name(&self) -> String {
        let parts: Vec<String> =
            self.path.iter().rev().take(2).map(|part| part.to_string_lossy().into_owned()).collect();
        format!("{}/{}", parts[1], parts[0])
    }

    /// Whether the case is built as in continuous integration, where nothing is written.
    pub(crate) fn in_ci(&self) -> bool {
        fs::read_to_string(&self.path).is_ok_and(|text| text.starts_with("// built where `CI` is set"))
    }

    /// The file beside it with another ending.
    pub(crate) fn file(&self, end: &str) -> PathBuf {
        self.path.with_extension(end)
    }

    /// The crate, with the models before the change sealed and those after it in its source.
    pub(crate) fn prepare(&self, target: &str) -> Crate {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("nuages-corpus-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("src")).unwrap();
        let manifest =
            format!("[package]\nname = \"{APP}\"\n\n[[bin]]\nname = \"{target}\"\npath = \"src/main.rs\"\n");
        fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        let one = Crate { folder };
        fs::copy(self.file("before.rs"), one.folder.join("src/main.rs")).unwrap();
        one.seal(&self.name());
        fs::copy(&self.path, one.folder.join("src/main.rs")).unwrap();
        one
    }

    /// What the build says: errors, warnings, operations.
    pub(crate) fn said(&self) -> String {
        let one = self.prepare(APP);
        // A file that rustc refuses is left to it, so there is nothing to say here.
        let Ok(reading) = read_crate(&one.folder) else { return "left to rustc\n".to_owned() };
        let mut said = String::new();
        let Reading { apps, mut findings, .. } = reading;
        for (app, declared) in &apps {
            let folder = Folder::load(&one.migrations(app), app).unwrap();
            let sealed = folder.history.replay().unwrap();
            let mut detection = detect(&sealed, declared);
            detection.findings.splice(0..0, findings.remove(app).unwrap_or_default());
            tell(&mut said, declared, &detection);
            if detection.findings.is_empty() {
                let pending = Migration::pending(app, folder.history.head(), detection.operations);
                for hazard in lint(&sealed, &pending) {
                    let _ = writeln!(said, "lint: {hazard}");
                }
            }
        }
        said
    }
}

impl Crate {
    fn read(&self, name: &str) -> Reading {
        read_crate(&self.folder).unwrap_or_else(|_| panic!("{name} does not read"))
    }

    fn migrations(&self, app: &str) -> PathBuf {
        let folder = self.folder.join("migrations");
        if app == APP { folder } else { folder.join(app) }
    }

    /// Seals the models that are in the source.
    fn seal(&self, name: &str) {
        let reading = self.read(name);
        for (app, declared) in &reading.apps {
            let folder = Folder::load(&self.migrations(app), app).unwrap();
            let found = detect(&folder.history.replay().unwrap(), declared);
            assert_eq!(found.findings, [], "{name}, before");
            folder.write_pending(found.operations).unwrap();
            Folder::load(&self.migrations(app), app).unwrap().seal_pending(None).unwrap();
        }
    }
}

fn tell(said: &mut String, declared: &Declared, detection: &Detection) {
    for finding in &detection.findings {
        let _ = writeln!(said, "error at {}: {}", place(declared, &finding.place), finding.text);
    }
    for spent in &detection.spent {
        let _ = writeln!(said, "warning at {}: {}", place(declared, &spent.place), spent.text);
    }
    if !detection.findings.is_empty() {
        return;
    }
    for operation in &detection.operations {
        let _ = writeln!(said, "{}: {}", declared.app, operation.describe());
    }
    if detection.operations.is_empty() {
        let _ = writeln!(said, "{}: no migration", declared.app);
    }
}

fn place(declared: &Declared, place: &Place) -> String {
    let source = declared.source(place);
    match place {
        Place::App => "app!()".to_owned(),
        Place::Model(model) => format!("{model} ({})", source.unwrap_or_default()),
        Place::Field(model, field) => format!("{model}.{field} ({})", source.unwrap_or_default()),
    }
}

fn is_before(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with(".before"))
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}
