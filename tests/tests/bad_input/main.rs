//! Bad input, end to end against the whole stack, on every database: each is answered clearly, nothing is
//! lost, nothing is a fault of ours (no 500), and the log has nothing above `info`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod addresses;
mod bodies;
mod forgery;
mod site;
mod values;
mod wire;
