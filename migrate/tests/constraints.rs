//! Constraints that not every database has: the catalogue shows the state after each step, forward and back, and
//! they do what they say.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use nuages::{Db, Result};
use nuages_build::Operation;
use nuages_build::state::{ColumnType, FieldState, Generated, IndexState, ModelRef, ModelState, UniqueState};
use nuages_migrate::Target;
use nuages_schema::{Backend, Deferrable, OnDelete};
use support::*;

fn book() -> ModelState {
    model("Book", &[text("title"), null(int("pages")), text("shelf")])
}

fn partial_index() -> IndexState {
    let condition = Some("\"pages\" > 0 AND \"title\" <> 'WHERE'".into());
    IndexState {
        name: Some("long_ones".into()),
        fields: vec!["title".into()],
        condition,
        ..IndexState::default()
    }
}

fn partial_unique() -> UniqueState {
    UniqueState {
        name: Some("one_draft".into()),
        fields: vec!["title".into()],
        condition: Some("\"pages\" IS NULL".into()),
        ..UniqueState::default()
    }
}

/// What only PostgreSQL has.
fn postgres_only() -> Vec<Operation> {
    let fields = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let covering = IndexState {
        fields: fields(&["-title"]),
        include: fields(&["pages", "shelf"]),
        ..IndexState::default()
    };
    let waiting = UniqueState {
        name: Some("one_place".into()),
        fields: fields(&["shelf", "title"]),
        deferrable: Some(Deferrable::Deferred),
        ..UniqueState::default()
    };
    let at_once = UniqueState {
        name: Some("one_length".into()),
        fields: fields(&["shelf", "pages"]),
        deferrable: Some(Deferrable::Immediate),
        include: fields(&["title"]),
        ..UniqueState::default()
    };
    let model = || "Book".to_owned();
    vec![
        Operation::AddIndex { model: model(), index: covering },
        Operation::AddUnique { model: model(), unique: waiting },
        Operation::AddUnique { model: model(), unique: at_once },
    ]
}

fn nulls() -> Operation {
    let unique = UniqueState {
        name: Some("one_unknown".into()),
        fields: vec!["pages".into()],
        nulls_equal: true,
        ..UniqueState::default()
    };
    Operation::AddUnique { model: "Book".into(), unique }
}

fn steps(db: &Db, version: i64) -> Vec<Vec<Operation>> {
    let model = || "Book".to_owned();
    let partial = vec![
        Operation::AddIndex { model: model(), index: partial_index() },
        Operation::AddUnique { model: model(), unique: partial_unique() },
    ];
    let renamed = vec![
        Operation::RemoveUnique { model: model(), unique: partial_unique() },
        Operation::AddUnique {
            model: model(),
            unique: UniqueState { name: Some("one_plan".into()), ..partial_unique() },
        },
        Operation::RenameField {
            model: model(),
            from: "pages".into(),
            to: "length".into(),
            column: "len".into(),
        },
    ];
    let mut steps = vec![vec![create(book())], partial];
    if db.backend() == Backend::Postgres {
        steps.push(postgres_only());
        steps.extend((version >= 150_000).then(|| vec![nulls()]));
    }
    steps.push(renamed);
    steps
}

async fn version(db: &Db) -> i64 {
    if db.backend() != Backend::Postgres {
        return 0;
    }
    let row = db.fetch_optional("SELECT current_setting('server_version_num')::bigint".into()).await.unwrap();
    row.unwrap().i64(0).unwrap().unwrap()
}

