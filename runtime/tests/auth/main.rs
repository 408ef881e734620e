//! Users, sessions and logins on every database.

mod schema;
mod sessions;
mod throttle;
