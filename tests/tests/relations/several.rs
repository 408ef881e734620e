//! Several databases: replicas that are read until the session writes, others by name, transactions that only read.

use nuages::backend::{AtomicOptions, Backend};
use nuages::prelude::*;
use nuages::test::{Server, TestDatabase};
use nuages::{Database, DatabaseSettings};

#[derive(Model, Clone, Debug)]
#[model(app_label = "several", ordering(id), display = "{name}")]
pub struct Place {
    pub id: i64,
    #[field(max_length = 40)]
    pub name: String,
}

/// Two databases of one kind that hold different rows, so that one sees which is read.
struct Two {
    main: TestDatabase,
    copy: TestDatabase,
}

impl Two {
    async fn create(server: &Server) -> Result<Self> {
        let two =
            Self { main: TestDatabase::create(server).await?, copy: TestDatabase::create(server).await? };
        for (database, name) in [(&two.main, "main"), (&two.copy, "copy")] {
            let db = database.session();
            nuages_tests::tables::create(&db, &[Place::schema]).await?;
            NewPlace { name: name.into() }.create(&db).await?;
        }
        Ok(two)
    }

    /// The main database with the other as its replica.
    async fn with_replica(&self) -> Result<Database> {
        let settings = self.main.database().settings().clone();
        Database::connect(&DatabaseSettings { replicas: vec![self.copy.url().to_owned()], ..settings }).await
    }

    async fn remove(self) -> Result<()> {
        self.main.remove().await?;
        self.copy.remove().await
    }
}

async fn names(db: &Db) -> Result<Vec<String>> {
    Place::objects().values(|p| p.name).all(db).await
}

async fn each(test: impl AsyncFn(&Two) -> Result<()>) -> Result<()> {
    for server in Server::found().await? {
        let two = Two::create(server).await?;
        let outcome = test(&two).await;
        two.remove().await?;
        outcome.map_err(|error| error.context(server.backend().title()))?;
    }
    Ok(())
}

