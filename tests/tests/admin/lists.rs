//! Lists: every row once, in order, whichever way one pages; searches, filters, counts, statements.

use nuages::prelude::*;
use nuages::test::{Client, TestSite};
use nuages::{Db, Result};
use nuages_tests::models::{Book, NewBook, Status, Tag};

use crate::stage::{author, each, rows, superuser};

async fn many(db: &Db, count: i64) -> Result<()> {
    let author = author(db, "Nobody").await?;
    for n in 0..count {
        let published: Option<Date> =
            (n % 3 > 0).then(|| Date::from_ymd_opt(1950, 1, 1).unwrap() + chrono_days(n / 2));
        NewBook { title: format!("Book {n:03}"), author: (&author).into(), price: Decimal::new(n % 7, 0) }
            .with(|b| b.published.set(published))
            .create(db)
            .await?;
    }
    Ok(())
}

fn chrono_days(n: i64) -> nuages::value::Duration {
    nuages::value::Duration::days(n)
}

fn link(page: &str, rel: &str) -> Option<String> {
    let before =
        page.split(&format!("\" rel=\"{rel}\"")).next().filter(|before| before.len() < page.len())?;
    Some(before.rsplit("href=\"").next()?.replace("&#38;", "&").replace("&amp;", "&"))
}

async fn walk(client: &mut Client, start: &str, rel: &str) -> Result<Vec<Vec<String>>> {
    let (mut pages, mut address) = (Vec::new(), start.to_owned());
    loop {
        let page = client.get(&format!("/admin/nuages_tests/book/{address}")).await?;
        assert_eq!(page.status(), 200, "{}", page.text());
        pages.push(rows(&page));
        assert!(pages.len() < 50, "paging does not end");
        match link(&page.text(), rel) {
            Some(next) => address = next,
            None => return Ok(pages),
        }
    }
}

