//! Lists of many rows: SQLite packs them on the way, and nobody may notice.

use nuages::prelude::*;
use nuages_tests::models::*;

use crate::each;
use crate::kinds::everything;
use crate::shelf::day;

/// Texts that some encoding on the way might spoil.
const TEXTS: &[&str] = &[
    "",
    "null",
    "\"quoted\"",
    "back\\slash\\n",
    "line\nfeed\ttab\rreturn",
    "\u{1}\u{8}\u{c}\u{1f}\u{7f}",
    "],[,\"",
    "\u{fffd}\u{1F3B8}é",
    "12",
    "12.50",
    "{\"a\":1}",
    "/*'%_",
];

#[tokio::test]
async fn a_long_list_has_the_rows_of_short_ones() -> Result<()> {
    each(async |db| {
        for (at, text) in TEXTS.iter().enumerate() {
            let mut row = everything();
            row.middle = at as i32;
            row.text = (*text).to_owned();
            row.json = serde_json::json!({ "text": text, "list": [null, text] });
            row.create(&db).await?;
        }
        let all = Everything::objects().order_by(|e| e.middle).all(&db).await?;
        assert_eq!(all.iter().map(|row| row.text.as_str()).collect::<Vec<_>>(), TEXTS);
        for row in &all {
            assert_eq!(&Everything::objects().filter(|e| e.key.eq(row.key)).get(&db).await?, row);
        }
        let values = Everything::objects()
            .order_by(|e| e.middle)
            .values(|e| (e.key, e.text, e.length, e.uuid, e.double))
            .all(&db)
            .await?;
        let expected: Vec<_> =
            all.iter().map(|row| (row.key, row.text.clone(), row.length, row.uuid, row.double)).collect();
        assert_eq!(values, expected);
        Ok(())
    })
    .await
}

/// SQLite takes anything in any column. What cannot be read is an error in a long list as in a short one, and what
/// can be read is the same.
#[tokio::test]
async fn what_stands_in_a_column_by_mistake_is_told() -> Result<()> {
    each(async |db| {
        if db.backend() != nuages::backend::Backend::Sqlite {
            return Ok(());
        }
        let table = Everything::schema().table.as_str();
        for at in 0..10 {
            let mut row = everything();
            row.large = at;
            row.create(&db).await?;
        }
        for (column, value, readable) in [
            ("text", "CAST('as bytes' AS BLOB)", true),
            ("text", "X'ff00'", false),
            ("text", "'with' || char(0) || 'nul'", true),
            ("middle", "2.5", false),
            ("middle", "1e300", false),
            ("middle", "'many'", false),
            ("day", "'yesterday'", false),
        ] {
            let sql = format!("UPDATE {table} SET {column} = {value} WHERE large = 0");
            db.execute(sql.into()).await?;
            let long = Everything::objects().order_by(|e| e.large).all(&db).await;
            let short = Everything::objects().order_by(|e| e.large).limit(3).all(&db).await;
            match (long, short) {
                (Ok(long), Ok(short)) => assert!(readable && long[..3] == short[..], "{column} = {value}"),
                (Err(long), Err(short)) => {
                    assert!(!readable && long.to_string() == short.to_string(), "{long} {short}");
                }
                (long, short) => panic!("{column} = {value}: {:?} {:?}", long.err(), short.err()),
            }
            let row = Everything::objects().filter(|e| e.large.eq(0));
            row.update(&db, |e| (e.middle.set(1), e.text.set("a"), e.day.set(day(2026, 1, 1)))).await?;
        }
        Ok(())
    })
    .await
}
