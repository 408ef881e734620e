//! The commands as a project's binary runs them, on every database, with a folder of migrations on disk.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use nuages::test::{TestSite, on_each_site};
use nuages::{App, Result};
use nuages_build::Operation;
use nuages_build::folder::Folder;
use nuages_migrate as _;
use support::*;

/// A folder that goes when the test ends.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn folder(name: &str) -> Temporary {
    let path = std::env::temp_dir().join(format!("nuages-commands-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    Temporary(path)
}

/// An app as `app!()` makes it, with nothing embedded yet and its folder in the source, which is emptied.
fn app(path: &Path) -> App {
    files(path).iter().for_each(|name| fs::remove_file(path.join(name)).unwrap());
    let folder: &'static str = path.to_str().unwrap().to_owned().leak();
    App::new("shop", "shop").with_migrations(vec![("shop", folder, &[][..])].leak())
}

fn load(path: &Path) -> Folder {
    Folder::load(path, "shop").unwrap()
}

/// What the build does when the models changed.
fn build(path: &Path, operations: Vec<Operation>) {
    load(path).write_pending(operations).unwrap();
}

fn files(path: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

async fn refused(site: &TestSite, name: &str, arguments: &[&str]) -> String {
    site.call(name, arguments).await.unwrap_err().to_string()
}

#[tokio::test]
async fn what_the_build_wrote_is_sealed_and_applied() -> Result<()> {
    let folder = folder("sealed");
    let path = folder.0.as_path();
    on_each_site(
        |project| project.app(app(path)),
        async |site| {
            site.call("makemigrations", &["shop", "--check"]).await?;
            build(path, vec![create(model("Author", &[text("name")]))]);
            let open = refused(&site, "makemigrations", &["shop", "--check"]).await;
            assert_eq!(open, "there is something to seal with `makemigrations`: shop: create model Author");
            site.call("migrate", &["--plan"]).await?;
            assert_eq!(files(path), ["pending.toml"], "a plan writes nothing");
            site.call("makemigrations", &["shop"]).await?;
            assert_eq!(files(path), ["0001_initial.toml", "head"]);
            assert_eq!(fs::read_to_string(path.join("head")).unwrap(), "0001_initial\n");
            site.call("migrate", &[]).await?;
            assert!(live(&site.db()).await.contains_key("shop_author"));
            let (db, applied) = (site.db(), nuages_migrate::run::records);
            let known = nuages::test::assert_queries(&db, 1, applied(&db)).await?;
            assert!(
                known.iter().any(|record| record.label() == "shop.0001_initial"),
                "the check at start is one query"
            );
            build(
                path,
                vec![Operation::AddField { model: "Author".into(), field: null(int("age")), backfill: None }],
            );
            site.call("migrate", &["shop"]).await?;
            assert_eq!(
                files(path),
                ["0001_initial.toml", "0002_author_age.toml", "head"],
                "migrate seals in debug"
            );
            assert!(live(&site.db()).await["shop_author"].column("age").is_some());
            site.call("showmigrations", &["shop"]).await?;
            site.call("sqlmigrate", &["shop", "0002", "--backwards"]).await?;
            site.call("migrate", &["shop", "zero"]).await?;
            assert!(!live(&site.db()).await.contains_key("shop_author"));
            let several = refused(&site, "migrate", &["shop", "000"]).await;
            assert_eq!(several, "several migrations of `shop` start with `000`; write more of the name");
            Ok(())
        },
    )
    .await
}

#[tokio::test]
async fn an_empty_migration_is_filled_and_sealed() -> Result<()> {
    let folder = folder("empty");
    let path = folder.0.as_path();
    on_each_site(
        |project| project.app(app(path)),
        async |site| {
            build(path, vec![create(model("Author", &[text("name")]))]);
            let first = refused(&site, "makemigrations", &["shop", "--empty"]).await;
            assert!(first.contains("run `makemigrations` first"), "{first}");
            site.call("makemigrations", &["shop"]).await?;
            site.call("makemigrations", &["shop", "--empty", "--name", "Fill in"]).await?;
            let draft = path.join("0002_fill_in.toml");
            let text = fs::read_to_string(&draft).unwrap();
            let step = "[[operation]]\nop = \"run_sql\"\nforward = \"INSERT INTO shop_author (name) VALUES ('Ursula')\"\n";
            fs::write(&draft, format!("{text}\n# somebody who is known\n{step}reverse = \"DELETE FROM shop_author\"\n")).unwrap();
            let open = refused(&site, "makemigrations", &["shop", "--check"]).await;
            assert!(open.ends_with("shop.0002_fill_in is not sealed"), "{open}");
            site.call("migrate", &[]).await?;
            assert_eq!(column(&site.db(), "SELECT name FROM shop_author").await, ["Ursula"]);
            let sealed = fs::read_to_string(&draft).unwrap();
            assert!(sealed.contains("checksum = ") && sealed.contains("# somebody who is known"), "{sealed}");
            fs::write(&draft, sealed.replace("Ursula", "Italo")).unwrap();
            assert!(Folder::load(path, "shop").unwrap_err().contains("was edited after it was sealed"));
            Ok(())
        },
    )
    .await
}
