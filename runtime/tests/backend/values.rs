//! What goes in comes out, at the edges of every kind.

use nuages::backend::Statement;
use nuages::value::{ColumnKind, Date, DateTime, Decimal, Duration, Json, Time, Uuid, Value};

use super::*;

/// The column types of the storage table.
fn column(db: &Db, kind: ColumnKind) -> &'static str {
    use Backend::{Mysql, Postgres, Sqlite};
    match (kind, db.backend()) {
        (ColumnKind::Bool, _) => "bool",
        (ColumnKind::SmallInt, _) => "smallint",
        (ColumnKind::Integer, _) => "integer",
        (ColumnKind::BigInt | ColumnKind::Duration, _) => "bigint",
        (ColumnKind::Real, Mysql) => "float",
        (ColumnKind::Real, _) => "real",
        (ColumnKind::Double, Sqlite) => "real",
        (ColumnKind::Double, Postgres) => "double precision",
        (ColumnKind::Double, Mysql) => "double",
        (ColumnKind::Decimal, Sqlite) => "decimal",
        (ColumnKind::Decimal, Postgres) => "numeric(28,10)",
        (ColumnKind::Decimal, Mysql) => "decimal(28,10)",
        (ColumnKind::Text, Mysql) if db.capabilities().mariadb => {
            "longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin"
        }
        (ColumnKind::Text, Mysql) => "longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin",
        (ColumnKind::Text, _) => "text",
        (ColumnKind::Date, _) => "date",
        (ColumnKind::Time, Mysql) => "time(6)",
        (ColumnKind::Time, _) => "time",
        (ColumnKind::DateTime, Sqlite) => "datetime",
        (ColumnKind::DateTime, Postgres) => "timestamptz",
        (ColumnKind::DateTime, Mysql) => "datetime(6)",
        (ColumnKind::Uuid, Postgres) => "uuid",
        (ColumnKind::Uuid, _) => "char(32)",
        (ColumnKind::Json, Sqlite) => "text",
        (ColumnKind::Json, Postgres) => "jsonb",
        (ColumnKind::Json, Mysql) => "json",
        (ColumnKind::Binary, Sqlite) => "blob",
        (ColumnKind::Binary, Postgres) => "bytea",
        (ColumnKind::Binary, Mysql) => "longblob",
        (other, _) => unreachable!("{other:?}"),
    }
}

fn time(hour: u32, minute: u32, second: u32, micro: u32) -> Time {
    Time::from_hms_micro_opt(hour, minute, second, micro).unwrap()
}

fn day(year: i32, month: u32, day: u32) -> Date {
    Date::from_ymd_opt(year, month, day).unwrap()
}

fn moment(date: Date, time: Time) -> DateTime {
    date.and_time(time).and_utc()
}

