//! Transactions, savepoints, and what runs after a commit.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use nuages::backend::{Backend, Statement};
use nuages::test::on_each_database;
use nuages::{Db, Error, ErrorKind, Result};

async fn counter(db: &Db) -> Result<()> {
    db.execute_script("CREATE TABLE counter (id integer PRIMARY KEY, name varchar(20) UNIQUE)").await
}

async fn add(db: &Db, id: i64) -> Result<u64> {
    db.execute(Statement::new(format!("INSERT INTO counter (id) VALUES ({id})"), Vec::new())).await
}

async fn ids(db: &Db) -> Result<Vec<i64>> {
    let rows = db.fetch(Statement::new("SELECT id FROM counter ORDER BY id", Vec::new())).await?;
    rows.iter().map(|row| row.i64(0).map(Option::unwrap)).collect()
}

#[tokio::test]
async fn ok_commits_and_err_rolls_back() -> Result<()> {
    on_each_database(async |db| {
        counter(&db).await?;
        let answer = db.atomic(async |db| add(&db, 1).await).await?;
        assert_eq!(answer, 1);
        let refused: Result<()> = db
            .atomic(async |db| {
                add(&db, 2).await?;
                assert_eq!(ids(&db).await?, [1, 2], "a transaction sees its own rows");
                Err(Error::other("changed my mind"))
            })
            .await;
        assert_eq!(refused.unwrap_err().to_string(), "changed my mind");
        assert_eq!(ids(&db).await?, [1]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_nested_block_is_a_savepoint() -> Result<()> {
    on_each_database(async |db| {
        counter(&db).await?;
        db.atomic(async |db| {
            add(&db, 1).await?;
            let inner: Result<()> = db
                .atomic(async |db| {
                    add(&db, 2).await?;
                    // A violation inside a savepoint must not poison the transaction around it.
                    add(&db, 1).await?;
                    Ok(())
                })
                .await;
            assert!(inner.unwrap_err().is_unique());
            db.atomic(async |db| add(&db, 3).await).await?;
            Ok(())
        })
        .await?;
        assert_eq!(ids(&db).await?, [1, 3]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_outer_handle_says_that_it_waits() -> Result<()> {
    on_each_database(async |db| {
        counter(&db).await?;
        let outer = db.clone();
        db.atomic(async move |inner| {
            let error =
                tokio::time::timeout(Duration::from_secs(2), add(&outer, 1)).await.unwrap().unwrap_err();
            assert!(error.to_string().contains("transaction"), "{error}");
            add(&inner, 2).await?;
            Ok(())
        })
        .await?;
        assert_eq!(ids(&db).await?, [2]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn after_a_commit_and_only_then() -> Result<()> {
    on_each_database(async |db| {
        counter(&db).await?;
        let ran = Arc::new(AtomicU32::new(0));
        let note = |by: u32| {
            let ran = Arc::clone(&ran);
            move || async move {
                ran.fetch_add(by, Ordering::SeqCst);
            }
        };
        db.atomic(async |db| {
            db.on_commit(note(1));
            let lost: Result<()> = db
                .atomic(async |db| {
                    db.on_commit(note(100));
                    Err(Error::other("no"))
                })
                .await;
            assert!(lost.is_err());
            assert_eq!(ran.load(Ordering::SeqCst), 0, "not before the commit");
            Ok(())
        })
        .await?;
        assert_eq!(ran.load(Ordering::SeqCst), 1, "what a savepoint rolled back does not run");
        db.on_commit(note(10));
        for _ in 0..100 {
            if ran.load(Ordering::SeqCst) == 11 {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Err(Error::other("outside a transaction it runs at once"))
    })
    .await
}

#[tokio::test]
async fn a_dropped_transaction_leaves_nothing_behind() -> Result<()> {
    on_each_database(async |db| {
        counter(&db).await?;
        for id in 1..=20 {
            // Dropped at another point each time: before BEGIN, in the middle, before COMMIT.
            let work = db.atomic(async |db| {
                add(&db, id).await?;
                tokio::time::sleep(Duration::from_secs(5)).await;
                Ok(())
            });
            tokio::time::timeout(Duration::from_micros(150 * u64::try_from(id)?), work).await.unwrap_err();
        }
        assert_eq!(ids(&db).await?, Vec::<i64>::new());
        db.atomic(async |db| add(&db, 7).await).await?;
        assert_eq!(ids(&db.detached()).await?, [7], "another session sees what was committed");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn sessions_do_not_see_each_other_before_the_commit() -> Result<()> {
    on_each_database(async |db| {
        counter(&db).await?;
        let other = db.detached();
        db.atomic(async |db| {
            add(&db, 1).await?;
            assert_eq!(ids(&other).await?, Vec::<i64>::new());
            Ok(())
        })
        .await?;
        assert_eq!(ids(&other).await?, [1]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_full_pool_answers_in_time() -> Result<()> {
    on_each_database(async |db| {
        counter(&db).await?;
        let most = db.database().settings().max_connections;
        let holders: Vec<_> = (0..most).map(|_| db.detached()).collect();
        let begin = std::time::Instant::now();
        let error = hold(&holders, &db.detached()).await.unwrap_err();
        if db.backend() == Backend::Sqlite {
            assert!(begin.elapsed() < Duration::from_secs(10));
        } else {
            assert_eq!(error.kind(), ErrorKind::PoolTimeout, "{error}");
        }
        Ok(())
    })
    .await
}

/// Takes a transaction on each handle, then asks for one more connection.
async fn hold(holders: &[Db], last: &Db) -> Result<()> {
    match holders {
        [] => add(last, 1).await.map(drop),
        [first, rest @ ..] => Box::pin(first.atomic(async |_db| Box::pin(hold(rest, last)).await)).await,
    }
}
