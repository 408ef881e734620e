//! Changes of a column's type: the same values come out on the three databases, and what does not fit stops the run.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use nuages::value::{Decimal, Value};
use nuages::{Db, Result};
use nuages_build::state::{ColumnType, FieldState, ModelRef};
use nuages_build::{Backfill, Literal, Operation};
use nuages_migrate::Target;
use nuages_schema::ColumnKind as K;
use support::{column, create, key, line, live, model, run, sql, up};

fn x(data: ColumnType) -> FieldState {
    FieldState::new("x", data)
}

fn plain(kind: K) -> FieldState {
    x(ColumnType::plain(kind))
}

fn text(value: &str) -> Literal {
    Literal::Text(value.to_owned())
}

fn alter(field: FieldState) -> Operation {
    Operation::AlterField { model: "Book".into(), field, backfill: None }
}

/// The column with its value for the rows that are there, and then the change.
fn change(old: &FieldState, value: &Literal, new: &FieldState) -> nuages_migrate::Migrations {
    let backfill = Some(Backfill::Value(value.clone()));
    let add = Operation::AddField { model: "Book".into(), field: old.clone(), backfill };
    line(&[vec![create(model("Book", &[]))], vec![add], vec![alter(new.clone())]])
}

fn kind(field: &FieldState) -> K {
    match &field.data {
        ColumnType::Plain { kind, .. } => *kind,
        ColumnType::Key { .. } => K::BigInt,
    }
}

/// The value of the only row, read as the runtime reads a column of this kind, on a connection of its own.
async fn read(db: &Db, kind: K) -> Result<Value> {
    let own = db.database().dedicated().await?;
    let quoted = if db.backend() == nuages_schema::Backend::Mysql { "`x`" } else { "\"x\"" };
    let rows = own.fetch(format!("SELECT {quoted} FROM shop_book").into()).await?;
    let value = rows[0].value(0, kind);
    own.close().await?;
    value
}

fn pairs() -> Vec<(FieldState, Literal, FieldState, Value)> {
    let decimal = |digits, places| x(ColumnType::decimal(digits, places));
    let number = |text: &str| Value::Decimal(text.parse::<Decimal>().unwrap());
    let word = |text: &str| Value::Text(text.to_owned());
    let uuid = "6f9619ff-8b86-d011-b42d-00c04fc964ff";
    let day = || Value::Date("2020-01-31".parse().unwrap());
    let moment = |text: &str| Value::DateTime(text.parse().unwrap());
    vec![
        (plain(K::Bool), Literal::Bool(true), plain(K::Integer), Value::Int(1)),
        (plain(K::Bool), Literal::Bool(true), plain(K::SmallInt), Value::Int(1)),
        (plain(K::Bool), Literal::Bool(false), plain(K::Text), word("false")),
        (plain(K::Integer), Literal::Int(7), plain(K::Bool), Value::Bool(true)),
        (plain(K::BigInt), Literal::Int(0), plain(K::Bool), Value::Bool(false)),
        (plain(K::Text), text("true"), plain(K::Bool), Value::Bool(true)),
        (plain(K::Integer), Literal::Int(-5), plain(K::BigInt), Value::Int(-5)),
        (plain(K::BigInt), Literal::Int(12), plain(K::SmallInt), Value::Int(12)),
        (plain(K::Integer), Literal::Int(42), plain(K::Text), word("42")),
        (plain(K::Text), text("42"), plain(K::Integer), Value::Int(42)),
        (plain(K::Integer), Literal::Int(7), decimal(12, 2), number("7")),
        (plain(K::Double), Literal::Float(2.5), decimal(8, 2), number("2.5")),
        (decimal(8, 2), text("1.58"), decimal(8, 1), number("1.6")),
        (decimal(8, 2), text("1.50"), plain(K::Double), Value::Float(1.5)),
        (decimal(8, 2), text("41.75"), plain(K::Integer), Value::Int(42)),
        (plain(K::Text), text("12.25"), decimal(8, 2), number("12.25")),
        (plain(K::Real), Literal::Float(0.5), plain(K::Double), Value::Float(0.5)),
        (plain(K::Date), text("2020-01-31"), plain(K::DateTime), moment("2020-01-31T00:00:00Z")),
        (plain(K::DateTime), text("2020-01-31 12:30:00"), plain(K::Date), day()),
        (plain(K::Date), text("2020-01-31"), plain(K::Text), word("2020-01-31")),
        (plain(K::Text), text("2020-01-31"), plain(K::Date), day()),
        (plain(K::Uuid), text(uuid), x(ColumnType::text(36)), word(uuid)),
        (x(ColumnType::text(36)), text(uuid), plain(K::Uuid), Value::Uuid(uuid.parse().unwrap())),
        (x(ColumnType::text(20)), text("it's"), x(ColumnType::text(80)), word("it's")),
        (plain(K::Text), text("short"), x(ColumnType::text(5)), word("short")),
        (plain(K::Duration), Literal::Int(90), plain(K::BigInt), Value::Int(90)),
    ]
}

