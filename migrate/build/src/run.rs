//! What `build.rs` calls.
//!
//! Replays the migrations, reads the models, compares, writes the pending
//! migration where that is allowed, and hands recorded state and findings to
//! the compiler, which proves the one and tells the other.

mod embed;
mod hand_over;
mod place;
mod steps;

use std::path::{Path, PathBuf};

use place::Surroundings;

use crate::detect::{Declared, Detection, Finding, Place, detect};
use crate::folder::{Folder, can_merge};
use crate::read::{Reading, Unread, read_crate};

/// Reads the models of the crate, writes the pending migration and tells the compiler.
///
/// Call it from `build.rs`:
///
/// ```no_run
/// nuages_build::run();
/// ```
pub fn run() {
    let surroundings = Surroundings::from_cargo();
    let out = run_in(&surroundings);
    out.lines.iter().for_each(|line| println!("{line}"));
}

/// What a run says to cargo, line by line.
#[derive(Debug, Default)]
struct Output {
    lines: Vec<String>,
}

impl Output {
    fn say(&mut self, key: &str, value: impl std::fmt::Display) {
        self.lines.push(format!("cargo::{key}={value}"));
    }

    fn watch(&mut self, path: &Path) {
        self.say("rerun-if-changed", path.display());
    }
}

fn run_in(surroundings: &Surroundings) -> Output {
    let mut out = Output::default();
    for name in ["CI", "PROFILE"] {
        out.say("rerun-if-env-changed", name);
    }
    out.watch(&surroundings.folder.join("Cargo.toml"));
    let apps = match read_crate(&surroundings.folder) {
        Ok(reading) => {
            reading.files.iter().for_each(|file| out.watch(file));
            out.say("rustc-env", format_args!("NUAGES_APP={}", reading.label));
            out.say("rustc-env", format_args!("NUAGES_TARGET={}", reading.target));
            hand_over::only(&reading.only, &mut out);
            apps(surroundings, reading, &mut out)
        }
        Err(Unread::LeftToRustc(files)) => {
            files.iter().for_each(|file| out.watch(file));
            recorded_apps(surroundings)
        }
        Err(Unread::NoTarget(text)) => {
            out.say("error", text);
            Vec::new()
        }
    };
    if let Err(error) = embed::write(surroundings, &apps) {
        out.say("error", format_args!("the migrations could not be written for `app!()`: {error}"));
    }
    out
}

/// Each app of the crate: compared, written and handed over.
fn apps(surroundings: &Surroundings, reading: Reading, out: &mut Output) -> Vec<(String, PathBuf)> {
    let Reading { label, has_app, apps, mut findings, .. } = reading;
    let mut listed = Vec::new();
    let mut told = Vec::new();
    for (app, declared) in apps {
        let path = surroundings.migrations(&app, &label);
        // Cargo runs the script each time for a folder that is not there.
        if path.is_dir() || !declared.models.is_empty() {
            out.watch(&path);
        }
        let read = findings.remove(&app).unwrap_or_default();
        told.extend(one_app(surroundings, &path, &declared, read, out));
        listed.push((app, path));
    }
    hand_over::app_findings(&told, has_app, out);
    listed
}

/// Compares one app, and gives back what belongs to `app!()`.
fn one_app(
    surroundings: &Surroundings,
    path: &Path,
    declared: &Declared,
    read: Vec<Finding>,
    out: &mut Output,
) -> Vec<String> {
    let (folder, sealed) = match Folder::load(path, &declared.app).and_then(|folder| {
        folder.history.replay().map(|state| (folder, state)).map_err(|error| error.to_string())
    }) {
        Ok(loaded) => loaded,
        Err(text) => {
            hand_over::models(declared, &read, out);
            // The command that mends it is in the program, so the program has to compile.
            if surroundings.why_read_only().is_none() && can_merge(path, &declared.app) {
                out.say("warning", text);
                return Vec::new();
            }
            return vec![text];
        }
    };
    let mut detection = detect(&sealed, declared);
    detection.findings.splice(0..0, read);
    detection.findings.extend(steps::missing(&folder, declared));
    let mut app = settle(surroundings, &folder, declared, &mut detection, out);
    hand_over::models(declared, &detection.findings, out);
    let of_app = detection.findings.into_iter().filter(|finding| finding.place == Place::App);
    app.extend(of_app.map(|finding| finding.text));
    app
}

/// Writes the pending migration, or says why it must not; gives back what belongs to `app!()`.
fn settle(
    surroundings: &Surroundings,
    folder: &Folder,
    declared: &Declared,
    detection: &mut Detection,
    out: &mut Output,
) -> Vec<String> {
    let mut app = Vec::new();
    let writable = surroundings.why_read_only();
    if surroundings.strict() {
        detection.findings.append(&mut detection.spent);
    }
    for spent in &detection.spent {
        let at = declared.source(&spent.place).map_or_else(String::new, |at| format!("{at}: "));
        out.say("warning", format_args!("{at}{}", spent.text));
    }
    if !detection.findings.is_empty() {
        return app;
    }
    match writable {
        None => {
            let written = folder
                .write_pending(std::mem::take(&mut detection.operations))
                .and_then(|_| folder.write_head());
            place::backdate(surroundings.start, folder);
            if let Err(error) = written {
                app.push(format!("the pending migration of `{}` could not be written: {error}", folder.app));
            }
        }
        Some(why) => app.extend(unsealed(folder, detection, why)),
    }
    app
}

/// Where nothing is written, a difference is an error that names the command.
fn unsealed(folder: &Folder, detection: &Detection, why: &str) -> Option<String> {
    let draft = folder.drafts().next().map(|draft| draft.name.clone());
    let label = &folder.app;
    if let Some(first) = detection.operations.first() {
        let more = match detection.operations.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        return Some(format!(
            "the models of `{label}` are ahead of its sealed migrations ({}{more}), and nothing is written {why}: run \
             `cargo run -- makemigrations` in a debug build and commit the files",
            first.describe()
        ));
    }
    draft.map(|name| {
        format!(
            "migration {label}.{name} is not sealed: run `cargo run -- makemigrations` and commit the file"
        )
    })
}

/// The apps whose migrations lie in the crate's folder, for when its source cannot be read.
fn recorded_apps(surroundings: &Surroundings) -> Vec<(String, PathBuf)> {
    let own = surroundings.own_label();
    let mut apps = vec![(own.clone(), surroundings.migrations(&own, &own))];
    let entries = std::fs::read_dir(surroundings.folder.join("migrations")).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| entry.path().is_dir()) {
        apps.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
    }
    apps.sort();
    apps
}

#[cfg(test)]
mod tests;
