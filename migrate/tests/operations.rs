//! Every operation, forward and back, on every database, with rows in the tables: the catalogue shows the
//! state, and what was in the columns that stay is still in them.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use nuages::Result;
use nuages_build::state::{
    CheckState, ColumnType, FieldState, Generated, IndexState, ManyToManyState, UniqueState,
};
use nuages_build::{Backfill, Literal, Operation, SqlStatements, SqlText};
use nuages_migrate::Target;
use nuages_schema::{ColumnKind, OnDelete};
use support::*;

/// A shop with every kind of column, a key of each rule, a self reference and a join table.
fn shop() -> Vec<Operation> {
    let all = ColumnKind::ALL.into_iter().filter(|kind| *kind != ColumnKind::Decimal);
    let mut fields: Vec<FieldState> =
        all.map(|kind| null(plain(&format!("a_{}", kind.word()), kind))).collect();
    fields.push(null(FieldState::new("a_price", ColumnType::decimal(8, 2))));
    let author = model("Author", &[text("name"), null(key("mentor", "Author"))]);
    let rule = |name, rule| {
        let to = nuages_build::state::ModelRef::new("shop", "Author");
        FieldState {
            data: ColumnType::Key { to, on_delete: rule, constraint: true },
            ..null(key(name, "Author"))
        }
    };
    let mut book = model(
        "Book",
        &[
            text("title"),
            int("pages"),
            key("author", "Author"),
            rule("editor", Some(OnDelete::DbCascade)),
            rule("printer", Some(OnDelete::DbSetNull)),
            FieldState { unique: true, index: false, ..null(key("sequel", "Book")) },
        ],
    );
    book.indexes.push(index());
    book.uniques.push(unique());
    book.checks.push(check());
    vec![
        create(author),
        create(book),
        create(model("Tag", &[FieldState { unique: true, ..text("word") }])),
        create(model("Kinds", &fields)),
        Operation::AddManyToMany { model: "Book".into(), relation: relation("Book", "tags", "Tag") },
    ]
}

const ROWS: &str = "\
    INSERT INTO \"shop_author\" (\"id\", \"name\", \"mentor_id\") VALUES (1, 'Ursula', NULL), (2, 'Italo', 1);
    INSERT INTO \"shop_book\" (\"id\", \"title\", \"pages\", \"author_id\", \"editor_id\", \"printer_id\") \
        VALUES (1, 'Dispossessed', 387, 1, 2, 2), (2, 'Cities', 165, 2, 1, 1);
    INSERT INTO \"shop_tag\" (\"id\", \"word\") VALUES (1, 'utopia'), (2, 'city');
    INSERT INTO \"shop_book_tags\" (\"id\", \"book_id\", \"tag_id\") VALUES (1, 1, 1), (2, 2, 2), (3, 2, 1);";

#[tokio::test]
async fn a_whole_shop_is_what_the_catalogue_shows() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let migrations = line(&[shop()]);
        let done = up(&db, &migrations).await?;
        assert_eq!(done.applied, ["shop.0001_step"]);
        assert_equal(&db, &state(&migrations, 1), "create").await;
        sql(&db, ROWS).await;
        assert_eq!(up(&db, &migrations).await?.applied, [""; 0], "nothing is left to do");
        run(&db, &migrations, Target::Zero("shop".into())).await?;
        assert!(live(&db).await.is_empty());
        Ok(())
    })
    .await
}

fn book(field: FieldState, backfill: Option<Backfill>) -> Operation {
    Operation::AddField { model: "Book".into(), field, backfill }
}

fn alter(field: FieldState, backfill: Option<Backfill>) -> Operation {
    Operation::AlterField { model: "Book".into(), field, backfill }
}

fn value(literal: Literal) -> Option<Backfill> {
    Some(Backfill::Value(literal))
}

/// What a case is called, its operations, and what it must leave in the rows: a query and its answer.
type Case = (&'static str, Vec<Operation>, &'static str, Vec<&'static str>);

const KEPT: &str = "SELECT \"title\" FROM \"shop_book\" ORDER BY \"title\" DESC";

fn titles() -> Vec<&'static str> {
    vec!["Dispossessed", "Cities"]
}

