//! Nuages.

use nuages::prelude::*;
use nuages::{Database, DatabaseSettings};

use crate::{Result, measure};

/// Somebody who writes.
#[derive(Model, Clone, Debug)]
#[model(app_label = "peers", db_table = "author", display = "{name}")]
pub struct Author {
    id: i64,
    #[field(max_length = 120)]
    name: String,
    #[field(max_length = 2)]
    country: String,
}

/// What they write.
#[derive(Model, Clone, Debug)]
#[model(app_label = "peers", db_table = "book", display = "{title}")]
pub struct Book {
    pub(crate) id: i64,
    #[field(max_length = 200)]
    title: String,
    #[field(on_delete = Cascade, related_name = books)]
    author: ForeignKey<Author>,
    pub(crate) pages: i32,
    price_cents: i64,
    in_stock: bool,
    rating: f64,
    #[field(max_length = 8)]
    language: String,
    #[field(max_length = 20)]
    isbn: String,
    pub(crate) edition: i32,
    note: Option<String>,
    shelf: Option<i64>,
}

/// What is made in bulk.
#[derive(Model, Clone, Debug)]
#[model(app_label = "peers", db_table = "item", display = "{name}")]
pub struct Item {
    id: i64,
    #[field(max_length = 100)]
    name: String,
    pages: i32,
    rating: f64,
    in_stock: bool,
    note: Option<String>,
}

/// A session, as a request has one.
pub(crate) struct Side(Db);

impl Side {
    pub(crate) async fn open(url: &str) -> Result<Self> {
        let database = Database::connect(&DatabaseSettings::new(url)).await.map_err(text)?;
        Ok(Self(database.session()))
    }
}

/// An error of ours as any error.
pub(crate) fn text(error: nuages::Error) -> Box<dyn std::error::Error + Send + Sync> {
    format!("{error:?}").into()
}

fn length(text: &Option<String>) -> i64 {
    text.as_ref().map_or(0, |text| text.len() as i64)
}

impl measure::Side for Side {
    async fn by_key(&mut self, keys: &[i64]) -> Result<i64> {
        let mut sum = 0;
        for key in keys.iter().copied() {
            let book = Book::objects().filter(|b| b.id.eq(key)).get(&self.0).await.map_err(text)?;
            sum += i64::from(book.pages);
        }
        Ok(sum)
    }

    async fn filtered(&mut self, limit: i64) -> Result<i64> {
        let books = Book::objects()
            .filter(|b| b.in_stock.eq(true) & b.language.eq("fr"))
            .filter(|b| b.pages.gte(100) & b.pages.lt(900) & b.price_cents.lt(5_000))
            .order_by(|b| b.title)
            .limit(limit.unsigned_abs())
            .all(&self.0)
            .await
            .map_err(text)?;
        Ok(books.iter().map(|book| i64::from(book.pages)).sum())
    }

    async fn narrow(&mut self) -> Result<i64> {
        let rows = Book::objects().values(|b| (b.id, b.title, b.note)).all(&self.0).await.map_err(text)?;
        Ok(rows.iter().map(|(id, title, note)| id + title.len() as i64 + length(note)).sum())
    }

    async fn wide(&mut self) -> Result<i64> {
        let books = Book::objects().all(&self.0).await.map_err(text)?;
        let sum = |b: &Book| {
            i64::from(b.pages) + b.price_cents + b.isbn.len() as i64 + length(&b.note) + b.shelf.unwrap_or(0)
        };
        Ok(books.iter().map(sum).sum())
    }

    async fn related(&mut self) -> Result<i64> {
        let found = Book::objects().select_related(|b| b.author).order_by(|b| b.id).limit(1000);
        let rows = found.all(&self.0).await.map_err(text)?;
        Ok(rows.iter().map(|(book, author)| i64::from(book.pages) + author.name.len() as i64).sum())
    }

    async fn prefetched(&mut self) -> Result<i64> {
        let found = Author::objects().filter(|a| a.id.lte(100)).prefetch_related(|a| a.books());
        let rows = found.all(&self.0).await.map_err(text)?;
        let books = |books: &[Book]| books.iter().map(|book| i64::from(book.pages)).sum::<i64>();
        Ok(rows.iter().map(|(author, own)| author.name.len() as i64 + books(own)).sum())
    }

    async fn bulk(&mut self, rows: i64) -> Result<i64> {
        let rows = (0..rows).map(|n| NewItem {
            name: format!("item {n}"),
            pages: n as i32,
            rating: n as f64,
            in_stock: n % 2 == 0,
        });
        let made = Item::objects().bulk_create(&self.0, rows).await.map_err(text)?;
        Ok(made as i64)
    }

    async fn update_each(&mut self, keys: &[i64]) -> Result<i64> {
        let mut changed = 0;
        for key in keys.iter().copied() {
            let book = Book::objects().filter(|b| b.id.eq(key));
            changed += book.update(&self.0, |b| b.edition.set(3)).await.map_err(text)?;
        }
        Ok(changed as i64)
    }

    async fn load_and_save(&mut self, keys: &[i64]) -> Result<i64> {
        for key in keys.iter().copied() {
            let mut book = Book::objects().filter(|b| b.id.eq(key)).get(&self.0).await.map_err(text)?;
            book.change(&self.0, |b| b.edition = b.edition % 4 + 1).await.map_err(text)?;
        }
        Ok(keys.len() as i64)
    }

    async fn update_all(&mut self) -> Result<i64> {
        let changed = Book::objects().update(&self.0, |b| b.edition.set(2)).await.map_err(text)?;
        Ok(changed as i64)
    }

    async fn numbers(&mut self) -> Result<i64> {
        let french = Book::objects().filter(|b| b.language.eq("fr"));
        let there = french.exists(&self.0).await.map_err(text)?;
        let count = french.count(&self.0).await.map_err(text)?;
        let sum = Book::objects().aggregate(&self.0, |b| b.price_cents.sum()).await.map_err(text)?;
        Ok(i64::from(there) + count as i64 + sum.unwrap_or_default())
    }

    async fn transaction(&mut self, key: i64) -> Result<i64> {
        let done = self.0.atomic(async |db| {
            let book = Book::objects().filter(|b| b.id.eq(key));
            let first = book.clone().get(&db).await?;
            book.clone().update(&db, |b| b.edition.set(4)).await?;
            let siblings = Book::objects().filter(|b| b.author.eq(&first.author)).count(&db).await?;
            book.clone().update(&db, |b| b.edition.set(5)).await?;
            let last = book.get(&db).await?;
            Ok(i64::from(last.edition) + siblings as i64)
        });
        done.await.map_err(text)
    }
}

/// A million rows as a stream: how many came.
pub(crate) async fn stream(url: &str) -> Result<u64> {
    use futures_util::StreamExt as _;
    let side = Side::open(url).await?;
    let mut rows = std::pin::pin!(Item::objects().stream(&side.0));
    let mut count = 0;
    while let Some(row) = rows.next().await {
        count += u64::from(!row.map_err(text)?.name.is_empty());
    }
    Ok(count)
}
