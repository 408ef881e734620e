//! Decimals that a database would not keep as they are.

use super::*;

#[tokio::test]
async fn a_decimal_that_would_be_rounded_is_refused() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let mut shelf = fill(&db).await?;
        let price = Decimal::from_i128_with_scale(1_234_567_890_123_456, 2);
        shelf.dune.price = price;
        let saved = shelf.dune.save(&db).await.expect_err("the column has eight digits");
        let updated = Book::objects().update(&db, |b| b.price.set(price)).await.expect_err("so it has");
        for refused in [saved, updated].iter().filter(|_| db.backend() == nuages::backend::Backend::Sqlite) {
            assert!(refused.is_validation() && refused.field() == Some("price"), "{refused}");
        }
        shelf.dune.refresh(&db).await?;
        assert_eq!(shelf.dune.price, euros(1250));
        Ok(())
    })
    .await
}
