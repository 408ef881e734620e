//! Row locks: what each database has of them, and a clear error for what it lacks, before anything is sent.

use std::time::Duration;

use nuages::backend::Backend;
use nuages::prelude::*;
use nuages::query::RowLock;

#[derive(Model, Clone, Debug)]
#[model(app_label = "lock", display = "{name}")]
pub struct Owner {
    pub id: i64,
    #[field(max_length = 40)]
    pub name: String,
}

#[derive(Model, Clone, Debug)]
#[model(app_label = "lock", ordering(id), display = "{name}")]
pub struct Job {
    pub id: i64,
    #[field(max_length = 40)]
    pub name: String,
    #[field(on_delete = Cascade, related_name = jobs)]
    pub owner: ForeignKey<Owner>,
    #[field(on_delete = SetNull)]
    pub helper: Option<ForeignKey<Owner>>,
}

async fn each(test: impl AsyncFn(Db) -> Result<()>) -> Result<()> {
    nuages::test::on_each_database(async |db| {
        nuages_tests::tables::create(&db, &[Owner::schema, Job::schema]).await?;
        let owner = NewOwner { name: "o".into() }.create(&db).await?;
        for name in ["a", "b", "c"] {
            NewJob { name: name.into(), owner: (&owner).into() }.create(&db).await?;
        }
        test(db).await
    })
    .await
}

/// Runs a query with a lock in a transaction of its own.
async fn names(db: &Db, lock: impl Fn(RowLock<Job>) -> RowLock<Job>) -> Result<Vec<String>> {
    db.atomic(async |db| Job::objects().lock(&lock).values(|j| j.name).all(&db).await).await
}

#[tokio::test]
async fn who_comes_second_waits_is_told_or_passes_by() -> Result<()> {
    each(async |db| {
        let count = db.query_count();
        if db.backend() == Backend::Sqlite {
            for error in [
                names(&db, |l| l).await.unwrap_err(),
                names(&db, |l| l.nowait()).await.unwrap_err(),
                names(&db, |l| l.skip_locked()).await.unwrap_err(),
                names(&db, |l| l.no_key()).await.unwrap_err(),
                names(&db, |l| l.of(|j| j.owner)).await.unwrap_err(),
            ] {
                assert_eq!(error.kind(), ErrorKind::NotSupported, "{error}");
                assert!(error.to_string().contains("SQLite has no row locks"), "{error}");
            }
            assert_eq!(db.query_count() - count, 5, "BEGIN five times, and nothing else");
            return Ok(());
        }
        let outside = Job::objects().select_for_update().all(&db).await.unwrap_err();
        assert_eq!(outside.kind(), ErrorKind::NotSupported, "{outside}");
        assert_eq!(db.query_count(), count, "nothing was sent");

        let other = db.detached();
        db.atomic(async |db| {
            // By the key: MariaDB locks every row that it has to look at.
            let held = Job::objects().filter(|j| j.id.eq(2)).select_for_update().get(&db).await?;
            assert_eq!(held.name, "b");
            assert_eq!(names(&other, |l| l.skip_locked()).await?, ["a", "c"]);
            let error = names(&other, |l| l.nowait()).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Serialization, "{error}");
            let waits = tokio::time::timeout(Duration::from_millis(200), names(&other, |l| l)).await;
            assert!(waits.is_err(), "a plain lock waits");
            let reads = Job::objects().count(&other).await?;
            assert_eq!(reads, 3, "who only reads does not wait");
            Ok(())
        })
        .await?;
        // The server may still be at the statement that was given up above, and hold what it waited for.
        let mut free = names(&other, |l| l.nowait()).await;
        for _ in 0..60 {
            if free.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
            free = names(&other, |l| l.nowait()).await;
        }
        assert_eq!(free?, ["a", "b", "c"], "free after the transaction");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_rows_of_a_relation_are_locked_by_name() -> Result<()> {
    each(async |db| {
        let of_owner = |l: RowLock<Job>| l.of(|j| j.owner);
        match db.backend() {
            Backend::Sqlite => return Ok(()),
            Backend::Postgres => {
                let other = db.detached();
                db.atomic(async |db| {
                    Job::objects().lock(of_owner).all(&db).await?;
                    assert_eq!(names(&other, |l| l.nowait()).await?.len(), 3, "the jobs are free");
                    let owners = Owner::objects().lock(|l| l.skip_locked());
                    let free = other.atomic(async |db| owners.all(&db).await).await?;
                    assert!(free.is_empty(), "the owner is not");
                    Ok(())
                })
                .await?;
                db.atomic(async |db| {
                    Job::objects().lock(|l| l.of(|j| j.owner).of_self()).all(&db).await?;
                    assert!(names(&other, |l| l.skip_locked()).await?.is_empty());
                    Ok(())
                })
                .await?;
                // A job refers to the owner meanwhile, because its key is not locked.
                db.atomic(async |db| {
                    let owner = Owner::objects().lock(|l| l.no_key()).get(&db).await?;
                    let add = NewJob { name: "d".into(), owner: (&owner).into() }.create(&other);
                    tokio::time::timeout(Duration::from_secs(2), add).await??;
                    Ok(())
                })
                .await?;
            }
            Backend::Mysql => {
                let lacks = if db.capabilities().mariadb {
                    names(&db, of_owner).await
                } else {
                    names(&db, |l| l.no_key()).await
                };
                assert_eq!(lacks.unwrap_err().kind(), ErrorKind::NotSupported);
                assert_eq!(names(&db, |l| l.no_key()).await.unwrap_err().kind(), ErrorKind::NotSupported);
            }
        }
        let distinct = Job::objects().values(|j| j.name).distinct().select_for_update();
        let refused = db.atomic(async |db| distinct.all(&db).await).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::NotSupported, "{refused}");
        Ok(())
    })
    .await
}

#[test]
fn each_database_spells_it_in_its_way() -> Result<()> {
    let sql = |backend, query: &QuerySet<Job, (i64,)>| query.to_sql(backend).map(|s| s.sql.into_owned());
    let of = Job::objects().values(|j| j.id).unordered().lock(|l| l.of(|j| j.owner).of_self().nowait());
    assert_eq!(
        sql(Backend::Postgres, &of)?,
        r#"SELECT t0."id" FROM "lock_job" t0 JOIN "lock_owner" t1 ON t1."id" = t0."owner_id" FOR UPDATE OF t1, t0 NOWAIT"#
    );
    assert_eq!(
        sql(Backend::Mysql, &of)?,
        "SELECT t0.`id` FROM `lock_job` t0 JOIN `lock_owner` t1 ON t1.`id` = t0.`owner_id` FOR UPDATE OF t1, t0 NOWAIT"
    );
    assert!(sql(Backend::Sqlite, &of).is_err());
    Ok(())
}
