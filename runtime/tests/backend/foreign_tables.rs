//! Tables that others made: their types are read as far as nothing is lost.

use nuages::value::{Decimal, Uuid};

use super::*;

#[test]
fn sqlite_types_values_and_not_columns() {
    run(on_each_database(async |db| {
        if db.backend() != Backend::Sqlite {
            return Ok(());
        }
        db.execute_script(
            "CREATE TABLE old (price NUMERIC(10,2), made DATETIME, ok BOOLEAN, n INTEGER, name NVARCHAR(40), day DATE);
             INSERT INTO old VALUES (3, '2009-01-01 00:00:00', 1, 5, 'x', '2009-01-01 00:00:00');
             INSERT INTO old VALUES (0.99, '2009-01-01T12:30:00Z', 'true', 5.0, 7, '2009-01-01');
             INSERT INTO old VALUES ('1.25', '2009-01-01', 0, '12', 'é', NULL);
             INSERT INTO old VALUES (0.1, '2009-01-01 12:30', NULL, 'many', NULL, '2009-01-01 10:00:00')",
        )
        .await?;
        let rows = db.fetch("SELECT price, made, ok, n, name, day FROM old".into()).await?;
        let prices: Vec<_> = rows.iter().map(|row| row.decimal(0).unwrap().unwrap().to_string()).collect();
        assert_eq!(prices, ["3", "0.99", "1.25", "0.1"]);
        let made: Vec<_> = rows.iter().map(|row| row.datetime(1).unwrap().unwrap().to_rfc3339()).collect();
        assert_eq!(made[0], "2009-01-01T00:00:00+00:00");
        assert_eq!((&made[1], &made[2], &made[3]), (&made[3], &made[0], &made[1]));
        let ok: Vec<_> = rows.iter().map(|row| row.bool(2).unwrap()).collect();
        assert_eq!(ok, [Some(true), Some(true), Some(false), None]);
        assert_eq!((rows[0].i64(3)?, rows[1].i64(3)?, rows[2].i64(3)?), (Some(5), Some(5), Some(12)));
        assert!(rows[3].i64(3).is_err());
        assert_eq!((rows[0].text(4)?.unwrap(), rows[1].text(4)?.unwrap()), ("x".to_owned(), "7".to_owned()));
        assert_eq!((rows[0].date(5)?, rows[2].date(5)?), (rows[1].date(5)?, None));
        assert!(rows[3].date(5).is_err(), "a time of day is not thrown away");
        Ok(())
    }));
}

#[test]
fn postgresql_types_beside_our_own() {
    run(on_each_database(async |db| {
        if db.backend() != Backend::Postgres {
            return Ok(());
        }
        db.execute_script(
            "CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE DOMAIN small AS int4 CHECK (VALUE < 10)",
        )
        .await?;
        let sql = "SELECT 7::int2, 8::int4, 1.5::float4, 'a'::varchar(3), 'b'::char(3), 'c'::name, 'glad'::mood, \
                   9::small, '2024-02-29 10:20:30.5'::timestamp, '1'::json, 123456789.123456789::numeric, \
                   NULL::int4, '5 days'::interval, '{1,2}'::int4[]";
        let row = db.fetch_optional(sql.into()).await?.unwrap();
        assert_eq!((row.i64(0)?, row.i64(1)?, row.i64(7)?), (Some(7), Some(8), Some(9)));
        assert_eq!((row.f64(2)?, row.decimal(2)?), (Some(1.5), Some("1.5".parse()?)));
        assert_eq!(
            (row.str(3)?, row.str(4)?, row.str(5)?, row.str(6)?),
            (Some("a"), Some("b  "), Some("c"), Some("glad"))
        );
        assert_eq!(row.datetime(8)?.unwrap().to_rfc3339(), "2024-02-29T10:20:30.500+00:00");
        assert_eq!((row.json(9)?, row.i64(11)?), (Some(1.into()), None));
        assert_eq!(row.decimal(10)?, Some("123456789.123456789".parse()?));
        let error = row.duration(12).unwrap_err().to_string();
        assert!(error.contains("database type `INTERVAL`, which is not supported"), "{error}");
        assert!(row.text(13).is_err());
        Ok(())
    }));
}

#[test]
fn mysql_types_beside_our_own() {
    run(on_each_database(async |db| {
        if db.backend() != Backend::Mysql {
            return Ok(());
        }
        db.execute_script(
            "CREATE TABLE old (a tinyint(1), b tinyint unsigned, c int unsigned, d bigint unsigned, e mediumint, \
             f varchar(9), g char(9), h nvarchar(9), i timestamp NULL, j datetime, k decimal(10,2), l float, \
             m binary(16), n enum('x','y'), o year, p bit(1), q char(36), r json, s text, t time) \
             DEFAULT CHARACTER SET utf8mb4;
             INSERT INTO old VALUES (1, 255, 4294967295, 18446744073709551615, -5, 'ä', 'b', 'c', \
             '2024-02-29 10:20:30', '2024-02-29 10:20:30', 0.99, 0.1, UNHEX('00000000000000000000000000000007'), 'y', \
             2024, b'1', '00000000-0000-0000-0000-000000000007', '{\"a\": 1}', 'long', '10:20:30')",
        )
        .await?;
        let row = db.fetch_optional("SELECT * FROM old".into()).await?.unwrap();
        assert_eq!((row.bool(0)?, row.i64(0)?, row.i64(1)?), (Some(true), Some(1), Some(255)));
        assert_eq!((row.i64(2)?, row.i64(4)?), (Some(4_294_967_295), Some(-5)));
        assert!(row.i64(3).is_err(), "it has no place in 64 signed bits");
        assert_eq!(row.decimal(3)?, Some(Decimal::from(u64::MAX)));
        assert_eq!((row.str(5)?, row.str(6)?, row.str(7)?), (Some("ä"), Some("b"), Some("c")));
        assert_eq!(row.datetime(8)?, row.datetime(9)?);
        assert_eq!((row.decimal(10)?, row.decimal(11)?), (Some("0.99".parse()?), Some("0.1".parse()?)));
        let uuid = Some(Uuid::from_u128(7));
        assert_eq!((row.uuid(12)?, row.uuid(16)?), (uuid, uuid));
        assert_eq!((row.str(13)?, row.i64(14)?, row.bool(15)?), (Some("y"), Some(2024), Some(true)));
        assert_eq!((row.json(17)?, row.str(18)?), (Some(serde_json::json!({"a": 1})), Some("long")));
        assert_eq!(row.time(19)?.unwrap().to_string(), "10:20:30");
        Ok(())
    }));
}
