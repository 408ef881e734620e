//! Serves the admin over a Chinook database: `DATABASE_URL=sqlite:chinook.db cargo run -p legacy`.

use nuages::Project;

#[tokio::main]
async fn main() -> nuages::Result<()> {
    Project::from_env()?.app(legacy::app()).mount("/admin", nuages_admin::site()).run().await
}
