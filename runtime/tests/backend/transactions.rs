//! All or nothing, also when the future is dropped at any moment.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use nuages::backend::{AtomicOptions, Isolation};
use nuages::{Error, ErrorKind};

use super::*;

#[test]
fn committed_on_ok_and_rolled_back_on_err() {
    run(on_each_database(async |db| {
        counters(&db).await?;
        let seven = db.atomic(async |db| add(&db, 1).await.map(|_| 7)).await?;
        let refused: Result<()> = db
            .atomic(async |db| {
                add(&db, 1).await?;
                Err(Error::other("no"))
            })
            .await;
        assert_eq!((seven, refused.unwrap_err().to_string().as_str(), count(&db, 1).await?), (7, "no", 1));
        Ok(())
    }));
}

#[test]
fn a_nested_one_is_a_savepoint() {
    run(on_each_database(async |db| {
        counters(&db).await?;
        db.atomic(async |db| {
            add(&db, 1).await?;
            let inner: Result<()> = db
                .atomic(async |db| {
                    add(&db, 1).await?;
                    db.atomic(async |db| add(&db, 2).await).await?;
                    Err(Error::other("inner"))
                })
                .await;
            assert!(inner.is_err());
            db.atomic(async |db| add(&db, 3).await).await?;
            Ok(())
        })
        .await?;
        assert_eq!((count(&db, 1).await?, count(&db, 2).await?, count(&db, 3).await?), (1, 0, 1));
        Ok(())
    }));
}

#[test]
fn the_outer_handle_answers_at_once_that_it_is_the_wrong_one() {
    run(on_each_database(async |db| {
        counters(&db).await?;
        let outer = db.clone();
        let mut kept = None;
        db.atomic(async |db| {
            let error = add(&outer, 1).await.unwrap_err().to_string();
            assert!(error.contains("is still running"), "{error}");
            let middle = db.clone();
            db.atomic(async |db| {
                assert!(add(&middle, 1).await.is_err() && middle.atomic(async |_| Ok(())).await.is_err());
                add(&db, 1).await
            })
            .await?;
            add(&middle, 1).await?;
            kept = Some(db);
            Ok(())
        })
        .await?;
        let error = add(&kept.unwrap(), 1).await.unwrap_err().to_string();
        assert!(error.contains("has ended"), "{error}");
        assert_eq!(count(&outer, 1).await?, 2);
        Ok(())
    }));
}

#[test]
fn a_detached_session_is_another_one() {
    run(on_each_database(async |db| {
        counters(&db).await?;
        db.atomic(async |db| {
            add(&db, 1).await?;
            assert_eq!(count(&db.detached(), 1).await?, 0, "what is not committed is not seen");
            assert_eq!(count(&db, 1).await?, 1);
            Ok(())
        })
        .await
    }));
}

#[test]
fn an_error_that_was_swallowed_does_not_turn_commit_into_a_silent_rollback() {
    run(on_each_database(async |db| {
        counters(&db).await?;
        let outcome = db
            .atomic(async |db| {
                add(&db, 1).await?;
                assert!(
                    db.execute("INSERT INTO counter VALUES (1, 1)".into()).await.unwrap_err().is_unique()
                );
                Ok(())
            })
            .await;
        let kept = count(&db, 1).await?;
        if db.backend() == Backend::Postgres {
            assert!(outcome.unwrap_err().to_string().contains("can only be rolled back"));
            assert_eq!(kept, 0);
        } else {
            outcome?;
            assert_eq!(kept, 1);
        }
        // With a savepoint around it the transaction goes on, everywhere.
        db.atomic(async |db| {
            let twice =
                db.atomic(async |db| db.execute("INSERT INTO counter VALUES (1, 1)".into()).await).await;
            assert!(twice.unwrap_err().is_unique());
            add(&db, 2).await
        })
        .await?;
        assert_eq!(count(&db, 2).await?, 1);
        Ok(())
    }));
}

