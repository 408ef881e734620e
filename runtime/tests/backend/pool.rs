//! How connections are shared.

use std::time::{Duration, Instant};

use nuages::test::{Server, TestDatabase};
use nuages::{Database, DatabaseSettings, ErrorKind};

use super::*;

/// Runs a test with this many connections on every database.
async fn with(size: u32, test: impl AsyncFn(Database) -> Result<()>) -> Result<()> {
    for server in Server::found().await? {
        let fresh = TestDatabase::create(server).await?;
        let settings = DatabaseSettings {
            max_connections: size,
            acquire_timeout: Duration::from_millis(300),
            busy_timeout: Duration::from_millis(300),
            ..DatabaseSettings::new(fresh.url())
        };
        let database = Database::connect(&settings).await?;
        counters(&database.session()).await?;
        test(database.clone()).await.map_err(|error| error.context(server.backend().title()))?;
        database.close().await;
        fresh.remove().await?;
    }
    Ok(())
}

#[test]
fn who_waits_too_long_is_told_and_nothing_is_broken() {
    run(with(1, async |database| {
        let db = database.session();
        db.atomic(async |db| {
            add(&db, 1).await?;
            let start = Instant::now();
            let error = add(&database.session(), 1).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::PoolTimeout);
            assert!(
                start.elapsed() >= Duration::from_millis(280) && start.elapsed() < Duration::from_secs(3)
            );
            Ok(())
        })
        .await?;
        assert_eq!((add(&database.session(), 1).await?, count(&db, 1).await?), (1, 2));
        Ok(())
    }));
}

#[test]
fn one_connection_serves_many_sessions_that_rest() {
    run(with(1, async |database| {
        let sessions: Vec<_> = (0..20).map(|_| database.session()).collect();
        for db in &sessions {
            assert_eq!(add(db, 1).await?, 1);
        }
        // Two statements at a time on one handle, too.
        let (a, b) = tokio::join!(add(&sessions[0], 2), count(&sessions[0], 1));
        assert_eq!((a?, b?), (1, 20));
        Ok(())
    }));
}

#[test]
fn many_tasks_share_few_connections_fairly() {
    run(with(2, async |database| {
        let tasks: Vec<_> = (0..40)
            .map(|_| {
                let db = database.session();
                tokio::spawn(async move {
                    for _ in 0..5 {
                        count(&db, 1).await?;
                    }
                    add(&db, 1).await
                })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await??, 1);
        }
        assert_eq!(count(&database.session(), 1).await?, 40);
        Ok(())
    }));
}

#[test]
fn the_warm_connection_is_taken_again() {
    run(with(2, async |database| {
        if database.backend() != Backend::Postgres {
            return Ok(());
        }
        let db = database.session();
        let pid = async || db.fetch_optional("SELECT pg_backend_pid()".into()).await?.unwrap().i64(0);
        let first = pid().await?;
        for _ in 0..10 {
            assert_eq!(pid().await?, first);
        }
        Ok(())
    }));
}

#[test]
fn a_connection_that_the_server_closed_is_replaced() {
    run(with(2, async |database| {
        let db = database.session();
        let (own, kill) = match database.backend() {
            Backend::Sqlite => return Ok(()),
            Backend::Postgres => ("SELECT pg_backend_pid()", "SELECT pg_terminate_backend(?::int)"),
            Backend::Mysql => ("SELECT CONNECTION_ID()", "KILL ?"),
        };
        let killed = db
            .atomic(async |db| {
                let id = db.fetch_optional(own.into()).await?.unwrap().i64(0)?.unwrap();
                add(&db, 1).await?;
                database.session().execute(statement(&db, kill, vec![Value::Int(id)])).await?;
                add(&db, 1).await
            })
            .await;
        assert!(killed.is_err());
        for _ in 0..4 {
            assert_eq!((count(&db, 1).await?, add(&db, 2).await?), (0, 1));
        }
        Ok(())
    }));
}

#[test]
fn what_lay_idle_is_asked_and_what_is_old_is_replaced() {
    run(async {
        for server in Server::found().await? {
            let fresh = TestDatabase::create(server).await?;
            let settings = DatabaseSettings {
                idle_ping: Duration::ZERO,
                max_lifetime: Duration::from_millis(40),
                ..DatabaseSettings::new(fresh.url())
            };
            let database = Database::connect(&settings).await?;
            counters(&database.session()).await?;
            for _ in 0..4 {
                assert_eq!(count(&database.session(), 1).await?, 0);
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
            database.close().await;
            fresh.remove().await?;
        }
        Ok(())
    });
}

#[test]
fn closing_waits_for_what_runs_and_refuses_what_comes() {
    run(with(2, async |database| {
        let db = database.session();
        let (started, go) = tokio::sync::oneshot::channel();
        let running = tokio::spawn({
            let db = database.session();
            async move {
                db.atomic(async |db| {
                    started.send(()).ok();
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    add(&db, 1).await
                })
                .await
            }
        });
        go.await?;
        database.close().await;
        assert_eq!(running.await??, 1);
        assert_eq!(add(&db, 1).await.unwrap_err().kind(), ErrorKind::PoolTimeout);
        Ok(())
    }));
}
