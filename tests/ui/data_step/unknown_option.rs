use nuages::prelude::*;
use nuages_migrate::{DataContext, data_step};

#[data_step(label = "shop")]
async fn fill_slugs(_data: DataContext) -> Result<()> {
    Ok(())
}

fn main() {}
