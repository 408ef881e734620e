//! A small bookshop: the tour of Nuages. Start at `models.rs`, then `views.rs`.

mod demo;
mod models;
mod views;

use nuages::prelude::*;
use nuages_migrate as _;

nuages::app!();

#[tokio::main]
async fn main() -> nuages::Result<()> {
    let app = app().with_static(nuages::static_dir!("$CARGO_MANIFEST_DIR/static"));
    Project::from_env()?.app(app).mount("/admin", nuages_admin::site()).plug(demo::Demo).run().await
}
