//! The commands of migrations through a project's own binary, a process of its own each, on every database.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod looking;
mod processes;
mod shop;

use std::fs;

use nuages::schema::Backend;
use nuages::test::on_each_database;
use nuages::{Db, Result};

use shop::{AGE, AUTHOR, Shop, has};

#[tokio::test]
async fn from_a_pending_file_to_a_table_and_back() -> Result<()> {
    on_each_database(async |db| {
        let shop = Shop::new(&db, "story");
        assert_eq!(shop.says(&["makemigrations"]), "No changes: the migrations lead to the models.\n");
        assert_eq!(shop.says(&["showmigrations", "shop"]), "shop\n  (none)\n");
        shop.write("pending", AUTHOR);
        let open = shop.refuses(&["makemigrations", "--check"]);
        assert!(
            open.contains("there is something to seal with `makemigrations`: shop: create model Author"),
            "{open}"
        );
        let plan = shop.says(&["migrate", "--plan"]);
        assert!(plan.contains("Not sealed yet") && plan.contains("  - create model Author"), "{plan}");
        assert_eq!(shop.files(), ["pending.toml"], "looking writes nothing");
        let sealed = shop.says(&["makemigrations", "--name", "People"]);
        assert!(sealed.starts_with("Sealed shop.0001_people (0001_people.toml)"), "{sealed}");
        assert_eq!(shop.files(), ["0001_people.toml", "head"]);
        shop.says(&["makemigrations", "--check"]);
        let sql = shop.says(&["sqlmigrate", "shop", "0001"]);
        assert!(sql.starts_with("CREATE TABLE") && sql.contains("shop_author"), "{sql}");
        let back = shop.says(&["sqlmigrate", "shop", "0001", "--backwards"]);
        assert!(back.starts_with("DROP TABLE") && back.contains("shop_author"), "{back}");
        let plan = shop.says(&["migrate", "shop", "--plan"]);
        assert!(plan.starts_with("Apply shop.0001_people\n  - create model Author"), "{plan}");
        assert!(!has(&db, "SELECT id FROM shop_author").await, "a plan applies nothing");
        assert_eq!(shop.says(&["showmigrations", "shop"]), "shop\n  [ ] 0001_people\n");
        let applied = shop.says(&["migrate", "shop"]);
        assert!(applied.starts_with("Applied shop.0001_people ("), "{applied}");
        assert_eq!(shop.says(&["migrate", "shop"]), "Nothing to migrate.\n");
        assert!(shop.says(&["migrate"]).contains("Applied auth.0001_initial ("), "the rest follows");
        assert_eq!(shop.says(&["migrate"]), "Nothing to migrate.\n");
        assert!(has(&db, "SELECT id FROM shop_author").await);
        there_and_back(&db, &shop).await;
        faked(&db, &shop).await;
        Ok(())
    })
    .await
}

async fn there_and_back(db: &Db, shop: &Shop) {
    shop.write("pending", AGE);
    shop.says(&["migrate", "shop"]);
    assert_eq!(shop.files(), ["0001_people.toml", "0002_author_age.toml", "head"], "migrate seals in debug");
    assert!(has(db, "SELECT age FROM shop_author").await);
    let plan = shop.says(&["migrate", "shop", "0001", "--plan"]);
    assert!(plan.starts_with("Take back shop.0002_author_age"), "{plan}");
    let back = shop.says(&["migrate", "shop", "0001"]);
    assert!(back.starts_with("Took back shop.0002_author_age ("), "{back}");
    assert!(!has(db, "SELECT age FROM shop_author").await);
    assert_eq!(shop.says(&["showmigrations", "shop"]), "shop\n  [X] 0001_people\n  [ ] 0002_author_age\n");
    shop.says(&["migrate", "shop", "0002_author_age"]);
    shop.says(&["migrate", "shop", "zero"]);
    assert!(!has(db, "SELECT id FROM shop_author").await);
    assert_eq!(shop.says(&["showmigrations", "shop"]), "shop\n  [ ] 0001_people\n  [ ] 0002_author_age\n");
}

async fn faked(db: &Db, shop: &Shop) {
    shop.says(&["migrate", "shop", "0001", "--fake"]);
    assert_eq!(shop.says(&["showmigrations", "shop"]), "shop\n  [X] 0001_people\n  [ ] 0002_author_age\n");
    assert!(!has(db, "SELECT id FROM shop_author").await, "only the record was written");
    let wrong = shop.refuses(&["migrate"]);
    assert!(wrong.contains("migration shop.0002_author_age failed; what came before it holds"), "{wrong}");
    shop.says(&["migrate", "shop", "zero", "--fake"]);
    assert!(shop.says(&["migrate"]).contains("Applied shop.0002_author_age"));
    assert!(has(db, "SELECT age FROM shop_author").await);
}

