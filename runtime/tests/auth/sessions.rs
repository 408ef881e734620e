//! The life of a session: made late, written once, merged, ended for good.

use crate::schema;
use nuages::backend::Statement;
use nuages::messages::Messages;
use nuages::session::{CookieChange, Session, SessionExpiry, SessionSettings, SessionStore, SessionToken};
use nuages::test::{assert_queries, on_each_database};
use nuages::{Db, ErrorKind, Result};
use std::sync::Arc;
use std::time::Duration;

/// The session of a request that carries this token.
async fn request(db: &Db, token: Option<&SessionToken>) -> Result<Session> {
    let session = Session::new(Arc::new(SessionSettings::default()), token.cloned());
    session.load(db).await?;
    Ok(session)
}

/// The token that the browser holds after a response.
fn held(change: CookieChange) -> Option<SessionToken> {
    match change {
        CookieChange::Set(token, _) => Some(token),
        CookieChange::Keep | CookieChange::Remove => None,
    }
}

/// A session with one entry.
async fn started(db: &Db) -> Result<SessionToken> {
    let session = request(db, None).await?;
    session.set("a", 1)?;
    Ok(held(session.commit(db).await?).unwrap())
}

async fn rows(db: &Db) -> Result<i64> {
    let row = db.fetch_optional("SELECT count(*) FROM nuages_session".into()).await?;
    Ok(row.unwrap().i64(0)?.unwrap())
}

