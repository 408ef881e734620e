//! The live catalogue against the history: every kind of difference is named; first migrations over tables
//! that are there; files that were changed behind the database's back.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use nuages::{Db, Result};
use nuages_build::Operation;
use nuages_build::file::Migration;
use nuages_build::state::{CheckState, FieldState, IndexState, UniqueState};
use nuages_migrate::drift::drift;
use nuages_migrate::run::{Quiet, records};
use nuages_migrate::{AppMigrations, DataSteps, Migrations, Options, Target, migrate};
use nuages_schema::Backend;
use support::*;

fn first() -> Vec<Operation> {
    let mut book = model("Book", &[text("title"), int("pages"), null(int("stock")), key("author", "Author")]);
    book.uniques.push(UniqueState {
        name: None,
        fields: vec!["title".into(), "pages".into()],
        ..UniqueState::default()
    });
    book.indexes.push(IndexState {
        name: None,
        fields: vec!["-stock".into(), "title".into()],
        ..IndexState::default()
    });
    book.checks.push(CheckState { name: "long".into(), sql: "\"pages\" > 0".into() });
    vec![
        create(model("Author", &[FieldState { unique: true, ..text("name") }])),
        create(book),
        create(model("Tag", &[])),
        Operation::AddManyToMany { model: "Book".into(), relation: relation("Book", "tags", "Tag") },
    ]
}

async fn told(db: &Db, migrations: &Migrations) -> Vec<String> {
    let found = drift(db, &state(migrations, 1)).await.unwrap();
    found.iter().map(|one| format!("{one}{}", if one.harmless { " (harmless)" } else { "" })).collect()
}

/// What somebody does by hand, and what is said about it. SQLite alters less, so it has fewer cases.
fn by_hand(backend: Backend) -> Vec<(String, String)> {
    let of = |table: &str, text: &str| format!("table `{table}`: {text}");
    let mut cases = vec![
        (r#"DROP TABLE "shop_book_tags""#.to_owned(), of("shop_book_tags", "is missing")),
        (
            r#"ALTER TABLE "shop_book" ADD COLUMN "extra" integer"#.to_owned(),
            of("shop_book", "column `extra` is there and no model has it"),
        ),
        (
            r#"ALTER TABLE "shop_author" RENAME COLUMN "name" TO "called""#.to_owned(),
            of("shop_author", "column `name` is missing"),
        ),
        (
            r#"CREATE INDEX "by_hand" ON "shop_book" ("pages")"#.to_owned(),
            of("shop_book", "the index `by_hand` is there and no model asks for it (harmless)"),
        ),
    ];
    match backend {
        Backend::Sqlite => {}
        Backend::Postgres => cases.extend(columns(
            "ALTER COLUMN \"title\" TYPE",
            "character varying",
            "ALTER COLUMN \"pages\" DROP NOT NULL",
        )),
        Backend::Mysql => {
            cases.extend(columns("MODIFY COLUMN \"title\"", "varchar", "MODIFY COLUMN \"pages\" int NULL"))
        }
    }
    if backend != Backend::Sqlite {
        cases.extend(constraints(backend == Backend::Mysql));
    }
    cases
}

fn columns(retype: &str, word: &str, nullable: &str) -> Vec<(String, String)> {
    vec![
        (
            format!("ALTER TABLE \"shop_book\" {retype} varchar(50)"),
            format!("table `shop_book`: column `title` is {word}(50) and should be {word}(100)"),
        ),
        (
            format!("ALTER TABLE \"shop_book\" {nullable}"),
            "table `shop_book`: column `pages` takes NULL and should not".to_owned(),
        ),
    ]
}

fn constraints(mysql: bool) -> Vec<(String, String)> {
    let key = nuages_schema::constraint_name("shop_book", &["author_id"], "fk");
    let unique = nuages_schema::constraint_name("shop_author", &["name"], "uniq");
    let index = nuages_schema::constraint_name("shop_book", &["stock", "title"], "idx");
    let (foreign, constraint) = if mysql { ("FOREIGN KEY", "INDEX") } else { ("CONSTRAINT", "CONSTRAINT") };
    let drop_index = if mysql { "ALTER TABLE \"shop_book\" DROP INDEX" } else { "DROP INDEX" };
    let cases = [
        (
            format!("ALTER TABLE \"shop_book\" DROP {foreign} \"{key}\""),
            "table `shop_book`: column `author_id` has no foreign key to `shop_author` (`id`)",
        ),
        (
            format!("ALTER TABLE \"shop_author\" DROP {constraint} \"{unique}\""),
            "table `shop_author`: `name` should be unique and is not",
        ),
        (format!("{drop_index} \"{index}\""), "table `shop_book`: there is no index on `stock`, `title`"),
        (
            "ALTER TABLE \"shop_book\" DROP CONSTRAINT \"long\"".to_owned(),
            "table `shop_book`: the check `long` is missing",
        ),
        (
            "ALTER TABLE \"shop_tag\" ADD CONSTRAINT \"odd\" CHECK (1 = 1)".to_owned(),
            "table `shop_tag`: the check `odd` is there and no model has it",
        ),
    ];
    cases.map(|(change, told)| (change, told.to_owned())).to_vec()
}

#[tokio::test]
async fn what_was_changed_by_hand_is_named() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let migrations = line(&[first()]);
        for (change, difference) in by_hand(db.backend()) {
            up(&db, &migrations).await?;
            assert_eq!(told(&db, &migrations).await, [""; 0], "before {change}");
            sql(&db, &change).await;
            let found = told(&db, &migrations).await;
            assert!(found.contains(&difference), "{change} on {}: {found:#?}", db.backend().title());
            clear(&db).await;
        }
        Ok(())
    })
    .await
}

