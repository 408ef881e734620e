//! Hand-written sqlx. `Typical` is what people write: the pool as executor, its default options, columns by name,
//! many new rows as lists of values. `Expert` is one connection, columns by position and not checked again, arrays
//! or one prepared statement for new rows, everything in as few statements as it takes.

use sqlx::{Connection as _, QueryBuilder, Row};

use crate::{Result, measure};

struct Book {
    pages: i32,
    price_cents: i64,
    isbn: String,
    note: Option<String>,
    shelf: Option<i64>,
    edition: i32,
    author_id: i64,
    /// Read like the rest, and asked for by nobody.
    _rest: (i64, String, bool, f64, String),
}

const COLUMNS: &str = "SELECT id, title, author_id, pages, price_cents, in_stock, rating, language, isbn, edition, note, shelf FROM book";
const BY_KEY: &str = "SELECT id, title, author_id, pages, price_cents, in_stock, rating, language, isbn, edition, note, shelf FROM book WHERE id = $1";
const FILTERED: &str = "SELECT id, title, author_id, pages, price_cents, in_stock, rating, language, isbn, edition, note, shelf FROM book \
    WHERE in_stock = $1 AND language = $2 AND pages >= $3 AND pages < $4 AND price_cents < $5 ORDER BY title LIMIT $6";
const NARROW: &str = "SELECT id, title, note FROM book";
const RELATED: &str = "SELECT b.id, b.title, b.author_id, b.pages, b.price_cents, b.in_stock, b.rating, b.language, b.isbn, b.edition, b.note, b.shelf, \
    a.id AS a_id, a.name AS a_name, a.country AS a_country FROM book b JOIN author a ON a.id = b.author_id ORDER BY b.id LIMIT 1000";
const AUTHORS: &str = "SELECT id, name, country FROM author WHERE id <= 100";
const CHILDREN: &str = "SELECT b.id, b.title, b.author_id, b.pages, b.price_cents, b.in_stock, b.rating, b.language, b.isbn, b.edition, b.note, b.shelf \
    FROM book b JOIN author a ON a.id = b.author_id WHERE a.id <= 100";

fn length(text: &Option<String>) -> i64 {
    text.as_ref().map_or(0, |text| text.len() as i64)
}

fn sum(b: &Book) -> i64 {
    i64::from(b.pages) + b.price_cents + b.isbn.len() as i64 + length(&b.note) + b.shelf.unwrap_or(0)
}