fn of() -> String {
    "Book".to_owned()
}

fn wide() -> FieldState {
    FieldState { data: ColumnType::text(300), ..text("title") }
}

fn index() -> IndexState {
    IndexState { name: None, fields: vec!["-pages".into(), "title".into()], ..IndexState::default() }
}

fn by_title() -> IndexState {
    IndexState { name: Some("by_title".into()), fields: vec!["title".into()], ..IndexState::default() }
}

fn unique() -> UniqueState {
    UniqueState {
        name: Some("one_title".into()),
        fields: vec!["title".into(), "author".into()],
        ..UniqueState::default()
    }
}

fn check() -> CheckState {
    CheckState { name: "has_pages".into(), sql: "\"pages\" > 0".into() }
}

fn moved() -> ManyToManyState {
    ManyToManyState {
        from_column: "volume_id".into(),
        table: "shop_book_labels".into(),
        ..relation("Book", "labels", "Tag")
    }
}

fn computed(sql: &str) -> Option<Generated> {
    Some(Generated { sql: sql.into(), stored: true })
}

fn cases() -> Vec<Case> {
    [fields_that_come(), made_by_the_database(), fields_that_change(), models(), constraints()].concat()
}

fn fields_that_come() -> Vec<Case> {
    vec![
        ("add null", vec![book(null(int("stock")), None)], KEPT, titles()),
        (
            "add with a literal",
            vec![book(text("isbn"), value(Literal::Text("it's".into())))],
            "SELECT \"isbn\" FROM \"shop_book\"",
            vec!["it's", "it's"],
        ),
        (
            "add with sql",
            vec![book(text("twin"), Some(Backfill::Sql { sql: "UPPER(\"title\")".into() }))],
            "SELECT \"twin\" FROM \"shop_book\" ORDER BY \"id\"",
            vec!["DISPOSSESSED", "CITIES"],
        ),
        (
            "add unique null key",
            vec![book(FieldState { unique: true, index: false, ..null(key("cover", "Tag")) }, None)],
            KEPT,
            titles(),
        ),
        (
            "add with range",
            vec![book(FieldState { min: Some(0), max: Some(9), ..int("stars") }, value(Literal::Int(5)))],
            "SELECT CAST(\"stars\" AS TEXT) FROM \"shop_book\"",
            vec!["5", "5"],
        ),
        ("remove", vec![Operation::RemoveField { model: of(), field: "printer".into() }], KEPT, titles()),
        ("widen", vec![alter(wide(), None)], KEPT, titles()),
        (
            "retype",
            vec![alter(plain("pages", ColumnKind::BigInt), None)],
            "SELECT CAST(\"pages\" AS TEXT) FROM \"shop_book\" ORDER BY \"id\"",
            vec!["387", "165"],
        ),
    ]
}

fn made_by_the_database() -> Vec<Case> {
    vec![
        (
            "add with a default of the database",
            vec![book(FieldState { db_default: Some("'a\\b''c'".into()), ..text("mark") }, None)],
            "SELECT \"mark\" FROM \"shop_book\"",
            vec!["a\\b'c", "a\\b'c"],
        ),
        (
            "compute from something else",
            vec![
                book(FieldState { generated: computed("\"pages\" + 1"), ..null(int("more")) }, None),
                alter(FieldState { generated: computed("\"pages\" * 2"), ..null(int("more")) }, None),
            ],
            "SELECT CAST(\"more\" AS TEXT) FROM \"shop_book\" ORDER BY \"id\"",
            vec!["774", "330"],
        ),
    ]
}

