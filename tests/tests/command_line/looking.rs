//! What only looks: checks and plans; and what forgets records.

use std::fs;

use nuages::Result;
use nuages::schema::Backend;
use nuages::test::on_each_database;

use crate::shop::{AGE, AUTHOR, Shop};

#[tokio::test]
async fn a_check_names_every_difference_and_fails() -> Result<()> {
    on_each_database(async |db| {
        let shop = Shop::new(&db, "check");
        shop.write("pending", AUTHOR);
        let before = shop.call(&["migrate", "--check"]);
        for part in [
            "models: `shop` is ahead of its migrations: create model Author",
            "history: migration auth.0001_initial is not applied",
        ] {
            assert!(!before.good && before.out.contains(part), "{before:?}");
        }
        shop.says(&["makemigrations", "--name", "people"]);
        shop.says(&["migrate"]);
        let agreed = shop.says(&["migrate", "--check", "--shadow"]);
        assert_eq!(agreed, "Models, migrations, history and database agree.\n");
        db.execute_script("ALTER TABLE shop_author ADD COLUMN by_hand integer").await?;
        shop.write("pending", AGE);
        let after = shop.call(&["migrate", "--check"]);
        for part in [
            "models: `shop` is ahead of its migrations: add field age to Author",
            "database: table `shop_author`: column `by_hand` is there and no model has it",
        ] {
            assert!(!after.good && after.out.contains(part), "{after:?}");
        }
        assert!(after.error.contains("there are 2 differences"), "{after:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_plan_tells_locks_and_rows() -> Result<()> {
    on_each_database(async |db| {
        let shop = Shop::new(&db, "plan");
        shop.write("pending", AUTHOR);
        shop.says(&["migrate"]);
        for _ in 0..3 {
            db.execute_script("INSERT INTO shop_author (name) VALUES ('a'), ('b'), ('c'), ('d')").await?;
        }
        let analyze = match db.backend() {
            Backend::Sqlite | Backend::Postgres => "ANALYZE",
            Backend::Mysql => "ANALYZE TABLE shop_author",
        };
        db.execute_script(analyze).await?;
        shop.write("pending", &format!("{}{INDEX}", AGE.replace("0001_people", "0001_initial")));
        shop.says(&["makemigrations", "shop"]);
        let plan = shop.says(&["migrate", "shop", "--plan"]);
        let expected: &[&str] = match db.backend() {
            Backend::Sqlite => &[
                "      `shop_author`, at most 12 rows: the database's write lock, at once",
                "      `shop_author`, at most 12 rows: the database's write lock, reads every row",
            ],
            Backend::Postgres => &[
                "      `shop_author`, about 12 rows: ACCESS EXCLUSIVE, at once",
                "      `shop_author`, about 12 rows: SHARE (writes wait), reads every row",
            ],
            Backend::Mysql => &[
                "      `shop_author`, about 12 rows: ALGORITHM=INSTANT where the server can, at once",
                "      `shop_author`, about 12 rows: ALGORITHM=INPLACE, LOCK=NONE (reads and writes go on), reads every row",
            ],
        };
        for line in expected {
            assert!(plan.lines().any(|one| one == *line), "{line}\n{plan}");
        }
        Ok(())
    })
    .await
}

const INDEX: &str = r#"
[[operation]]
op = "add_index"
model = "Author"
index = { fields = ["name"] }
"#;

#[tokio::test]
async fn records_without_files_are_forgotten_if_the_tables_agree() -> Result<()> {
    on_each_database(async |db| {
        let shop = Shop::new(&db, "prune");
        shop.write("pending", AUTHOR);
        shop.says(&["makemigrations", "--name", "people"]);
        shop.write("pending", AGE);
        shop.says(&["migrate"]);
        assert!(shop.refuses(&["migrate", "--prune"]).contains("say whose records: `migrate <app> --prune`"));
        assert!(shop.says(&["migrate", "shop", "--prune"]).starts_with("Nothing to forget"));
        fs::remove_file(shop.folder.join("0002_author_age.toml")).unwrap();
        assert!(shop.refuses(&["migrate"]).contains("is applied, and its file is missing or was renamed"));
        let kept = shop.refuses(&["migrate", "shop", "--prune"]);
        assert!(
            kept.contains("so nothing was forgotten:\n- table `shop_author`: column `age` is there"),
            "{kept}"
        );
        db.execute_script("ALTER TABLE shop_author DROP COLUMN age").await?;
        assert_eq!(shop.says(&["migrate", "shop", "--prune"]), "Forgot shop.0002_author_age\n");
        shop.says(&["migrate"]);
        shop.says(&["migrate", "--check"]);
        Ok(())
    })
    .await
}
