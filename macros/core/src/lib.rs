//! How Nuages reads attributes: attribute -> checked model -> {expansion, facts for the build}.
//!
//! The folders are the stages, and a stage sees only the one before it:
//! [`attr`] reads options and keeps the token of each, [`model`] checks them
//! and holds the facts, `expand` writes Rust and cannot fail, `fallback`
//! writes what stands in for it after an error.
//!
//! The proc macros and the build script both call this crate, so they cannot
//! read the same source differently. Start at [`model::Model::from_derive_input`].

pub mod attr;
mod entry;
pub mod error;
pub mod model;
pub mod symbol;

mod expand;
mod fallback;
mod message;
mod nearest;

pub use entry::*;
pub use error::Errors;