#[tokio::test]
async fn paging_meets_every_row_once_in_both_directions() {
    each(async |site, db| {
        many(db, 61).await?;
        let mut client = superuser(site, db).await?;
        for sort in ["", "&sort=price", "&sort=-price", "&sort=author.name,-price", "&sort=title"] {
            let forward = walk(&mut client, &format!("?size=10{sort}"), "next").await?;
            let flat: Vec<String> = forward.concat();
            let mut unique = flat.clone();
            unique.sort();
            unique.dedup();
            assert_eq!((flat.len(), unique.len()), (65, 65), "{sort}");
            let mut backward = walk(&mut client, &format!("?size=10&last=1{sort}"), "prev").await?;
            backward.reverse();
            let mut back: Vec<String> = Vec::new();
            // Near the start, the page before is the first one, whole.
            for title in backward.concat() {
                if !back.contains(&title) {
                    back.push(title);
                }
            }
            assert_eq!(back, flat, "{sort}");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn sorting_by_a_column_with_null_keeps_every_row() {
    each(async |site, db| {
        many(db, 40).await?;
        let mut client = superuser(site, db).await?;
        // The model's own order begins with `published`, which may be NULL, largest first.
        let flat = walk(&mut client, "?size=10", "next").await?.concat();
        let expected: Vec<Book> =
            Book::objects().order_by(|b| (b.published.desc(), b.title.asc(), b.id.desc())).all(db).await?;
        let expected: Vec<String> = expected.into_iter().map(|book| book.title).collect();
        assert_eq!(flat, expected);
        Ok(())
    })
    .await;
}

async fn found(client: &mut Client, query: &str) -> Result<Vec<String>> {
    let page = client.get(&format!("/admin/nuages_tests/book/{query}")).await?;
    assert_eq!(page.status(), 200, "{}", page.text());
    let mut rows = rows(&page);
    rows.sort();
    Ok(rows)
}

#[tokio::test]
async fn searches_and_filters_find_what_they_say() {
    each(async |site: &TestSite, db| {
        Book::objects()
            .filter(|b| b.title.eq("Invisible Cities"))
            .update(db, |b| (b.status.set(Status::Published), b.in_stock.set(false)))
            .await?;
        let mut client = superuser(site, db).await?;
        let calvino = author(db, "Italo Calvino").await?.id;
        assert_eq!(found(&mut client, "?q=LEFT+darkness").await?, ["The Left Hand of Darkness"]);
        assert_eq!(found(&mut client, "?q=guin").await?, ["The Dispossessed", "The Left Hand of Darkness"]);
        assert_eq!(found(&mut client, "?q=100%25").await?, [""; 0]);
        assert_eq!(found(&mut client, "?f.status=published").await?, ["Invisible Cities"]);
        assert_eq!(found(&mut client, "?f.status=published&f.status=draft").await?.len(), 4);
        assert_eq!(found(&mut client, "?f.in_stock=0").await?, ["Invisible Cities"]);
        assert_eq!(
            found(&mut client, &format!("?f.author={calvino}")).await?,
            ["A drawer", "Invisible Cities"]
        );
        assert_eq!(found(&mut client, &format!("?f.author={calvino}&f.in_stock=1")).await?, ["A drawer"]);
        assert_eq!(found(&mut client, "?d=1969").await?, ["The Left Hand of Darkness"]);
        assert_eq!(found(&mut client, "?d=1972-11").await?, ["Invisible Cities"]);
        assert_eq!(found(&mut client, "?d=before-1972").await?, ["The Left Hand of Darkness"]);
        assert_eq!(found(&mut client, "?d=1972-11-03").await?, [""; 0]);
        assert_eq!(found(&mut client, "?f.status=nonsense&f.author=x&sort=nonsense&after=x").await?.len(), 4);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_page_takes_at_most_six_statements() {
    each(async |site, db| {
        many(db, 30).await?;
        let mut client = superuser(site, db).await?;
        let calvino = author(db, "Italo Calvino").await?.id;
        for path in [
            "".to_owned(),
            format!("?q=a&f.author={calvino}&f.status=draft&sort=author.name"),
            "?size=10&last=1".into(),
        ] {
            let page = client.get(&format!("/admin/nuages_tests/book/{path}")).await?;
            let statements: usize =
                page.header("x-nuages-statements").map_or(0, |count| count.parse().unwrap());
            assert!((1..=6).contains(&statements), "{path}: {statements}");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_page_has_as_many_rows_as_are_asked_for() {
    each(async |site, db| {
        many(db, 60).await?;
        let mut client = superuser(site, db).await?;
        let page = client.get("/admin/nuages_tests/book/?sort=title&after=nonsense").await?;
        assert!(page.contains("href=\"?sort=title&#38;size=25\""), "{}", page.text());
        assert!(page.contains("aria-current=\"true\">50</a>"), "{}", page.text());
        let page = client.get("/admin/nuages_tests/book/?sort=title&size=25").await?;
        assert_eq!(rows(&page).len(), 25);
        assert!(page.contains("aria-current=\"true\">25</a>"), "{}", page.text());
        // A list that one page has whole has no other sizes.
        let page = client.get("/admin/nuages_tests/tag/").await?;
        assert!(!page.contains("Rows on a page"), "{}", page.text());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_row_is_there_once_however_many_of_its_related_rows_match() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let tags = Tag::objects().all(db).await?;
        let both = format!("?f.tags={}&f.tags={}", tags[0].id, tags[1].id);
        let list = format!("/admin/nuages_tests/book/{both}");
        let page = client.get(&list).await?;
        assert_eq!(rows(&page), ["The Left Hand of Darkness"], "{}", page.text());
        assert!(!page.contains("2 books"), "{}", page.text());
        // Deleting all that match says one too.
        let page = client.post(&list, &[("_action", "delete_selected"), ("_all", "1")]).await?;
        assert!(page.contains("Delete 1 book?"), "{}", page.text());
        let page = client.get("/admin/nuages_tests/book/?f.tags=none").await?;
        assert_eq!(rows(&page).len(), 3, "{}", page.text());
        Ok(())
    })
    .await;
}
