//! Attacks on transactions: dropped at every await, panicking, killed by the server, out of connections. Whatever
//! happens, a transaction is written whole or not at all, and no connection is handed on with one still open.

use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Poll;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use nuages::backend::{Backend, Statement};
use nuages::prelude::*;
use nuages::{Database, DatabaseSettings};

#[derive(Model, Clone, Debug)]
#[model(app_label = "attack", display = "{id}")]
pub struct Parent {
    #[field(primary_key, auto = false)]
    pub id: i64,
}

#[derive(Model, Clone, Debug)]
#[model(app_label = "attack", display = "{id}")]
pub struct Child {
    #[field(primary_key, auto = false)]
    pub id: i64,
    #[field(on_delete = DoNothing)]
    pub parent: Option<ForeignKey<Parent>>,
    #[field(default = 0)]
    pub amount: i64,
}

async fn each(test: impl AsyncFn(Db) -> Result<()>) -> Result<()> {
    nuages::test::on_each_database(async |db| {
        nuages_tests::tables::create(&db, &[Parent::schema, Child::schema]).await?;
        test(db).await
    })
    .await
}

async fn add(db: &Db, id: i64) -> Result<()> {
    NewChild { id }.create(db).await.map(drop)
}

async fn ids(db: &Db) -> Result<Vec<i64>> {
    Child::objects().order_by(|c| c.id).values(|c| c.id).all(db).await
}

async fn empty(db: &Db) -> Result<()> {
    Child::objects().delete(db).await.map(drop)
}

