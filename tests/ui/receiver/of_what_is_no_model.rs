use nuages::prelude::*;

pub struct Author;

#[receiver(post_delete)]
async fn gone(_db: &Db, _author: &Author) -> Result<()> {
    Ok(())
}

fn main() {}