/// Both sides on one driver. The one differs from the other in its executor, and in how it reads a row.
macro_rules! side {
    ($name:ident, $database:ty, $holds:ty, $open:expr, |$this:ident| $executor:expr, $begin:expr, $get:ident, $key:expr, $bulk:expr) => {
        pub(crate) struct $name($holds);

        impl $name {
            pub(crate) async fn open(url: &str) -> Result<Self> {
                Ok(Self($open(url).await?))
            }
        }

        impl measure::Side for $name {
            async fn by_key(&mut self, keys: &[i64]) -> Result<i64> {
                let $this = self;
                let mut sum = 0;
                for key in keys {
                    let row = sqlx::query(BY_KEY).bind(key).fetch_one($executor).await?;
                    sum += i64::from($get::book(&row)?.pages);
                }
                Ok(sum)
            }

            async fn filtered(&mut self, limit: i64) -> Result<i64> {
                let $this = self;
                let query = sqlx::query(FILTERED).bind(true).bind("fr").bind(100).bind(900).bind(5_000_i64);
                let rows = query.bind(limit).fetch_all($executor).await?;
                let books = rows.iter().map($get::book).collect::<Result<Vec<_>>>()?;
                Ok(books.iter().map(|book| i64::from(book.pages)).sum())
            }

            async fn narrow(&mut self) -> Result<i64> {
                let $this = self;
                let rows = sqlx::query(NARROW).fetch_all($executor).await?;
                let rows = rows.iter().map($get::narrow).collect::<Result<Vec<_>>>()?;
                Ok(rows.iter().map(|(id, title, note)| id + title.len() as i64 + length(note)).sum())
            }

            async fn wide(&mut self) -> Result<i64> {
                let $this = self;
                let rows = sqlx::query(COLUMNS).fetch_all($executor).await?;
                let books = rows.iter().map($get::book).collect::<Result<Vec<_>>>()?;
                Ok(books.iter().map(sum).sum())
            }

            async fn related(&mut self) -> Result<i64> {
                let $this = self;
                let rows = sqlx::query(RELATED).fetch_all($executor).await?;
                let rows = rows
                    .iter()
                    .map(|row| Ok(($get::book(row)?, $get::related(row)?)))
                    .collect::<Result<Vec<_>>>()?;
                Ok(rows.iter().map(|(book, (_, name, _))| i64::from(book.pages) + name.len() as i64).sum())
            }

            async fn prefetched(&mut self) -> Result<i64> {
                let $this = self;
                let authors = sqlx::query(AUTHORS).fetch_all($executor).await?;
                let authors = authors.iter().map($get::author).collect::<Result<Vec<_>>>()?;
                let books = sqlx::query(CHILDREN).fetch_all($executor).await?;
                let mut by_author = std::collections::HashMap::<i64, Vec<Book>>::new();
                for row in &books {
                    let book = $get::book(row)?;
                    by_author.entry(book.author_id).or_default().push(book);
                }
                let mut found = Vec::with_capacity(authors.len());
                for author in authors {
                    let own = by_author.remove(&author.0).unwrap_or_default();
                    found.push((author, own));
                }
                let books = |books: &[Book]| books.iter().map(|book| i64::from(book.pages)).sum::<i64>();
                Ok(found.iter().map(|((_, name, _), own)| name.len() as i64 + books(own)).sum())
            }

            async fn bulk(&mut self, rows: i64) -> Result<i64> {
                let $this = self;
                $bulk($begin, rows).await
            }

            async fn update_each(&mut self, keys: &[i64]) -> Result<i64> {
                let $this = self;
                let mut changed = 0;
                for key in keys {
                    let query = sqlx::query("UPDATE book SET edition = $1 WHERE id = $2").bind(3).bind(key);
                    changed += query.execute($executor).await?.rows_affected();
                }
                Ok(changed as i64)
            }

            async fn update_all(&mut self) -> Result<i64> {
                let $this = self;
                let done = sqlx::query("UPDATE book SET edition = $1").bind(2).execute($executor).await?;
                Ok(done.rows_affected() as i64)
            }

            async fn numbers(&mut self) -> Result<i64> {
                let $this = self;
                let there = sqlx::query("SELECT 1 FROM book WHERE language = $1 LIMIT 1").bind("fr");
                let there = there.fetch_optional($executor).await?.is_some();
                let count = sqlx::query("SELECT COUNT(*) AS n FROM book WHERE language = $1").bind("fr");
                let count: i64 = count.fetch_one($executor).await?.try_get($key("n"))?;
                let sum = sqlx::query("SELECT CAST(SUM(price_cents) AS bigint) AS n FROM book");
                let sum: i64 = sum.fetch_one($executor).await?.try_get($key("n"))?;
                Ok(i64::from(there) + count + sum)
            }

            async fn transaction(&mut self, key: i64) -> Result<i64> {
                let $this = self;
                let mut transaction = $begin;
                let row = sqlx::query(BY_KEY).bind(key).fetch_one(&mut *transaction).await?;
                let first = $get::book(&row)?;
                let set = "UPDATE book SET edition = $1 WHERE id = $2";
                sqlx::query(set).bind(4).bind(key).execute(&mut *transaction).await?;
                let count =
                    sqlx::query("SELECT COUNT(*) AS n FROM book WHERE author_id = $1").bind(first.author_id);
                let count: i64 = count.fetch_one(&mut *transaction).await?.try_get($key("n"))?;
                sqlx::query(set).bind(5).bind(key).execute(&mut *transaction).await?;
                let row = sqlx::query(BY_KEY).bind(key).fetch_one(&mut *transaction).await?;
                let last = $get::book(&row)?;
                transaction.commit().await?;
                Ok(i64::from(last.edition) + count)
            }
        }
    };
}

/// Rows by name.
macro_rules! by_name {
    ($row:ty) => {
        mod by_name {
            use super::*;

            pub(super) fn book(row: &$row) -> Result<Book> {
                let rest = (
                    row.try_get("id")?,
                    row.try_get("title")?,
                    row.try_get("in_stock")?,
                    row.try_get("rating")?,
                    row.try_get("language")?,
                );
                Ok(Book {
                    pages: row.try_get("pages")?,
                    price_cents: row.try_get("price_cents")?,
                    isbn: row.try_get("isbn")?,
                    note: row.try_get("note")?,
                    shelf: row.try_get("shelf")?,
                    edition: row.try_get("edition")?,
                    author_id: row.try_get("author_id")?,
                    _rest: rest,
                })
            }

            pub(super) fn narrow(row: &$row) -> Result<(i64, String, Option<String>)> {
                Ok((row.try_get("id")?, row.try_get("title")?, row.try_get("note")?))
            }

            pub(super) fn author(row: &$row) -> Result<(i64, String, String)> {
                Ok((row.try_get("id")?, row.try_get("name")?, row.try_get("country")?))
            }

            pub(super) fn related(row: &$row) -> Result<(i64, String, String)> {
                Ok((row.try_get("a_id")?, row.try_get("a_name")?, row.try_get("a_country")?))
            }
        }
    };
}

