//! The state is complete: what every crate of this tree stored leads to its models, is written as it was read, and
//! comes to the same in short form.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::path::{Path, PathBuf};

use nuages_build::detect::detect;
use nuages_build::file::Migration;
use nuages_build::folder::Folder;
use nuages_build::optimize;
use nuages_build::read::read_crate;
use nuages_build::state::{ModelRef, ProjectState, apply};

/// The crates of this tree that have migrations.
fn crates() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let known = ["runtime", "admin", "tests", "examples/hello", "examples/bookshop", "examples/legacy"];
    known.iter().map(|name| root.join(name)).filter(|path| path.join("migrations").is_dir()).collect()
}

/// Each app of each crate, with what it stored.
fn each_app(mut look: impl FnMut(&str, &Folder, &nuages_build::detect::Declared)) {
    let mut apps = 0;
    for folder in crates() {
        let reading = read_crate(&folder).unwrap_or_else(|_| panic!("{} does not read", folder.display()));
        for (app, declared) in &reading.apps {
            let path = folder.join("migrations");
            let path = if *app == reading.label { path } else { path.join(app) };
            look(app, &Folder::load(&path, app).unwrap(), declared);
            apps += 1;
        }
    }
    assert!(apps >= 5, "only {apps} apps were found");
}

#[test]
fn what_is_stored_leads_to_the_models() {
    each_app(|app, folder, declared| {
        let sealed = folder.history.replay().unwrap();
        let found = detect(&sealed, declared);
        assert_eq!((found.findings, found.operations), (Vec::new(), Vec::new()), "{app}");
        assert_eq!(sealed.models().count(), declared.models.len(), "{app}");
        for model in &declared.models {
            let name = ModelRef::new(app, &model.state.name);
            assert!(sealed.model(&name).is_some_and(|stored| stored.same(&model.state)), "{name}");
        }
    });
}

#[test]
fn what_is_written_is_what_was_read() {
    each_app(|app, folder, _| {
        for migration in folder.history.migrations() {
            let again = Migration::parse(app, &migration.name, &migration.text()).unwrap();
            assert_eq!(again, *migration, "{}", migration.label());
            assert_eq!(again.checksum(), migration.checksum());
        }
    });
}

#[test]
fn the_short_form_leads_there_too_and_back() {
    each_app(|app, folder, _| {
        let all: Vec<_> = folder.history.migrations().iter().flat_map(|one| one.operations.clone()).collect();
        let short = optimize(app, all.clone());
        assert!(short.len() <= all.len());
        let mut state = ProjectState::new();
        let mut back = Vec::new();
        for operation in &short {
            // What a user wrote may have no way back.
            back.extend(operation.reverse(app, &state).into_iter().rev());
            apply(&mut state, app, operation).unwrap();
        }
        assert!(state.same(&folder.history.replay().unwrap()), "{app}");
        for operation in back.into_iter().rev().flatten() {
            apply(&mut state, app, &operation).unwrap();
        }
        assert_eq!(state.models().count(), 0, "{app}");
    });
}