#[tokio::test]
async fn a_session_reads_a_replica_until_it_writes() -> Result<()> {
    each(async |two| {
        let database = two.with_replica().await?;
        let db = database.session();
        assert_eq!(names(&db).await?, ["copy"]);
        assert_eq!(Place::objects().count(&db).await?, 1);
        NewPlace { name: "new".into() }.create(&db).await?;
        assert_eq!(names(&db).await?, ["main", "new"], "it reads what it wrote");
        assert_eq!(names(&db).await?, ["main", "new"], "and goes on to");
        assert_eq!(names(&db.detached()).await?, ["copy"], "another session begins anew");
        assert_eq!(names(&db.detached().primary()).await?, ["main", "new"]);

        let db = database.session();
        db.atomic(async |db| {
            assert_eq!(names(&db).await?, ["main", "new"], "a transaction may write");
            Ok(())
        })
        .await?;
        assert_eq!(names(&db).await?, ["main", "new"]);
        database.close().await;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_replica_that_does_not_answer_is_passed_over() -> Result<()> {
    each(async |two| {
        let gone = match two.main.database().backend() {
            Backend::Sqlite => "sqlite:/nowhere/at/all.db?mode=ro",
            Backend::Postgres => "postgres://postgres@127.0.0.1:1/none",
            Backend::Mysql => "mysql://root@127.0.0.1:1/none",
        };
        let replicas = vec![gone.to_owned(), two.copy.url().to_owned()];
        let settings = DatabaseSettings { replicas, ..two.main.database().settings().clone() };
        let database = Database::connect(&settings).await?;
        for _ in 0..4 {
            assert_eq!(names(&database.session()).await?, ["copy"]);
        }
        database.close().await;
        let only_gone = DatabaseSettings { replicas: vec![gone.to_owned()], ..settings };
        let database = Database::connect(&only_gone).await?;
        assert_eq!(names(&database.session()).await?, ["main"], "the database itself answers then");
        database.close().await;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_replica_is_of_the_same_kind() {
    let settings = DatabaseSettings {
        replicas: vec!["postgres://localhost/copy".into()],
        ..DatabaseSettings::new("sqlite::memory:")
    };
    let error = Database::connect(&settings).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotSupported);
}

#[tokio::test]
async fn another_database_is_used_by_name() -> Result<()> {
    each(async |two| {
        let others = [("archive".to_owned(), two.copy.database().clone())].into();
        let database = Database::connect(two.main.database().settings()).await?.with_others(others);
        let db = database.session();
        let archive = db.using("archive")?;
        db.atomic(async |db| {
            assert_eq!(names(&db).await?, ["main"]);
            // Its transactions are its own.
            assert_eq!(names(&archive).await?, ["copy"]);
            NewPlace { name: "kept".into() }.create(&db.using("archive")?).await?;
            Err::<(), _>(Error::other("changed my mind"))
        })
        .await
        .unwrap_err();
        assert_eq!(names(&archive).await?, ["copy", "kept"]);
        let moved = Place::objects().all(&archive).await?;
        for place in moved {
            NewPlace { name: place.name }.create(&db).await?;
        }
        assert_eq!(names(&db).await?, ["main", "copy", "kept"]);
        let error = db.using("archiv").unwrap_err().to_string();
        assert!(error.contains("`archiv`") && error.contains("`archive`"), "{error}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_transaction_that_only_reads() -> Result<()> {
    each(async |two| {
        let only = AtomicOptions { read_only: true, ..AtomicOptions::default() };
        let database = two.with_replica().await?;
        let db = database.session();
        let refused = db
            .atomic_with(only, async |db| {
                assert_eq!(names(&db).await?, ["copy"], "a replica will do");
                let count = db.query_count();
                let refused = NewPlace { name: "x".into() }.create(&db).await;
                assert_eq!(db.query_count(), count, "nothing was sent");
                refused
            })
            .await
            .unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::NotSupported, "{refused}");
        db.atomic(async |db| NewPlace { name: "y".into() }.create(&db).await).await?;
        let seen = db.atomic_with(only, async |db| names(&db).await).await?;
        assert_eq!(seen, ["main", "y"], "after a write the database itself");
        let nested = db.atomic(async |db| db.atomic_with(only, async |_db| Ok(())).await).await;
        assert!(nested.is_err(), "the outermost transaction says it");
        database.close().await;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn isolation_and_durability_are_held() -> Result<()> {
    each(async |two| {
        use nuages::backend::Isolation::{ReadCommitted, RepeatableRead, Serializable};
        let db = two.main.session();
        let other = db.detached();
        for (number, level) in [ReadCommitted, RepeatableRead, Serializable].into_iter().enumerate() {
            let options = AtomicOptions { isolation: Some(level), ..AtomicOptions::default() };
            let run = db.atomic_with(options, async |db| {
                let before = Place::objects().count(&db).await?;
                if db.backend() != Backend::Sqlite && level != Serializable {
                    NewPlace { name: format!("p{number}") }.create(&other).await?;
                }
                Ok((before, Place::objects().count(&db).await?))
            });
            match (db.backend(), level, run.await) {
                (Backend::Sqlite, ReadCommitted | RepeatableRead, Err(error)) => {
                    assert_eq!(error.kind(), ErrorKind::NotSupported);
                }
                (_, ReadCommitted, Ok((before, after))) => assert_eq!(after, before + 1),
                (_, RepeatableRead | Serializable, Ok((before, after))) => assert_eq!(after, before),
                (_, _, other) => panic!("{level:?}: {other:?}"),
            }
        }
        let durable = AtomicOptions { durable: true, ..AtomicOptions::default() };
        db.atomic_with(durable, async |db| names(&db).await).await?;
        let nested = db.atomic(async |db| db.atomic_with(durable, async |db| names(&db).await).await).await;
        assert!(nested.unwrap_err().to_string().contains("durable"));
        Ok(())
    })
    .await
}
