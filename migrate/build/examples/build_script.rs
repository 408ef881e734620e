//! Prints how long a build script takes over a large crate: 1,000 models, 1,000 stored migrations.
//!
//! `cargo run -p nuages-build --example build_script`. Build scripts are not optimised, so the debug profile is theirs.
//! The program starts itself as the build script, as cargo does, and takes the best of five.
#![allow(clippy::unwrap_used, reason = "a program that measures")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use nuages_build::Operation;
use nuages_build::folder::Folder;
use nuages_build::read::read_crate;
use nuages_build::state::{ColumnType, FieldState};

/// Set where the program plays the build script.
const ROLE: &str = "NUAGES_FIGURES_BUILD_SCRIPT";

/// How many models stand in one file.
const PER_FILE: usize = 20;

fn main() {
    if std::env::var_os(ROLE).is_some() {
        return nuages_build::run();
    }
    for (models, migrations) in [(10, 10), (100, 100), (1000, 1000)] {
        measure(models, migrations);
    }
}

fn measure(models: usize, migrations: usize) {
    let folder = std::env::temp_dir().join(format!("nuages-figures-{}-{models}", std::process::id()));
    write_crate(&folder, models);
    let empty = best(|| script(&folder.join("nothing")));
    script(&folder);
    write_history(&folder, migrations);
    let unchanged = best(|| script(&folder));
    let reading = best(|| drop(read_crate(&folder).unwrap()));
    let loading =
        best(|| drop(Folder::load(&folder.join("migrations"), "shop").unwrap().history.replay().unwrap()));
    let first = folder.join("src/models_0.rs");
    let text = fs::read_to_string(&first).unwrap();
    fs::write(&first, text.replacen("pub id: i64,", "pub id: i64,\n    pub added: Option<i32>,", 1)).unwrap();
    let changed = best(|| script(&folder));
    println!(
        "{models} models of 10 fields, {migrations} migrations: whole script {unchanged:?} with no change, {changed:?} with \
         one; a script that finds nothing to do {empty:?}; reading the source {reading:?}, the migrations {loading:?}"
    );
    fs::remove_dir_all(&folder).unwrap();
}

fn best(mut work: impl FnMut()) -> Duration {
    let time = |_| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..5).map(time).min().unwrap()
}

fn script(folder: &Path) {
    let out = folder.join("out");
    fs::create_dir_all(&out).unwrap();
    let status = Command::new(std::env::current_exe().unwrap())
        .env(ROLE, "1")
        .env("CARGO_MANIFEST_DIR", folder)
        .env("OUT_DIR", &out)
        .env("CARGO_PKG_NAME", "shop")
        .env("PROFILE", "debug")
        .env_remove("CI")
        .output()
        .unwrap();
    assert!(status.status.success());
}

/// Models in files of their own, beside a view with some code in it.
fn write_crate(folder: &Path, models: usize) {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(folder.join("Cargo.toml"), "[package]\nname = \"shop\"\n").unwrap();
    let mut root = "nuages::app!();\n".to_owned();
    for (at, chunk) in (0..models).collect::<Vec<_>>().chunks(PER_FILE).enumerate() {
        let _ = writeln!(root, "mod models_{at};");
        let text: String = chunk.iter().map(|at| model(*at)).collect();
        let before = if at == 0 { String::new() } else { format!("use crate::models_{}::*;\n", at - 1) };
        fs::write(
            folder.join(format!("src/models_{at}.rs")),
            format!("use nuages::prelude::*;\n{before}{text}{VIEW}"),
        )
        .unwrap();
    }
    fs::write(folder.join("src/lib.rs"), root).unwrap();
}

fn model(at: usize) -> String {
    let mut text = format!(
        "\n#[derive(Model, Clone, Debug)]\n#[model(ordering(-field_1))]\npub struct M{at:04} {{\n    pub id: i64,\n"
    );
    for field in 0..8 {
        let _ = writeln!(
            text,
            "    /// What it is for.\n    #[field(max_length = 100, default = \"\")]\n    pub field_{field}: String,"
        );
    }
    let _ = writeln!(
        text,
        "    #[field(on_delete = Cascade)]\n    pub before: Option<ForeignKey<M{:04}>>,\n}}",
        at.saturating_sub(1)
    );
    text
}

const VIEW: &str = r#"
#[view(get, "/books/{id}")]
async fn detail(db: Db, id: i64) -> Result<Page<Detail>> {
    let book = Book::objects().filter(|b| b.id.eq(id) & b.title.startswith("a")).get(&db).await?;
    let total: i64 = book.reviews().all(&db).await?.iter().map(|review| review.stars * 2 + 1).sum();
    if total > 100 {
        return Err(Error::other(format!("too many stars: {total}")));
    }
    Ok(Page(Detail { book, total }))
}
"#;

/// Seals the models and puts small migrations after them that come and go.
fn write_history(folder: &Path, count: usize) {
    let path = folder.join("migrations");
    let folder = || Folder::load(&path, "shop").unwrap();
    folder().seal_pending(None).unwrap();
    let mut parent = folder().history.head().unwrap().to_owned();
    for at in 2..=count {
        let field = FieldState { nullable: true, ..FieldState::new("extra", ColumnType::text(10)) };
        let operation = match at % 2 {
            0 => Operation::AddField { model: "M0000".into(), field, backfill: None },
            _ => Operation::RemoveField { model: "M0000".into(), field: "extra".into() },
        };
        let mut migration = nuages_build::file::Migration::pending("shop", Some(&parent), vec![operation]);
        migration.name = format!("{at:04}_step");
        migration.sealed = Some(migration.checksum());
        fs::write(path.join(format!("{}.toml", migration.name)), migration.text()).unwrap();
        parent = migration.name;
    }
    // An even number ends with the field that no model has.
    if count.is_multiple_of(2) {
        let last = path.join(format!("{parent}.toml"));
        fs::remove_file(last).unwrap();
    }
    let _ = fs::remove_file(path.join("pending.toml"));
}