#[tokio::test]
async fn it_costs_nothing_until_it_is_used() -> Result<()> {
    on_each_database(async |db| {
        schema::create(&db).await?;
        assert_queries(&db, 0, async {
            let visitor = request(&db, None).await?;
            assert_eq!(visitor.get::<i64>("a")?, None);
            assert_eq!(visitor.commit(&db).await?, CookieChange::Keep);
            // One who has a session and whose request does not use it.
            let session = Session::new(Arc::default(), Some(SessionToken::generate()?));
            assert_eq!(session.commit(&db).await?, CookieChange::Keep);
            nuages::Result::<()>::Ok(())
        })
        .await?;
        let token = started(&db).await?;
        let session = assert_queries(&db, 1, request(&db, Some(&token))).await?;
        assert_eq!(session.get("a")?, Some(1));
        assert_eq!(assert_queries(&db, 0, session.commit(&db)).await?, CookieChange::Keep);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn values_of_any_type_are_kept_popped_and_cleared() -> Result<()> {
    on_each_database(async |db| {
        schema::create(&db).await?;
        let token = started(&db).await?;
        let session = request(&db, Some(&token)).await?;
        session.set("list", vec!["ä", "\u{1F40C}", "'\"\\"])?;
        session.set("none", None::<i32>)?;
        assert_queries(&db, 1, session.commit(&db)).await?;

        let session = request(&db, Some(&token)).await?;
        assert_eq!(session.get::<Vec<String>>("list")?.unwrap(), ["ä", "\u{1F40C}", "'\"\\"]);
        assert_eq!(session.get::<Option<i32>>("none")?, Some(None));
        assert!(session.get::<i32>("list").is_err(), "the type is checked");
        assert_eq!(session.pop::<i32>("a")?, Some(1));
        assert!(!session.contains("a")?);
        session.commit(&db).await?;

        let session = request(&db, Some(&token)).await?;
        assert!(!session.contains("a")? && session.contains("list")?);
        session.clear()?;
        assert_eq!(session.commit(&db).await?, CookieChange::Remove);
        assert_eq!(rows(&db).await?, 0, "an empty session is no session");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_database_holds_no_token() -> Result<()> {
    on_each_database(async |db| {
        schema::create(&db).await?;
        let token = started(&db).await?;
        let row = db.fetch_optional("SELECT token_hash, data FROM nuages_session".into()).await?.unwrap();
        assert_eq!(row.text(0)?, Some(token.digest()));
        // What a thief of the table reads there opens nothing.
        assert_eq!(SessionToken::parse(&row.text(0)?.unwrap()), None);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn forged_and_stale_cookies_open_nothing_and_are_removed() -> Result<()> {
    on_each_database(async |db| {
        schema::create(&db).await?;
        started(&db).await?;
        let forged = SessionToken::generate()?;
        let session = request(&db, Some(&forged)).await?;
        assert_eq!(session.get::<i32>("a")?, None);
        assert_eq!(session.commit(&db).await?, CookieChange::Remove);
        // What is set in it begins a session under a token of ours, never under the one that was sent.
        let session = request(&db, Some(&forged)).await?;
        session.set("b", 2)?;
        let token = held(session.commit(&db).await?).unwrap();
        assert_ne!(token, forged);
        assert_eq!(request(&db, Some(&forged)).await?.get::<i32>("b")?, None);
        Ok(())
    })
    .await
}

/// The race of CVE-2025-32441: a slow request loads, another logs out, the slow one saves.
#[tokio::test]
async fn a_session_that_was_ended_never_comes_back() -> Result<()> {
    on_each_database(async |db| {
        schema::create(&db).await?;
        for change in [|session: &Session| session.set("a", 2), Session::cycle] {
            let token = started(&db).await?;
            let slow = request(&db, Some(&token)).await?;
            change(&slow)?;

            let quick = request(&db, Some(&token)).await?;
            quick.flush(&db).await?;
            assert_eq!(quick.commit(&db).await?, CookieChange::Remove);

            let error = slow.commit(&db).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::BadRequest, "{error}");
            assert_eq!(rows(&db).await?, 0);
            assert_eq!(request(&db, Some(&token)).await?.get::<i32>("a")?, None);
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn requests_at_the_same_time_keep_each_others_changes() -> Result<()> {
    on_each_database(async |db| {
        schema::create(&db).await?;
        let token = started(&db).await?;
        let (one, two) = (request(&db, Some(&token)).await?, request(&db, Some(&token)).await?);
        one.set("one", 1)?;
        one.remove("a")?;
        two.set("two", 2)?;
        one.commit(&db).await?;
        two.commit(&db).await?;
        let after = request(&db, Some(&token)).await?;
        assert_eq!((after.get("one")?, after.get("two")?), (Some(1), Some(2)));
        assert!(!after.contains("a")?);
        // The later one sees what it wrote over, and can go on.
        assert_eq!(two.get("one")?, Some(1));
        two.set("three", 3)?;
        assert_queries(&db, 1, two.commit(&db)).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn many_writers_lose_nothing() -> Result<()> {
    on_each_database(async |db| {
        schema::create(&db).await?;
        let token = started(&db).await?;
        let writers: Vec<_> = (0..6)
            .map(|n| {
                let (db, token) = (db.detached(), token.clone());
                tokio::spawn(async move {
                    let session = request(&db, Some(&token)).await?;
                    session.set(&format!("key{n}"), n)?;
                    session.commit(&db).await
                })
            })
            .collect();
        for writer in writers {
            writer.await??;
        }
        let after = request(&db, Some(&token)).await?;
        for n in 0..6 {
            assert_eq!(after.get(&format!("key{n}"))?, Some(n));
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_new_token_ends_the_old_one_and_keeps_the_data() -> Result<()> {
    on_each_database(async |db| {
        schema::create(&db).await?;
        let old = started(&db).await?;
        let session = request(&db, Some(&old)).await?;
        session.cycle()?;
        let new = held(session.commit(&db).await?).unwrap();
        assert_ne!(old, new);
        assert_eq!(request(&db, Some(&new)).await?.get("a")?, Some(1));
        assert_eq!(request(&db, Some(&old)).await?.get::<i32>("a")?, None);
        assert_eq!(rows(&db).await?, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn flush_ends_it_at_once_and_what_follows_is_new() -> Result<()> {
    on_each_database(async |db| {
        schema::create(&db).await?;
        let old = started(&db).await?;
        let session = request(&db, Some(&old)).await?;
        session.flush(&db).await?;
        assert_eq!(rows(&db).await?, 0);
        session.set("b", 2)?;
        let new = held(session.commit(&db).await?).unwrap();
        assert_ne!(old, new);
        assert_eq!(request(&db, Some(&new)).await?.get::<i32>("a")?, None);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn idle_and_absolute_lifetime_are_the_servers() -> Result<()> {
    on_each_database(async |db| {
        schema::create(&db).await?;
        let token = started(&db).await?;
        let set = async |column: &str, days: i64| -> Result<()> {
            let at = chrono::Utc::now() + chrono::TimeDelta::days(days);
            let place = if db.backend() == nuages::backend::Backend::Postgres { "$1" } else { "?" };
            let sql = format!("UPDATE nuages_session SET {column} = {place}");
            db.execute(Statement::new(sql, vec![at.into()])).await.map(drop)
        };
        // Used after some days: the end moves, in one statement, and the cookie with it.
        set("expires", 7).await?;
        let session = request(&db, Some(&token)).await?;
        let CookieChange::Set(same, Some(age)) = assert_queries(&db, 1, session.commit(&db)).await? else {
            panic!("the cookie is renewed");
        };
        assert!(same == token && age > Duration::from_secs(13 * 86_400));
        // Old age is not put off by use.
        set("created", -89).await?;
        set("expires", 1).await?;
        let session = request(&db, Some(&token)).await?;
        assert!(session.expires()? < chrono::Utc::now() + chrono::TimeDelta::days(2));
        // Idle for too long.
        set("expires", -1).await?;
        let session = request(&db, Some(&token)).await?;
        assert_eq!(session.get::<i32>("a")?, None);
        assert_eq!(session.commit(&db).await?, CookieChange::Remove);
        let other = started(&db).await?;
        assert_eq!(SessionStore::clear_expired(&db).await?, 1);
        assert_eq!(request(&db, Some(&other)).await?.get("a")?, Some(1));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_session_can_have_a_lifetime_of_its_own() -> Result<()> {
    on_each_database(async |db| {
        schema::create(&db).await?;
        let session = request(&db, None).await?;
        session.set_expiry(SessionExpiry::BrowserClose)?;
        let CookieChange::Set(token, None) = session.commit(&db).await? else {
            panic!("a cookie without an age")
        };
        let session = request(&db, Some(&token)).await?;
        assert_eq!(session.expiry()?, SessionExpiry::BrowserClose);
        session.set_expiry(SessionExpiry::After(Duration::from_secs(300)))?;
        let CookieChange::Set(_, Some(age)) = session.commit(&db).await? else {
            panic!("a cookie with an age")
        };
        assert!((290..=300).contains(&age.as_secs()), "{age:?}");
        let session = request(&db, Some(&token)).await?;
        session.set("a", 1)?;
        session.set_expiry(SessionExpiry::Default)?;
        session.commit(&db).await?;
        assert_eq!(request(&db, Some(&token)).await?.expiry()?, SessionExpiry::Default);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn messages_survive_a_redirect_and_are_read_once() -> Result<()> {
    on_each_database(async |db| {
        schema::create(&db).await?;
        let session = request(&db, None).await?;
        let messages = Messages::new(session.clone());
        messages.success("saved");
        messages.keep()?;
        let token = held(session.commit(&db).await?).unwrap();

        let session = request(&db, Some(&token)).await?;
        let messages = Messages::new(session.clone());
        messages.info("welcome");
        let texts: Vec<_> = messages.take()?.into_iter().map(|message| message.text).collect();
        assert_eq!(texts, ["saved", "welcome"]);
        assert_eq!(session.commit(&db).await?, CookieChange::Remove, "nothing else was in it");

        let session = request(&db, Some(&token)).await?;
        assert!(Messages::new(session).take()?.is_empty());
        Ok(())
    })
    .await
}
