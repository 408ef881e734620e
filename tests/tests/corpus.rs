//! Cases of `migrate/build/tests/corpus` that rustc compiles with what the build script handed over, so that an error is
//! looked at where a user meets it: those with a `.stderr` file (`TRYBUILD=overwrite` refreshes it).
//!
//! The test program starts itself again: once as the build script of a case, with the environment that cargo gives to
//! one, and once as the compiler's caller, with the environment that cargo makes of what the script printed.
#![allow(missing_docs, reason = "tests")]

use std::path::{Path, PathBuf};
use std::process::Command;

#[path = "../../migrate/build/tests/corpus/case.rs"]
#[allow(dead_code, reason = "shared with the test that compiles nothing")]
mod case;

use case::{APP, Case, Crate};

/// Where the cases lie, from the folder of this package.
const FOLDER: &str = "../migrate/build/tests/corpus/cases";

/// Which part the started program plays, and the file that it compiles.
const ROLE: &str = "NUAGES_CORPUS_ROLE";

/// How the program under test is called by the test harness that it is.
const BUILD: &str = "as_the_build_script";
const COMPILE: &str = "as_the_compiler";

#[test]
fn the_error_stands_where_the_user_wrote() {
    let cases: Vec<Case> = Case::all().into_iter().filter(|case| case.file("stderr").exists()).collect();
    assert!(!cases.is_empty());
    // What stands at a field is handed over by the model's path, so those cases share a run of cargo.
    let (alone, together): (Vec<Case>, Vec<Case>) = cases.into_iter().partition(stands_alone);
    let mut failed = Vec::new();
    if !compile(&together) {
        failed.push("cases at fields and models".to_owned());
    }
    failed.extend(alone.iter().filter(|case| !compile(std::slice::from_ref(case))).map(Case::name));
    assert!(failed.is_empty(), "see above: {failed:?}");
}

/// The name of the crate that was read is handed over under one name for all.
///
/// What stands at `app!()` is so too, and every crate below the case would tell it as its own: the unit tests of the
/// build hold those texts.
fn stands_alone(case: &Case) -> bool {
    case.name().starts_with("recorded/")
}

/// Compiles cases in one go, each a program of its own name, as `trybuild` names them.
fn compile(cases: &[Case]) -> bool {
    let mut environment: Vec<(String, String)> = Vec::new();
    let mut kept: Vec<Crate> = Vec::new();
    for (at, case) in cases.iter().enumerate() {
        let one = case.prepare(&format!("trybuild{at:03}"));
        environment.extend(build_script(&one, case.in_ci()));
        environment.push(("OUT_DIR".to_owned(), one.folder.join("out").display().to_string()));
        kept.push(one);
    }
    let files: Vec<String> = cases.iter().map(|case| case.path().display().to_string()).collect();
    let mut compiler = again(COMPILE);
    compiler.env(ROLE, files.join(":")).envs(environment);
    compiler.status().unwrap().success()
}

/// Runs the build script as cargo does, and gives back the environment that it asks for.
fn build_script(one: &Crate, ci: bool) -> Vec<(String, String)> {
    let out = one.folder.join("out");
    std::fs::create_dir_all(&out).unwrap();
    let mut script = again(BUILD);
    script
        .env(ROLE, "build")
        .env("CARGO_MANIFEST_DIR", &one.folder)
        .env("OUT_DIR", &out)
        .env("CARGO_PKG_NAME", APP)
        .env("PROFILE", "debug")
        .arg("--nocapture");
    if ci {
        script.env("CI", "true")
    } else {
        script.env_remove("CI")
    };
    let output = script.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    // The harness writes in front of the first line that the script prints.
    let lines = text.lines().filter_map(|line| Some(&line[line.find("cargo::rustc-env=")? + 17..]));
    lines
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

fn again(test: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test]);
    command
}

fn role() -> Option<String> {
    std::env::var(ROLE).ok()
}

#[test]
fn as_the_build_script() {
    if role().as_deref() == Some("build") {
        nuages_build::run();
    }
}

#[test]
fn as_the_compiler() {
    let Some(files) = role().filter(|role| role != "build") else { return };
    let cases = trybuild::TestCases::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in files.split(':').filter(|file| !file.is_empty()) {
        let file = PathBuf::from(file);
        // From the crate's folder, so that the messages name no folder of this machine.
        cases.compile_fail(file.strip_prefix(root).unwrap_or(&file));
    }
}