/// An index over some of the rows only is nobody's business, and one that was left half built is none.
#[tokio::test]
async fn partial_and_broken_indexes_are_told_apart() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        if db.backend() == Backend::Mysql {
            return Ok(()); // it has neither
        }
        let migrations = line(&[first()]);
        up(&db, &migrations).await?;
        sql(&db, r#"CREATE UNIQUE INDEX "some" ON "shop_book" ("stock") WHERE "stock" > 5"#).await;
        let some = "table `shop_book`: `stock` is unique among some rows and no model says so (harmless)";
        assert_eq!(told(&db, &migrations).await, [some]);
        if db.backend() == Backend::Postgres {
            let index = nuages_schema::constraint_name("shop_book", &["stock", "title"], "idx");
            sql(
                &db,
                &format!("UPDATE pg_index SET indisvalid = false WHERE indexrelid = '{index}'::regclass"),
            )
            .await;
            let found = told(&db, &migrations).await;
            assert_eq!(found, [some, "table `shop_book`: there is no index on `stock`, `title`"]);
        }
        Ok(())
    })
    .await
}

/// Takes every table away.
async fn clear(db: &Db) {
    let own = db.database().dedicated().await.unwrap();
    let (off, cascade) = match own.backend() {
        Backend::Sqlite => ("PRAGMA foreign_keys = OFF", ""),
        Backend::Postgres => ("SELECT 1", " CASCADE"),
        Backend::Mysql => ("SET FOREIGN_KEY_CHECKS = 0", ""),
    };
    sql(&own, off).await;
    for table in nuages_migrate::introspect::introspect(&own).await.unwrap().keys() {
        sql(&own, &format!("DROP TABLE \"{table}\"{cascade}")).await;
    }
    own.close().await.unwrap();
}

async fn fake_initial(db: &Db, migrations: &Migrations) -> Result<Vec<String>> {
    let options = Options { fake_initial: true, ..Options::default() };
    let done = migrate(db.database(), migrations, &DataSteps::default(), &options, &Quiet).await?;
    Ok(done.applied)
}

