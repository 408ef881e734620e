//! Every feature on every database that is there, through `nuages::test` and nothing else.

mod transactions;
