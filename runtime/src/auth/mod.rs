//! Who is asking, and what they may do: users, passwords, permissions, login and logout.

pub mod hash;
pub mod validators;