#[tokio::test]
async fn an_empty_migration_is_written_filled_and_applied() -> Result<()> {
    on_each_database(async |db| {
        let shop = Shop::new(&db, "empty");
        shop.write("pending", AUTHOR);
        let first = shop.refuses(&["makemigrations", "shop", "--empty"]);
        assert!(first.contains("run `makemigrations` first"), "{first}");
        shop.says(&["makemigrations", "--name", "people"]);
        let wrote = shop.says(&["makemigrations", "shop", "--empty", "--name", "somebody known"]);
        assert!(wrote.starts_with("Wrote 0002_somebody_known.toml. Fill it"), "{wrote}");
        let step = "[[operation]]\nop = \"run_sql\"\nforward = \"INSERT INTO shop_author (name) VALUES ('Ursula')\"\n\
                    reverse = \"DELETE FROM shop_author\"\n";
        shop.write("0002_somebody_known", &format!("{}\n{step}", shop.read("0002_somebody_known")));
        let open = shop.refuses(&["makemigrations", "--check"]);
        assert!(open.contains("shop.0002_somebody_known is not sealed"), "{open}");
        assert!(shop.says(&["showmigrations"]).contains("0002_somebody_known (not sealed)"));
        shop.says(&["migrate"]);
        assert_eq!(db.fetch("SELECT id FROM shop_author".into()).await?.len(), 1);
        shop.says(&["makemigrations", "--check"]);
        shop.says(&["migrate", "shop", "0001"]);
        assert_eq!(db.fetch("SELECT id FROM shop_author".into()).await?.len(), 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn wrong_arguments_are_answered_with_what_is_right() -> Result<()> {
    on_each_database(async |db| {
        let shop = Shop::new(&db, "wrong");
        shop.write("pending", AUTHOR);
        shop.says(&["makemigrations", "--name", "people"]);
        shop.write("pending", AGE);
        shop.says(&["makemigrations"]);
        let cases: &[(&[&str], &str)] = &[
            (&["migrate", "blog"], "there is no app `blog`; there are auth, shop"),
            (&["migrate", "0001"], "there is no app `0001`; there are auth, shop"),
            (
                &["migrate", "shop", "0009"],
                "`shop` has no migration that starts with `0009`; see `showmigrations`",
            ),
            (
                &["migrate", "shop", "000"],
                "several migrations of `shop` start with `000`; write more of the name",
            ),
            (&["migrate", "shop", "0001", "0002"], "unexpected argument '0002' found"),
            (&["migrate", "--fak"], "a similar argument exists: '--fake'"),
            (
                &["migrate", "--lock-timeout", "soon"],
                "`--lock-timeout` takes a number of seconds, and `soon` is none",
            ),
            (&["showmigrations", "blog"], "there is no app `blog`; there are auth, shop"),
            (&["sqlmigrate", "shop"], "the following required arguments were not provided:\n  <name>"),
            (&["sqlmigrate", "shop", "zero"], "`shop` has no migration that starts with `zero`"),
            (
                &["makemigrations", "--empty"],
                "say which app the empty migration is for: `makemigrations <app> --empty`",
            ),
            (&["makemigrations", "blog"], "there is no app `blog`; there are auth, shop"),
            (&["makemigrations", "--name"], "a value is required for '--name <name>'"),
            (&["migrat"], "unrecognized subcommand 'migrat'"),
        ];
        for (arguments, answer) in cases {
            let said = shop.refuses(arguments);
            assert!(said.contains(answer), "{arguments:?} on {}: {said}", db.backend().title());
        }
        assert!(!has(&db, "SELECT id FROM shop_author").await, "nothing was applied");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn two_branches_are_refused_by_every_command() -> Result<()> {
    on_each_database(async |db| {
        let shop = Shop::new(&db, "branches");
        shop.write("pending", AUTHOR);
        shop.says(&["makemigrations", "--name", "people"]);
        shop.says(&["migrate"]);
        shop.write("pending", AGE);
        shop.says(&["makemigrations", "--name", "ours"]);
        let other = AGE.replace("\"age\"", "\"height\"");
        shop.write("0002_theirs", &other);
        let commands: &[&[&str]] = &[
            &["migrate"],
            &["migrate", "--plan"],
            &["showmigrations"],
            &["sqlmigrate", "shop", "0001"],
            &["makemigrations"],
            &["check"],
        ];
        for arguments in commands {
            let said = shop.call(arguments);
            let text = format!("{}{}", said.out, said.error);
            assert!(!said.good, "{arguments:?}: {text}");
            let both = "two migrations of `shop` follow 0001_people: 0002_ours and 0002_theirs";
            assert!(text.contains(both), "{arguments:?} on {}: {text}", db.backend().title());
        }
        assert!(!has(&db, "SELECT age FROM shop_author").await);
        assert!(!has(&db, "SELECT height FROM shop_author").await);
        // A history that goes on from the other branch's migration is refused by the database's records too.
        fs::rename(shop.folder.join("0002_theirs.toml"), shop.folder.join("theirs.away")).unwrap();
        shop.says(&["migrate"]);
        fs::remove_file(shop.folder.join("0002_ours.toml")).unwrap();
        fs::rename(shop.folder.join("theirs.away"), shop.folder.join("0002_theirs.toml")).unwrap();
        let lost = shop.refuses(&["migrate"]);
        let expected = "migration shop.0002_ours is applied, and its file is missing or was renamed";
        assert!(lost.contains(expected), "{lost}");
        if db.backend() == Backend::Sqlite {
            shop.refuses(&["showmigrations"]);
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn two_branches_become_one_line_by_one_command() -> Result<()> {
    on_each_database(async |db| {
        let shop = Shop::new(&db, "merge");
        shop.write("pending", AUTHOR);
        shop.says(&["makemigrations", "--name", "people"]);
        shop.write("pending", AGE);
        shop.says(&["makemigrations", "--name", "ours"]);
        shop.says(&["migrate"]);
        shop.write("0002_theirs", &AGE.replace("\"age\"", "\"height\""));
        fs::write(
            shop.folder.join("head"),
            "<<<<<<< HEAD\n0002_ours\n=======\n0002_theirs\n>>>>>>> theirs\n",
        )
        .unwrap();
        let merged = shop.says(&["makemigrations", "--merge"]);
        assert!(merged.contains("the second branch follows 0002_ours from now on"), "{merged}");
        assert!(merged.contains("0002_theirs is 0003_theirs now"), "{merged}");
        assert_eq!(shop.files(), ["0001_people.toml", "0002_ours.toml", "0003_theirs.toml", "head"]);
        assert_eq!(fs::read_to_string(shop.folder.join("head")).unwrap(), "0003_theirs\n");
        shop.says(&["migrate"]);
        assert!(has(&db, "SELECT age, height FROM shop_author").await);
        let again = shop.says(&["makemigrations", "--merge"]);
        assert!(again.starts_with("Nothing to merge"), "{again}");
        shop.write("0003_mine", &AGE.replace("0001_people", "0002_ours").replace("\"age\"", "\"height\""));
        let both = shop.refuses(&["makemigrations", "--merge"]);
        assert!(both.contains("both change Author.height: delete the file"), "{both}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_squash_stands_for_its_files() -> Result<()> {
    on_each_database(async |db| {
        let shop = Shop::new(&db, "squash");
        shop.write("pending", AUTHOR);
        shop.says(&["makemigrations", "--name", "people"]);
        shop.write("pending", AGE);
        shop.says(&["makemigrations"]);
        shop.says(&["migrate"]);
        let looked = shop.says(&["squashmigrations", "shop", "0001", "0002", "--check"]);
        assert!(looked.starts_with("2 migrations with 2 operations become one with 1:"), "{looked}");
        assert_eq!(shop.files(), ["0001_people.toml", "0002_author_age.toml", "head"]);
        shop.says(&["squashmigrations", "shop", "0001", "0002"]);
        let squashed = "0001_squashed_0002_author_age";
        assert!(shop.files().contains(&format!("{squashed}.toml")), "{:?}", shop.files());
        // This database has all of it, so nothing runs and the squash is known to be there.
        shop.says(&["migrate"]);
        let shown = shop.says(&["showmigrations", "shop"]);
        assert_eq!(shown, format!("shop\n  [X] {squashed}\n"));
        for name in ["0001_people", "0002_author_age"] {
            fs::remove_file(shop.folder.join(format!("{name}.toml"))).unwrap();
        }
        shop.says(&["migrate", "shop", "zero"]);
        assert!(!has(&db, "SELECT age FROM shop_author").await);
        shop.says(&["migrate"]);
        assert!(has(&db, "SELECT age FROM shop_author").await);
        let wrong = shop.refuses(&["squashmigrations", "shop", "0001", "0009"]);
        assert!(wrong.contains("there is no migration that starts with `0009`"), "{wrong}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_locks_or_breaks_is_said_before_it_runs() -> Result<()> {
    on_each_database(async |db| {
        let shop = Shop::new(&db, "lint");
        shop.write("pending", AUTHOR);
        let quiet = shop.says(&["makemigrations", "--name", "people"]);
        assert_eq!(quiet.lines().count(), 2, "of a new table nothing is said: {quiet}");
        shop.write("pending", &AGE.replace("null = true }", "}\nbackfill = 0"));
        let sealed = shop.says(&["makemigrations"]);
        assert!(sealed.contains("    requires_value: `age` is NOT NULL"), "{sealed}");
        assert!(sealed.contains("`allow = [{ lint = \"…\", reason = \"…\" }]`"), "{sealed}");
        let sql = shop.says(&["sqlmigrate", "shop", "0002"]);
        assert!(sql.starts_with("-- add field age to Author: requires_value: "), "{sql}");
        let fills = sql.contains("fills_rows (MySQL/MariaDB)");
        assert_eq!(fills, db.backend() == Backend::Mysql, "{sql}");
        let file = shop.read("0002_author_age");
        let allow =
            "allow = [{ lint = \"requires_value\", reason = \"nobody writes yet\" }]\n\n[[operation]]";
        shop.write("0002_author_age", &file.replacen("[[operation]]", allow, 1));
        let sql = shop.says(&["sqlmigrate", "shop", "0002"]);
        assert!(sql.contains("allowed: nobody writes yet"), "{sql}");
        shop.says(&["migrate"]);
        Ok(())
    })
    .await
}
