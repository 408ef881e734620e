use nuages::prelude::*;

#[derive(Model)]
pub struct Author {
    pub id: i64,
    #[field(max_length = 120)]
    pub name: String,
    pub born: Option<Date>,
}

#[receiver]
async fn saved(_db: &Db, _author: &Author) -> Result<()> {
    Ok(())
}

fn main() {}
