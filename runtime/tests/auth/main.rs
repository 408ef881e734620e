//! Users, sessions and logins on every database.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod accounts;
mod permissions;
mod repair;
mod schema;
mod sessions;
mod throttle;
mod users;
