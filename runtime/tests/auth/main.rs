//! Users, sessions and logins on every database.

mod accounts;
mod permissions;
mod schema;
mod sessions;
mod throttle;
mod users;
