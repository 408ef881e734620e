//! A project's own binary as a user's is, for the tests of its command line: one app, whose migrations lie
//! in the folder that `SHOP_MIGRATIONS` names.

use nuages::prelude::*;
use nuages_migrate as _;

#[tokio::main]
async fn main() -> nuages::Result<()> {
    let folder = std::env::var("SHOP_MIGRATIONS").unwrap_or_default();
    let app = App::new("shop", "shop").with_migrations(vec![("shop", &*folder.leak(), &[][..])].leak());
    Project::from_env()?.app(app).run().await
}
