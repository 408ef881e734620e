//! Serves the admin over a Chinook database on PostgreSQL: `DATABASE_URL=postgres://… cargo run -p legacy-postgres`.

use nuages::Project;

#[tokio::main]
async fn main() -> nuages::Result<()> {
    Project::from_env()?.app(legacy_postgres::app()).mount("/admin", nuages_admin::site()).run().await
}
