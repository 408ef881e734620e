//! The admin: every model that a project lists, browsable and editable.
//!
//! It reads the static schemas and dynamic rows, never Rust types of the
//! user, and carries its templates, stylesheet, script and drawings inside
//! the binary.

pub mod assets;
pub mod page;