#[test]
fn on_commit_runs_after_the_outermost_commit_only() {
    run(on_each_database(async |db| {
        counters(&db).await?;
        let log = Arc::new(std::sync::Mutex::new(Vec::new()));
        let note = |word: &'static str| {
            let (log, db) = (Arc::clone(&log), db.detached());
            move || async move {
                let seen = count(&db, 1).await.unwrap();
                log.lock().unwrap().push((word, seen));
            }
        };
        db.atomic(async |db| {
            add(&db, 1).await?;
            db.on_commit(note("outer"));
            db.atomic(async |db| {
                db.on_commit(note("inner"));
                Ok(())
            })
            .await?;
            let undone: Result<()> = db
                .atomic(async |db| {
                    db.on_commit(note("never"));
                    db.atomic(async |db| {
                        db.on_commit(note("never either"));
                        Ok(())
                    })
                    .await?;
                    Err(Error::other("undone"))
                })
                .await;
            assert!(undone.is_err() && log.lock().unwrap().is_empty());
            db.on_commit(async || panic!("this one is reported, and stops nobody"));
            db.on_commit(note("last"));
            Ok(())
        })
        .await?;
        assert_eq!(*log.lock().unwrap(), [("outer", 1), ("inner", 1), ("last", 1)]);
        let undone: Result<()> = db
            .atomic(async |db| {
                db.on_commit(note("never"));
                Err(Error::other("undone"))
            })
            .await;
        assert!(undone.is_err());
        db.on_commit(note("outside"));
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(log.lock().unwrap().last(), Some(&("outside", 1)));
        Ok(())
    }));
}

#[test]
fn options_that_a_database_does_not_have_are_refused_before_anything_is_sent() {
    run(on_each_database(async |db| {
        counters(&db).await?;
        let serializable = AtomicOptions { isolation: Some(Isolation::Serializable), ..Default::default() };
        db.atomic_with(serializable, async |db| add(&db, 1).await).await?;
        for isolation in [Isolation::ReadCommitted, Isolation::RepeatableRead] {
            let options = AtomicOptions { isolation: Some(isolation), ..Default::default() };
            let before = db.query_count();
            let outcome = db.atomic_with(options, async |db| add(&db, 1).await).await;
            if db.backend() == Backend::Sqlite {
                assert_eq!(
                    (outcome.unwrap_err().kind(), db.query_count()),
                    (ErrorKind::NotSupported, before)
                );
            } else {
                outcome?;
            }
        }
        let durable = AtomicOptions { durable: true, ..Default::default() };
        db.atomic_with(durable, async |db| {
            assert!(db.atomic_with(durable, async |_| Ok(())).await.is_err());
            assert!(db.atomic_with(serializable, async |_| Ok(())).await.is_err());
            add(&db, 2).await
        })
        .await?;
        assert_eq!(count(&db, 2).await?, 1);
        Ok(())
    }));
}

#[test]
fn what_was_given_up_because_of_others_is_tried_again() {
    run(on_each_database(async |db| {
        counters(&db).await?;
        let tries = AtomicU32::new(0);
        let n = db
            .atomic_retry(|db| async {
                let db = db;
                add(&db, 1).await?;
                match tries.fetch_add(1, Ordering::Relaxed) {
                    0 | 1 => Err(Error::new(ErrorKind::Serialization, "met another")),
                    _ => count(&db, 1).await,
                }
            })
            .await?;
        assert_eq!((n, tries.load(Ordering::Relaxed)), (1, 3));
        let always: Result<()> = db
            .atomic_retry(|_| async {
                tries.fetch_add(1, Ordering::Relaxed);
                Err(Error::new(ErrorKind::Serialization, "met another"))
            })
            .await;
        assert_eq!(
            (always.unwrap_err().kind(), tries.load(Ordering::Relaxed)),
            (ErrorKind::Serialization, 8)
        );
        Ok(())
    }));
}

/// Two transactions take two rows in opposite orders; the server gives up on one of them.
#[test]
fn a_real_deadlock_is_a_serialization_failure_and_retrying_heals_it() {
    run(on_each_database(async |db| {
        if db.backend() == Backend::Sqlite {
            return Ok(());
        }
        counters(&db).await?;
        let meet = Arc::new(tokio::sync::Barrier::new(2));
        let tries = Arc::new(AtomicU32::new(0));
        let tasks = [(1, 2), (2, 1)].map(|(first, second)| {
            let (db, meet, tries) = (db.detached(), Arc::clone(&meet), Arc::clone(&tries));
            tokio::spawn(async move {
                db.atomic_retry(|db| {
                    let (meet, tries) = (&meet, &tries);
                    async move {
                        add(&db, first).await?;
                        if tries.fetch_add(1, Ordering::Relaxed) < 2 {
                            meet.wait().await;
                        }
                        add(&db, second).await
                    }
                })
                .await
            })
        });
        for task in tasks {
            task.await??;
        }
        assert_eq!((count(&db, 1).await?, count(&db, 2).await?, tries.load(Ordering::Relaxed)), (2, 2, 3));
        Ok(())
    }));
}

