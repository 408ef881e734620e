//! Relations, deletions, signals and transactions on every database, on models with every rule.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
#![allow(missing_docs, unreachable_pub, reason = "models of a test")]

mod attacks;
mod collector;
mod generic;
mod locks;
mod receivers;
mod related;
mod rules;
mod several;
mod signals;
mod startup;
mod unique;
mod writes;
