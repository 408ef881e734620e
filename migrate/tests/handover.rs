//! Tables that change hands and histories that change shape, on every database, with rows that stay.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use std::collections::BTreeSet;

use nuages::{Db, Result};
use nuages_build::file::Migration;
use nuages_build::merge::merge;
use nuages_build::squash::squash;
use nuages_build::state::{FieldState, ModelRef, ModelState, ProjectState, UniqueState};
use nuages_build::{History, Operation, SqlStatements, SqlText};
use nuages_migrate::run::records;
use nuages_migrate::{AppMigrations, Migrations, Target};
use support::{assert_equal, column, create, int, key, model, null, relation, run, sql, state, text, up};

fn sealed(app: &str, name: &str, parent: Option<&str>, operations: Vec<Operation>) -> Migration {
    let mut migration = Migration::pending(app, parent, operations);
    migration.name = name.to_owned();
    migration.sealed = Some(migration.checksum());
    migration
}

fn project(apps: &[(&str, Vec<Migration>)]) -> Migrations {
    let apps = apps.iter().map(|(label, all)| AppMigrations::new(label, all.clone()).unwrap()).collect();
    Migrations::new(apps, None).unwrap()
}

fn whole(migrations: &Migrations) -> ProjectState {
    state(migrations, usize::MAX)
}

async fn recorded(db: &Db) -> BTreeSet<String> {
    records(db).await.unwrap().iter().map(|record| record.label()).collect()
}

/// A shop whose books become a library's.
fn two_apps() -> Migrations {
    let tags = relation("Book", "tags", "Tag");
    let book = model("Book", &[text("title"), key("author", "Author")]);
    let shop = sealed(
        "shop",
        "0001_initial",
        None,
        vec![
            create(model("Author", &[text("name")])),
            create(model("Tag", &[])),
            create(book.clone()),
            create(model("Review", &[key("book", "Book"), null(key("better", "Book"))])),
            Operation::AddManyToMany { model: "Book".into(), relation: tags.clone() },
        ],
    );
    let mut adopted = ModelState { table: "library_book".into(), ..book };
    adopted.many_to_many.push(tags);
    let from = ModelRef::new("shop", "Book");
    let library =
        sealed("library", "0001_initial", None, vec![Operation::AdoptModel { from, model: adopted }]);
    let release =
        Operation::ReleaseModel { model: "Book".into(), to: ModelRef::new("library", "Book"), shape: None };
    let released = sealed("shop", "0002_release", Some("0001_initial"), vec![release]);
    project(&[("library", vec![library]), ("shop", vec![shop, released])])
}

#[tokio::test]
async fn a_model_moves_between_apps_with_its_rows() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let migrations = two_apps();
        let order: Vec<String> = migrations.ordered().map(Migration::label).collect();
        assert_eq!(order, ["shop.0001_initial", "library.0001_initial", "shop.0002_release"]);
        run(&db, &migrations, Target::At("shop".into(), "0001".into())).await?;
        sql(&db, "INSERT INTO \"shop_author\" (\"id\", \"name\") VALUES (1, 'Ursula')").await;
        sql(&db, "INSERT INTO \"shop_tag\" (\"id\") VALUES (4)").await;
        sql(
            &db,
            "INSERT INTO \"shop_book\" (\"id\", \"title\", \"author_id\") VALUES (3, 'Dispossessed', 1)",
        )
        .await;
        sql(&db, "INSERT INTO \"shop_review\" (\"id\", \"book_id\", \"better_id\") VALUES (1, 3, NULL)")
            .await;
        sql(&db, "INSERT INTO \"shop_book_tags\" (\"book_id\", \"tag_id\") VALUES (3, 4)").await;
        let joined = |book: &str| {
            format!(
                "SELECT b.title FROM shop_review r JOIN {book} b ON b.id = r.book_id JOIN shop_author a ON \
                 a.id = b.author_id JOIN shop_book_tags t ON t.book_id = b.id"
            )
        };
        for _ in 0..2 {
            up(&db, &migrations).await?;
            assert_equal(&db, &whole(&migrations), "moved").await;
            assert_eq!(column(&db, &joined("library_book")).await, ["Dispossessed"]);
            run(&db, &migrations, Target::Zero("library".into())).await?;
            assert_equal(&db, &state(&migrations, 1), "moved back").await;
            assert_eq!(column(&db, &joined("shop_book")).await, ["Dispossessed"]);
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_join_table_becomes_a_model_with_its_rows() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let mut tagged = ModelState::new("Tagged", "shop_book_tags");
        tagged.fields = vec![FieldState::auto_key("id"), key("book", "Book"), key("tag", "Tag")];
        tagged.uniques.push(UniqueState {
            name: None,
            fields: vec!["book".into(), "tag".into()],
            ..UniqueState::default()
        });
        let promote =
            Operation::PromoteRelation { model: "Book".into(), relation: "tags".into(), through: tagged };
        let rank = Operation::AddField { model: "Tagged".into(), field: null(int("rank")), backfill: None };
        let migrations = support::line(&[
            vec![
                create(model("Book", &[])),
                create(model("Tag", &[])),
                Operation::AddManyToMany { model: "Book".into(), relation: relation("Book", "tags", "Tag") },
            ],
            vec![promote, rank],
        ]);
        run(&db, &migrations, Target::At("shop".into(), "0001".into())).await?;
        sql(&db, "INSERT INTO \"shop_book\" (\"id\") VALUES (1)").await;
        sql(&db, "INSERT INTO \"shop_tag\" (\"id\") VALUES (2)").await;
        sql(&db, "INSERT INTO \"shop_book_tags\" (\"id\", \"book_id\", \"tag_id\") VALUES (5, 1, 2)").await;
        for _ in 0..2 {
            up(&db, &migrations).await?;
            assert_equal(&db, &whole(&migrations), "promoted").await;
            assert_eq!(
                column(&db, "SELECT CAST(id AS TEXT) FROM shop_book_tags WHERE rank IS NULL").await,
                ["5"]
            );
            run(&db, &migrations, Target::At("shop".into(), "0001".into())).await?;
            assert_equal(&db, &state(&migrations, 1), "demoted").await;
            assert_eq!(column(&db, "SELECT CAST(id AS TEXT) FROM shop_book_tags").await, ["5"]);
        }
        Ok(())
    })
    .await
}

