use nuages::functions::*;
use nuages::prelude::*;

#[derive(Model)]
pub struct Author {
    pub id: i64,
    #[field(max_length = 120)]
    pub name: String,
    pub born: Option<Date>,
}

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200)]
    pub title: String,
    #[field(on_delete = Cascade, related_name = books)]
    pub author: ForeignKey<Author>,
    #[field(max_digits = 8, decimal_places = 2)]
    pub price: Decimal,
    pub pages: Option<i32>,
}

async fn run(db: Db) -> Result<()> {
    Book::objects().values(|b| (b.price * 2).filter(b.pages.gt(1))).all(&db).await?;
    Ok(())
}

fn main() {
    let _ = (run, case);
}
