//! diesel: synchronous on SQLite, diesel-async on PostgreSQL, where that is the one to use from a server.

use diesel::prelude::{
    Associations, BelongingToDsl as _, Connection as _, ExpressionMethods as _, GroupedBy as _, Identifiable,
    Insertable, QueryDsl as _, Queryable, Selectable, SelectableHelper as _,
};

use crate::{Result, measure};

diesel::table! {
    author (id) { id -> BigInt, name -> Text, country -> Text, }
}

diesel::table! {
    book (id) {
        id -> BigInt, title -> Text, author_id -> BigInt, pages -> Integer, price_cents -> BigInt, in_stock -> Bool,
        rating -> Double, language -> Text, isbn -> Text, edition -> Integer, note -> Nullable<Text>,
        shelf -> Nullable<BigInt>,
    }
}

diesel::table! {
    item (id) {
        id -> BigInt, name -> Text, pages -> Integer, rating -> Double, in_stock -> Bool, note -> Nullable<Text>,
    }
}

diesel::joinable!(book -> author (author_id));
diesel::allow_tables_to_appear_in_same_query!(author, book);

#[derive(Queryable, Identifiable, Selectable)]
#[diesel(table_name = author)]
#[allow(dead_code, reason = "every column is read, not every one is used")]
struct Author {
    id: i64,
    name: String,
    country: String,
}

#[derive(Queryable, Identifiable, Selectable, Associations)]
#[diesel(table_name = book, belongs_to(Author))]
#[allow(dead_code, reason = "every column is read, not every one is used")]
struct Book {
    id: i64,
    title: String,
    author_id: i64,
    pages: i32,
    price_cents: i64,
    in_stock: bool,
    rating: f64,
    language: String,
    isbn: String,
    edition: i32,
    note: Option<String>,
    shelf: Option<i64>,
}

#[derive(Insertable)]
#[diesel(table_name = item)]
struct NewItem {
    name: String,
    pages: i32,
    rating: f64,
    in_stock: bool,
    note: Option<String>,
}

fn items(range: std::ops::Range<i64>) -> Vec<NewItem> {
    let make = |n| NewItem {
        name: format!("item {n}"),
        pages: n as i32,
        rating: n as f64,
        in_stock: n % 2 == 0,
        note: None,
    };
    range.map(make).collect()
}

fn length(text: &Option<String>) -> i64 {
    text.as_ref().map_or(0, |text| text.len() as i64)
}

/// The same words for both; one awaits.
macro_rules! side {
    ($name:ident, $connection:ty, $import:path, |$this:ident| $executor:expr, |$done:ident| $wait:expr, { $($own:item)+ }) => {
        pub(crate) struct $name($connection);

        const _: () = {
            use $import as _;

            impl measure::Side for $name {
                async fn by_key(&mut self, keys: &[i64]) -> Result<i64> {
                    let $this = self;
                    let mut sum = 0;
                    for key in keys {
                        let $done = book::table.find(*key).select(Book::as_select()).first($executor);
                        sum += i64::from($wait?.pages);
                    }
                    Ok(sum)
                }

                async fn filtered(&mut self, limit: i64) -> Result<i64> {
                    let $this = self;
                    let query = book::table
                        .filter(book::in_stock.eq(true))
                        .filter(book::language.eq("fr"))
                        .filter(book::pages.ge(100))
                        .filter(book::pages.lt(900))
                        .filter(book::price_cents.lt(5_000))
                        .order(book::title.asc())
                        .limit(limit)
                        .select(Book::as_select());
                    let $done = query.load($executor);
                    let books: Vec<Book> = $wait?;
                    Ok(books.iter().map(|book| i64::from(book.pages)).sum())
                }

                async fn narrow(&mut self) -> Result<i64> {
                    let $this = self;
                    let $done = book::table.select((book::id, book::title, book::note)).load($executor);
                    let rows: Vec<(i64, String, Option<String>)> = $wait?;
                    Ok(rows.iter().map(|(id, title, note)| id + title.len() as i64 + length(note)).sum())
                }

                async fn wide(&mut self) -> Result<i64> {
                    let $this = self;
                    let $done = book::table.select(Book::as_select()).load($executor);
                    let books: Vec<Book> = $wait?;
                    let sum = |b: &Book| {
                        let texts = b.isbn.len() as i64 + length(&b.note);
                        i64::from(b.pages) + b.price_cents + texts + b.shelf.unwrap_or(0)
                    };
                    Ok(books.iter().map(sum).sum())
                }

                async fn related(&mut self) -> Result<i64> {
                    let $this = self;
                    let query = book::table.inner_join(author::table).order(book::id.asc()).limit(1000);
                    let $done = query.select((Book::as_select(), Author::as_select())).load($executor);
                    let rows: Vec<(Book, Author)> = $wait?;
                    Ok(rows.iter().map(|(book, author)| i64::from(book.pages) + author.name.len() as i64).sum())
                }

                async fn prefetched(&mut self) -> Result<i64> {
                    let $this = self;
                    let $done = author::table.filter(author::id.le(100)).select(Author::as_select()).load($executor);
                    let authors: Vec<Author> = $wait?;
                    let $done = Book::belonging_to(&authors).select(Book::as_select()).load($executor);
                    let books: Vec<Book> = $wait?;
                    let found: Vec<(Author, Vec<Book>)> =
                        books.grouped_by(&authors).into_iter().zip(authors).map(|(own, author)| (author, own)).collect();
                    let books = |books: &[Book]| books.iter().map(|book| i64::from(book.pages)).sum::<i64>();
                    Ok(found.iter().map(|(author, own)| author.name.len() as i64 + books(own)).sum())
                }

                async fn update_each(&mut self, keys: &[i64]) -> Result<i64> {
                    let $this = self;
                    let mut changed = 0;
                    for key in keys {
                        let $done = diesel::update(book::table.find(*key)).set(book::edition.eq(3)).execute($executor);
                        changed += $wait?;
                    }
                    Ok(changed as i64)
                }

                async fn update_all(&mut self) -> Result<i64> {
                    let $this = self;
                    let $done = diesel::update(book::table).set(book::edition.eq(2)).execute($executor);
                    Ok($wait? as i64)
                }

                async fn numbers(&mut self) -> Result<i64> {
                    let $this = self;
                    let french = book::table.filter(book::language.eq("fr"));
                    let $done = diesel::select(diesel::dsl::exists(french)).get_result($executor);
                    let there: bool = $wait?;
                    let $done = french.count().get_result($executor);
                    let count: i64 = $wait?;
                    let sum = diesel::dsl::sql::<diesel::sql_types::BigInt>("CAST(SUM(price_cents) AS bigint)");
                    let $done = book::table.select(sum).get_result($executor);
                    let sum: i64 = $wait?;
                    Ok(i64::from(there) + count + sum)
                }

                $($own)+
            }
        };
    };
}

