//! The web layer, through the router and through the real accept loop.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    unreachable_pub,
    reason = "a test stops at the first surprise, and one view has to panic"
)]

mod accept;
mod client;
mod pages;
mod project;
mod routes;
mod site;
mod stack;
