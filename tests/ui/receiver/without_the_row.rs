use nuages::prelude::*;

#[derive(Model)]
pub struct Author {
    pub id: i64,
    #[field(max_length = 120)]
    pub name: String,
    pub born: Option<Date>,
}

#[receiver(post_save)]
async fn saved(_db: &Db) -> Result<()> {
    Ok(())
}

fn main() {}
