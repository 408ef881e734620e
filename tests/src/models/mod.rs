//! The models of the behaviour suite: each is there for a feature, and says which.

mod kinds;
mod library;
mod rules;

pub use kinds::*;
pub use library::*;
pub use rules::*;
