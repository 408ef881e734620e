//! The commands of the suite's own app: `cargo run -p nuages-tests --bin manage -- makemigrations`.

use nuages::prelude::*;

#[tokio::main]
async fn main() -> nuages::Result<()> {
    Project::from_env()?.app(nuages_tests::app()).run().await
}