/// Rows by position, the types not checked again.
macro_rules! by_place {
    ($row:ty) => {
        mod by_place {
            use super::*;

            pub(super) fn book(row: &$row) -> Result<Book> {
                let rest = (
                    row.try_get_unchecked(0)?,
                    row.try_get_unchecked(1)?,
                    row.try_get_unchecked(5)?,
                    row.try_get_unchecked(6)?,
                    row.try_get_unchecked(7)?,
                );
                Ok(Book {
                    author_id: row.try_get_unchecked(2)?,
                    pages: row.try_get_unchecked(3)?,
                    price_cents: row.try_get_unchecked(4)?,
                    isbn: row.try_get_unchecked(8)?,
                    edition: row.try_get_unchecked(9)?,
                    note: row.try_get_unchecked(10)?,
                    shelf: row.try_get_unchecked(11)?,
                    _rest: rest,
                })
            }

            pub(super) fn narrow(row: &$row) -> Result<(i64, String, Option<String>)> {
                Ok((row.try_get_unchecked(0)?, row.try_get_unchecked(1)?, row.try_get_unchecked(2)?))
            }

            pub(super) fn author(row: &$row) -> Result<(i64, String, String)> {
                Ok((row.try_get_unchecked(0)?, row.try_get_unchecked(1)?, row.try_get_unchecked(2)?))
            }

            pub(super) fn related(row: &$row) -> Result<(i64, String, String)> {
                Ok((row.try_get_unchecked(12)?, row.try_get_unchecked(13)?, row.try_get_unchecked(14)?))
            }
        }
    };
}

/// New rows as lists of values, a thousand at a time.
macro_rules! lists {
    ($transaction:ty, $database:ty) => {
        async fn lists(mut transaction: $transaction, rows: i64) -> Result<i64> {
            let mut made = 0;
            for start in (0..rows).step_by(1000) {
                let mut query =
                    QueryBuilder::<$database>::new("INSERT INTO item (name, pages, rating, in_stock, note) ");
                query.push_values(start..rows.min(start + 1000), |mut row, n| {
                    row.push_bind(format!("item {n}")).push_bind(n as i32).push_bind(n as f64);
                    row.push_bind(n % 2 == 0).push_bind(None::<String>);
                });
                made += query.build().execute(&mut *transaction).await?.rows_affected();
            }
            transaction.commit().await?;
            Ok(made as i64)
        }
    };
}

pub(crate) mod sqlite {
    use super::*;
    use sqlx::sqlite::SqliteRow;
    use sqlx::{Sqlite, SqliteConnection, SqlitePool, Transaction};

    by_name!(SqliteRow);
    by_place!(SqliteRow);
    lists!(Transaction<'_, Sqlite>, Sqlite);

    async fn prepared(mut transaction: Transaction<'_, Sqlite>, rows: i64) -> Result<i64> {
        let sql = "INSERT INTO item (name, pages, rating, in_stock, note) VALUES (?, ?, ?, ?, ?)";
        let mut made = 0;
        for n in 0..rows {
            let query = sqlx::query(sql).bind(format!("item {n}")).bind(n as i32).bind(n as f64);
            let query = query.bind(n % 2 == 0).bind(None::<String>);
            made += query.execute(&mut *transaction).await?.rows_affected();
        }
        transaction.commit().await?;
        Ok(made as i64)
    }

    side!(
        Typical,
        Sqlite,
        SqlitePool,
        SqlitePool::connect,
        |side| &side.0,
        side.0.begin().await?,
        by_name,
        std::convert::identity,
        lists
    );
    side!(
        Expert,
        Sqlite,
        SqliteConnection,
        SqliteConnection::connect,
        |side| &mut side.0,
        side.0.begin().await?,
        by_place,
        |_| 0,
        prepared
    );
}

pub(crate) mod postgres {
    use super::*;
    use sqlx::postgres::PgRow;
    use sqlx::{PgConnection, PgPool, Postgres, Transaction};

    by_name!(PgRow);
    by_place!(PgRow);
    lists!(Transaction<'_, Postgres>, Postgres);

    async fn unnest(mut transaction: Transaction<'_, Postgres>, rows: i64) -> Result<i64> {
        let sql = "INSERT INTO item (name, pages, rating, in_stock, note)
            SELECT * FROM UNNEST($1::text[], $2::int4[], $3::float8[], $4::bool[], $5::text[])";
        let mut made = 0;
        for start in (0..rows).step_by(10_000) {
            let numbers: Vec<i64> = (start..rows.min(start + 10_000)).collect();
            let names: Vec<String> = numbers.iter().map(|n| format!("item {n}")).collect();
            let pages: Vec<i32> = numbers.iter().map(|n| *n as i32).collect();
            let ratings: Vec<f64> = numbers.iter().map(|n| *n as f64).collect();
            let stock: Vec<bool> = numbers.iter().map(|n| n % 2 == 0).collect();
            let notes: Vec<Option<String>> = numbers.iter().map(|_| None).collect();
            let query = sqlx::query(sql).bind(names).bind(pages).bind(ratings).bind(stock).bind(notes);
            made += query.execute(&mut *transaction).await?.rows_affected();
        }
        transaction.commit().await?;
        Ok(made as i64)
    }

    side!(
        Typical,
        Postgres,
        PgPool,
        PgPool::connect,
        |side| &side.0,
        side.0.begin().await?,
        by_name,
        std::convert::identity,
        lists
    );
    side!(
        Expert,
        Postgres,
        PgConnection,
        PgConnection::connect,
        |side| &mut side.0,
        side.0.begin().await?,
        by_place,
        |_| 0,
        unnest
    );
}