#[tokio::test]
async fn the_same_values_come_out_on_every_database() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let mut wrong = Vec::new();
        for (old, value, new, expected) in pairs() {
            let migrations = change(&old, &value, &new);
            run(&db, &migrations, Target::At("shop".into(), "0001".into())).await?;
            sql(&db, "INSERT INTO \"shop_book\" (\"id\") VALUES (1)").await;
            let got = match up(&db, &migrations).await {
                Ok(_) => read(&db, kind(&new)).await.map_err(|error| format!("{error:#}")),
                Err(error) => Err(format!("{error:#}")),
            };
            if got.as_ref().ok() != Some(&expected) {
                let what = format!("{} {value} to {}", kind(&old).word(), kind(&new).word());
                wrong.push(format!("{what}: {got:?} and not {expected:?}"));
                sql(&db, "DELETE FROM \"shop_book\"").await;
            }
            run(&db, &migrations, Target::Zero("shop".into())).await?;
        }
        assert!(wrong.is_empty(), "{}:\n{}", db.backend().title(), wrong.join("\n"));
        Ok(())
    })
    .await
}

/// Not cut, not rounded into range, not kept as something else: the run stops and the row is as it was.
#[tokio::test]
async fn what_the_new_type_does_not_hold_stops_the_run() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let cases = [
            (plain(K::Text), text("many"), plain(K::Integer)),
            (plain(K::Text), text("perhaps"), plain(K::Bool)),
            (plain(K::Text), text("soon"), plain(K::Date)),
            (plain(K::Text), text("longer than that"), x(ColumnType::text(5))),
            (x(ColumnType::text(40)), text("no uuid"), plain(K::Uuid)),
            (plain(K::BigInt), Literal::Int(40_000), plain(K::SmallInt)),
            (x(ColumnType::decimal(8, 2)), text("123456.00"), x(ColumnType::decimal(6, 2))),
        ];
        for (old, value, new) in cases {
            let what =
                format!("{}: {} {value} to {}", db.backend().title(), kind(&old).word(), kind(&new).word());
            let migrations = change(&old, &value, &new);
            run(&db, &migrations, Target::At("shop".into(), "0001".into())).await?;
            sql(&db, "INSERT INTO \"shop_book\" (\"id\") VALUES (1)").await;
            run(&db, &migrations, Target::At("shop".into(), "0002".into())).await?;
            let before = read(&db, kind(&old)).await?;
            let shape = live(&db).await;
            assert!(up(&db, &migrations).await.is_err(), "{what}");
            assert_eq!(read(&db, kind(&old)).await?, before, "{what}");
            assert_eq!(live(&db).await, shape, "{what}");
            run(&db, &migrations, Target::Zero("shop".into())).await?;
        }
        Ok(())
    })
    .await
}

/// The columns that refer to a key are what the key is, whatever it becomes, with their rows.
#[tokio::test]
async fn what_refers_to_a_key_follows_its_type() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let shelf = |data: ColumnType, auto| {
            let mut shelf = model("Shelf", &[]);
            shelf.fields[0] = FieldState { primary_key: true, auto, ..FieldState::new("id", data) };
            shelf
        };
        let number = |kind| shelf(ColumnType::plain(kind), true);
        let mut book = model("Book", &[key("shelf", "Shelf")]);
        book.many_to_many.clear();
        let mut others = support::relation("Book", "others", "Shelf");
        others.to = ModelRef::new("shop", "Shelf");
        let id = |model: nuages_build::state::ModelState| Operation::AlterField {
            model: "Shelf".into(),
            field: model.fields[0].clone(),
            backfill: None,
        };
        let migrations = line(&[
            vec![
                create(number(K::Integer)),
                create(book),
                Operation::AddManyToMany { model: "Book".into(), relation: others },
            ],
            vec![id(number(K::BigInt))],
            vec![id(shelf(ColumnType::plain(K::BigInt), false))],
            vec![id(shelf(ColumnType::text(40), false))],
        ]);
        run(&db, &migrations, Target::At("shop".into(), "0001".into())).await?;
        sql(&db, "INSERT INTO \"shop_shelf\" (\"id\") VALUES (7), (9)").await;
        sql(&db, "INSERT INTO \"shop_book\" (\"id\", \"shelf_id\") VALUES (1, 7), (2, 9)").await;
        sql(&db, "INSERT INTO \"shop_book_others\" (\"book_id\", \"shelf_id\") VALUES (1, 9)").await;
        for target in ["0002", "0003", "0004", "0003", "0002", "0001"] {
            run(&db, &migrations, Target::At("shop".into(), target.into())).await?;
            let state = support::state(&migrations, target[3..].parse().unwrap());
            support::assert_equal(&db, &state, target).await;
            let joined = "SELECT CAST(s.id AS TEXT) FROM shop_book b JOIN shop_shelf s ON s.id = b.shelf_id ORDER BY b.id";
            assert_eq!(column(&db, joined).await, ["7", "9"], "{target}");
            let joined = "SELECT CAST(s.id AS TEXT) FROM shop_book_others b JOIN shop_shelf s ON s.id = b.shelf_id";
            assert_eq!(column(&db, joined).await, ["9"], "{target}");
        }
        // The key counts on after what is there.
        let counted = match db.backend() {
            nuages_schema::Backend::Mysql => "INSERT INTO \"shop_shelf\" () VALUES ()",
            _ => "INSERT INTO \"shop_shelf\" DEFAULT VALUES",
        };
        sql(&db, counted).await;
        assert_eq!(column(&db, "SELECT CAST(MAX(id) AS TEXT) FROM shop_shelf").await, ["10"]);
        Ok(())
    })
    .await
}
