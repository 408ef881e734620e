//! Constraints over several fields: told before saving as by the database, and of the row instead of a field.

use nuages::ErrorKind;
use nuages::form::{FormData, FormState, ModelValidation, NewValidation};
use nuages::model::Model as _;
use nuages::prelude::*;
use nuages::query::Draft;
use nuages_tests::models::*;

use crate::each;

fn day(day: u32) -> Date {
    Date::from_ymd_opt(2026, 5, day).unwrap()
}

fn stay() -> NewStay {
    NewStay { room: "red".into(), arrives: day(1), price: dec!(19.99), total: dec!(19.99) }
}

#[tokio::test]
async fn a_check_over_several_fields_belongs_to_none_of_them() -> Result<()> {
    each(async |db| {
        let error = stay().with(|s| s.leaves.set(day(1))).create(&db).await.unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::Check, None), "{error}");
        stay().create(&db).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn full_clean_knows_the_checks() -> Result<()> {
    each(async |db| {
        let told = async |new: Draft<Stay>| new.full_clean(&db).await.map_err(|error| error.to_string());
        stay().full_clean(&db).await?;
        assert_eq!(told(stay().with(|s| s.leaves.set(day(1)))).await, Err("Leave after you arrive.".into()));
        told(stay().with(|s| s.leaves.set(day(2)))).await.unwrap();
        let rule = "This breaks the rule “stay room is known”.";
        assert_eq!(
            told(stay().with(|s| s.room.set("Red"))).await,
            Err(rule.into()),
            "letters are told apart"
        );
        assert_eq!(told(stay().with(|s| s.room.set("red "))).await, Err(rule.into()), "blanks count");
        told(stay().with(|s| (s.room.set("no"), s.note.set("red")))).await.unwrap();
        let rule = "This breaks the rule “stay price is exact”.";
        assert_eq!(told(stay().with(|s| s.nights.set(3))).await, Err(rule.into()));
        told(stay().with(|s| (s.nights.set(3), s.total.set(dec!(59.97))))).await.unwrap();
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_full_clean_says_is_what_the_database_says() -> Result<()> {
    each(async |db| {
        for (at, room) in ["red", "blue", "Red", "BLUE", "", " red", "réd"].into_iter().enumerate() {
            let new = || stay().with(|s| (s.room.set(room), s.arrives.set(day(at as u32 + 2))));
            let (before, after) = (new().full_clean(&db).await.is_ok(), new().create(&db).await.is_ok());
            assert_eq!(before || room.is_empty(), after || room.is_empty(), "{room:?}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_loaded_row_is_held_against_them_too() -> Result<()> {
    each(async |db| {
        let mut stay = stay().create(&db).await?;
        stay.full_clean(&db).await?;
        stay.leaves = Some(day(1));
        let error = stay.full_clean(&db).await.unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::Validation, None), "{error}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_form_says_it_of_the_whole() -> Result<()> {
    each(async |db| {
        let first = stay().create(&db).await?;
        let names = ["room", "arrives", "leaves"];
        let data = FormData::from_urlencoded(b"room=red&arrives=2026-05-01&leaves=2026-04-30")?;
        let mut form = FormState::for_model(Stay::entry(), &names)
            .fixed("price", dec!(1).into())
            .fixed("total", dec!(1).into());
        form.bind(&data);
        assert!(form.save(&db).await?.is_none());
        let errors: Vec<String> = form.non_field_errors().iter().map(ToString::to_string).collect();
        assert_eq!(errors, ["The room is taken on that day.", "Leave after you arrive."]);
        assert!(form.fields().iter().all(|field| field.errors().is_empty()));
        assert_eq!(Stay::objects().all(&db).await?, [first]);
        Ok(())
    })
    .await
}