side!(
    Sqlite,
    diesel::SqliteConnection,
    diesel::RunQueryDsl,
    |side| &mut side.0,
    |done| done,
    {
    async fn transaction(&mut self, key: i64) -> Result<i64> {
        let done = self.0.immediate_transaction(|connection| {
            let find = book::table.find(key);
            let first: Book = find.select(Book::as_select()).first(connection)?;
            diesel::update(find).set(book::edition.eq(4)).execute(connection)?;
            let siblings: i64 =
                book::table.filter(book::author_id.eq(first.author_id)).count().get_result(connection)?;
            diesel::update(find).set(book::edition.eq(5)).execute(connection)?;
            let last: Book = find.select(Book::as_select()).first(connection)?;
            diesel::QueryResult::Ok(i64::from(last.edition) + siblings)
        });
        Ok(done?)
    }
    async fn bulk(&mut self, rows: i64) -> Result<i64> {
        let done = self.0.immediate_transaction(|connection| {
            let mut made = 0;
            for start in (0..rows).step_by(1000) {
                let rows = items(start..rows.min(start + 1000));
                made += diesel::insert_into(item::table).values(&rows).execute(connection)?;
            }
            diesel::QueryResult::Ok(made as i64)
        });
        Ok(done?)
    }
    }
);

side!(
    Postgres,
    diesel_async::AsyncPgConnection,
    diesel_async::RunQueryDsl,
    |side| &mut side.0,
    |done| done.await,
    {
    async fn transaction(&mut self, key: i64) -> Result<i64> {
        let connection = &mut self.0;
        diesel::sql_query("BEGIN").execute(connection).await?;
        let find = book::table.find(key);
        let first: Book = find.select(Book::as_select()).first(connection).await?;
        diesel::update(find).set(book::edition.eq(4)).execute(connection).await?;
        let siblings: i64 =
            book::table.filter(book::author_id.eq(first.author_id)).count().get_result(connection).await?;
        diesel::update(find).set(book::edition.eq(5)).execute(connection).await?;
        let last: Book = find.select(Book::as_select()).first(connection).await?;
        diesel::sql_query("COMMIT").execute(connection).await?;
        Ok(i64::from(last.edition) + siblings)
    }
    async fn bulk(&mut self, rows: i64) -> Result<i64> {
        let connection = &mut self.0;
        diesel::sql_query("BEGIN").execute(connection).await?;
        let mut made = 0;
        for start in (0..rows).step_by(10_000) {
            let rows = items(start..rows.min(start + 10_000));
            made += diesel::insert_into(item::table).values(&rows).execute(connection).await?;
        }
        diesel::sql_query("COMMIT").execute(connection).await?;
        Ok(made as i64)
    }
    }
);

impl Sqlite {
    pub(crate) fn open(file: &str) -> Result<Self> {
        Ok(Self(diesel::SqliteConnection::establish(file)?))
    }
}

impl Postgres {
    pub(crate) async fn open(url: &str) -> Result<Self> {
        use diesel_async::AsyncConnection as _;
        Ok(Self(diesel_async::AsyncPgConnection::establish(url).await?))
    }
}
