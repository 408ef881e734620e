//! Histories: order over apps, plans, what is refused before anything runs, and data steps.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use nuages::Result;
use nuages_build::Operation;
use nuages_build::file::Migration;
use nuages_build::state::{ColumnType, FieldState, ModelRef, ModelState};
use nuages_migrate::project::{Direction, Goal};
use nuages_migrate::{AppMigrations, DataContext, Migrations, Target};
use support::*;

fn named(app: &str, name: &str, parent: Option<&str>, operations: Vec<Operation>) -> Migration {
    Migration { name: name.to_owned(), ..Migration::pending(app, parent, operations) }
}

fn table(app: &str, name: &str, to: Option<(&str, &str)>) -> Operation {
    let mut model = ModelState::new(name, &nuages_schema::default_table(app, name));
    model.fields.push(FieldState::auto_key("id"));
    model
        .fields
        .extend(to.map(|(app, to)| FieldState::new("other", ColumnType::key(ModelRef::new(app, to)))));
    create(model)
}

fn apps(apps: Vec<(&str, Vec<Migration>)>) -> Result<Migrations> {
    let apps = apps.into_iter().map(|(label, all)| AppMigrations::new(label, all)).collect::<Result<_>>()?;
    Migrations::new(apps, Some(ModelRef::new("people", "User")))
}

/// A shop whose second migration needs people, whose own second one needs the shop's first.
fn two() -> Result<Migrations> {
    apps(vec![
        (
            "shop",
            vec![
                named("shop", "0001_initial", None, vec![table("shop", "Book", None)]),
                named(
                    "shop",
                    "0002_order",
                    Some("0001_initial"),
                    vec![table("shop", "Order", Some(("people", "User")))],
                ),
            ],
        ),
        (
            "people",
            vec![
                named("people", "0001_initial", None, vec![table("people", "User", None)]),
                named(
                    "people",
                    "0002_wish",
                    Some("0001_initial"),
                    vec![table("people", "Wish", Some(("shop", "Book")))],
                ),
            ],
        ),
    ])
}

fn plan(migrations: &Migrations, target: Target, applied: &[&str]) -> Vec<String> {
    let applied = applied.iter().map(|name| (*name).to_owned()).collect();
    let plan = migrations.plan(&Goal { target, applied: &applied }).unwrap();
    let word = |direction| if direction == Direction::Forward { "+" } else { "-" };
    plan.iter().map(|one| format!("{}{}", word(one.direction), one.migration.label())).collect()
}

#[test]
fn the_order_follows_needs_over_apps() -> Result<()> {
    let all: Vec<String> = two()?.ordered().map(Migration::label).collect();
    assert_eq!(all, ["people.0001_initial", "shop.0001_initial", "shop.0002_order", "people.0002_wish"]);
    Ok(())
}

#[test]
fn plans_take_what_is_needed_and_no_more() -> Result<()> {
    let two = two()?;
    let at = |name: &str| Target::At("shop".into(), name.into());
    assert_eq!(plan(&two, at("0001"), &[]), ["+shop.0001_initial"]);
    assert_eq!(
        plan(&two, Target::App("shop".into()), &[]),
        ["+people.0001_initial", "+shop.0001_initial", "+shop.0002_order"]
    );
    let all = ["people.0001_initial", "shop.0001_initial", "shop.0002_order", "people.0002_wish"];
    assert_eq!(plan(&two, at("0001"), &all), ["-shop.0002_order"]);
    assert_eq!(
        plan(&two, Target::Zero("shop".into()), &all),
        ["-people.0002_wish", "-shop.0002_order", "-shop.0001_initial"]
    );
    let error = two.plan(&Goal { target: at("000"), applied: &Default::default() }).unwrap_err();
    assert_eq!(error.to_string(), "several migrations of `shop` start with `000`; write more of the name");
    let error =
        two.plan(&Goal { target: Target::App("sho".into()), applied: &Default::default() }).unwrap_err();
    assert_eq!(error.to_string(), "there is no app `sho`; there are people, shop");
    Ok(())
}

#[test]
fn needs_that_nobody_meets_are_named() {
    let shop = named("shop", "0001_initial", None, vec![table("shop", "Order", Some(("people", "User")))]);
    let error = apps(vec![("shop", vec![shop])]).unwrap_err().to_string();
    assert_eq!(
        error,
        "migration shop.0001_initial needs `people.User`, and the app `people` is not listed: add `.app(people::app())` \
         to the project"
    );
}

#[tokio::test]
async fn the_user_model_is_known_when_a_migration_is_applied() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let mut order = ModelState::new("Order", "shop_order");
        order.fields.push(FieldState::auto_key("id"));
        order.fields.push(FieldState::new("buyer", ColumnType::key(ModelRef::current_user())));
        let migrations = apps(vec![
            ("people", vec![named("people", "0001_initial", None, vec![table("people", "User", None)])]),
            ("a_shop", vec![named("a_shop", "0001_initial", None, vec![create(order)])]),
        ])?;
        assert_eq!(up(&db, &migrations).await?.applied, ["people.0001_initial", "a_shop.0001_initial"]);
        assert_eq!(live(&db).await["shop_order"].foreign_keys[0].table, "people_user");
        Ok(())
    })
    .await
}

