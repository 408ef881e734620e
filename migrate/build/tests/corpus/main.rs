//! Pairs of models, before and after, that may lose rows, need a word, or lock a table: what the build says to each.
//!
//! A case is `cases/<topic>/<name>.before.rs` and `<name>.rs`; `<name>.said` holds what the build says.
//! After a change look at the new files before keeping them:
//! `NUAGES_OVERWRITE=1 cargo test -p nuages-build --test corpus`.
//!
//! Where `<name>.stderr` stands beside a case, the test of the same name in `nuages-tests` has it compiled with what the
//! build script hands over.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

#[allow(dead_code, reason = "shared with the test that compiles the cases")]
mod case;

use case::Case;

/// Where the cases lie, from the folder of the package under test.
const FOLDER: &str = "tests/corpus/cases";

#[test]
fn the_build_says_what_it_said() {
    let overwrite = std::env::var_os("NUAGES_OVERWRITE").is_some();
    let cases = Case::all();
    assert!(cases.len() >= 60, "only {} cases were found", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        let said = case.said();
        if overwrite {
            std::fs::write(case.file("said"), &said).unwrap();
        } else if std::fs::read_to_string(case.file("said")).ok().as_ref() != Some(&said) {
            wrong.push(format!("{}:\n{said}", case.name()));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} cases say something else:\n\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

/// The rest of a case is not worth much if its models could never be written down.
#[test]
fn what_a_case_says_is_said_once() {
    for case in Case::all() {
        let said = case.said();
        let mut lines: Vec<&str> = said.lines().filter(|line| line.starts_with("error")).collect();
        lines.sort_unstable();
        let count = lines.len();
        lines.dedup();
        assert_eq!(count, lines.len(), "{}: {said}", case.name());
    }
}