fn samples(backend: Backend, kind: ColumnKind) -> Vec<Value> {
    let number = |text: &str| Value::Decimal(text.parse().unwrap());
    match kind {
        ColumnKind::Bool => vec![Value::Bool(true), Value::Bool(false)],
        ColumnKind::SmallInt => [i16::MIN, -1, 0, i16::MAX].map(|n| Value::Int(n.into())).to_vec(),
        ColumnKind::Integer => [i32::MIN, 0, i32::MAX].map(|n| Value::Int(n.into())).to_vec(),
        ColumnKind::BigInt => [i64::MIN, -1, 0, 1 << 53, i64::MAX].map(Value::Int).to_vec(),
        ColumnKind::Real => [0.0, 0.1_f32, -1.5, 3.0e38].map(|n| Value::Float(n.into())).to_vec(),
        ColumnKind::Double => [0.0, -0.1, 3.0, f64::MAX, f64::MIN_POSITIVE, 1e100].map(Value::Float).to_vec(),
        // NUMERIC affinity keeps 15 digits.
        ColumnKind::Decimal if backend == Backend::Sqlite => {
            ["0", "12.5", "-99999999999.9999", "0.0000000001", "123456789012345"].map(number).to_vec()
        }
        ColumnKind::Decimal => {
            ["0", "12.5", "123456789012345678.0123456789", "-999999999999999999.9999999999"]
                .map(number)
                .to_vec()
        }
        ColumnKind::Text => {
            ["", " ", "Dune", "naïve ☃ 𝄞 日本", "a'b\"c\\d`e%f_g", "line\r\nline\t\u{7f}", "null"]
                .map(Value::from)
                .to_vec()
        }
        ColumnKind::Date => [day(1000, 1, 1), day(1969, 12, 31), day(2024, 2, 29), day(9999, 12, 31)]
            .map(Value::Date)
            .to_vec(),
        ColumnKind::Time => [Time::MIN, time(12, 30, 0, 0), time(23, 59, 59, 999_999), time(0, 0, 0, 1)]
            .map(Value::Time)
            .to_vec(),
        ColumnKind::DateTime => [
            moment(day(1000, 1, 1), Time::MIN),
            moment(day(1969, 12, 31), time(23, 59, 59, 999_999)),
            moment(day(2024, 2, 29), time(10, 20, 30, 0)),
            moment(day(2024, 2, 29), time(10, 20, 30, 7)),
            moment(day(9999, 12, 31), time(23, 59, 59, 999_999)),
        ]
        .map(Value::DateTime)
        .to_vec(),
        ColumnKind::Duration => [i64::MIN, -1, 0, 86_400_000_000, i64::MAX]
            .map(|n| Value::Duration(Duration::microseconds(n)))
            .to_vec(),
        ColumnKind::Uuid => {
            [Uuid::nil(), Uuid::max(), Uuid::from_u128(0x1234_5678_9abc_4def_8123_4567_89ab_cdef)]
                .map(Value::Uuid)
                .to_vec()
        }
        ColumnKind::Json => vec![
            Value::Json(Json::Null),
            Value::Json(Json::Bool(false)),
            Value::Json(Json::from("")),
            Value::Json(serde_json::json!({"a": [1, 2.5, "ä\u{1}\"", null], "n": i64::MAX})),
            Value::Json(serde_json::json!([])),
        ],
        ColumnKind::Binary => {
            vec![Value::Bytes(vec![]), Value::Bytes(vec![0, 1, 0, 255]), Value::Bytes((0..=255).collect())]
        }
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn every_kind_goes_round() {
    run(on_each_database(async |db| {
        for kind in ColumnKind::ALL {
            round(&db, kind).await.map_err(|error| error.context(kind.word()))?;
        }
        Ok(())
    }));
}

async fn round(db: &Db, kind: ColumnKind) -> Result<()> {
    let table = format!("v_{}", kind.word());
    let type_name = column(db, kind);
    db.execute(format!("CREATE TABLE {table} (id integer PRIMARY KEY, v {type_name} NULL)").into()).await?;
    let mut samples = samples(db.backend(), kind);
    samples.push(Value::Null(kind));
    for (id, value) in samples.iter().enumerate() {
        let insert = format!("INSERT INTO {table} (id, v) VALUES (?, ?)");
        db.execute(statement(db, &insert, vec![Value::Int(id as i64), value.clone()])).await?;
    }
    let rows = db.fetch(format!("SELECT v FROM {table} ORDER BY id").into()).await?;
    assert_eq!(rows.len(), samples.len());
    for (row, sample) in rows.iter().zip(&samples) {
        let value = row.value(0, kind)?;
        match (&value, sample) {
            // The digits after the point belong to the column.
            (Value::Decimal(got), Value::Decimal(want)) => assert_eq!(got, want, "{kind:?}"),
            _ => assert_eq!(&value, sample, "{kind:?} on {:?}", db.backend()),
        }
        assert_eq!(row.is_null(0)?, sample.is_null());
    }
    found_again(db, &table, kind, &samples).await
}

/// What was written is found by the same value as an argument.
async fn found_again(db: &Db, table: &str, kind: ColumnKind, samples: &[Value]) -> Result<()> {
    // JSON is compared by functions; a text that looks like a number needs the cast that the query layer writes.
    let condition = match (kind, db.backend()) {
        (ColumnKind::Json, _) => return Ok(()),
        (ColumnKind::Decimal, Backend::Sqlite) => "v = CAST(? AS NUMERIC)",
        (ColumnKind::Real, Backend::Mysql) => return Ok(()),
        _ => "v = ?",
    };
    for (id, value) in samples.iter().enumerate().filter(|(_, value)| !value.is_null()) {
        let sql = format!("SELECT id FROM {table} WHERE {condition}");
        let rows = db.fetch(statement(db, &sql, vec![value.clone()])).await?;
        assert_eq!(rows.len(), 1, "{kind:?} {value:?} on {:?}", db.backend());
        assert_eq!(rows[0].i64(0)?, Some(id as i64));
    }
    Ok(())
}

#[test]
fn moments_sort_as_time_does() {
    run(on_each_database(async |db| {
        let type_name = column(&db, ColumnKind::DateTime);
        db.execute(format!("CREATE TABLE m (v {type_name})").into()).await?;
        let base = day(2024, 2, 29);
        let mut moments: Vec<_> =
            [0, 1, 10, 500_000, 999_999].map(|micro| moment(base, time(10, 0, 0, micro))).to_vec();
        moments.push(moment(base, time(10, 0, 1, 0)));
        for value in moments.iter().rev() {
            db.execute(statement(&db, "INSERT INTO m VALUES (?)", vec![Value::DateTime(*value)])).await?;
        }
        let rows = db.fetch("SELECT v FROM m ORDER BY v".into()).await?;
        let sorted: Vec<_> = rows.iter().map(|row| row.datetime(0).unwrap().unwrap()).collect();
        assert_eq!(sorted, moments);
        Ok(())
    }));
}

#[test]
fn a_null_has_its_kind_in_expressions() {
    run(on_each_database(async |db| {
        for kind in ColumnKind::ALL {
            if kind == ColumnKind::Json && db.backend() == Backend::Mysql {
                continue;
            }
            let value = samples(db.backend(), kind).pop().unwrap();
            let sql = "SELECT coalesce(?, ?), ? IS NULL";
            let args = vec![Value::Null(kind), value.clone(), Value::Null(kind)];
            let row = db.fetch_optional(statement(&db, sql, args)).await?.unwrap();
            let text = matches!(kind, ColumnKind::Decimal) || db.backend() == Backend::Mysql;
            if !text {
                assert_eq!(row.value(0, kind)?, value, "{kind:?} on {:?}", db.backend());
            }
            assert_eq!(row.bool(1)?, Some(true));
        }
        Ok(())
    }));
}

#[test]
fn text_is_lent_and_wrong_types_are_explained() {
    run(on_each_database(async |db| {
        let row = db.fetch_optional("SELECT 'abc' AS word, 7 AS n, NULL AS none".into()).await?.unwrap();
        assert_eq!((row.str(0)?, row.len(), row.name(1)), (Some("abc"), 3, Some("n")));
        assert_eq!((row.str(2)?, row.i64(2)?, row.is_null(2)?), (None, None, true));
        let error = row.uuid(1).unwrap_err().to_string();
        assert_eq!(error, "column 2 of 3 (`n`) cannot be read as a UUID: it holds a whole number");
        let error = row.i64(3).unwrap_err().to_string();
        assert_eq!(error, "there is no column 4 in a row of 3 columns");
        assert!(row.datetime(0).is_err() && row.decimal(0).is_err() && row.json(0).is_err());
        Ok(())
    }));
}

#[test]
fn aggregates_come_in_the_type_that_was_asked_for() {
    run(on_each_database(async |db| {
        db.execute("CREATE TABLE a (n bigint)".into()).await?;
        db.execute("INSERT INTO a VALUES (1), (2), (4)".into()).await?;
        let sql = "SELECT sum(n), avg(n), count(*), max(n), 1 = 1 FROM a";
        let row = db.fetch_optional(sql.into()).await?.unwrap();
        assert_eq!((row.i64(0)?, row.i64(2)?, row.i64(3)?), (Some(7), Some(3), Some(4)));
        assert!((row.f64(1)?.unwrap() - 7.0 / 3.0).abs() < 1e-4);
        assert_eq!(row.decimal(0)?, Some(Decimal::from(7)));
        assert_eq!(row.bool(4)?, Some(true));
        Ok(())
    }));
}

/// The driver keeps prepared statements by text alone; an integer and a moment look alike on the wire.
#[test]
fn the_same_text_with_other_types_is_another_statement() {
    run(on_each_database(async |db| {
        let now = moment(day(2024, 2, 29), Time::MIN);
        let values = [
            Value::Int(5),
            Value::DateTime(now),
            Value::Float(2.5),
            Value::Text("x".into()),
            Value::Int(7),
            Value::Float(1.0),
        ];
        db.atomic(async |db| {
            for value in values {
                let sql = if db.backend() == Backend::Mysql { "SELECT ?" } else { "SELECT coalesce(?)" };
                let sql = if db.backend() == Backend::Sqlite { "SELECT ?" } else { sql };
                let row = db.fetch_optional(statement(&db, sql, vec![value.clone()])).await?.unwrap();
                assert_eq!(row.value(0, value.kind())?, value, "{:?}", db.backend());
            }
            Ok(())
        })
        .await
    }));
}

#[test]
fn lists_are_one_argument_on_postgresql() {
    run(on_each_database(async |db| {
        if db.backend() != Backend::Postgres {
            let list = Value::Array(ColumnKind::BigInt, vec![Value::Int(1)]);
            let error = db.fetch(Statement::new("SELECT ?", vec![list])).await.unwrap_err();
            assert!(error.to_string().contains("PostgreSQL only"), "{error}");
            return Ok(());
        }
        for kind in ColumnKind::ALL {
            let values = samples(Backend::Postgres, kind);
            let args = vec![values[0].clone(), Value::Array(kind, values.clone())];
            let row = db.fetch_optional(statement(&db, "SELECT ? = ANY(?)", args)).await?.unwrap();
            assert_eq!(row.bool(0)?, Some(true), "{kind:?}");
        }
        let none = Value::Array(ColumnKind::Text, vec![]);
        let row = db.fetch_optional(statement(&db, "SELECT 'a' = ANY(?)", vec![none])).await?.unwrap();
        assert_eq!(row.bool(0)?, Some(false));
        let mixed = Value::Array(ColumnKind::Text, vec![Value::Int(1)]);
        assert!(db.fetch(statement(&db, "SELECT 'a' = ANY(?)", vec![mixed])).await.is_err());
        Ok(())
    }));
}
