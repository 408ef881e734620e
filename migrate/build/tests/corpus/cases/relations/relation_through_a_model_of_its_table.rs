use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Tag {
    pub id: i64,
}

#[derive(Model, Clone, Debug)]
pub struct Label {
    pub id: i64,
}

#[derive(Model, Clone, Debug)]
#[model(db_table = "shop_book_tags")]
pub struct Tagged {
    pub id: i64,
    #[field(on_delete = Cascade)]
    pub book: ForeignKey<Book>,
    #[field(on_delete = Cascade)]
    pub tag: ForeignKey<Tag>,
    #[field(default = 0)]
    pub rank: i32,
}

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    #[field(through = Tagged)]
    pub tags: ManyToMany<Tag>,
}

fn main() {}