/// The history of the framework's app is the same for all; a project's own user model takes the place of `auth.User`.
#[tokio::test]
async fn keys_to_the_user_take_the_type_of_the_project_and_the_default_user_has_no_table() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let auth = || {
            let mut user = ModelState::new("User", "auth_user");
            user.fields.push(FieldState::auto_key("id"));
            let mut note = ModelState::new("Note", "auth_note");
            note.fields.push(FieldState::auto_key("id"));
            note.fields.push(FieldState::new("owner", ColumnType::key(ModelRef::current_user())));
            let users = named("auth", "0001_initial", None, vec![create(user)]);
            let notes = named("auth", "0002_notes", Some("0001_initial"), vec![create(note)]);
            AppMigrations::new("auth", vec![users, notes])
        };
        let mut member = ModelState::new("Member", "people_member");
        let key = FieldState::new("id", ColumnType::plain(nuages_schema::ColumnKind::Uuid));
        member.fields.push(FieldState { primary_key: true, ..key });
        let people =
            AppMigrations::new("people", vec![named("people", "0001_initial", None, vec![create(member)])])?;
        let migrations = Migrations::new(vec![auth()?, people], Some(ModelRef::new("people", "Member")))?;
        let done = up(&db, &migrations).await?.applied;
        assert_eq!(done, ["auth.0001_initial", "people.0001_initial", "auth.0002_notes"]);
        let live = live(&db).await;
        assert_eq!(live.keys().collect::<Vec<_>>(), ["auth_note", "people_member"]);
        let column = |table: &str, at: usize| live[table].columns[at].sql_type.clone();
        assert_eq!(column("auth_note", 1), column("people_member", 0));
        assert_eq!(live["auth_note"].foreign_keys[0].table, "people_member");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn nothing_runs_while_database_and_files_disagree() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let first = || named("shop", "0001_initial", None, vec![table("shop", "Book", None)]);
        let second = |name: &str| named("shop", name, Some("0001_initial"), vec![table("shop", "Tag", None)]);
        up(&db, &apps(vec![("shop", vec![first(), second("0002_tag")])])?).await?;
        let refused = async |all: Vec<(&str, Vec<Migration>)>| up(&db, &apps(all).unwrap()).await.unwrap_err().to_string();
        let edited = named("shop", "0002_tag", Some("0001_initial"), vec![table("shop", "Label", None)]);
        assert_eq!(
            refused(vec![("shop", vec![first(), edited])]).await,
            "migration shop.0002_tag was edited after it was applied: restore its file, and write the change into a new \
             migration"
        );
        assert_eq!(
            refused(vec![("shop", vec![first(), second("0002_label")])]).await,
            "migration shop.0002_tag is applied, and its file is missing or was renamed: restore it from version control"
        );
        assert!(refused(vec![]).await.starts_with("the database holds migrations of the app `shop`, which is not listed"));
        assert_eq!(live(&db).await.len(), 2, "nothing ran");
        sql(&db, "DELETE FROM nuages_migrations WHERE name = '0001_initial'").await;
        assert!(
            refused(vec![("shop", vec![first(), second("0002_tag")])])
                .await
                .starts_with("migration shop.0002_tag is applied and shop.0001_initial, which comes before it, is not")
        );
        Ok(())
    })
    .await
}

#[nuages_migrate::data_step(app = "shop")]
async fn shout(data: DataContext) -> Result<()> {
    let mut after = None;
    loop {
        let rows = data.rows("Author", &["id", "name"], after.as_ref(), 2).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = Some(last[0].clone());
        for row in &rows {
            let nuages::value::Value::Text(name) = &row[1] else { continue };
            data.update("Author", &row[0], &[("name", nuages::value::Value::Text(format!("{name}!")))])
                .await?;
        }
    }
}

#[nuages_migrate::data_step(app = "shop")]
async fn fail(_data: DataContext) -> Result<()> {
    Err(nuages::Error::other("this step always fails"))
}

#[tokio::test]
async fn data_steps_see_the_models_of_their_time() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let data = |name: &str| Operation::RunData {
            forward: name.into(),
            reverse: Some(name.into()),
            elidable: false,
        };
        // The field has another name today, and the step still works on the one of its time.
        let rename = Operation::RenameField {
            model: "Author".into(),
            from: "name".into(),
            to: "called".into(),
            column: "called".into(),
        };
        let migrations = line(&[vec![create(model("Author", &[text("name")]))], vec![data("shout"), rename]]);
        run(&db, &migrations, Target::At("shop".into(), "0001".into())).await?;
        sql(&db, "INSERT INTO \"shop_author\" (\"id\", \"name\") VALUES (1, 'a'), (2, 'b'), (3, 'c')").await;
        up(&db, &migrations).await?;
        assert_eq!(column(&db, "SELECT called FROM shop_author ORDER BY id").await, ["a!", "b!", "c!"]);
        let failing =
            line(&[vec![create(model("Author", &[text("name")]))], vec![data("shout"), data("fail")]]);
        run(&db, &migrations, Target::Zero("shop".into())).await?;
        run(&db, &failing, Target::At("shop".into(), "0001".into())).await?;
        sql(&db, "INSERT INTO \"shop_author\" (\"id\", \"name\") VALUES (1, 'a')").await;
        assert!(up(&db, &failing).await.is_err());
        assert!(up(&db, &failing).await.is_err());
        // One transaction rolled it back; on MySQL the journal says that the first step is done. Twice it never ran.
        let once = if db.backend() == nuages_schema::Backend::Mysql { "a!" } else { "a" };
        assert_eq!(column(&db, "SELECT name FROM shop_author").await, [once]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn fake_records_and_runs_nothing() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let migrations = line(&[vec![create(model("Author", &[text("name")]))]]);
        let options = nuages_migrate::Options { fake: true, ..Default::default() };
        let done = nuages_migrate::migrate(
            db.database(),
            &migrations,
            &nuages_migrate::DataSteps::default(),
            &options,
            &nuages_migrate::run::Quiet,
        )
        .await?;
        assert_eq!(done.applied, ["shop.0001_step"]);
        assert!(live(&db).await.is_empty());
        assert_eq!(up(&db, &migrations).await?.applied, [""; 0]);
        Ok(())
    })
    .await
}