#[tokio::test]
async fn the_catalogue_shows_them_forward_and_back() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        if db.backend() == Backend::Mysql {
            return Ok(());
        }
        let steps = steps(&db, version(&db).await);
        let migrations = line(&steps);
        for count in 1..=steps.len() {
            run(&db, &migrations, Target::At("shop".into(), format!("{count:04}"))).await?;
            assert_equal(&db, &state(&migrations, count), &format!("step {count}")).await;
        }
        for count in (1..steps.len()).rev() {
            run(&db, &migrations, Target::At("shop".into(), format!("{count:04}"))).await?;
            assert_equal(&db, &state(&migrations, count), &format!("back to {count}")).await;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn they_hold_for_the_rows_that_they_name() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        if db.backend() == Backend::Mysql {
            return Ok(());
        }
        let steps = steps(&db, version(&db).await);
        up(&db, &line(&steps[..steps.len() - 1])).await?;
        let add = async |values: &str| {
            let sql = format!(
                "INSERT INTO \"shop_book\" (\"id\", \"title\", \"pages\", \"shelf\") VALUES {values}"
            );
            db.execute(sql.into()).await.map(drop)
        };
        add("(1, 'a', 1, 'x'), (2, 'a', 2, 'y')").await?;
        add("(3, 'a', NULL, 'z')").await?;
        assert!(add("(4, 'a', NULL, 'w')").await.is_err(), "a second draft");
        if db.backend() == Backend::Postgres {
            db.atomic(async |db| {
                db.execute("UPDATE \"shop_book\" SET \"shelf\" = 'y' WHERE \"id\" = 1".into()).await?;
                db.execute("UPDATE \"shop_book\" SET \"shelf\" = 'x' WHERE \"id\" = 2".into()).await?;
                Ok(())
            })
            .await?;
        }
        Ok(())
    })
    .await
}

/// An index and a unique constraint over what is computed.
fn computed() -> Vec<Operation> {
    let model = || "Book".to_owned();
    let index = IndexState {
        name: Some("by_title".into()),
        fields: vec!["(lower(\"title\"))".into(), "-pages".into()],
        ..IndexState::default()
    };
    let unique = UniqueState {
        name: Some("one_title".into()),
        fields: vec!["shelf".into(), "(upper(\"title\"))".into()],
        ..UniqueState::default()
    };
    vec![Operation::AddIndex { model: model(), index }, Operation::AddUnique { model: model(), unique }]
}

#[tokio::test]
async fn what_is_computed_is_indexed() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let rename = |from: &str, to: &str| Operation::RenameField {
            model: "Book".into(),
            from: from.into(),
            to: to.into(),
            column: to.into(),
        };
        // SQLite makes the table anew, and the indexes with it.
        let anew = Operation::AlterField { model: "Book".into(), field: int("pages"), backfill: None };
        let steps = [vec![create(book())], computed(), vec![rename("title", "name")], vec![anew]];
        let migrations = line(&steps);
        if db.capabilities().mariadb {
            let error = up(&db, &migrations).await.unwrap_err();
            assert_eq!(error.kind(), nuages::ErrorKind::NotSupported, "{error}");
            assert!(error.to_string().contains("#[field(generated"), "{error}");
            return Ok(());
        }
        for count in (1..=steps.len()).chain((1..steps.len()).rev()) {
            run(&db, &migrations, Target::At("shop".into(), format!("{count:04}"))).await?;
            assert_equal(&db, &state(&migrations, count), &format!("step {count}")).await;
            let drift = nuages_migrate::drift::drift(&db, &state(&migrations, count)).await?;
            assert_eq!(drift, [], "step {count}");
        }
        run(&db, &migrations, Target::At("shop".into(), "0002".into())).await?;
        let add = async |id: i64, title: &str| {
            let sql =
                format!("INSERT INTO shop_book (id, title, pages, shelf) VALUES ({id}, '{title}', 1, 'x')");
            db.execute(sql.into()).await.map(drop)
        };
        add(1, "Dune").await?;
        let error = add(2, "dUNE").await.unwrap_err();
        assert_eq!(error.kind(), nuages::ErrorKind::Unique, "{error}");
        add(3, "Dune 2").await
    })
    .await
}

