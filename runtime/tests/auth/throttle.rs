//! Guessing is bounded, by account and by address, and succeeding is not punished.

use crate::schema;
use nuages::auth::models::{LoginThrottle, NewLoginThrottle};
use nuages::auth::{Attempt, ThrottleSettings};
use nuages::prelude::*;
use nuages::test::on_each_database;
use std::net::IpAddr;
use std::time::Duration;

const SETTINGS: ThrottleSettings =
    ThrottleSettings { account_and_peer: 3, account: 6, peer: 9, window: Duration::from_secs(600) };

fn peer(last: u8) -> Option<IpAddr> {
    Some(IpAddr::from([192, 0, 2, last]))
}

/// Whether an attempt is let through.
async fn attempt(db: &Db, account: &str, from: u8) -> Result<bool> {
    Ok(Attempt::begin(db, &SETTINGS, account, peer(from)).await?.retry_after().is_none())
}

#[tokio::test]
async fn one_account_from_one_address() -> Result<()> {
    on_each_database(async |db| {
        schema::create(&db).await?;
        for _ in 0..3 {
            assert!(attempt(&db, "ada", 1).await?);
        }
        let refused = Attempt::begin(&db, &SETTINGS, "ADA ", peer(1)).await?;
        let wait = refused.retry_after().unwrap();
        assert!((590..=600).contains(&wait.as_secs()), "{wait:?}");
        assert!(attempt(&db, "ada", 2).await?, "the owner, elsewhere, is not locked out");
        assert!(attempt(&db, "bob", 1).await?, "a colleague behind the same address neither");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn one_account_from_everywhere_and_every_account_from_one_address() -> Result<()> {
    on_each_database(async |db| {
        schema::create(&db).await?;
        for from in 1..=6 {
            assert!(attempt(&db, "ada", from).await?);
        }
        assert!(!attempt(&db, "ada", 7).await?, "a botnet guesses on");
        for n in 0..9 {
            assert!(attempt(&db, &format!("user{n}"), 100).await?);
        }
        assert!(!attempt(&db, "user9", 100).await?, "one address tries every account");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn success_takes_the_attempt_back() -> Result<()> {
    on_each_database(async |db| {
        schema::create(&db).await?;
        for _ in 0..20 {
            let attempt = Attempt::begin(&db, &SETTINGS, "ada", peer(1)).await?;
            assert!(attempt.retry_after().is_none());
            attempt.succeeded(&db).await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn attempts_at_the_same_moment_are_all_counted() -> Result<()> {
    on_each_database(async |db| {
        schema::create(&db).await?;
        let attempts: Vec<_> = (0..12)
            .map(|_| {
                let db = db.detached();
                tokio::spawn(async move { attempt(&db, "ada", 1).await })
            })
            .collect();
        let mut passed = 0;
        for attempt in attempts {
            passed += usize::from(attempt.await??);
        }
        assert_eq!(passed, 3);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn counting_begins_anew_after_the_window() -> Result<()> {
    on_each_database(async |db| {
        schema::create(&db).await?;
        for _ in 0..4 {
            attempt(&db, "ada", 1).await?;
        }
        assert!(!attempt(&db, "ada", 1).await?);
        let short = ThrottleSettings { window: Duration::ZERO, ..SETTINGS };
        assert!(Attempt::begin(&db, &short, "ada", peer(1)).await?.retry_after().is_none());
        assert_eq!(Attempt::clear_expired(&db, &SETTINGS).await?, 0);
        assert_eq!(Attempt::clear_expired(&db, &short).await?, 3);
        Ok(())
    })
    .await
}

async fn counts(db: &Db) -> Result<i64> {
    let row = db.fetch_optional("SELECT count(*) FROM nuages_login_throttle".into()).await?;
    Ok(row.unwrap().i64(0)?.unwrap())
}

/// A stranger tries another name each time, for days: what has run out goes by itself.
#[tokio::test]
async fn the_table_does_not_grow_for_ever() -> Result<()> {
    on_each_database(async |db| {
        schema::create(&db).await?;
        let old = chrono::Utc::now() - chrono::TimeDelta::hours(1);
        for chunk in 0..6 {
            let rows = (0..500).map(|n| NewLoginThrottle {
                subject: format!("old{chunk}-{n}"),
                failures: 1,
                since: old,
            });
            LoginThrottle::objects().bulk_create(&db, rows.map(New::draft)).await?;
        }
        for n in 0..200 {
            attempt(&db, &format!("stranger{n}"), 1).await?;
        }
        let left = LoginThrottle::objects().filter(|t| t.since.lte(old)).count(&db).await?;
        assert_eq!(left, 0, "3,000 old counts, about 35 sweeps of 200");
        assert_eq!(
            counts(&db).await?,
            401,
            "what counts still stays: two for each name, one for the address"
        );
        Ok(())
    })
    .await
}

/// Who sweeps and who counts do not wait for each other's rows for ever, and nobody's login fails for it.
#[tokio::test(flavor = "multi_thread")]
async fn sweeping_disturbs_nobody() -> Result<()> {
    on_each_database(async |db| {
        schema::create(&db).await?;
        let short = ThrottleSettings { window: Duration::from_millis(1), ..SETTINGS };
        let all: Vec<_> = (0..8)
            .map(|who| {
                let (db, short) = (db.detached(), short.clone());
                tokio::spawn(async move {
                    for n in 0..25 {
                        let name = format!("n{}", (who * n) % 17);
                        Attempt::begin(&db, &short, &name, peer(1)).await?.succeeded(&db).await?;
                    }
                    Ok::<(), nuages::Error>(())
                })
            })
            .collect();
        for one in all {
            one.await??;
        }
        Ok(())
    })
    .await
}
