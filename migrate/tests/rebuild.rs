//! SQLite makes a parent's table anew, with children of every rule: no row is lost, in any table.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use nuages::test::{Server, TestDatabase};
use nuages::{Db, Result};
use nuages_build::state::{CheckState, ColumnType, FieldState, IndexState, ModelRef};
use nuages_build::{Backfill, Literal, Operation};
use nuages_migrate::Target;
use nuages_migrate::project::Direction;
use nuages_migrate::run::statements;
use nuages_schema::OnDelete;
use support::*;

fn child(name: &str, rule: Option<OnDelete>) -> Operation {
    let data = ColumnType::Key { to: ModelRef::new("shop", "Parent"), on_delete: rule, constraint: true };
    create(model(name, &[FieldState { data, ..null(key("parent", "Parent")) }]))
}

fn history(change: Operation) -> nuages_migrate::Migrations {
    line(&[
        vec![
            create(model("Parent", &[text("name"), null(key("self_ref", "Parent"))])),
            child("Cascade", Some(OnDelete::DbCascade)),
            child("SetNull", Some(OnDelete::DbSetNull)),
            child("Restrict", None),
            create(model("Tag", &[])),
            Operation::AddManyToMany { model: "Parent".into(), relation: relation("Parent", "tags", "Tag") },
        ],
        vec![change],
    ])
}

const ROWS: &str = "\
    INSERT INTO shop_parent (id, name, self_ref_id) VALUES (1, 'one', NULL), (2, 'two', 1), (9, 'nine', 2);
    DELETE FROM shop_parent WHERE id = 9;
    INSERT INTO shop_cascade (id, parent_id) VALUES (1, 1), (2, 2);
    INSERT INTO shop_setnull (id, parent_id) VALUES (1, 1), (2, 2);
    INSERT INTO shop_restrict (id, parent_id) VALUES (1, 1), (2, 2);
    INSERT INTO shop_tag (id) VALUES (1);
    INSERT INTO shop_parent_tags (id, parent_id, tag_id) VALUES (1, 1, 1), (2, 2, 1);
    CREATE INDEX of_somebody_else ON shop_parent (lower(name));
    CREATE TABLE log (text);
    CREATE TRIGGER on_parent AFTER UPDATE ON shop_parent BEGIN INSERT INTO log VALUES (new.name); END;
    CREATE VIEW names AS SELECT name FROM shop_parent;";

const COUNTS: &str = "\
    SELECT (SELECT group_concat(id || coalesce(self_ref_id, '-')) FROM shop_parent) || '/' || \
    (SELECT group_concat(parent_id) FROM shop_cascade) || '/' || (SELECT group_concat(parent_id) FROM shop_setnull) || '/' || \
    (SELECT group_concat(parent_id) FROM shop_restrict) || '/' || (SELECT group_concat(parent_id) FROM shop_parent_tags)";

async fn loses_nothing(db: &Db, change: Operation) -> Result<()> {
    let what = change.describe();
    let migrations = history(change);
    run(db, &migrations, Target::At("shop".into(), "0001".into())).await?;
    db.execute_script(ROWS).await?;
    for target in [Target::Everything, Target::At("shop".into(), "0001".into()), Target::Everything] {
        run(db, &migrations, target).await?;
        assert_eq!(column(db, COUNTS).await, ["1-,21/1,2/1,2/1,2/1,2"], "{what}");
        assert_eq!(column(db, "PRAGMA foreign_key_check").await, [""; 0], "{what}");
        let kept = "SELECT name FROM sqlite_master WHERE name IN ('of_somebody_else', 'on_parent', 'names') ORDER BY name";
        assert_eq!(column(db, kept).await, ["names", "of_somebody_else", "on_parent"], "{what}");
    }
    // The trigger works, the rules work, and a key that was given is not given again.
    db.execute_script("UPDATE shop_parent SET name = 'uno' WHERE id = 1").await?;
    assert_eq!(column(db, "SELECT text FROM log").await, ["uno"], "{what}");
    db.execute_script("INSERT INTO shop_parent (name) VALUES ('next')").await?;
    assert_eq!(column(db, "SELECT CAST(max(id) AS TEXT) FROM shop_parent").await, ["10"], "{what}");
    db.execute_script(
        "DELETE FROM shop_parent_tags; DELETE FROM shop_restrict; DELETE FROM shop_parent WHERE id = 2",
    )
    .await?;
    assert_eq!(column(db, "SELECT CAST(count(*) AS TEXT) FROM shop_cascade").await, ["1"], "{what}");
    assert_eq!(column(db, "SELECT CAST(count(parent_id) AS TEXT) FROM shop_setnull").await, ["1"], "{what}");
    Ok(())
}

#[tokio::test]
async fn no_row_of_a_parent_or_child_is_lost() -> Result<()> {
    let of = || "Parent".to_owned();
    let wide = FieldState { data: ColumnType::text(300), ..text("name") };
    let changes = [
        Operation::AlterField { model: of(), field: wide, backfill: None },
        Operation::AlterField { model: of(), field: null(text("name")), backfill: None },
        Operation::AddCheck {
            model: of(),
            check: CheckState { name: "named".into(), sql: "\"name\" <> ''".into() },
        },
        Operation::AddField { model: of(), field: null(key("second", "Tag")), backfill: None },
    ];
    for change in changes {
        let database = TestDatabase::create(&Server::sqlite()).await?;
        let outcome = loses_nothing(&database.session(), change).await;
        database.remove().await?;
        outcome?;
    }
    Ok(())
}

