//! Making users and recognising them: one hash for every outcome, old forms upgraded.

use crate::schema;
use nuages::auth::hash::{MAX_PASSWORD_BYTES, PasswordHasher, is_usable};
use nuages::auth::{
    AnyUser, NewAccount, User, UserEntry, authenticate_with, downcast, find_user, set_password,
};
use nuages::backend::{Backend, Statement};
use nuages::test::{assert_queries, on_each_database};
use nuages::{Db, ErrorKind, Result};
use std::sync::Arc;

/// Cheap, so that tests are quick; what is counted is not the time.
pub(crate) fn hasher() -> PasswordHasher {
    PasswordHasher::separate(4).with_costs(64, 1, 1).unwrap()
}

/// A user with the password `analytical engine`.
pub(crate) async fn user(db: &Db, name: &str) -> Result<Arc<dyn AnyUser>> {
    let password = Some("analytical engine".to_owned());
    NewAccount { name: name.into(), password, ..NewAccount::default() }.create(db, &hasher()).await
}

/// Sets a column of every user.
pub(crate) async fn set(db: &Db, column: &str, value: impl Into<nuages::value::Value>) -> Result<()> {
    let place = if db.backend() == Backend::Postgres { "$1" } else { "?" };
    let sql = format!("UPDATE auth_user SET {column} = {place}");
    db.execute(Statement::new(sql, vec![value.into()])).await.map(drop)
}

async fn recognised(db: &Db, hasher: &PasswordHasher, name: &str, password: &str) -> Result<bool> {
    let model = UserEntry::of::<User>();
    Ok(authenticate_with(db, hasher, model, name, password).await?.is_some())
}

#[tokio::test]
async fn an_account_gets_every_column() -> Result<()> {
    on_each_database(async |db| {
        schema::create(&db).await?;
        let account = NewAccount {
            name: "ada".into(),
            email: "ada@example.org".into(),
            password: Some("analytical engine".into()),
            is_staff: true,
            is_superuser: false,
        };
        let made = account.create(&db, &hasher()).await?;
        let user: &User = downcast(&made).unwrap();
        assert_eq!((&*user.username, &*user.email, &*user.first_name), ("ada", "ada@example.org", ""));
        assert!(user.is_staff && user.is_active && !user.is_superuser && user.last_login.is_none());
        assert!((chrono::Utc::now() - user.date_joined).num_seconds().abs() < 60);
        assert!(user.password.starts_with("$argon2id$"));

        let error = account.create(&db, &hasher()).await.err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Unique);
        assert!(error.to_string().contains("`ada`"), "{error}");
        let nameless = NewAccount { name: " ".into(), ..account }.create(&db, &hasher()).await.err().unwrap();
        assert_eq!(nameless.kind(), ErrorKind::Validation);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_right_password_and_nothing_else() -> Result<()> {
    on_each_database(async |db| {
        schema::create(&db).await?;
        user(&db, "ada").await?;
        let hasher = hasher();
        assert!(recognised(&db, &hasher, "ada", "analytical engine").await?);
        for (name, password) in [
            ("ada", "Analytical engine"),
            ("ada", ""),
            ("ADA", "analytical engine"),
            ("bob", "analytical engine"),
            ("", ""),
            ("ada' OR '1'='1", "x"),
            ("ada\0", "analytical engine"),
            (&"a".repeat(100_000), "x"),
        ] {
            assert!(!recognised(&db, &hasher, name, password).await?, "{name:?}");
        }
        set(&db, "is_active", false).await?;
        assert!(!recognised(&db, &hasher, "ada", "analytical engine").await?);
        Ok(())
    })
    .await
}

/// The timing equaliser, in hashes and statements instead of milliseconds.
#[tokio::test]
async fn every_refusal_costs_the_same() -> Result<()> {
    on_each_database(async |db| {
        schema::create(&db).await?;
        user(&db, "ada").await?;
        let closed = NewAccount { name: "closed".into(), ..NewAccount::default() };
        let made = closed.create(&db, &hasher()).await?;
        assert!(!is_usable(made.stored_password()));
        let hasher = hasher();
        for name in ["ada", "closed", "nobody"] {
            let before = hasher.hashes_done();
            let found = assert_queries(&db, 1, recognised(&db, &hasher, name, "wrong")).await?;
            assert_eq!((found, hasher.hashes_done() - before), (false, 1), "{name}");
        }
        let long = "x".repeat(MAX_PASSWORD_BYTES + 1);
        for name in ["ada", "nobody"] {
            let before = hasher.hashes_done();
            assert!(!assert_queries(&db, 1, recognised(&db, &hasher, name, &long)).await?);
            assert_eq!(hasher.hashes_done(), before, "{name}: nothing is hashed");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_hash_made_by_django_is_upgraded_at_login() -> Result<()> {
    // `correct horse battery staple`, and `lètmein` by bcrypt.
    const DJANGO: &str =
        "pbkdf2_sha256$1000$5cO9sYq0mK2nWb1vT8xLzA$0GkHDgTLBZmhO2DhfUpKH85a+6iWRdWau0zVwU8R7pk=";
    const BCRYPT: &str = "bcrypt_sha256$$2b$04$uIoWvW.A9n3yV5ogQETzfOGkzlUMkIBCkd7oGX5qrhvLqsOCRXINa";
    on_each_database(async |db| {
        schema::create(&db).await?;
        user(&db, "ada").await?;
        set(&db, "password", DJANGO).await?;
        let hasher = hasher();
        let stored = async || -> Result<String> {
            let found = find_user(&db, UserEntry::of::<User>(), "ada").await?.unwrap();
            Ok(found.stored_password().to_owned())
        };
        assert!(!recognised(&db, &hasher, "ada", "wrong").await?);
        assert_eq!(stored().await?, DJANGO, "a wrong password upgrades nothing");
        assert!(recognised(&db, &hasher, "ada", "correct horse battery staple").await?);
        assert!(stored().await?.starts_with("$argon2id$v=19$m=64,"));
        assert!(recognised(&db, &hasher, "ada", "correct horse battery staple").await?);
        set(&db, "password", BCRYPT).await?;
        assert!(recognised(&db, &hasher, "ada", "lètmein").await?);
        assert!(stored().await?.starts_with("$argon2id$v=19$m=64,"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_password_is_set_and_the_old_one_is_gone() -> Result<()> {
    on_each_database(async |db| {
        schema::create(&db).await?;
        let ada = user(&db, "ada").await?;
        user(&db, "bob").await?;
        set_password(&db, &hasher(), &*ada, "difference engine").await?;
        let hasher = hasher();
        assert!(recognised(&db, &hasher, "ada", "difference engine").await?);
        assert!(!recognised(&db, &hasher, "ada", "analytical engine").await?);
        assert!(recognised(&db, &hasher, "bob", "analytical engine").await?, "nobody else's");
        Ok(())
    })
    .await
}

/// Logins at the same time take no more memory than the hasher allows.
#[tokio::test(flavor = "multi_thread")]
async fn many_logins_at_once_all_succeed() -> Result<()> {
    on_each_database(async |db| {
        schema::create(&db).await?;
        user(&db, "ada").await?;
        let hasher = hasher();
        let logins: Vec<_> = (0..40)
            .map(|_| {
                let (db, hasher) = (db.detached(), hasher.clone());
                tokio::spawn(async move { recognised(&db, &hasher, "ada", "analytical engine").await })
            })
            .collect();
        for login in logins {
            assert!(login.await??);
        }
        Ok(())
    })
    .await
}
