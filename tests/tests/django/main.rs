//! A database made by Django itself is taken over on every database: users log in with their old passwords,
//! rights hold, rows are there, the admin shows them, and migrations go on from there.
//!
//! Django comes from the Python package index into an environment of the test's own, or is named by
//! `NUAGES_DJANGO_PYTHON`. Without Python the run says so, or fails where everything is required.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
#![allow(missing_docs, dead_code, reason = "models as a user writes them")]

mod models;

use std::path::{Path, PathBuf};
use std::process::Command;

use nuages::auth::{AuthSettings, Group, Permission, User, hash::PasswordHasher};
use nuages::prelude::*;
use nuages::test::{Server, TestDatabase, TestSite};
use nuages_build::Operation;
use nuages_build::detect::{Detection, detect};
use nuages_build::file::Migration;
use nuages_build::state::{FieldState, ProjectState};
use nuages_migrate::drift::drift;
use nuages_migrate::inspect::{Inspection, inspect};
use nuages_migrate::run::{Quiet, adopt_django};
use nuages_migrate::{DataSteps, Migrations, Options, Pending, load, migrate};

use models::{Author, Book, Tag};

const PACKAGES: [&str; 3] = ["django>=5.2,<6", "psycopg[binary]>=3.2,<4", "PyMySQL>=1.1,<2"];

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/django")
}

/// A Python with Django and the drivers, or why there is none.
fn python() -> Result<PathBuf, String> {
    if let Some(given) = std::env::var_os("NUAGES_DJANGO_PYTHON") {
        return Ok(given.into());
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("django");
    let python = folder.join("bin/python");
    if !python.exists() {
        said(Command::new("python3").arg("-m").arg("venv").arg(&folder))?;
    }
    if said(Command::new(&python).args(["-c", "import django, psycopg, pymysql"])).is_err() {
        said(
            Command::new(&python)
                .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
                .args(PACKAGES),
        )?;
    }
    Ok(python)
}

/// What a program says, or that it failed.
fn said(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned()),
        false => Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr))),
    }
}

/// What `make.py` is told about a database.
fn arguments(database: &TestDatabase) -> Vec<String> {
    let url = database.url();
    let Some((scheme, rest)) = url.split_once("://") else {
        let path = url.trim_start_matches("sqlite:").split('?').next().unwrap();
        return vec!["sqlite3".into(), path.into()];
    };
    if scheme == "sqlite" {
        return vec!["sqlite3".into(), rest.split('?').next().unwrap().into()];
    }
    let (place, name) = rest.rsplit_once('/').unwrap();
    let (user, host) = place.rsplit_once('@').unwrap_or(("", place));
    let (host, port) =
        host.rsplit_once(':').unwrap_or((host, if scheme == "mysql" { "3306" } else { "5432" }));
    let engine = if scheme == "mysql" { "mysql" } else { "postgresql" };
    let user = user.split(':').next().unwrap_or_default();
    [engine, name.split('?').next().unwrap(), host, port, user].map(str::to_owned).to_vec()
}

/// The models of a source, read as the build of an app `shop` reads them.
fn read(models: &str, name: &str) -> Detection {
    let folder = std::env::temp_dir().join(format!("nuages-django-{}-{name}", std::process::id()));
    std::fs::create_dir_all(folder.join("src")).unwrap();
    let manifest = "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    std::fs::write(folder.join("src/lib.rs"), "mod models;\nnuages::app!();\n").unwrap();
    std::fs::write(folder.join("src/models.rs"), models).unwrap();
    let reading = nuages_build::read::read_crate(&folder).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(reading.findings.values().all(Vec::is_empty), "{:?}", reading.findings);
    let found = detect(&ProjectState::new(), &reading.apps["shop"]);
    assert_eq!(found.findings, []);
    found
}

/// The app `shop` with the migrations that lead to its models.
fn shop(more: Vec<Operation>) -> App {
    let found = read(include_str!("models.rs"), &format!("shop-{}", more.len()));
    let first = Migration::pending("shop", None, found.operations);
    let mut files = vec![("0001_initial", &*first.text().leak())];
    if !more.is_empty() {
        let second = Migration::pending("shop", Some("0001_initial"), more);
        files.push(("0002_more", &*second.text().leak()));
    }
    App::new("shop", "django::models").with_migrations(vec![("shop", "", &*files.leak())].leak())
}

fn project(project: Project, app: App) -> Project {
    let hasher = PasswordHasher::separate(4).with_costs(64, 1, 1).unwrap();
    let settings = AuthSettings { hasher, ..AuthSettings::default() };
    project.app(app).with(settings).mount("/admin", nuages_admin::site())
}