/// MySQL ends the transaction at a deadlock; what came after would be written outside of any.
#[test]
fn a_deadlock_that_was_swallowed_ends_the_transaction_all_the_same() {
    run(on_each_database(async |db| {
        if db.backend() == Backend::Sqlite {
            return Ok(());
        }
        counters(&db).await?;
        let meet = Arc::new(tokio::sync::Barrier::new(2));
        let tasks = [(1, 2), (2, 1)].map(|(first, second)| {
            let (db, meet) = (db.detached(), Arc::clone(&meet));
            tokio::spawn(async move {
                db.atomic(async |db| {
                    add(&db, first).await?;
                    meet.wait().await;
                    let swallowed = add(&db, second).await.is_err();
                    let third = add(&db, 3).await;
                    assert_eq!(third.is_err(), swallowed);
                    assert_eq!(db.atomic(async |_| Ok(())).await.is_err(), swallowed);
                    Ok(())
                })
                .await
            })
        });
        let mut failed = 0;
        for task in tasks {
            failed += u32::from(task.await?.is_err());
        }
        assert_eq!(failed, 1);
        assert_eq!((count(&db, 1).await?, count(&db, 2).await?, count(&db, 3).await?), (1, 1, 1));
        Ok(())
    }));
}

#[test]
fn clones_of_a_handle_take_turns_inside_a_transaction() {
    run(on_each_database(async |db| {
        counters(&db).await?;
        db.atomic(async |db| {
            let others = (0..20).map(|_| {
                let db = db.clone();
                tokio::spawn(async move { add(&db, 1).await })
            });
            for other in others.collect::<Vec<_>>() {
                other.await??;
            }
            let (one, two) = tokio::join!(add(&db, 1), count(&db, 2));
            assert_eq!((one?, two?, count(&db, 1).await?), (1, 0, 21));
            Ok(())
        })
        .await
    }));
}

/// 8 tasks, 100 times each: read, add one, write. Deferred transactions fail here in most cases on SQLite.
#[test]
fn many_writers_lose_nothing_and_are_never_told_busy() {
    run(on_each_database(async |db| {
        counters(&db).await?;
        let lock = if db.capabilities().for_update { " FOR UPDATE" } else { "" };
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let db = db.detached();
                tokio::spawn(async move {
                    for _ in 0..100 {
                        db.atomic(async |db| {
                            let sql = format!("SELECT n FROM counter WHERE id = 1{lock}");
                            let n = db.fetch_optional(sql.into()).await?.unwrap().i64(0)?.unwrap();
                            let args = vec![Value::Int(n + 1)];
                            db.execute(statement(&db, "UPDATE counter SET n = ? WHERE id = 1", args)).await
                        })
                        .await?;
                    }
                    Ok::<(), Error>(())
                })
            })
            .collect();
        for task in tasks {
            task.await??;
        }
        assert_eq!(count(&db, 1).await?, 800);
        Ok(())
    }));
}

/// Not run: that this compiles is the test. A handler's future must be `Send`, whatever it borrows.
#[expect(dead_code, reason = "compiled only")]
fn futures_are_send(db: Db) {
    fn handler<F: Future<Output = Result<u64>> + Send + 'static>(_: F) {}
    handler(async move {
        let names = vec!["a".to_owned()];
        let mut total = 0;
        db.atomic(async |db| {
            for name in &names {
                total += add(&db, name.len() as i64).await?;
                db.atomic(async |db| {
                    total += add(&db, 1).await?;
                    db.on_commit(async move || {});
                    Ok(())
                })
                .await?;
            }
            Ok(())
        })
        .await?;
        let names = &names;
        db.atomic_retry(|db| async move { add(&db, names.len() as i64).await }).await?;
        db.fetch_each("SELECT 1".into(), &mut |row| {
            total += row.len() as u64;
            Ok(())
        })
        .await?;
        Ok(total)
    });
}
