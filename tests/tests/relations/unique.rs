//! What is unique after it was computed: told before saving in its own words, and by the database in the same.

use nuages::ErrorKind;
use nuages::form::{FormData, FormState, ModelValidation, NewValidation};
use nuages::model::Model as _;
use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
#[model(
    app_label = "unique",
    only(sqlite, postgres, mysql),
    unique(fields(club, lower(email)), name = "one_account", message = "This address is taken."),
    index(fields("upper(email) || 'x'", -club), name = "by_address")
)]
pub struct Account {
    pub id: i64,
    #[field(max_length = 20)]
    pub club: String,
    #[field(max_length = 100)]
    pub email: String,
}

fn account(club: &str, email: &str) -> NewAccount {
    NewAccount { club: club.into(), email: email.into() }
}

/// MariaDB has no index over what is computed.
async fn each(test: impl AsyncFn(Db) -> Result<()>) -> Result<()> {
    nuages::test::on_each_database(async |db| {
        if db.capabilities().mariadb {
            return Ok(());
        }
        nuages_tests::tables::create(&db, &[Account::schema]).await?;
        test(db).await
    })
    .await
}

#[tokio::test]
async fn what_is_computed_is_unique() -> Result<()> {
    each(async |db| {
        let first = account("a", "Ursula@Example.org").create(&db).await?;
        let error = account("a", "ursula@example.ORG").create(&db).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unique, "{error}");
        account("b", "ursula@example.org").create(&db).await?;
        let told = async |new: NewAccount| new.full_clean(&db).await.map_err(|error| error.to_string());
        assert_eq!(told(account("a", "URSULA@example.org")).await, Err("This address is taken.".into()));
        told(account("c", "URSULA@example.org")).await.unwrap();
        told(account("a", "italo@example.org")).await.unwrap();
        // A row is not in its own way.
        first.full_clean(&db).await
    })
    .await
}

#[tokio::test]
async fn a_form_says_it_of_the_whole() -> Result<()> {
    each(async |db| {
        account("a", "Ursula@Example.org").create(&db).await?;
        let data = FormData::from_urlencoded(b"club=a&email=ursula%40example.org")?;
        let mut form = FormState::for_model(Account::entry(), &["club", "email"]);
        form.bind(&data);
        assert!(form.save(&db).await?.is_none());
        let errors: Vec<String> = form.non_field_errors().iter().map(ToString::to_string).collect();
        assert_eq!(errors, ["This address is taken."]);
        Ok(())
    })
    .await
}
