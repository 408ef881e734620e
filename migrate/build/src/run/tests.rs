//! Runs over small crates in temporary folders.

use std::fs;
use std::time::SystemTime;

use super::*;
use crate::Operation;

/// A crate in a folder of its own, which goes when the test ends.
struct Crate(Surroundings);

impl Drop for Crate {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0.folder);
    }
}

const BOOK: &str = r#"
    use nuages::prelude::*;
    mod kinds;
    use kinds::{Price, Status as State};

    #[derive(Model)]
    #[model(check(name = "cheap", "price < 100"), index(fields(-price, title)))]
    pub struct Book {
        pub id: i64,
        #[field(max_length = 200)]
        pub title: String,
        #[field(max_digits = 8, decimal_places = 2, default = dec!(1.50))]
        pub price: Price,
        #[field(default = State::Draft)]
        pub status: State,
        #[field(on_delete = Cascade)]
        pub author: Option<ForeignKey<people::Author>>,
        #[field(on_delete = Cascade)]
        pub owner: ForeignKey<CurrentUser>,
        pub tags: ManyToMany<self::inner::Tag>,
    }

    mod inner {
        #[derive(nuages::Model)]
        pub struct Tag { pub id: i32, #[cfg(test)] pub x: i8 }
    }

    #[cfg(test)]
    mod tests {
        #[derive(Model)]
        struct Hidden { id: i64 }
    }
"#;

const KINDS: &str = r#"
    pub type Price = Money;
    #[derive(Field)]
    pub struct Money(rust_decimal::Decimal);
    #[derive(Choices)]
    pub enum Status { Draft, #[choice(value = "out")] OutOfPrint }
"#;

impl Crate {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let folder = std::env::temp_dir().join(format!("nuages-build-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        let one = Self(Surroundings {
            out: folder.join("out"),
            package: "my-shop".into(),
            release: false,
            ci: false,
            start: SystemTime::now(),
            folder,
        });
        one.write("Cargo.toml", "[package]\nname = \"my-shop\"\n");
        files.iter().for_each(|(path, text)| one.write(path, text));
        one
    }

    fn shop(name: &str) -> Self {
        Self::new(
            name,
            &[
                ("src/main.rs", "mod models; nuages::app!();"),
                ("src/models.rs", BOOK),
                ("src/models/kinds.rs", KINDS),
            ],
        )
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn run(&self) -> Vec<String> {
        run_in(&self.0).lines
    }

    fn told(&self, start: &str) -> Vec<String> {
        let start = format!("cargo::{start}");
        self.run().into_iter().filter_map(|line| line.strip_prefix(&start).map(str::to_owned)).collect()
    }

    fn pending(&self) -> Option<String> {
        fs::read_to_string(self.0.folder.join("migrations/pending.toml")).ok()
    }

    fn seal(&self) {
        Folder::load(&self.0.folder.join("migrations"), "my_shop").unwrap().seal_pending(None).unwrap();
    }
}

#[test]
fn the_models_are_read_through_modules_aliases_newtypes_and_choices() {
    let shop = Crate::shop("read");
    assert_eq!(shop.told("error"), [""; 0]);
    assert_eq!(
        shop.pending().unwrap(),
        r#"# Written by the build from the models; `makemigrations` seals it.
needs = ["CurrentUser", "people.Author"]

[[operation]]
op = "create_model"

[operation.model]
name = "Book"
table = "my_shop_book"
fields = [
    { name = "id", kind = "big_int", primary_key = true, auto = true },
    { name = "title", kind = "text", max_length = 200 },
    { name = "price", kind = "decimal", max_digits = 8, decimal_places = 2 },
    { name = "status", kind = "text", max_length = 16 },
    { name = "author", to = "people.Author", null = true },
    { name = "owner", to = "CurrentUser" },
]
indexes = [
    { fields = ["-price", "title"] },
]
checks = [
    { name = "cheap", sql = '"price" < 100' },
]

[[operation]]
op = "create_model"

[operation.model]
name = "Tag"
table = "my_shop_tag"
fields = [
    { name = "id", kind = "integer", primary_key = true, auto = true },
]

[[operation]]
op = "add_many_to_many"
model = "Book"
relation = { name = "tags", to = "my_shop.Tag", table = "my_shop_book_tags", from_column = "book_id", to_column = "tag_id" }
"#
    );
    let told = shop.told("rustc-env=NUAGES_STATE:my_shop::models::Book=").remove(0);
    assert!(told.starts_with("id=big_int\u{1f}title=text\u{1f}price=decimal\u{1f}"), "{told}");
    assert!(
        told.contains("status#16\u{1f}status=text\u{1f}author>people.Author\u{1f}author=key?\u{1f}"),
        "{told}"
    );
    assert!(told.ends_with("owner>CurrentUser\u{1f}owner=key\u{1f}tags>my_shop.Tag\u{1f}"), "{told}");
    assert_eq!(shop.told("rustc-env=NUAGES_STATE:my_shop::models::inner::Tag="), ["id=integer\u{1f}"]);
    assert_eq!(shop.told("rustc-env=NUAGES_APP="), ["my_shop"]);
}

#[test]
fn building_twice_writes_once() {
    let shop = Crate::shop("twice");
    shop.run();
    let time = || fs::metadata(shop.0.folder.join("migrations/pending.toml")).unwrap().modified().unwrap();
    let first = time();
    assert!(first < shop.0.start, "cargo would run the script again");
    shop.run();
    assert_eq!(first, time());
}

#[test]
fn back_and_forth_leaves_nothing_behind() {
    let shop = Crate::shop("forth");
    shop.run();
    shop.seal();
    shop.run();
    assert_eq!(shop.pending(), None);
    shop.write("src/models.rs", &BOOK.replace("max_length = 200", "max_length = 300"));
    shop.run();
    assert!(
        shop.pending().unwrap().contains("parent = \"0001_initial\"\n\n[[operation]]\nop = \"alter_field\"")
    );
    shop.write("src/models.rs", BOOK);
    shop.run();
    assert_eq!(shop.pending(), None);
}

#[test]
fn half_typed_source_writes_nothing() {
    let shop = Crate::shop("half");
    shop.run();
    let before = shop.pending();
    shop.write("src/models.rs", &BOOK.replace("pub title: String", "pub title: Str("));
    assert_eq!(shop.told("error"), [""; 0]);
    assert_eq!(shop.told("rustc-env"), [""; 0]);
    assert_eq!(shop.pending(), before);
    shop.write("src/models.rs", &BOOK.replace("max_length", "max_lenght"));
    assert_eq!(shop.told("rustc-env"), [""; 0]);
    assert_eq!(shop.pending(), before);
}

#[test]
fn a_finding_stands_at_its_field_and_writes_nothing() {
    let shop = Crate::shop("finding");
    shop.run();
    shop.seal();
    shop.write("src/models.rs", &BOOK.replace("pub title: String,", "pub title: String,\n pub pages: i32,"));
    let told = shop.told("rustc-env=NUAGES_STATE:my_shop::models::Book=").remove(0);
    assert!(told.starts_with("pages!`pages` is new and not NULL"), "{told}");
    assert_eq!(shop.pending(), None);
}

#[test]
fn a_model_that_is_gone_stands_at_app() {
    let shop = Crate::shop("gone");
    shop.run();
    shop.seal();
    let without = BOOK.replace("#[derive(nuages::Model)]\n        pub struct Tag", "pub struct Tag");
    shop.write("src/models.rs", &without.replace("pub tags: ManyToMany<self::inner::Tag>,", ""));
    let told = shop.told("rustc-env=NUAGES_FINDINGS=").remove(0);
    assert!(told.contains("`nuages::app!(drop(Tag))`"), "{told}");
}

#[test]
fn nothing_is_written_in_release_and_ci() {
    let mut shop = Crate::shop("release");
    shop.0.release = true;
    let told = shop.told("rustc-env=NUAGES_FINDINGS=").remove(0);
    assert_eq!(
        told,
        "the models of `my_shop` are ahead of its sealed migrations (create model Book and 2 more), and nothing is \
         written in a release build: run `cargo run -- makemigrations` in a debug build and commit the files"
    );
    assert_eq!(shop.pending(), None);
    shop.0.release = false;
    shop.run();
    shop.seal();
    shop.0.ci = true;
    assert_eq!(shop.told("rustc-env=NUAGES_FINDINGS="), [""; 0]);
}

#[test]
fn what_is_done_warns_here_and_stops_in_ci() {
    let mut shop = Crate::shop("spent");
    shop.run();
    shop.seal();
    shop.write("src/models.rs", &BOOK.replace("max_length = 200", "max_length = 200, narrow"));
    assert_eq!(
        shop.told("warning="),
        ["src/models.rs:11: `narrow` is done: no change of this column waits for consent; delete it"]
    );
    shop.0.ci = true;
    let told = shop.told("rustc-env=NUAGES_STATE:my_shop::models::Book=").remove(0);
    assert!(told.starts_with("title!`narrow` is done"), "{told}");
}

#[test]
fn an_edited_file_and_two_branches_stand_at_app() {
    let shop = Crate::shop("edited");
    shop.run();
    shop.seal();
    let path = "migrations/0001_initial.toml";
    let text = fs::read_to_string(shop.0.folder.join(path)).unwrap();
    shop.write(path, &text.replace("200", "201"));
    let told = shop.told("rustc-env=NUAGES_FINDINGS=").remove(0);
    assert!(told.starts_with("migrations/0001_initial.toml was edited after it was sealed"), "{told}");
    shop.write(path, &text);
    let other = crate::file::Migration::pending("my_shop", Some("0001_initial"), Vec::new()).text();
    shop.write("migrations/0002_a.toml", &other);
    shop.write("migrations/0002_b.toml", &other);
    let mut shop = shop;
    shop.0.ci = true;
    let told = shop.told("rustc-env=NUAGES_FINDINGS=").remove(0);
    assert!(told.starts_with("two migrations of `my_shop` follow 0001_initial: 0002_a and 0002_b"), "{told}");
    // Here the program has to compile, since `makemigrations --merge` is in it.
    shop.0.ci = false;
    assert_eq!(shop.told("rustc-env=NUAGES_FINDINGS="), [""; 0]);
    assert!(shop.told("warning=")[0].contains("`cargo run -- makemigrations --merge`"));
    let folder = shop.0.folder.join("migrations");
    shop.write("migrations/head", "<<<<<<< HEAD\n0002_a\n=======\n0002_b\n>>>>>>> other\n");
    let merged = crate::folder::merge_folder(&folder, "my_shop").unwrap().unwrap();
    assert_eq!((merged.onto.as_str(), merged.moved[0].1.name.as_str()), ("0002_a", "0003_b"));
    assert_eq!(fs::read_to_string(folder.join("head")).unwrap(), "0003_b\n");
    assert!(!folder.join("0002_b.toml").exists());
    assert_eq!(shop.told("rustc-env=NUAGES_FINDINGS="), [""; 0]);
    assert_eq!(shop.told("warning="), [""; 0]);
}

#[test]
fn a_condition_on_a_column_is_refused() {
    let shop = Crate::shop("cfg");
    shop.write("src/models.rs", &BOOK.replace("pub title", "#[cfg(feature = \"x\")] pub title"));
    let told = shop.told("rustc-env=NUAGES_STATE:my_shop::models::Book=").remove(0);
    assert!(told.starts_with("title!field `title` depends on a `cfg`"), "{told}");
}

#[test]
fn a_type_of_another_crate_asks_for_column() {
    let shop = Crate::shop("foreign");
    shop.write("src/models.rs", &BOOK.replace("pub title: String", "pub title: other::Title"));
    let told = shop.told("rustc-env=NUAGES_STATE:my_shop::models::Book=").remove(0);
    assert!(told.contains("title!the build cannot tell what the type of `title` is stored as"), "{told}");
    let said = BOOK.replace(
        "max_length = 200)]\n        pub title: String",
        "column = text, max_length = 200)]\n        pub title: other::Title",
    );
    shop.write("src/models.rs", &said);
    assert!(shop.told("rustc-env=NUAGES_STATE:my_shop::models::Book=")[0].starts_with("id="));
}

#[test]
fn a_crate_may_hold_several_apps() {
    let library = r#"
        #[derive(Model)] #[model(app_label = "auth")] pub struct User { pub id: i64 }
        #[derive(Model)] #[model(app_label = "sessions", db_table = "session")]
        pub struct Session { pub id: i64, #[field(on_delete = Cascade)] pub user: ForeignKey<User> }
    "#;
    let shop = Crate::new("apps", &[("src/lib.rs", library)]);
    shop.run();
    let text = fs::read_to_string(shop.0.folder.join("migrations/sessions/pending.toml")).unwrap();
    assert!(text.contains("needs = [\"auth.User\"]"), "{text}");
    let embedded = fs::read_to_string(shop.0.out.join("nuages_migrations.rs")).unwrap();
    let labels: Vec<usize> = ["(\"auth\", ", "(\"my_shop\", ", "(\"sessions\", "]
        .iter()
        .map(|label| embedded.find(label).unwrap())
        .collect();
    assert!(labels.is_sorted(), "{embedded}");
}

#[test]
fn a_data_step_without_its_function_stands_at_app() {
    let shop = Crate::shop("step");
    shop.run();
    shop.seal();
    let step = Operation::RunData { forward: "fill_slugs".into(), reverse: None, elidable: false };
    let text = crate::file::Migration::pending("my_shop", Some("0001_initial"), vec![step]).text();
    shop.write("migrations/0002_slugs.toml", &text);
    let told = shop.told("rustc-env=NUAGES_FINDINGS=").remove(0);
    assert!(
        told.starts_with(
            "migrations/0002_slugs.toml names the data step `fill_slugs`, and the source has no function"
        ),
        "{told}"
    );
    let steps = "#[data_step] async fn fill_slugs(data: DataContext) -> Result<()> { Ok(()) }";
    shop.write("src/models.rs", &format!("{BOOK}{steps}"));
    assert_eq!(shop.told("rustc-env=NUAGES_FINDINGS="), [""; 0]);
}

#[test]
fn the_databases_of_the_app_are_told_to_every_model() {
    let shop = Crate::new(
        "only",
        &[
            ("src/main.rs", "mod models; nuages::app!(only(sqlite, postgres));"),
            ("src/models.rs", "#[derive(Model)] pub struct Tag { pub id: i64 }"),
        ],
    );
    assert_eq!(shop.told("rustc-env=NUAGES_ONLY"), ["=sqlite,postgres"]);
    assert!(Crate::shop("everywhere").told("rustc-env=NUAGES_ONLY").is_empty());
}

#[test]
fn the_columns_of_a_group_are_the_models() {
    let shop = Crate::new(
        "group",
        &[
            ("src/main.rs", "mod models; mod stamps; nuages::app!();"),
            (
                "src/models.rs",
                "use crate::stamps::Stamps; #[derive(Model)] pub struct Tag { pub id: i64, #[field(flatten)] pub s: Stamps, \
                 #[field(flatten)] pub far: other::Far }",
            ),
            (
                "src/stamps.rs",
                "use people::Author; #[derive(nuages::Fields)] pub struct Stamps { pub at: Option<Date>, \
                 #[field(on_delete = SetNull)] pub by: Option<ForeignKey<Author>> }",
            ),
        ],
    );
    let told = shop.told("rustc-env=NUAGES_STATE:my_shop::models::Tag=");
    assert!(told[0].contains("at=date?") && told[0].contains("by=key?"), "{told:?}");
    assert!(told[0].contains("!the build cannot see the fields of the group `far`"), "{told:?}");
}
