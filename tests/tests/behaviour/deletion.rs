//! Deleting, and what goes, stays or forgets with it.

use nuages::ErrorKind;
use nuages::prelude::*;
use nuages_tests::models::*;

use crate::each;
use crate::shelf::shelf;

/// A team with one row for every rule except those that keep it.
async fn team(db: &Db) -> Result<Team> {
    let team = NewTeam { name: "Wanderers".into() }.create(db).await?;
    for name in ["Ada", "Ben"] {
        let player = NewPlayer { name: name.into(), team: (&team).into() }.create(db).await?;
        NewGoal { minute: 12, player: (&player).into() }.create(db).await?;
    }
    NewFan { name: "Cy".into() }.with(|f| f.team.set(&team)).create(db).await?;
    NewNote { text: "by the database".into(), team: (&team).into() }.create(db).await?;
    Ok(team)
}

#[tokio::test]
async fn cascades_two_steps_down() -> Result<()> {
    each(async |db| {
        let other = NewTeam { name: "Rovers".into() }.create(&db).await?;
        NewPlayer { name: "Dee".into(), team: (&other).into() }.create(&db).await?;
        let deleted = team(&db).await?.delete(&db).await?;
        assert_eq!(deleted.total, 5, "a team, two players, two goals: {deleted:?}");
        assert_eq!(Player::objects().values(|p| p.name).all(&db).await?, ["Dee"]);
        assert_eq!(Goal::objects().count(&db).await?, 0);
        assert_eq!(Note::objects().count(&db).await?, 0, "the database took this one");
        let fan = Fan::objects().get(&db).await?;
        assert_eq!(fan.team, None, "forgets, and stays");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn protected_rows_stay_with_everything() -> Result<()> {
    each(async |db| {
        let team = team(&db).await?;
        NewTitle { year: 1951, team: (&team).into() }.create(&db).await?;
        let error = team.clone().delete(&db).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ForeignKey, "{error}");
        assert!(error.to_string().to_lowercase().contains("title"), "the error says which: {error}");
        assert_eq!(Player::objects().count(&db).await?, 2);
        assert_eq!(Fan::objects().filter(|f| f.team.eq(&team)).count(&db).await?, 1);
        assert_eq!(Note::objects().count(&db).await?, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_query_deletes_what_it_finds() -> Result<()> {
    each(async |db| {
        let shelf = shelf(&db).await?;
        let deleted = Book::objects().filter(|b| b.author.name.startswith("Ursula")).delete(&db).await?;
        assert_eq!(deleted.total, 4, "two books and two reviews: {deleted:?}");
        assert_eq!(Book::objects().count(&db).await?, 2);
        assert_eq!(shelf.fiction.books().count(&db).await?, 0, "no join rows are left");
        assert_eq!(Tag::objects().count(&db).await?, 2, "tags stay");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_row_that_refers_to_its_own_table() -> Result<()> {
    each(async |db| {
        let shelf = shelf(&db).await?;
        shelf.mary.delete(&db).await?;
        let ursula = Author::objects().filter(|a| a.name.startswith("Ursula")).get(&db).await?;
        assert_eq!(ursula.teacher, None);
        assert_eq!(Book::objects().count(&db).await?, 2);
        Ok(())
    })
    .await
}
