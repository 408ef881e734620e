//! sea-orm.

use sea_orm::entity::prelude::*;
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, FromQueryResult, LoaderTrait, QueryOrder, QuerySelect, Set,
    TransactionTrait,
};

use crate::{Result, measure};

mod author {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "author")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub name: String,
        pub country: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(has_many = "super::book::Entity")]
        Book,
    }

    impl Related<super::book::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Book.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod book {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "book")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub title: String,
        pub author_id: i64,
        pub pages: i32,
        pub price_cents: i64,
        pub in_stock: bool,
        pub rating: f64,
        pub language: String,
        pub isbn: String,
        pub edition: i32,
        pub note: Option<String>,
        pub shelf: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::author::Entity",
            from = "Column::AuthorId",
            to = "super::author::Column::Id"
        )]
        Author,
    }

    impl Related<super::author::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Author.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod item {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "item")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub name: String,
        pub pages: i32,
        pub rating: f64,
        pub in_stock: bool,
        pub note: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[derive(FromQueryResult)]
struct Narrow {
    id: i64,
    title: String,
    note: Option<String>,
}

#[derive(FromQueryResult)]
struct Sum {
    sum: i64,
}

/// A pool, as its users have one.
pub(crate) struct Side(DatabaseConnection);

impl Side {
    pub(crate) async fn open(url: &str) -> Result<Self> {
        let mut options = ConnectOptions::new(url);
        options.sqlx_logging(false);
        Ok(Self(Database::connect(options).await?))
    }
}

fn length(text: &Option<String>) -> i64 {
    text.as_ref().map_or(0, |text| text.len() as i64)
}

async fn find(db: &impl ConnectionTrait, key: i64) -> Result<book::Model> {
    Ok(book::Entity::find_by_id(key).one(db).await?.ok_or("it is there")?)
}

async fn set_edition(db: &impl ConnectionTrait, key: i64, edition: i32) -> Result<u64> {
    let update = book::Entity::update_many().col_expr(book::Column::Edition, Expr::value(edition));
    Ok(update.filter(book::Column::Id.eq(key)).exec(db).await?.rows_affected)
}

impl measure::Side for Side {
    async fn by_key(&mut self, keys: &[i64]) -> Result<i64> {
        let mut sum = 0;
        for key in keys {
            sum += i64::from(find(&self.0, *key).await?.pages);
        }
        Ok(sum)
    }

    async fn filtered(&mut self, limit: i64) -> Result<i64> {
        let books = book::Entity::find()
            .filter(book::Column::InStock.eq(true))
            .filter(book::Column::Language.eq("fr"))
            .filter(book::Column::Pages.gte(100))
            .filter(book::Column::Pages.lt(900))
            .filter(book::Column::PriceCents.lt(5_000))
            .order_by_asc(book::Column::Title)
            .limit(limit.unsigned_abs())
            .all(&self.0)
            .await?;
        Ok(books.iter().map(|book| i64::from(book.pages)).sum())
    }

    async fn narrow(&mut self) -> Result<i64> {
        let select = book::Entity::find().select_only();
        let select = select.columns([book::Column::Id, book::Column::Title, book::Column::Note]);
        let rows = select.into_model::<Narrow>().all(&self.0).await?;
        Ok(rows.iter().map(|row| row.id + row.title.len() as i64 + length(&row.note)).sum())
    }

    async fn wide(&mut self) -> Result<i64> {
        let books = book::Entity::find().all(&self.0).await?;
        let sum = |b: &book::Model| {
            i64::from(b.pages) + b.price_cents + b.isbn.len() as i64 + length(&b.note) + b.shelf.unwrap_or(0)
        };
        Ok(books.iter().map(sum).sum())
    }

    async fn related(&mut self) -> Result<i64> {
        let found = book::Entity::find().find_also_related(author::Entity);
        let rows = found.order_by_asc(book::Column::Id).limit(1000).all(&self.0).await?;
        let name =
            |author: &Option<author::Model>| author.as_ref().map_or(0, |author| author.name.len() as i64);
        Ok(rows.iter().map(|(book, author)| i64::from(book.pages) + name(author)).sum())
    }

    async fn prefetched(&mut self) -> Result<i64> {
        let authors = author::Entity::find().filter(author::Column::Id.lte(100)).all(&self.0).await?;
        let books = authors.load_many(book::Entity, &self.0).await?;
        let sum = |books: &[book::Model]| books.iter().map(|book| i64::from(book.pages)).sum::<i64>();
        Ok(authors.iter().zip(&books).map(|(author, own)| author.name.len() as i64 + sum(own)).sum())
    }

    async fn bulk(&mut self, rows: i64) -> Result<i64> {
        let transaction = self.0.begin().await?;
        for start in (0..rows).step_by(1000) {
            let models = (start..rows.min(start + 1000)).map(|n| item::ActiveModel {
                name: Set(format!("item {n}")),
                pages: Set(n as i32),
                rating: Set(n as f64),
                in_stock: Set(n % 2 == 0),
                note: Set(None),
                ..Default::default()
            });
            item::Entity::insert_many(models).exec_without_returning(&transaction).await?;
        }
        transaction.commit().await?;
        Ok(rows)
    }

    async fn update_each(&mut self, keys: &[i64]) -> Result<i64> {
        let mut changed = 0;
        for key in keys {
            changed += set_edition(&self.0, *key, 3).await?;
        }
        Ok(changed as i64)
    }

    async fn update_all(&mut self) -> Result<i64> {
        let update = book::Entity::update_many().col_expr(book::Column::Edition, Expr::value(2));
        Ok(update.exec(&self.0).await?.rows_affected as i64)
    }

    async fn numbers(&mut self) -> Result<i64> {
        let french = book::Entity::find().filter(book::Column::Language.eq("fr"));
        let there = french.clone().select_only().column(book::Column::Id).limit(1);
        let there = there.into_tuple::<i64>().one(&self.0).await?.is_some();
        let count = french.count(&self.0).await?;
        let sum = Expr::cust("CAST(SUM(price_cents) AS bigint)");
        let sum =
            book::Entity::find().select_only().column_as(sum, "sum").into_model::<Sum>().one(&self.0).await?;
        Ok(i64::from(there) + count as i64 + sum.map_or(0, |row| row.sum))
    }

    async fn transaction(&mut self, key: i64) -> Result<i64> {
        let transaction = self.0.begin().await?;
        let first = find(&transaction, key).await?;
        set_edition(&transaction, key, 4).await?;
        let siblings = book::Entity::find().filter(book::Column::AuthorId.eq(first.author_id));
        let siblings = siblings.count(&transaction).await?;
        set_edition(&transaction, key, 5).await?;
        let last = find(&transaction, key).await?;
        transaction.commit().await?;
        Ok(i64::from(last.edition) + siblings as i64)
    }
}