/// Polls a future so many times and drops it then and there; its answer, if it was ready by then.
async fn polled<F: Future>(times: usize, future: F) -> Option<F::Output> {
    let mut future = Box::pin(future);
    let mut left = times;
    poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(answer) => Poll::Ready(Some(answer)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// The connections that the pool hands out next have no transaction open: what is written on them is there for a
/// connection that does not belong to the pool.
async fn assert_clean(db: &Db, observer: &Db, when: &str) -> Result<()> {
    for id in [900, 901] {
        add(&db.detached(), id).await.map_err(|error| error.context(when.to_owned()))?;
        assert!(ids(observer).await?.contains(&id), "{when}: a transaction was left open");
    }
    Child::objects().filter(|c| c.id.gte(900)).delete(db).await.map(drop)
}

/// A transaction with everything: savepoints that go well, fail, and fail in the database.
async fn everything(db: &Db) -> Result<()> {
    db.atomic(async |db| {
        add(&db, 1).await?;
        db.atomic(async |db| {
            add(&db, 2).await?;
            db.atomic(async |db| add(&db, 3).await).await
        })
        .await?;
        let undone: Result<()> = db
            .atomic(async |db| {
                add(&db, 4).await?;
                Err(Error::other("changed my mind"))
            })
            .await;
        assert!(undone.is_err());
        let refused = db.atomic(async |db| add(&db, 1).await).await;
        assert!(refused.is_err_and(|error| error.is_unique()));
        assert_eq!(ids(&db).await?, [1, 2, 3]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_transaction_dropped_at_any_await_is_whole_or_not_there() -> Result<()> {
    each(async |db| {
        let observer = db.database().dedicated().await?;
        let (mut nothing, mut all, mut rounds) = (0, 0, 0);
        // Where a future waits depends on how fast the server answers, so it is asked several times.
        for polls in (0..).flat_map(|polls| [polls; 3]) {
            let session = db.detached();
            let done = polled(polls, everything(&session)).await;
            let when = format!("dropped after {polls} polls");
            // The session itself goes on as if nothing had been.
            let there = ids(&session).await.map_err(|error| error.context(when.clone()))?;
            assert_clean(&db, &observer, &when).await?;
            match (&there[..], &done) {
                ([], None) => nothing += 1,
                ([1, 2, 3], None) => all += 1,
                ([1, 2, 3], Some(Ok(()))) if rounds == 8 => break,
                ([1, 2, 3], Some(Ok(()))) => rounds += 1,
                _ => panic!("{when}: {there:?} is there, and it answered {done:?}"),
            }
            empty(&db).await?;
        }
        println!("{:?}: dropped {} times, {nothing} left nothing, {all} all", db.backend(), nothing + all);
        assert!(nothing > 2);
        observer.close().await
    })
    .await
}

#[tokio::test]
async fn an_inner_transaction_dropped_at_any_await_is_undone_alone() -> Result<()> {
    each(async |db| {
        let mut dropped = 0;
        for polls in 0.. {
            let done = db
                .atomic(async |db| {
                    add(&db, 1).await?;
                    let inner = db.atomic(async |db| {
                        add(&db, 2).await?;
                        db.atomic(async |db| add(&db, 3).await).await
                    });
                    let done = polled(polls, inner).await.is_some();
                    add(&db, 4).await?;
                    Ok(done)
                })
                .await;
            match done {
                Ok(done) => {
                    let there = ids(&db).await?;
                    let fits = if done {
                        there == [1, 2, 3, 4]
                    } else {
                        [&[1, 4][..], &[1, 2, 3, 4]].contains(&&there[..])
                    };
                    assert!(fits, "dropped after {polls} polls: {there:?}");
                    if done {
                        break;
                    }
                }
                // A statement was under way: on a network the connection had to be given up.
                Err(_) => assert_eq!(ids(&db).await?, Vec::<i64>::new(), "dropped after {polls} polls"),
            }
            dropped += 1;
            empty(&db).await?;
        }
        println!("{:?}: dropped {dropped} times", db.backend());
        assert!(dropped > 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_panic_undoes_what_it_left() -> Result<()> {
    each(async |db| {
        let observer = db.database().dedicated().await?;
        for round in 0..10 {
            let outer = db.atomic(async |db| {
                add(&db, 1).await?;
                if round < 100 {
                    panic!("on purpose")
                }
                Ok(())
            });
            assert!(AssertUnwindSafe(outer).catch_unwind().await.is_err());
            assert_clean(&db, &observer, "after a panic").await?;
            assert_eq!(ids(&db).await?, Vec::<i64>::new());
            db.atomic(async |db| {
                add(&db, 1).await?;
                let inner = db.atomic(async |db| {
                    add(&db, 2).await?;
                    if round < 100 {
                        panic!("on purpose")
                    }
                    Ok(())
                });
                assert!(AssertUnwindSafe(inner).catch_unwind().await.is_err());
                add(&db, 3).await
            })
            .await?;
            assert_eq!(ids(&db).await?, [1, 3]);
            empty(&db).await?;
        }
        observer.close().await
    })
    .await
}

/// Ends the connection that a session is on, from outside.
async fn kill(db: &Db, observer: &Db) -> Result<()> {
    let id = match db.backend() {
        Backend::Postgres => "SELECT pg_backend_pid()::bigint",
        _ => "SELECT CONNECTION_ID()",
    };
    let id = db.fetch(id.into()).await?[0].i64(0)?.unwrap();
    let sql = match db.backend() {
        Backend::Postgres => format!("SELECT pg_terminate_backend({id})"),
        _ => format!("KILL {id}"),
    };
    if db.backend() == Backend::Postgres {
        observer.fetch(sql.into()).await?;
    } else {
        observer.execute(Statement::new(sql, vec![])).await?;
    }
    // The server ends it when it comes to it.
    tokio::time::sleep(Duration::from_millis(30)).await;
    Ok(())
}

#[tokio::test]
async fn a_connection_killed_by_the_server() -> Result<()> {
    each(async |db| {
        if db.backend() == Backend::Sqlite {
            return Ok(()); // No server, nobody to kill it.
        }
        let observer = db.database().dedicated().await?;
        let ran = Arc::new(AtomicU32::new(0));
        for round in 0..8 {
            let (hook, swallow) = (Arc::clone(&ran), round % 2 == 0);
            let outcome = db
                .atomic(async |db| {
                    db.on_commit(async move || {
                        hook.fetch_add(1, Ordering::SeqCst);
                    });
                    add(&db, 1).await?;
                    kill(&db, &observer).await?;
                    if round < 4 {
                        let lost = add(&db, 2).await;
                        assert!(lost.is_err(), "the connection is gone");
                        if !swallow {
                            return lost;
                        }
                    }
                    Ok(())
                })
                .await;
            assert!(outcome.is_err(), "round {round}: what was not written is not reported as written");
            assert_clean(&db, &observer, "after a kill").await?;
            assert_eq!(ids(&db).await?, Vec::<i64>::new());
        }
        assert_eq!(ran.load(Ordering::SeqCst), 0, "nothing was committed, so nothing runs after it");

        // Outside a transaction: one statement may find out; those after it find a new connection.
        let mut failed = 0;
        for round in 0..8 {
            kill(&db, &observer).await?;
            if add(&db, round).await.is_err() {
                failed += 1;
                add(&db, round).await?;
            }
        }
        println!("{:?}: {failed} of 8 statements met a killed connection", db.backend());
        assert_eq!(ids(&db).await?.len(), 8, "each was written once");
        observer.close().await
    })
    .await
}

#[tokio::test]
async fn a_commit_that_fails_runs_nothing_after_it() -> Result<()> {
    each(async |db| {
        let observer = db.database().dedicated().await?;
        let ran = Arc::new(AtomicU32::new(0));
        for _ in 0..5 {
            let hook = Arc::clone(&ran);
            let outcome = db
                .atomic(async |db| {
                    db.on_commit(async move || {
                        hook.fetch_add(1, Ordering::SeqCst);
                    });
                    // Deferred on SQLite and PostgreSQL: COMMIT is where it fails.
                    NewChild { id: 1 }.with(|c| c.parent.set(77)).create(&db).await.map(drop)
                })
                .await;
            assert_eq!(outcome.unwrap_err().kind(), ErrorKind::ForeignKey);
            assert_clean(&db, &observer, "after a failed commit").await?;
        }
        assert_eq!(ran.load(Ordering::SeqCst), 0);
        // One that panics hurts nobody, and the next one runs.
        let hook = Arc::clone(&ran);
        db.atomic(async |db| {
            db.on_commit(async || panic!("on purpose"));
            db.on_commit(async move || {
                hook.fetch_add(1, Ordering::SeqCst);
            });
            add(&db, 5).await
        })
        .await?;
        assert_eq!(ran.load(Ordering::SeqCst), 1);
        assert_eq!(ids(&db).await?, [5]);
        observer.close().await
    })
    .await
}

#[tokio::test]
async fn no_connection_free_is_told_after_three_seconds() -> Result<()> {
    each(async |db| {
        let settings = DatabaseSettings { max_connections: 2, ..db.database().settings().clone() };
        let small = Database::connect(&settings).await?;
        let (one, two, three) = (small.session(), small.session(), small.session());
        let outcome = one
            .atomic(async |one| {
                add(&one, 1).await?;
                let begin = Instant::now();
                // SQLite has one writer; elsewhere the second of two connections goes too.
                let refused = if db.backend() == Backend::Sqlite {
                    add(&two, 2).await
                } else {
                    two.atomic(async |_two| add(&three, 2).await).await
                };
                let error = refused.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::PoolTimeout, "{error}");
                let most = if db.backend() == Backend::Sqlite { 6 } else { 4 };
                let took = begin.elapsed();
                assert!(took >= Duration::from_secs(3) && took < Duration::from_secs(most), "{took:?}");
                Ok(())
            })
            .await;
        outcome?;
        add(&three, 3).await?;
        assert_eq!(ids(&db).await?, [1, 3], "and then it goes on");
        small.close().await;
        Ok(())
    })
    .await
}

/// Moves money to and fro while tasks are cut off at random; nothing is lost and nothing is made.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_off_in_a_crowd() -> Result<()> {
    each(async |db| {
        for id in 0..6 {
            NewChild { id }.with(|c| c.amount.set(100)).create(&db).await?;
        }
        let mut tasks = Vec::new();
        for number in 0_i64..120 {
            let db = db.detached();
            tasks.push(tokio::spawn(async move {
                let (from, to) = (number % 6, (number * 5 + 1) % 6);
                let work = db.atomic_retry(|db| async move {
                    let take = Child::objects().filter(|c| c.id.eq(from));
                    take.update(&db, |c| c.amount.set(c.amount - 7)).await?;
                    tokio::task::yield_now().await;
                    let give = Child::objects().filter(|c| c.id.eq(to));
                    give.update(&db, |c| c.amount.set(c.amount + 7)).await
                });
                let micros = u64::try_from(number * 977 % 80_000).unwrap_or_default();
                match tokio::time::timeout(Duration::from_micros(micros), work).await {
                    Ok(Ok(_)) => 1,
                    Ok(Err(_)) => 0,
                    Err(_cut) => 0,
                }
            }));
        }
        let mut done = 0;
        for task in tasks {
            done += task.await?;
        }
        let amounts = Child::objects().values(|c| c.amount).all(&db).await?;
        assert_eq!(amounts.iter().sum::<i64>(), 600, "{amounts:?}");
        println!("{:?}: {done} of 120 went through", db.backend());
        assert!(done > 0 && done < 120, "some go through and some are cut off: {done}");
        let observer = db.database().dedicated().await?;
        for _ in 0..4 {
            assert_clean(&db, &observer, "after the crowd").await?;
        }
        observer.close().await
    })
    .await
}

/// Two transactions that take two rows in opposite order: the database gives one up, which is tried again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deadlock_is_tried_again() -> Result<()> {
    each(async |db| {
        if db.backend() == Backend::Sqlite {
            return Ok(()); // One writer at a time: there are no deadlocks.
        }
        for id in [1, 2] {
            add(&db, id).await?;
        }
        let tries = Arc::new(AtomicU32::new(0));
        for _ in 0..3 {
            let both = [(1, 2), (2, 1)].map(|(first, second)| {
                let (db, tries) = (db.detached(), Arc::clone(&tries));
                tokio::spawn(async move {
                    db.atomic_retry(|db| {
                        tries.fetch_add(1, Ordering::SeqCst);
                        async move {
                            for id in [first, second] {
                                let row = Child::objects().filter(|c| c.id.eq(id));
                                row.update(&db, |c| c.amount.set(c.amount + 1)).await?;
                                tokio::time::sleep(Duration::from_millis(100)).await;
                            }
                            Ok(())
                        }
                    })
                    .await
                })
            });
            for task in both {
                task.await??;
            }
        }
        let tries = tries.load(Ordering::SeqCst);
        assert!(tries > 6, "there was a deadlock: {tries} tries for 6 transactions");
        assert_eq!(Child::objects().values(|c| c.amount).all(&db).await?, [6, 6]);
        Ok(())
    })
    .await
}
