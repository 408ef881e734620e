//! The Chinook store as it is on PostgreSQL, whose script spells its tables in snake case.

pub mod models;

nuages::app!(only(postgres));
