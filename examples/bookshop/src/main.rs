//! A small bookshop: the tour of Nuages. Start at [`models`], then [`views`].

mod demo;
mod models;
mod views;

use nuages::prelude::*;

nuages::app!();

#[tokio::main]
async fn main() -> nuages::Result<()> {
    Project::from_env()?.app(app()).mount("/admin", nuages_admin::site()).run().await
}
