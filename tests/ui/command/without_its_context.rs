use nuages::prelude::*;

#[command]
async fn import() -> Result<()> {
    Ok(())
}

fn main() {}
