//! Large lists: nothing is counted without a bound, nothing runs without a limit, and the page says so.

use std::time::Duration;

use nuages::backend::Backend;
use nuages::prelude::*;
use nuages::test::{Server, TestDatabase, TestSite};
use nuages::{Db, Result};
use nuages_tests::models::{Book, NewBook, Status};

use crate::stage::{self, author, book, each, rows, superuser};

async fn many(db: &Db, count: i64) -> Result<()> {
    let author = author(db, "Nobody").await?;
    for start in (0..count).step_by(5_000) {
        let books = (start..(start + 5_000).min(count)).map(|n| NewBook {
            title: format!("Book {n:06}"),
            author: (&author).into(),
            price: Decimal::new(n * 7_919 % 100_000, 2),
        });
        Book::objects().bulk_create(db, books).await?;
    }
    let statistics = match db.backend() {
        Backend::Mysql => "ANALYZE TABLE nuages_tests_book",
        Backend::Sqlite | Backend::Postgres => "ANALYZE nuages_tests_book",
    };
    db.execute_script(statistics).await
}

#[tokio::test]
async fn what_is_too_many_to_count_is_estimated() {
    each(async |site, db| {
        many(db, 12_000).await?;
        let mut client = superuser(site, db).await?;
        let list = "/admin/nuages_tests/book/";
        let page = client.get(list).await?;
        let count =
            page.text().split("id=\"list-count\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        match db.backend() {
            Backend::Sqlite => assert_eq!(count, "10,000+ books"),
            Backend::Postgres => assert_eq!(count, "about 12,000 books"),
            // InnoDB looks at a few pages only, so its opinion is rough.
            Backend::Mysql => {
                assert!(count.starts_with("about 1") && count.ends_with(",000 books"), "{count}")
            }
        }
        assert!(!page.contains("_match"), "all of so many are not offered");
        let few = client.get(&format!("{list}?q=darkness")).await?;
        assert!(few.contains("1 book"), "{}", few.text());
        let post = [("_action", "publish"), ("_all", "1")];
        assert_eq!(client.post(list, &post).await?.status(), 303);
        assert!(client.get(list).await?.contains("more than 10,000 rows"));
        assert_eq!(Book::objects().filter(|b| b.status.eq(Status::Published)).count(db).await?, 0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn values_of_filters_are_counted_when_asked() {
    each(async |site, db| {
        Book::objects()
            .filter(|b| b.title.eq("Invisible Cities"))
            .update(db, |b| (b.status.set(Status::Published), b.in_stock.set(false)))
            .await?;
        let mut client = superuser(site, db).await?;
        let page = client.get("/admin/nuages_tests/book/").await?;
        assert!(page.contains("Show counts") && !page.contains("Draft <span"), "{}", page.text());
        // The filter itself does not count, the others do.
        let page = client.get("/admin/nuages_tests/book/?facets=1&f.status=draft").await?;
        for part in [
            "Hide counts",
            "Draft <span class=\"muted\">3</span>",
            "Published <span class=\"muted\">1</span>",
            "Out of print <span class=\"muted\">0</span>",
            "Yes <span class=\"muted\">3</span>",
            "No <span class=\"muted\">0</span>",
        ] {
            assert!(page.contains(part), "{part}: {}", page.text());
        }
        Ok(())
    })
    .await;
}

/// A site whose lists have next to no time.
async fn hurried(server: &Server) -> Result<()> {
    let database = TestDatabase::create(server).await?;
    let admin = nuages_admin::site().statement_timeout(Duration::from_millis(3));
    let site = TestSite::on(&database, |project| stage::project_with(project, admin)).await?;
    let db = site.db();
    stage::shelf(&db).await?;
    many(&db, 40_000).await?;
    let mut client = superuser(&site, &db).await?;
    let list = "/admin/nuages_tests/book/";
    for (query, advice) in [
        ("?sort=price", "This sort needs an index on price: index(fields(price)) in the model."),
        ("?sort=author.name,-price", "Sorting by a column of another model (author.name, price)"),
    ] {
        let page = client.get(&format!("{list}{query}")).await?;
        assert_eq!(page.status(), 200, "{}", page.text());
        assert!(page.contains(advice) && page.contains("took longer than 3 ms"), "{query}: {}", page.text());
        // By key, if even that was quick enough beside whatever else the machine does.
        assert!(page.contains("This took too long") || rows(&page).len() == 50, "{}", page.text());
        assert!(page.contains("Books, not counted") || page.contains(" books"), "{}", page.text());
    }
    let page = client.get(&format!("{list}?sort=price&q=nowhere")).await?;
    let tells = page.contains("USING gin (") && page.contains("gin_trgm_ops");
    assert_eq!(tells, server.backend() == Backend::Postgres, "{}", page.text());
    // The limit was the list's alone: what follows on the same connections has all the time it needs.
    let sum: Vec<Decimal> = Book::objects().order_by(|b| b.price).values(|b| b.price).all(&db).await?;
    assert_eq!(sum.len(), 40_004);
    let page = client.get(&format!("{list}{}/", book(&db, "A drawer").await?.id)).await?;
    assert_eq!(page.status(), 200);
    database.remove().await
}

#[tokio::test]
async fn what_takes_too_long_is_broken_off_and_the_page_says_what_helps() {
    for server in Server::found().await.unwrap() {
        if let Err(error) = hurried(server).await {
            panic!("{}: {error:?}", server.backend().title());
        }
    }
}
