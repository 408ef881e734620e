//! The admin through the router, on every database: pages, permissions, lists, forms, deletion, history.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod conflict;
mod deletion;
mod forms;
mod hostile;
mod inlines;
mod lists;
mod pages;
mod permissions;
mod stage;
