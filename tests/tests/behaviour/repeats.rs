//! The guard against a query per row: it names the place and what to load along.

use nuages::prelude::*;
use nuages::query::{Repeat, repeats};
use nuages_tests::models::*;

use crate::each;
use crate::shelf::shelf;

/// What the guard says of some work.
async fn watch(db: &Db, work: impl Future<Output = Result<()>>) -> Result<Vec<Repeat>> {
    db.record_queries(true);
    let before = db.queries().len();
    work.await?;
    db.record_queries(false);
    Ok(repeats(&db.queries().split_off(before)))
}

/// The shelf's books, each twice, so that a statement for each is more than a handful.
async fn books(db: &Db) -> Result<Vec<Book>> {
    let books = Book::objects().all(db).await?;
    Ok([books.clone(), books].concat())
}

#[tokio::test]
async fn a_relation_read_row_by_row_is_named() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        let line = line!() + 3;
        let found = watch(&db, async {
            for book in books(&db).await? {
                Author::objects().filter(|a| a.id.eq(*book.author.key())).get(&db).await?;
            }
            Ok(())
        })
        .await?;
        let [repeat] = found.as_slice() else {
            return Err(Error::other(format!("one place, not {found:?}")));
        };
        assert_eq!((repeat.count, repeat.place.caller.line()), (8, line));
        assert!(repeat.place.caller.file().ends_with("repeats.rs"));
        assert!(
            repeat.advice.contains("`.select_related(|b| b.author)` on the query about `Book`"),
            "{repeat}"
        );
        assert!(!repeat.advice.contains("teacher"), "only models that were read: {repeat}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn rows_that_refer_to_each_row_are_to_be_prefetched() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        let found = watch(&db, async {
            for author in Author::objects().all(&db).await?.iter().cycle().take(6) {
                author.books().all(&db).await?;
                author.books().count(&db).await?;
            }
            for book in books(&db).await? {
                book.tags.objects().all(&db).await?;
            }
            Ok(())
        })
        .await?;
        let advice: Vec<_> = found.iter().map(|repeat| repeat.advice.as_str()).collect();
        assert_eq!(
            advice,
            [
                "load it along with `.prefetch_related(|b| b.tags)` on the query about `Book`",
                "load it along with `.prefetch_related(|a| a.books())` on the query about `Author`",
                "load it along with `.annotate(|a| a.books().count())` on the query about `Author`",
            ]
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn rows_made_and_written_one_by_one_are_named_too() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        let found = watch(&db, async {
            for number in 0..6 {
                let mut tag = NewTag { name: format!("tag {number}") }.create(&db).await?;
                tag.name.push('!');
                tag.save(&db).await?;
            }
            Ok(())
        })
        .await?;
        assert!(found.iter().all(|repeat| repeat.place.caller.file().ends_with("repeats.rs")), "{found:?}");
        let mut advice: Vec<_> = found.iter().map(|repeat| repeat.advice.as_str()).collect();
        advice.sort_unstable();
        advice.dedup();
        assert_eq!(
            advice,
            [
                "make the rows together: `Tag::objects().bulk_create(&db, …)`",
                "write the rows together: `Tag::objects().filter(…).update(&db, …)`",
            ]
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_handful_and_loaded_relations_are_left_alone() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        nuages::test::assert_no_repeats(&db, async {
            for book in books(&db).await?.iter().take(5) {
                book.tags.objects().all(&db).await?;
            }
            for _ in 0..2 {
                Author::objects().prefetch_related(|a| a.books()).all(&db).await?;
            }
            Ok(())
        })
        .await
    })
    .await
}

/// What a request writes into the log.
#[derive(Clone, Default)]
struct Log(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

async fn careless(db: Db) -> Result<String> {
    shelf(&db).await?;
    let mut names = Vec::new();
    for book in books(&db).await? {
        names.push(Author::objects().filter(|a| a.id.eq(*book.author.key())).get(&db).await?.name);
    }
    Ok(names.join(", "))
}

#[tokio::test]
async fn a_request_that_queries_row_by_row_is_logged() -> Result<()> {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let router = axum::Router::new().route("/careless", axum::routing::get(careless));
    nuages::test::on_each_site(
        |project| project.app(nuages_tests::app()).merge(router.clone()),
        async |site| {
            log.0.lock().unwrap().clear();
            assert_eq!(site.client().get("/careless").await?.status(), 200);
            let said = String::from_utf8(log.0.lock().unwrap().clone())?;
            let about: Vec<_> =
                said.lines().filter(|line| line.contains("the same statement 8 times")).collect();
            assert_eq!(about.len(), 1, "{said}");
            assert!(
                about[0].contains("repeats.rs:") && about[0].contains(".select_related(|b| b.author)"),
                "{said}"
            );
            assert!(about[0].contains("path=/careless"), "{said}");
            Ok(())
        },
    )
    .await
}
