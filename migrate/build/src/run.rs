//! What `build.rs` calls.

/// Reads the models of the crate, and writes the pending migration.
pub fn run() {}