#[tokio::test]
async fn a_first_migration_is_recorded_only_over_its_own_tables() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let more = Operation::AddField { model: "Book".into(), field: null(int("year")), backfill: None };
        let (one, two) = (line(&[first()]), line(&[first(), vec![more]]));
        // Nothing is there: it is applied as ever.
        assert_eq!(fake_initial(&db, &one).await?, ["shop.0001_step"]);
        assert_equal(&db, &state(&one, 1), "applied").await;
        sql(&db, "INSERT INTO shop_author (name) VALUES ('Ursula')").await;
        // Everything is there: it is recorded, and what follows is applied.
        sql(&db, "DELETE FROM nuages_migrations").await;
        assert_eq!(fake_initial(&db, &two).await?, ["shop.0001_step", "shop.0002_step"]);
        assert_equal(&db, &state(&two, 2), "recorded").await;
        assert_eq!(column(&db, "SELECT name FROM shop_author").await, ["Ursula"], "no row was touched");
        // Something else is there: nothing is recorded.
        sql(&db, "DELETE FROM nuages_migrations").await;
        sql(&db, "DROP TABLE \"shop_book_tags\"").await;
        let error = fake_initial(&db, &two).await.unwrap_err().to_string();
        for part in [
            "the tables of shop.0001_step are there and are not what it makes, so it was not recorded:",
            "\n- table `shop_book`: column `year` is there and no model has it",
            "\n- table `shop_book_tags`: is missing",
        ] {
            assert!(error.contains(part), "{error}");
        }
        assert_eq!(records(&db).await?, []);
        Ok(())
    })
    .await
}

/// A history under other names, checksums or orders than what was applied.
fn tampered() -> Vec<(&'static str, Vec<Migration>, &'static str)> {
    let add = |name: &str, field: &str, parent: &str| {
        let operation =
            Operation::AddField { model: "Author".into(), field: null(int(field)), backfill: None };
        Migration { name: name.into(), ..Migration::pending("shop", Some(parent), vec![operation]) }
    };
    let start = || Migration { name: "0001_step".into(), ..Migration::pending("shop", None, first()) };
    let (second, third) =
        (|| add("0002_step", "age", "0001_step"), || add("0003_step", "height", "0002_step"));
    let more = || add("0004_new", "weight", "0003_step");
    vec![
        (
            "edited",
            vec![start(), add("0002_step", "edited", "0001_step"), third(), more()],
            "migration shop.0002_step was edited after it was applied",
        ),
        (
            "missing",
            vec![start(), second(), add("0004_new", "weight", "0002_step")],
            "migration shop.0003_step is applied, and its file is missing or was renamed",
        ),
        (
            "renamed",
            vec![
                start(),
                add("0002_other", "age", "0001_step"),
                add("0003_step", "height", "0002_other"),
                more(),
            ],
            "migration shop.0002_step is applied, and its file is missing or was renamed",
        ),
        (
            "reordered",
            vec![
                start(),
                add("0003_step", "height", "0001_step"),
                add("0002_step", "age", "0003_step"),
                add("0004_new", "weight", "0002_step"),
            ],
            "migration shop.0002_step was edited after it was applied",
        ),
        (
            "put in between",
            vec![
                start(),
                second(),
                add("0002_late", "late", "0002_step"),
                Migration { parent: Some("0002_late".into()), ..third() },
                more(),
            ],
            "migration shop.0003_step was edited after it was applied",
        ),
    ]
}

#[tokio::test]
async fn files_that_were_changed_after_they_were_applied_are_refused_before_anything_runs() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let add = |field: &str| {
            vec![Operation::AddField { model: "Author".into(), field: null(int(field)), backfill: None }]
        };
        let applied = line(&[first(), add("age"), add("height")]);
        up(&db, &applied).await?;
        let before = live(&db).await;
        for (what, files, refusal) in tampered() {
            let migrations = Migrations::new(vec![AppMigrations::new("shop", files)?], None)?;
            let error = up(&db, &migrations).await.unwrap_err().to_string();
            assert!(error.contains(refusal), "{what} on {}: {error}", db.backend().title());
            let error = run(&db, &migrations, Target::Zero("shop".into())).await.unwrap_err().to_string();
            assert!(error.contains(refusal), "{what} backwards: {error}");
            assert_eq!(live(&db).await, before, "{what}: nothing ran");
        }
        let twice = vec![line(&[first()]).ordered().next().unwrap().clone(); 2];
        let error = AppMigrations::new("shop", twice).unwrap_err().to_string();
        assert!(
            error.contains("two migrations of `shop` follow nothing: 0001_step and 0001_step"),
            "{error}"
        );
        Ok(())
    })
    .await
}