#[tokio::test]
async fn a_copy_that_breaks_a_rule_changes_nothing() -> Result<()> {
    let database = TestDatabase::create(&Server::sqlite()).await?;
    let db = database.session();
    let check = CheckState { name: "long".into(), sql: "length(\"name\") > 3".into() };
    let migrations = history(Operation::AddCheck { model: "Parent".into(), check });
    run(&db, &migrations, Target::At("shop".into(), "0001".into())).await?;
    db.execute_script(ROWS).await?;
    assert!(up(&db, &migrations).await.is_err());
    assert_eq!(column(&db, COUNTS).await, ["1-,21/1,2/1,2/1,2/1,2"]);
    database.remove().await
}

/// Five changes of one table, two of another between them, and a new table that is altered at once.
fn many_changes() -> Vec<Operation> {
    let of = || "Parent".to_owned();
    let add = |model: &str, field, backfill| Operation::AddField { model: model.into(), field, backfill };
    let seven = || Some(Backfill::Value(Literal::Int(7)));
    vec![
        add("Parent", int("pages"), seven()),
        Operation::AlterField { model: of(), field: null(text("name")), backfill: None },
        add("Restrict", int("weight"), seven()),
        Operation::AddCheck {
            model: of(),
            check: CheckState { name: "paged".into(), sql: "\"pages\" > 0".into() },
        },
        create(model("Shelf", &[text("place")])),
        add("Shelf", key("parent", "Parent"), None),
        add("Parent", null(key("shelf", "Shelf")), None),
        add("Restrict", null(key("shelf", "Shelf")), None),
        Operation::AddIndex {
            model: of(),
            index: IndexState { fields: vec!["pages".into(), "name".into()], ..IndexState::default() },
        },
    ]
}

#[tokio::test]
async fn many_changes_of_one_table_copy_it_once() -> Result<()> {
    let database = TestDatabase::create(&Server::sqlite()).await?;
    let db = database.session();
    let before = history(Operation::DeleteModel { model: "Tag".into() });
    let first = before.ordered().next().unwrap().operations.clone();
    let migrations = line(&[first, many_changes()]);
    let second = migrations.migration("shop", "0002").unwrap();
    let sql = statements(&migrations, second, Direction::Forward, db.backend(), db.capabilities())?;
    let made: Vec<&String> = sql.iter().filter(|sql| sql.starts_with("CREATE TABLE")).collect();
    assert_eq!(made.len(), 3, "one copy of each changed table, and the new one: {sql:#?}");
    run(&db, &migrations, Target::At("shop".into(), "0001".into())).await?;
    db.execute_script(ROWS).await?;
    db.execute_script("DROP TRIGGER on_parent; DROP TABLE log; DROP INDEX of_somebody_else").await?;
    for round in 0..2 {
        run(&db, &migrations, Target::Everything).await?;
        assert_equal(&db, &state(&migrations, 2), "many changes").await;
        assert_eq!(column(&db, COUNTS).await, ["1-,21/1,2/1,2/1,2/1,2"], "round {round}");
        let sums = "SELECT CAST((SELECT sum(pages) FROM shop_parent) + (SELECT sum(weight) FROM shop_restrict) AS TEXT)";
        assert_eq!(column(&db, sums).await, ["28"], "round {round}");
        run(&db, &migrations, Target::At("shop".into(), "0001".into())).await?;
        assert_equal(&db, &state(&migrations, 1), "many changes taken back").await;
    }
    database.remove().await
}

#[tokio::test]
async fn a_change_that_reads_what_another_wrote_comes_after_it() -> Result<()> {
    let database = TestDatabase::create(&Server::sqlite()).await?;
    let db = database.session();
    let of = || "Parent".to_owned();
    let sql = |text: &str| Some(Backfill::Sql { sql: text.into() });
    let add = |field, backfill| Operation::AddField { model: of(), field, backfill };
    let second = vec![
        add(int("pages"), Some(Backfill::Value(Literal::Int(5)))),
        add(int("twice"), sql("\"pages\" * 2")),
        Operation::RemoveField { model: of(), field: "name".into() },
        add(text("name"), sql("'new ' || \"twice\"")),
        add(int("length"), sql("length(\"name\")")),
    ];
    let first = vec![create(model("Parent", &[text("name")]))];
    let migrations = line(&[first, second]);
    run(&db, &migrations, Target::At("shop".into(), "0001".into())).await?;
    db.execute_script("INSERT INTO shop_parent (name) VALUES ('old')").await?;
    up(&db, &migrations).await?;
    assert_equal(&db, &state(&migrations, 2), "changes that read each other").await;
    let row = "SELECT pages || '/' || twice || '/' || name || '/' || length FROM shop_parent";
    assert_eq!(column(&db, row).await, ["5/10/new 10/6"]);
    database.remove().await
}

#[tokio::test]
async fn a_column_that_no_migration_knows_is_not_lost() -> Result<()> {
    let database = TestDatabase::create(&Server::sqlite()).await?;
    let db = database.session();
    let migrations =
        history(Operation::AlterField { model: "Parent".into(), field: null(text("name")), backfill: None });
    run(&db, &migrations, Target::At("shop".into(), "0001".into())).await?;
    db.execute_script(ROWS).await?;
    db.execute_script("ALTER TABLE shop_parent ADD COLUMN Rating integer NOT NULL DEFAULT 7").await?;
    let said = format!("{:?}", up(&db, &migrations).await.unwrap_err());
    assert!(said.contains("would lose its column `Rating`, which no migration knows"), "{said}");
    assert_eq!(column(&db, "SELECT CAST(sum(Rating) AS TEXT) FROM shop_parent").await, ["14"]);
    assert_eq!(column(&db, COUNTS).await, ["1-,21/1,2/1,2/1,2/1,2"]);
    database.remove().await
}