/// MySQL 8 has them too; its spelling is held here, since MariaDB is what the tests run on.
#[test]
fn mysql_writes_expressions_in_parentheses() {
    let mut state = state(&line(&[vec![create(book())]]), 1);
    let editor = nuages_migrate::editor::Editor::offline(Backend::Mysql);
    let live = &mut nuages_migrate::change::LiveNames::default();
    let steps = editor.steps(&mut state, "shop", &computed(), live).unwrap();
    let sql: Vec<String> = steps.iter().flat_map(|planned| planned.step.sql()).collect();
    assert_eq!(
        sql,
        [
            "ALTER TABLE `shop_book` ADD INDEX `by_title` ((lower(`title`)), `pages` DESC)",
            "ALTER TABLE `shop_book` ADD UNIQUE INDEX `one_title` (`shelf`, (upper(`title`)))",
        ]
    );
}

/// What `inspectdb` reads of them is what was written, or something that the database says in its place.
#[tokio::test]
async fn they_are_written_by_inspectdb() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        if db.backend() == Backend::Mysql {
            return Ok(());
        }
        let all = [
            computed(),
            vec![
                Operation::AddIndex { model: "Book".into(), index: partial_index() },
                Operation::AddUnique { model: "Book".into(), unique: partial_unique() },
            ],
        ];
        let postgres = db.backend() == Backend::Postgres;
        let more = if postgres { postgres_only() } else { Vec::new() };
        up(&db, &line(&[vec![create(book())], all.concat(), more])).await?;
        let inspection =
            nuages_migrate::inspect::Inspection { app: "shop".into(), managed: true, ..Default::default() };
        let text = nuages_migrate::inspect::inspect(&db, &inspection).await?;
        let has = |part: &str| assert!(text.contains(part), "{part} is missing in\n{text}");
        has(&format!("only({})", db.backend().word()));
        has("index(fields(\"lower(");
        has(", -pages), name = \"by_title\")");
        has("unique(fields(shelf, \"upper(");
        has("index(fields(title), name = \"long_ones\", condition = \"");
        has("unique(fields(title), name = \"one_draft\", condition = \"");
        assert!(!text.contains("not managed"), "{text}");
        if postgres {
            has("deferrable = Deferred");
            has("include(title), deferrable = Immediate");
            has("index(fields(-title), name = ");
        }
        Ok(())
    })
    .await
}

/// On every database: a default that comes and goes, and a column that is computed.
#[tokio::test]
async fn what_the_database_puts_in_and_computes() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let model = || "Book".to_owned();
        let alter = |field: FieldState| vec![Operation::AlterField { model: model(), field, backfill: None }];
        let add = |field: FieldState| vec![Operation::AddField { model: model(), field, backfill: None }];
        let generated = Some(Generated { sql: "\"pages\" + 1".into(), stored: true });
        let steps = [
            vec![create(book())],
            alter(FieldState { db_default: Some("5".into()), ..null(int("pages")) }),
            add(FieldState { generated, index: true, ..null(int("more")) }),
            alter(null(int("pages"))),
        ];
        let migrations = line(&steps);
        for count in (1..=steps.len()).chain((1..steps.len()).rev()) {
            run(&db, &migrations, Target::At("shop".into(), format!("{count:04}"))).await?;
            assert_equal(&db, &state(&migrations, count), &format!("step {count}")).await;
        }
        Ok(())
    })
    .await
}

