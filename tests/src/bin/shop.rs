//! A project's own binary as a user's is, for the tests of its command line: one app, whose migrations lie
//! in the folder that `SHOP_MIGRATIONS` names. What it was built with is the text of `SHOP_PENDING`, if there is one.

use std::time::Duration;

use nuages::prelude::*;
use nuages::value::Value;
use nuages_migrate::DataContext;

/// Takes its time over each row, so that a test can interrupt it.
#[nuages_migrate::data_step(app = "shop")]
async fn shout_slowly(data: DataContext) -> nuages::Result<()> {
    data.batches("Author", &["name"], 1, |data, rows| async move {
        for row in rows {
            tokio::time::sleep(Duration::from_millis(20)).await;
            let Value::Text(name) = row.get("name")? else { continue };
            data.update("Author", row.key(), &[("name", Value::Text(format!("{name}!")))]).await?;
        }
        Ok(())
    })
    .await
    .map(drop)
}

#[tokio::main]
async fn main() -> nuages::Result<()> {
    let folder = std::env::var("SHOP_MIGRATIONS").unwrap_or_default();
    let pending = std::env::var("SHOP_PENDING").ok().map(|text| ("pending", &*text.leak()));
    let carried: &'static [(&str, &str)] = pending.into_iter().collect::<Vec<_>>().leak();
    let app = App::new("shop", "shop").with_migrations(vec![("shop", &*folder.leak(), carried)].leak());
    Project::from_env()?.app(app).run().await
}
