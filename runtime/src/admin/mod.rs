//! What `#[admin(…)]` says of a model, as plain data.
//!
//! The admin crate reads it; without that crate it is dead data. Start at
//! [`AdminOptions`].

mod action;
mod cell;
mod options;
mod path;
pub mod rows;

pub use action::{Action, ActionRequest, AdminRequest};
pub use cell::{Cell, Tone};
pub use options::{AdminOptions, Fieldset, Inline, ListColumn, OrderBy, Setting};
pub use path::{AdminPath, PathOf};
