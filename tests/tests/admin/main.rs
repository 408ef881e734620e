//! The admin through the router, on every database: pages, permissions, lists, forms, deletion, history.
#![allow(
    unreachable_pub,
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod attack;
mod composite;
mod conflict;
mod deletion;
mod files;
mod forms;
mod history;
mod hostile;
mod inlines;
mod lists;
mod names;
mod options;
mod pages;
mod permissions;
mod rights;
mod said;
mod slow;
mod stage;
mod to_many;