/// Text that is compared otherwise than the database does by itself, as a key too, and back.
#[tokio::test]
async fn text_may_have_a_collation_of_its_own() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let name = match db.backend() {
            Backend::Sqlite => "NOCASE",
            Backend::Postgres => "C",
            Backend::Mysql => "utf8mb4_general_ci",
        };
        let collated = |field: FieldState| FieldState { collation: Some(name.into()), ..field };
        let isbn = FieldState { primary_key: true, ..text("isbn") };
        let mut book = ModelState::new("Book", "shop_book");
        book.fields = vec![isbn.clone(), text("title")];
        let copies = model("Copy", &[key("book", "Book"), collated(null(text("shelf")))]);
        let alter = |field: FieldState| Operation::AlterField { model: "Book".into(), field, backfill: None };
        let steps = [
            vec![create(book), create(copies)],
            vec![alter(collated(text("title")))],
            vec![alter(collated(isbn.clone()))],
            vec![alter(text("title")), alter(isbn)],
        ];
        let migrations = line(&steps);
        run(&db, &migrations, Target::At("shop".into(), "0001".into())).await?;
        sql(&db, "INSERT INTO \"shop_book\" (\"isbn\", \"title\") VALUES ('x', 'Dune'), ('y', 'emma')").await;
        sql(&db, "INSERT INTO \"shop_copy\" (\"book_id\") VALUES ('x')").await;
        for count in (1..=steps.len()).chain((1..steps.len()).rev()) {
            run(&db, &migrations, Target::At("shop".into(), format!("{count:04}"))).await?;
            assert_equal(&db, &state(&migrations, count), &format!("step {count}")).await;
            let drift = nuages_migrate::drift::drift(&db, &state(&migrations, count)).await?;
            assert_eq!(drift, [], "step {count}");
            let found = column(&db, "SELECT \"isbn\" FROM \"shop_book\" WHERE \"title\" = 'DUNE'").await;
            let folds = db.backend() != Backend::Postgres && [2, 3].contains(&count);
            assert_eq!(found.len(), usize::from(folds), "step {count}");
        }
        assert_eq!(column(&db, "SELECT \"book_id\" FROM \"shop_copy\"").await, ["x"]);
        let inspection =
            nuages_migrate::inspect::Inspection { app: "shop".into(), managed: true, ..Default::default() };
        let source = nuages_migrate::inspect::inspect(&db, &inspection).await?;
        assert!(source.contains(&format!("db_collation = {name:?}")), "{source}");
        assert!(!source.contains("not managed"), "{source}");
        Ok(())
    })
    .await
}

/// A key to an author, which the database fills in with the first one.
fn author(on_delete: Option<OnDelete>, constraint: bool) -> FieldState {
    let data = ColumnType::Key { to: ModelRef::new("shop", "Author"), on_delete, constraint };
    FieldState { data, db_default: Some("1".into()), ..key("author", "Author") }
}

fn authors_and_books(author: FieldState) -> Vec<Operation> {
    vec![create(model("Author", &[text("name")])), create(model("Book", &[author]))]
}

const TWO_AUTHORS: &str = "\
    INSERT INTO \"shop_author\" (\"id\", \"name\") VALUES (1, 'Anonymous'), (2, 'Italo');
    INSERT INTO \"shop_book\" (\"id\", \"author_id\") VALUES (1, 2);
    DELETE FROM \"shop_author\" WHERE \"id\" = 2;";

const OF_BOOKS: &str = "SELECT CAST(\"author_id\" AS TEXT) FROM \"shop_book\"";

#[tokio::test]
async fn a_key_that_nobody_watches_may_lead_nowhere() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let field = author(None, false);
        let alter = Operation::AlterField { model: "Book".into(), field, backfill: None };
        let migrations = line(&[authors_and_books(author(None, true)), vec![alter]]);
        run(&db, &migrations, Target::At("shop".into(), "0001".into())).await?;
        assert_equal(&db, &state(&migrations, 1), "watched").await;
        up(&db, &migrations).await?;
        assert_equal(&db, &state(&migrations, 2), "unwatched").await;
        sql(&db, TWO_AUTHORS).await;
        assert_eq!(column(&db, OF_BOOKS).await, ["2"], "who is gone");
        Ok(())
    })
    .await
}

/// Not on MySQL, whose tables take no such rule; the derive says so.
#[tokio::test]
async fn a_key_is_set_to_its_default_by_the_database() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        if db.backend() == Backend::Mysql {
            return Ok(());
        }
        let migrations = line(&[authors_and_books(author(Some(OnDelete::DbSetDefault), true))]);
        up(&db, &migrations).await?;
        assert_equal(&db, &state(&migrations, 1), "set default").await;
        sql(&db, TWO_AUTHORS).await;
        assert_eq!(column(&db, OF_BOOKS).await, ["1"]);
        Ok(())
    })
    .await
}
