//! The Chinook store as it is, on SQLite or MySQL: its admin browses and edits a database that was there before.

pub mod models;

nuages::app!(only(sqlite, mysql));
