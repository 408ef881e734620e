//! Futures that are dropped at any moment: nothing remains, and nobody is disturbed.

use std::time::Duration;

use futures_util::FutureExt;

use super::*;

/// Drops a transaction after each of many delays, and sees that nothing of it remains and nobody is disturbed.
#[test]
fn dropped_at_any_moment_it_leaves_nothing() {
    run(on_each_database(async |db| {
        counters(&db).await?;
        let mut done = 0;
        for round in 0..60_u64 {
            let work = db.atomic(async |db| {
                add(&db, 1).await?;
                db.atomic(async |db| add(&db, 1).await).await?;
                add(&db, 2).await
            });
            // The first delays fall into BEGIN, the last ones after COMMIT.
            if tokio::time::timeout(Duration::from_micros(round * 40), work).await.is_ok() {
                done += 1;
            }
            // The same session, and another one, are at once fit for use, and outside any transaction.
            count(&db, 1).await?;
            add(&db.detached(), 3).await?;
        }
        let (one, two, three) = (count(&db, 1).await?, count(&db, 2).await?, count(&db, 3).await?);
        assert_eq!((one, three), (2 * two, 60));
        // A COMMIT whose answer was not waited for may have been carried out.
        assert!(two >= done, "{two} {done}");
        Ok(())
    }));
}

/// The fault that the driver's own pool has: BEGIN is on its way when the future is dropped.
#[test]
fn a_cancelled_begin_poisons_nobody() {
    run(on_each_database(async |db| {
        counters(&db).await?;
        for polls in 1..12 {
            let mut begin = Box::pin(db.atomic(async |db| {
                add(&db, 1).await?;
                std::future::pending::<Result<()>>().await
            }));
            for _ in 0..polls {
                let _ = begin.as_mut().now_or_never();
                tokio::time::sleep(Duration::from_micros(50)).await;
            }
            drop(begin);
            let others = (0..4).map(|_| {
                let db = db.detached();
                tokio::spawn(async move { add(&db, 2).await })
            });
            for other in others.collect::<Vec<_>>() {
                other.await??;
            }
        }
        let fresh = nuages::Database::connect(db.database().settings()).await?;
        assert_eq!(
            count(&fresh.session(), 2).await?,
            44,
            "all that was written outside is there for everybody"
        );
        assert_eq!(count(&fresh.session(), 1).await?, 0);
        fresh.close().await;
        Ok(())
    }));
}

#[test]
fn a_panic_rolls_back() {
    run(on_each_database(async |db| {
        counters(&db).await?;
        let inner = db.clone();
        let task = tokio::spawn(async move {
            inner
                .atomic(async |db| {
                    add(&db, 1).await?;
                    if count(&db, 1).await? == 1 {
                        panic!("on purpose");
                    }
                    Ok(())
                })
                .await
        });
        assert!(task.await.is_err());
        assert_eq!((count(&db, 1).await?, add(&db, 1).await?), (0, 1));
        Ok(())
    }));
}

#[test]
fn a_dropped_savepoint_is_undone_and_the_transaction_goes_on() {
    run(on_each_database(async |db| {
        counters(&db).await?;
        db.atomic(async |db| {
            add(&db, 1).await?;
            let inner = db.atomic(async |db| {
                add(&db, 2).await?;
                std::future::pending::<Result<()>>().await
            });
            assert!(tokio::time::timeout(Duration::from_millis(60), inner).await.is_err());
            add(&db, 1).await?;
            assert_eq!(count(&db, 2).await?, 0);
            Ok(())
        })
        .await?;
        assert_eq!((count(&db, 1).await?, count(&db, 2).await?), (2, 0));
        Ok(())
    }));
}

/// Takes about half a second, on SQLite as long as the processor needs.
fn slow(db: &Db) -> &'static str {
    match db.backend() {
        Backend::Sqlite => {
            "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 3000000) SELECT max(x) FROM c"
        }
        Backend::Postgres => "SELECT pg_sleep(0.5)",
        Backend::Mysql => "SELECT SLEEP(0.5)",
    }
}

