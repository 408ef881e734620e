//! The models of the behaviour suite: each is there for a feature, and says which.

mod composite;
mod constraints;
mod groups;
mod kinds;
mod library;
mod options;
mod rules;

pub use composite::*;
pub use constraints::*;
pub use groups::*;
pub use kinds::*;
pub use library::*;
pub use options::*;
pub use rules::*;
