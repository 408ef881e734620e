//! Processes that are interrupted, and many of them at once.

use std::process::{Command, Stdio};
use std::time::Duration;

use nuages::Result;
use nuages::test::on_each_database;

use crate::shop::{AGE, AUTHOR, Said, Shop};

/// A data step with its batches in transactions of their own.
const SLOWLY: &str = r#"
parent = "0001_people"
atomic = false

[[operation]]
op = "run_data"
forward = "shout_slowly"
"#;

#[tokio::test]
async fn an_interrupt_ends_a_run_after_the_batch_and_the_next_goes_on() -> Result<()> {
    on_each_database(async |db| {
        let shop = Shop::new(&db, "interrupt");
        shop.write("pending", AUTHOR);
        shop.says(&["makemigrations", "--name", "people"]);
        shop.says(&["migrate", "shop"]);
        for at in 0..60 {
            db.execute_script(format!("INSERT INTO shop_author (name) VALUES ('author {at}')")).await?;
        }
        shop.write("0002_slowly", SLOWLY);
        shop.says(&["makemigrations", "shop"]);
        let mut command = shop.command(&["migrate", "shop"]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let shouted = "SELECT id FROM shop_author WHERE name LIKE '%!'";
        for _ in 0..200 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            if db.fetch(shouted.into()).await.unwrap().len() > 3 {
                break;
            }
        }
        let interrupted = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        assert!(interrupted.success());
        let said = Said::of(child.wait_with_output().unwrap());
        let title = db.backend().title();
        assert!(!said.good && said.error.contains("Stopping after the step under way"), "{title}: {said:?}");
        assert!(said.error.contains("stopped as asked: what was done holds"), "{title}: {said:?}");
        let done = db.fetch(shouted.into()).await?.len();
        assert!((1..60).contains(&done), "{title}: {done} rows were done");
        assert!(shop.refuses(&["migrate", "--check"]).contains("differences"), "{title}");
        shop.says(&["migrate", "shop", "--lock-timeout", "1"]);
        assert_eq!(db.fetch(shouted.into()).await?.len(), 60, "{title}");
        assert_eq!(
            db.fetch("SELECT id FROM shop_author WHERE name LIKE '%!!'".into()).await?.len(),
            0,
            "{title}"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn eight_processes_at_once_all_end_well() -> Result<()> {
    on_each_database(async |db| {
        let shop = Shop::new(&db, "eight");
        shop.write("pending", AUTHOR);
        shop.says(&["makemigrations", "--name", "people"]);
        shop.write("pending", AGE);
        shop.says(&["makemigrations"]);
        let spawn =
            |_| shop.command(&["migrate"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let children: Vec<_> = (0..8).map(spawn).collect();
        let said: Vec<Said> =
            children.into_iter().map(|one| Said::of(one.wait_with_output().unwrap())).collect();
        assert!(said.iter().all(|one| one.good), "{said:#?}");
        for name in ["auth.0001_initial", "shop.0001_people", "shop.0002_author_age"] {
            let applied = said.iter().filter(|one| one.out.contains(&format!("Applied {name} ("))).count();
            assert_eq!(applied, 1, "{name} on {}: {said:#?}", db.backend().title());
        }
        let records = db.fetch("SELECT name FROM nuages_migrations WHERE app = 'shop'".into()).await?;
        assert_eq!(records.len(), 2);
        shop.says(&["migrate", "--check"]);
        Ok(())
    })
    .await
}

/// A debug program that was built before its pending migration was sealed, and then meets a database with nothing in it.
#[tokio::test]
async fn a_program_built_before_the_sealing_meets_a_fresh_database() -> Result<()> {
    on_each_database(async |db| {
        let (shop, title) = (Shop::new(&db, "fresh"), db.backend().title());
        shop.write("pending", AUTHOR);
        shop.says(&["makemigrations", "--name", "people"]);
        let stale = |arguments: &[&str]| {
            let mut command = shop.command(arguments);
            command.env("SHOP_PENDING", AUTHOR).stdin(Stdio::null());
            command
        };
        // The source says that it was sealed, and what was sealed is applied.
        let shown = Said::of(stale(&["showmigrations", "shop"]).output().unwrap());
        assert_eq!(shown.out, "shop\n  [ ] 0001_people\n", "{title}: {shown:?}");
        if db.backend() != nuages::schema::Backend::Sqlite {
            // Nobody is there to be asked, so the command is said; on SQLite the database follows at start.
            let said = Said::of(stale(&["serve", "--bind", "127.0.0.1:0"]).output().unwrap());
            assert!(!said.good, "{title}: {said:?}");
            assert!(
                said.error.contains("not applied") && said.error.contains("run `cargo run -- migrate`"),
                "{title}: {said:?}"
            );
        }
        // Away from its source it cannot know, and says what helps.
        let away = shop.folder.with_extension("away");
        std::fs::rename(&shop.folder, &away).unwrap();
        let said = Said::of(stale(&["migrate"]).current_dir(&away).output().unwrap());
        assert!(!said.good, "{title}: {said:?}");
        assert!(said.error.contains("migration shop.pending is not sealed"), "{title}: {said:?}");
        assert!(said.error.contains("is gone: build it again"), "{title}: {said:?}");
        std::fs::rename(&away, &shop.folder).unwrap();
        let said = Said::of(stale(&["migrate"]).output().unwrap());
        assert!(said.good && said.out.contains("Applied shop.0001_people ("), "{title}: {said:?}");
        Ok(())
    })
    .await
}
