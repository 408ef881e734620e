//! Every feature on every database that is there, through `nuages::test` and nothing else.
#![allow(
    clippy::unwrap_used,
    clippy::cloned_ref_to_slice_refs,
    reason = "a test stops at the first surprise"
)]

mod aggregates;
mod composite;
mod constraints;
mod deletion;
mod edges;
mod errors;
mod files;
mod filters;
mod groups;
mod kinds;
mod lists;
mod loading;
mod options;
mod reading;
mod relations;
mod repeats;
mod rows;
mod shelf;
mod transactions;
mod writing;

use nuages::prelude::*;
use nuages::test::{self, TestSite};

/// Runs a test on every database, on the tables of the suite's models.
async fn each(run: impl AsyncFn(Db) -> Result<()>) -> Result<()> {
    each_site(async |site| run(site.db()).await).await
}

/// Runs a test on every database with the whole project.
async fn each_site(run: impl AsyncFn(TestSite) -> Result<()>) -> Result<()> {
    test::on_each_site(|project| project.app(nuages_tests::app()), run).await
}
