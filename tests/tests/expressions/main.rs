//! Expressions, functions, groups and windows: the rows they give are the same on three databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(clippy::indexing_slicing, reason = "tests")]

mod functions;
mod groups;
mod narrowed;
mod numbers;
mod sets;
mod shop;
mod streams;
mod texts;
mod writes;

use nuages::prelude::*;

/// A test on each database, with the shop's rows in it.
pub(crate) async fn each(test: impl AsyncFn(Db) -> Result<()>) -> Result<()> {
    nuages::test::on_each_database(async |db| {
        shop::fill(&db).await?;
        test(db).await
    })
    .await
}