/// The closure handed a clone to a task, which is in the middle of a statement when the transaction is dropped.
#[test]
fn a_straggler_does_not_keep_a_dropped_transaction_open() {
    run(on_each_database(async |db| {
        counters(&db).await?;
        let mut straggler = None;
        let dropped = db.atomic(async |db| {
            add(&db, 1).await?;
            let clone = db.clone();
            straggler = Some(tokio::spawn(async move {
                let late = clone.fetch(slow(&clone).into()).await;
                (late.is_ok(), add(&clone, 1).await)
            }));
            std::future::pending::<Result<()>>().await
        });
        assert!(tokio::time::timeout(Duration::from_millis(100), dropped).await.is_err());
        let (_, after) = straggler.expect("it was started").await?;
        assert!(after.unwrap_err().to_string().contains("has ended"));
        assert_eq!((count(&db, 1).await?, add(&db, 1).await?, count(&db.detached(), 1).await?), (0, 1, 1));
        Ok(())
    }));
}

#[test]
fn a_statement_dropped_half_way_dooms_its_transaction() {
    run(on_each_database(async |db| {
        counters(&db).await?;
        let outcome = db
            .atomic(async |db| {
                add(&db, 1).await?;
                let cut = tokio::time::timeout(Duration::from_millis(50), db.fetch(slow(&db).into())).await;
                assert!(cut.is_err(), "the statement was meant to be slow");
                assert!(add(&db, 1).await.is_err());
                Ok(())
            })
            .await;
        assert!(outcome.is_err(), "what was not committed is not reported as committed");
        assert_eq!((count(&db, 1).await?, add(&db, 1).await?), (0, 1));
        Ok(())
    }));
}

/// Many tasks move between two counters, and are dropped at any moment: the sum never changes, and the pool is whole.
#[test]
fn a_crowd_that_is_cut_off_again_and_again_keeps_the_sum() {
    run(on_each_database(async |db| {
        counters(&db).await?;
        let step = async |db: &Db, id: i64, by: i64| {
            let args = vec![Value::Int(by), Value::Int(id)];
            db.execute(statement(db, "UPDATE counter SET n = n + ? WHERE id = ?", args)).await
        };
        let tasks: Vec<_> = (0..8_u64)
            .map(|task| {
                let db = db.detached();
                tokio::spawn(async move {
                    let mut done = 0;
                    for round in 0..40_u64 {
                        let work = db.atomic(async |db| {
                            step(&db, 1, 1).await?;
                            let inner = db.atomic(async |db| {
                                step(&db, 2, -1).await?;
                                // Every third savepoint is undone, and the step taken again.
                                if round % 3 == 0 { Err(nuages::Error::other("undone")) } else { Ok(()) }
                            });
                            if inner.await.is_err() {
                                step(&db, 2, -1).await?;
                            }
                            Ok(())
                        });
                        let limit = Duration::from_micros((task * 977 + round * 613) % 9_000);
                        done += i64::from(matches!(tokio::time::timeout(limit, work).await, Ok(Ok(()))));
                        assert_eq!(total(&db).await?, 0, "what is half done is seen by nobody");
                    }
                    Ok::<i64, nuages::Error>(done)
                })
            })
            .collect();
        let mut done = 0;
        for task in tasks {
            done += task.await??;
        }
        assert!(done > 0, "some came through");
        assert!(count(&db, 1).await? >= done);
        assert_eq!(total(&db).await?, 0);
        Ok(())
    }));
}

async fn total(db: &Db) -> Result<i64> {
    let row = db.fetch_optional("SELECT sum(n) FROM counter WHERE id < 3".into()).await?.unwrap();
    Ok(row.i64(0)?.unwrap())
}

/// A handle may outlive its runtime; what it holds cannot be cleaned there, and is not handed on as it is.
#[cfg(feature = "sqlite")]
#[test]
fn dropped_outside_a_runtime_it_is_cleaned_by_the_next() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let first = runtime();
    let database = first.block_on(async {
        let database =
            nuages::Database::connect(&nuages::DatabaseSettings::new("sqlite::memory:")).await.unwrap();
        counters(&database.session()).await.unwrap();
        database
    });
    let db = database.session();
    let mut open = Box::pin(db.atomic(async |db| {
        add(&db, 1).await?;
        std::future::pending::<Result<()>>().await
    }));
    first.block_on(async {
        assert!(tokio::time::timeout(Duration::from_millis(50), open.as_mut()).await.is_err());
    });
    drop(open);
    drop(first);
    runtime().block_on(async {
        assert_eq!(count(&database.session(), 1).await.unwrap(), 0);
        assert_eq!(add(&db, 1).await.unwrap(), 1);
    });
}