fn add(name: &str) -> Operation {
    Operation::AddField { model: "Book".into(), field: null(text(name)), backfill: None }
}

fn line() -> Vec<Migration> {
    vec![
        sealed("shop", "0001_initial", None, vec![create(model("Book", &[]))]),
        sealed("shop", "0002_book_a", Some("0001_initial"), vec![add("a")]),
        sealed("shop", "0003_book_b", Some("0002_book_a"), vec![add("b")]),
    ]
}

#[tokio::test]
async fn a_squash_fits_every_database_whatever_it_has() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let old = project(&[("shop", line())]);
        let squashed = squash(&History::new(line()).unwrap(), "0001", "0003").unwrap().migration;
        let squashed = Migration { sealed: Some(squashed.checksum()), ..squashed };
        let name = squashed.label();
        let both = project(&[("shop", [line(), vec![squashed.clone()]].concat())]);
        let alone = project(&[("shop", vec![squashed])]);
        let expected = whole(&old);

        // A new database takes the squash and nothing else.
        let done = up(&db, &both).await?;
        assert_eq!(done.applied, [name.as_str()]);
        assert_equal(&db, &expected, "new").await;
        run(&db, &both, Target::Zero("shop".into())).await?;
        assert!(recorded(&db).await.is_empty());

        // One in between goes on with the old files, and is recorded as squashed after that.
        run(&db, &old, Target::At("shop".into(), "0002".into())).await?;
        sql(&db, "INSERT INTO \"shop_book\" (\"id\", \"a\") VALUES (1, 'kept')").await;
        let gone = up(&db, &alone).await.unwrap_err();
        assert!(format!("{gone:#}").contains("the file of 0001_initial is gone"), "{gone:#}");
        assert_eq!(up(&db, &both).await?.applied, ["shop.0003_book_b"]);
        assert_eq!(up(&db, &both).await?.applied, [""; 0]);
        assert!(recorded(&db).await.contains(&name));
        assert_equal(&db, &expected, "in between").await;
        assert_eq!(column(&db, "SELECT a FROM shop_book").await, ["kept"]);

        // Then the old files can go.
        assert_eq!(up(&db, &alone).await?.applied, [""; 0]);
        assert_equal(&db, &expected, "alone").await;
        run(&db, &alone, Target::Zero("shop".into())).await?;
        assert!(recorded(&db).await.is_empty());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_branch_that_was_merged_does_not_run_twice() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let start = || line().remove(0);
        let one = sealed("shop", "0002_book_a", Some("0001_initial"), vec![add("a")]);
        let other = sealed("shop", "0002_book_b", Some("0001_initial"), vec![add("b")]);
        up(&db, &project(&[("shop", vec![start(), other.clone()])])).await?;
        sql(&db, "INSERT INTO \"shop_book\" (\"id\", \"b\") VALUES (1, 'kept')").await;
        let merged = merge(&[start(), one.clone(), other]).unwrap().unwrap();
        let moved = merged.moved.into_iter().map(|(_, new)| new);
        let migrations = project(&[("shop", [start(), one].into_iter().chain(moved).collect())]);
        assert_eq!(up(&db, &migrations).await?.applied, ["shop.0002_book_a"]);
        assert_eq!(up(&db, &migrations).await?.applied, [""; 0]);
        assert_equal(&db, &whole(&migrations), "merged").await;
        assert_eq!(column(&db, "SELECT b FROM shop_book").await, ["kept"]);
        assert!(recorded(&db).await.contains("shop.0003_book_b"));
        Ok(())
    })
    .await
}

/// SQL of the user does what the build would have done, and the state says so.
#[tokio::test]
async fn sql_of_the_user_stands_for_an_operation() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let rename = Operation::RenameField {
            model: "Book".into(),
            from: "a".into(),
            to: "b".into(),
            column: "b".into(),
        };
        let text = |from: &str, to: &str| {
            let sql = format!("ALTER TABLE shop_book RENAME COLUMN {from} TO {to}");
            SqlText::All(SqlStatements::One(sql))
        };
        let migrations = support::line(&[
            vec![create(model("Book", &[null(int("a"))]))],
            vec![
                Operation::RunSql { forward: text("a", "b"), reverse: Some(text("b", "a")), elidable: false },
                Operation::StateOnly { operations: vec![rename] },
            ],
        ]);
        up(&db, &migrations).await?;
        assert_equal(&db, &whole(&migrations), "renamed by SQL").await;
        assert!(whole(&migrations).model(&ModelRef::new("shop", "Book")).unwrap().field("b").is_some());
        run(&db, &migrations, Target::At("shop".into(), "0001".into())).await?;
        assert_equal(&db, &state(&migrations, 1), "taken back").await;
        Ok(())
    })
    .await
}
