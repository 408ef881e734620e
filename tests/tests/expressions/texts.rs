//! Text: what a database cannot hold is refused by name.

use nuages::backend::Backend;
use nuages::prelude::*;

use crate::each;
use crate::shop::*;

#[tokio::test]
async fn a_nul_character_is_a_validation_error_on_postgresql() -> Result<()> {
    each(async |db| {
        let evil = "a\0b".to_owned();
        let refused = [
            NewMaker { name: evil.clone() }.create(&db).await.err(),
            Maker::objects().bulk_create(&db, [NewMaker { name: evil.clone() }]).await.err(),
            Maker::objects()
                .bulk_create(&db, (0..3_000).map(|_| NewMaker { name: evil.clone() }))
                .await
                .err(),
            Maker::objects().update(&db, |m| m.name.set(evil.clone())).await.err(),
            Maker::objects().filter(|m| m.name.lt(evil.as_str())).count(&db).await.err(),
            Maker::objects().filter(|m| m.name.range("a", evil.as_str())).count(&db).await.err(),
            Item::objects().update(&db, |i| i.facts.set(serde_json::json!({"a": [evil]}))).await.err(),
        ];
        for (at, error) in refused.into_iter().enumerate() {
            if db.backend() != Backend::Postgres {
                assert!(error.is_none(), "{at}: {error:?}");
                continue;
            }
            let error = error.unwrap_or_else(|| panic!("{at} is not refused"));
            assert!(error.is_validation(), "{at}: {error:?}");
            assert_eq!(error.field(), Some(if at == 6 { "facts" } else { "name" }), "{at}: {error:?}");
        }
        if db.backend() == Backend::Postgres {
            // No row can hold it, so looking for it finds nothing, as on the other two.
            assert_eq!(Maker::objects().filter(|m| m.name.eq("a\0b")).count(&db).await?, 0);
            assert_eq!(Maker::objects().filter(|m| m.name.contains("\0")).count(&db).await?, 0);
            let by_hand = db.run("UPDATE shop_maker SET name = ?", ("a\0b".to_owned(),)).await;
            assert!(by_hand.expect_err("before it is sent").is_validation());
            // Nothing was sent, so a transaction goes on.
            db.atomic(async |db| {
                NewMaker { name: "\0".into() }.create(&db).await.expect_err("refused");
                NewMaker { name: "fine".into() }.create(&db).await
            })
            .await?;
        }
        Ok(())
    })
    .await
}
