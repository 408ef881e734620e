//! What must not compile, by topic: each file is one mistake, and its `.stderr` the one message that names the fix.
//!
//! After a change of a message look at the new files before keeping them:
//! `TRYBUILD=overwrite cargo test -p nuages-tests --test compile_fail`.
#![allow(missing_docs, reason = "tests")]

#[test]
fn mistakes_are_told_once_and_with_the_fix() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/*/*.rs");
}