fn fields_that_change() -> Vec<Case> {
    vec![
        (
            "not null with a value",
            vec![alter(key("editor", "Author"), value(Literal::Int(1)))],
            "SELECT CAST(\"editor_id\" AS TEXT) FROM \"shop_book\" ORDER BY \"id\"",
            vec!["2", "1"],
        ),
        (
            "null",
            vec![alter(null(int("pages")), None)],
            "SELECT CAST(\"pages\" AS TEXT) FROM \"shop_book\" ORDER BY \"id\"",
            vec!["387", "165"],
        ),
        (
            "rename field",
            vec![Operation::RenameField {
                model: of(),
                from: "pages".into(),
                to: "length".into(),
                column: "len".into(),
            }],
            "SELECT CAST(\"len\" AS TEXT) FROM \"shop_book\" ORDER BY \"id\"",
            vec!["387", "165"],
        ),
        (
            "rename key field",
            vec![Operation::RenameField {
                model: of(),
                from: "id".into(),
                to: "number".into(),
                column: "number".into(),
            }],
            KEPT,
            titles(),
        ),
        (
            "other column",
            vec![alter(FieldState { column: "name".into(), ..text("title") }, None)],
            "SELECT \"name\" FROM \"shop_book\" ORDER BY \"id\"",
            titles(),
        ),
        (
            "rename model",
            vec![Operation::RenameModel { from: of(), to: "Volume".into(), table: "shop_volume".into() }],
            "SELECT \"title\" FROM \"shop_volume\" ORDER BY \"id\"",
            titles(),
        ),
        (
            "rename the target of keys",
            vec![Operation::RenameModel {
                from: "Author".into(),
                to: "Person".into(),
                table: "shop_person".into(),
            }],
            KEPT,
            titles(),
        ),
    ]
}

fn models() -> Vec<Case> {
    vec![
        (
            "a key's type follows",
            vec![Operation::AlterField {
                model: "Author".into(),
                field: FieldState {
                    data: ColumnType::plain(ColumnKind::Integer),
                    ..FieldState::auto_key("id")
                },
                backfill: None,
            }],
            KEPT,
            titles(),
        ),
        ("indexes", vec![Operation::RemoveIndex { model: of(), index: index() }], KEPT, titles()),
        ("uniques", vec![Operation::RemoveUnique { model: of(), unique: unique() }], KEPT, titles()),
        ("checks", vec![Operation::RemoveCheck { model: of(), check: check() }], KEPT, titles()),
        (
            "other index under the same name",
            vec![
                Operation::AddIndex { model: of(), index: by_title() },
                Operation::RemoveIndex { model: of(), index: by_title() },
            ],
            KEPT,
            titles(),
        ),
        ("unique becomes index", vec![alter(null(key("sequel", "Book")), None)], KEPT, titles()),
        (
            "relation renamed",
            vec![Operation::AlterManyToMany { model: of(), from: "tags".into(), relation: moved() }],
            "SELECT CAST(COUNT(*) AS TEXT) FROM \"shop_book_labels\"",
            vec!["3"],
        ),
    ]
}

fn constraints() -> Vec<Case> {
    vec![
        (
            "relation gone",
            vec![Operation::RemoveManyToMany { model: of(), relation: "tags".into() }],
            KEPT,
            titles(),
        ),
        ("model gone", vec![Operation::DeleteModel { model: "Kinds".into() }], KEPT, titles()),
        (
            "not managed",
            vec![Operation::AlterTable { model: "Kinds".into(), table: "shop_kinds".into(), managed: true }],
            KEPT,
            titles(),
        ),
    ]
}

#[tokio::test]
async fn every_operation_keeps_what_stays() -> Result<()> {
    let only = std::env::var("CASE").ok();
    for (name, operations, query, answer) in cases() {
        if only.as_ref().is_some_and(|only| only != name) {
            continue;
        }
        nuages::test::on_each_database(async |db| {
            let migrations = line(&[shop(), operations.clone()]);
            run(&db, &migrations, Target::At("shop".into(), "0001".into())).await?;
            sql(&db, ROWS).await;
            up(&db, &migrations).await.map_err(|error| error.context(name))?;
            assert_equal(&db, &state(&migrations, 2), name).await;
            assert_eq!(column(&db, query).await, answer, "{name} on {}", db.backend().title());
            let others = "SELECT CAST(COUNT(*) AS TEXT) FROM \"shop_tag\"";
            assert_eq!(column(&db, others).await, ["2"], "{name}: other tables");
            // What went comes back without its values, which a NOT NULL column cannot do with rows there.
            run(&db, &migrations, Target::At("shop".into(), "0001".into()))
                .await
                .map_err(|error| error.context(name))?;
            assert_equal(&db, &state(&migrations, 1), &format!("{name}, taken back")).await;
            let titles = "SELECT \"title\" FROM \"shop_book\" ORDER BY \"id\"";
            assert_eq!(column(&db, titles).await, ["Dispossessed", "Cities"], "{name}, taken back");
            Ok(())
        })
        .await?;
    }
    Ok(())
}

