//! Who is asking, and what they may do: users, passwords, permissions, login and logout.

pub mod hash;
mod throttle;
pub mod validators;

pub use throttle::{Attempt, ThrottleSettings};
