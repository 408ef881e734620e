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
    #[field(on_delete = SetNull)]
    pub editor: Option<ForeignKey<Author>>,
}

async fn run(db: Db) -> Result<()> {
    Book::objects().lock(|l| l.of(|b| b.editor)).all(&db).await?;
    Ok(())
}

fn main() {
    let _ = run;
}
