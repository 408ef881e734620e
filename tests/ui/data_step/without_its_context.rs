use nuages::prelude::*;
use nuages_migrate::data_step;

#[data_step(app = "shop")]
async fn fill_slugs() -> Result<()> {
    Ok(())
}

fn main() {}
