//! Updates and statements that meet a table that changed.

use nuages::backend::Backend;
use nuages::prelude::*;

use crate::each;
use crate::shop::*;

#[tokio::test]
async fn an_update_reads_the_row_as_it_was() -> Result<()> {
    each(async |db| {
        let chair = || Item::objects().filter(|i| i.name.eq("Chair"));
        chair().update(&db, |i| (i.price.set(i.price * 2), i.fee.set(i.price))).await?;
        let row = chair().get(&db).await?;
        assert_eq!((row.price, row.fee), (dec!(90), Some(dec!(45))), "MySQL would read the new price");
        chair().update(&db, |i| (i.price.set(i.fee.coalesce(dec!(0))), i.fee.set(i.price))).await?;
        let row = chair().get(&db).await?;
        assert_eq!((row.price, row.fee), (dec!(45), Some(dec!(90))), "a swap");
        let all = Item::objects()
            .filter(|i| i.maker.name.eq("Bob"))
            .update(&db, |i| (i.nick.set(i.name.lower()), i.name.set(i.nick.coalesce("none"))))
            .await?;
        assert_eq!(all, 2);
        let names: Vec<(String, Option<String>)> =
            Item::objects().order_by(|i| i.id).values(|i| (i.name, i.nick)).all(&db).await?;
        assert_eq!(names[2], ("top".into(), Some("desk".into())));
        assert_eq!(names[1], ("Chair".into(), None));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn two_relations_compared_inside_a_negation() -> Result<()> {
    each(async |db| {
        let names = async |query: QuerySet<Maker>| {
            Result::<_>::Ok(
                query.order_by(|m| m.name).all(&db).await?.into_iter().map(|m| m.name).collect::<Vec<_>>(),
            )
        };
        let few = |m: &MakerFields<nuages::path::Root<Maker>>| m.items().stock.lt(m.items().sales().count);
        assert_eq!(names(Maker::objects().filter(few).distinct()).await?, [""; 0]);
        let same =
            |m: &MakerFields<nuages::path::Root<Maker>>| m.items().stock.eq(m.items().sales().count + 2);
        assert_eq!(names(Maker::objects().exclude(same)).await?, ["Bob", "Cy"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_statement_prepared_for_an_older_table_runs_again() -> Result<()> {
    each(async |db| {
        if db.backend() != Backend::Postgres {
            return Ok(());
        }
        let read = async |db: &Db| Maker::objects().filter(|m| m.name.eq("Ada")).get(db).await;
        let other = db.detached();
        read(&db).await?;
        read(&other).await?;
        let alter = |kind: &str| format!("ALTER TABLE shop_maker ALTER COLUMN city TYPE {kind}");
        other.execute_script(alter("text")).await?;
        for _ in 0..4 {
            assert_eq!(read(&db).await?.city.as_deref(), Some("Oslo"));
        }
        let error = db
            .atomic(async |db| {
                read(&db).await?;
                db.execute_script(alter("varchar(50)")).await?;
                read(&db).await
            })
            .await
            .expect_err("a transaction cannot go on");
        assert!(error.is_serialization() && error.to_string().contains("altered"), "{error}");
        read(&db).await?;
        Ok(())
    })
    .await
}