async fn migrations(database: &TestDatabase, app: App) -> Result<Migrations> {
    let settings =
        nuages::settings::Settings::from_pairs([("ENV", "debug"), ("DATABASE_URL", database.url())])?;
    let server = project(Project::new(settings).database(database.database().clone()), app).build().await?;
    load(server.site(), Pending::Apply)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_django_is_taken_over() -> Result<()> {
    let python = match python() {
        Ok(python) => python,
        Err(why) => {
            assert!(std::env::var_os("NUAGES_REQUIRE_DJANGO").is_none(), "Django is required: {why}");
            nuages::test::not_tested(format!("taking over a database of Django: {why}"));
            return Ok(());
        }
    };
    for server in Server::found().await? {
        let database = TestDatabase::create(server).await?;
        let made =
            said(Command::new(&python).arg(here().join("make.py")).args(arguments(&database))).unwrap();
        println!("{}: a database of Django {made}", server.backend().title());
        let outcome = taken_over(&database).await;
        database.remove().await?;
        outcome.map_err(|error| error.context(server.backend().title()))?;
    }
    Ok(())
}

async fn taken_over(database: &TestDatabase) -> Result<()> {
    let found = migrations(database, shop(Vec::new())).await?;
    let fake_initial = Options { fake_initial: true, ..Options::default() };
    let steps = DataSteps::registered();
    // Plain migrating fails on the tables that are there, and faking is refused with what is different.
    assert!(migrate(database.database(), &found, &steps, &Options::default(), &Quiet).await.is_err());
    let refused = migrate(database.database(), &found, &steps, &fake_initial, &Quiet).await;
    let refused = refused.unwrap_err().to_string();
    for part in ["column `content_type_id` is there and no model has it", "`adoptdjango` takes them over"] {
        assert!(refused.contains(part), "{refused}");
    }
    inspected(database).await?;
    adopt_django(database.database(), &found, &Options::default(), &Quiet).await?;
    let again =
        adopt_django(database.database(), &found, &Options::default(), &Quiet).await.unwrap_err().to_string();
    assert!(again.contains("it was taken over already"), "{again}");
    let done = migrate(database.database(), &found, &steps, &fake_initial, &Quiet).await?;
    assert!(done.applied.contains(&"shop.0001_initial".to_owned()), "{done:?}");
    agrees(database, &found).await?;
    let site = TestSite::on(database, |one| project(one, shop(Vec::new()))).await?;
    rows(&site.db()).await?;
    rights(&site.db()).await?;
    people(&site).await?;
    goes_on(database).await
}

/// `inspectdb` writes models of Django's tables that the build reads without a question, and those of the shop
/// are what migrations would make.
async fn inspected(database: &TestDatabase) -> Result<()> {
    let inspection = Inspection { app: "shop".into(), managed: true, ..Inspection::default() };
    let printed = inspect(&database.session(), &inspection).await?;
    let models = read(&printed, "inspected").operations;
    assert!(models.len() > 10, "{printed}");
    let told = |line: &&str| line.starts_with("// not managed: table `shop_");
    let told: Vec<&str> = printed.lines().filter(told).collect();
    assert_eq!(told, [""; 0], "{printed}");
    for part in
        ["pub struct Book {", "pub author: ForeignKey<Author>,", "pub tags: ManyToMany<Tag>,", "has_pages"]
    {
        assert!(printed.contains(part), "{part}: {printed}");
    }
    Ok(())
}

/// The catalogue is what the migrations say.
async fn agrees(database: &TestDatabase, migrations: &Migrations) -> Result<()> {
    let mut state = ProjectState::new();
    state.set_current_user(nuages_build::state::ModelRef::new("auth", "User"));
    for migration in migrations.ordered() {
        for operation in &migration.operations {
            nuages_build::state::apply(&mut state, &migration.app, operation).unwrap();
        }
    }
    let mut faults = drift(&database.session(), &state).await?;
    faults.retain(|one| !one.harmless);
    assert_eq!(faults, []);
    Ok(())
}

async fn rows(db: &Db) -> Result<()> {
    let books = Book::objects().select_related(|b| b.author).all(db).await?;
    let told: Vec<String> = books
        .iter()
        .map(|(book, author)| {
            format!("{} / {} / {} / {}", book.title, author.name, book.price, book.in_stock)
        })
        .collect();
    assert_eq!(
        told,
        [
            "Invisible Cities / Italo Calvino / 7.00 / false",
            "The Left Hand of Darkness / Ursula K. Le Guin / 12.50 / true"
        ]
    );
    let left = &books[1].0;
    assert_eq!(left.facts, Some(serde_json::json!({ "moons": 0 })));
    assert_eq!(left.published, Some("1969-03-01".parse().unwrap()));
    assert!(books[0].0.owner.is_none() && left.owner.is_some());
    assert_eq!(Book::objects().filter(|b| b.tags.word.eq("city")).count(db).await?, 1);
    assert_eq!(Tag::objects().count(db).await?, 2);
    // Writing works too, with keys that the database makes.
    let author = Author::objects().filter(|a| a.name.startswith("Ursula")).get(db).await?;
    let new = models::NewBook {
        title: "Lavinia".into(),
        author: (&author).into(),
        price: "9.00".parse().unwrap(),
        pages: 280,
    };
    let new = new.create(db).await?;
    assert!(new.id > 2);
    new.delete(db).await?;
    Ok(())
}

async fn rights(db: &Db) -> Result<()> {
    let grace = User::objects().filter(|u| u.username.eq("grace")).get(db).await?;
    let groups: Vec<Group> = grace.groups.objects().all(db).await?;
    assert_eq!(groups.iter().map(|group| group.name.as_str()).collect::<Vec<_>>(), ["editors"]);
    let words = |all: Vec<Permission>| -> Vec<String> {
        all.iter().map(|one| format!("{}.{} {}", one.app_label, one.codename, one.model)).collect()
    };
    assert_eq!(
        words(groups[0].permissions.objects().all(db).await?),
        ["shop.change_book book", "shop.view_book book"]
    );
    assert_eq!(words(grace.user_permissions.objects().all(db).await?), ["shop.add_tag tag"]);
    let twice = Permission::objects().filter(|p| p.codename.eq("change_book")).count(db).await?;
    assert_eq!(twice, 1, "the rights that `migrate` makes are those that are there");
    Ok(())
}

async fn people(site: &TestSite) -> Result<()> {
    let stored = async |name: &str| -> Result<String> {
        Ok(User::objects().filter(|u| u.username.eq(name.to_owned())).get(&site.db()).await?.password)
    };
    assert!(stored("ada").await?.starts_with("pbkdf2_sha256$"));
    let mut ada = site.client();
    let login = async |client: &mut nuages::test::Client, name: &str, password: &str| {
        client.get("/admin/login/").await?;
        client.post("/admin/login/", &[("username", name), ("password", password)]).await
    };
    assert_eq!(login(&mut ada, "ada", "difference engine").await?.redirect(), None, "a wrong password");
    assert!(login(&mut ada, "ada", "analytical engine").await?.redirect().is_some(), "the old password");
    assert!(stored("ada").await?.starts_with("$argon2id$"), "and it is kept better from now on");
    let users = ada.get("/admin/auth/user/").await?;
    for name in ["ada", "grace", "eve"] {
        assert!(users.contains(name), "{name}: {}", users.text());
    }
    assert!(ada.get("/admin/shop/book/").await?.contains("Invisible Cities"));
    let mut grace = site.client();
    assert!(login(&mut grace, "grace", "nanoseconds").await?.redirect().is_some());
    assert_eq!(grace.get("/admin/shop/book/").await?.status(), 200, "her group may");
    assert_eq!(grace.get("/admin/auth/user/").await?.status(), 403, "she may not");
    let mut eve = site.client();
    assert_eq!(login(&mut eve, "eve", "listening in").await?.redirect(), None, "she is not active");
    Ok(())
}

/// Migrations go on: what they drop goes by the names that Django gave.
async fn goes_on(database: &TestDatabase) -> Result<()> {
    let reading = migrations(database, shop(Vec::new())).await?;
    let first = reading.migration("shop", "0001")?.operations.clone();
    let book = first.iter().find_map(|operation| match operation {
        Operation::CreateModel { model } if model.name == "Book" => Some(model.clone()),
        _ => None,
    });
    let book = book.unwrap();
    let of = || "Book".to_owned();
    let title = FieldState { index: false, unique: true, ..book.field("title").unwrap().clone() };
    let more = vec![
        Operation::RemoveUnique { model: of(), unique: book.uniques[0].clone() },
        Operation::RemoveIndex { model: of(), index: book.indexes[0].clone() },
        Operation::RemoveCheck { model: of(), check: book.checks[0].clone() },
        Operation::AlterField { model: of(), field: title, backfill: None },
        Operation::RemoveField { model: of(), field: "owner".into() },
        Operation::AlterField {
            model: "Author".into(),
            field: FieldState { unique: false, ..author_name(&first) },
            backfill: None,
        },
    ];
    let found = migrations(database, shop(more)).await?;
    migrate(database.database(), &found, &DataSteps::registered(), &Options::default(), &Quiet).await?;
    agrees(database, &found).await?;
    let target = nuages_migrate::Target::At("shop".into(), "0001".into());
    let back = Options { target, ..Options::default() };
    migrate(database.database(), &found, &DataSteps::registered(), &back, &Quiet).await?;
    agrees(database, &migrations(database, shop(Vec::new())).await?).await
}

fn author_name(first: &[Operation]) -> FieldState {
    let name = first.iter().find_map(|operation| match operation {
        Operation::CreateModel { model } if model.name == "Author" => model.field("name").cloned(),
        _ => None,
    });
    name.unwrap()
}