#[tokio::test]
async fn sql_steps_run_and_are_taken_back() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let each = |text: &str| Some(SqlStatements::One(text.into()));
        let step = Operation::RunSql {
            forward: SqlText::Each {
                sqlite: each("UPDATE shop_author SET name = name || '!'"),
                postgres: each("UPDATE shop_author SET name = name || '!'"),
                mysql: each("UPDATE shop_author SET name = CONCAT(name, '!')"),
            },
            reverse: Some(SqlText::All(SqlStatements::Many(vec![
                "UPDATE shop_author SET name = 'x'".into(),
            ]))),
            elidable: false,
        };
        // A change of rows with keys and a change of the schema, in one transaction.
        let after = Operation::AddField { model: "Author".into(), field: null(int("age")), backfill: None };
        let migrations = line(&[shop(), vec![step, after]]);
        run(&db, &migrations, Target::At("shop".into(), "0001".into())).await?;
        sql(&db, ROWS).await;
        up(&db, &migrations).await?;
        let names = "SELECT name FROM shop_author ORDER BY id";
        assert_eq!(column(&db, names).await, ["Ursula!", "Italo!"]);
        run(&db, &migrations, Target::At("shop".into(), "0001".into())).await?;
        assert_eq!(column(&db, names).await, ["x", "x"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_cannot_be_taken_back_says_why() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let step = Operation::RunSql {
            forward: SqlText::All(SqlStatements::One("SELECT 1".into())),
            reverse: None,
            elidable: false,
        };
        let migrations = line(&[shop(), vec![step]]);
        up(&db, &migrations).await?;
        let error = run(&db, &migrations, Target::Zero("shop".into())).await.unwrap_err().to_string();
        assert!(
            error.contains("migration shop.0002_step cannot be taken back: an SQL step says no `reverse`"),
            "{error}"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_failing_migration_leaves_nothing_where_ddl_is_transactional() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let broken = vec![
            book(null(int("stock")), None),
            Operation::RunSql {
                forward: SqlText::All(SqlStatements::One("SELECT nothing FROM nowhere".into())),
                reverse: None,
                elidable: false,
            },
        ];
        let migrations = line(&[shop(), broken]);
        let error = up(&db, &migrations).await.unwrap_err().to_string();
        assert!(error.starts_with("migration shop.0002_step failed; what came before it holds"), "{error}");
        if db.backend() != nuages_schema::Backend::Mysql {
            assert_equal(&db, &state(&migrations, 1), "after a failure").await;
        }
        // On MySQL the journal goes on where it stopped, so the column is not added twice.
        let again = up(&db, &migrations).await.unwrap_err().to_string();
        assert!(again.contains("nowhere"), "{again}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_column_without_a_value_for_rows_is_refused() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let migrations = line(&[shop(), vec![book(int("stock"), None)]]);
        run(&db, &migrations, Target::At("shop".into(), "0001".into())).await?;
        sql(&db, ROWS).await;
        assert!(up(&db, &migrations).await.is_err());
        assert_equal(&db, &state(&migrations, 1), "refused").await;
        sql(&db, "DELETE FROM \"shop_book_tags\"").await;
        sql(&db, "DELETE FROM \"shop_book\"").await;
        up(&db, &migrations).await?;
        assert_equal(&db, &state(&migrations, 2), "empty table").await;
        Ok(())
    })
    .await
}
