//! Names of a small crate, each spelled in another way.

use std::collections::BTreeMap;
use std::fs;

use super::*;
use crate::state::ColumnType;

/// What the fields of the model `Book` are read as: the length of a text, or the model of a relation.
fn read(name: &str, files: &[(&str, &str)]) -> BTreeMap<String, String> {
    let folder = std::env::temp_dir().join(format!("nuages-read-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(folder.join("Cargo.toml"), "[package]\nname = \"shop\"\n").unwrap();
    for (path, text) in files {
        let path = folder.join("src").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let mut reading = read_crate(&folder).unwrap();
    fs::remove_dir_all(&folder).unwrap();
    let models = &reading.apps["shop"].models;
    let book = models.iter().find(|model| model.state.name == "Book").unwrap();
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for field in &book.state.fields {
        let what = match &field.data {
            ColumnType::Plain { kind, max_length: None, .. } => kind.word().to_owned(),
            ColumnType::Plain { max_length: Some(length), .. } => length.to_string(),
            ColumnType::Key { to, .. } => to.to_string(),
        };
        found.insert(field.name.clone(), what);
    }
    for finding in reading.findings.remove("shop").into_iter().flatten() {
        found.insert(format!("{:?}", finding.place), finding.text);
    }
    found
}

const KINDS: &str = r#"
    #[derive(Choices)] pub enum Status { Draft }
    pub mod inner {
        #[derive(Choices)] pub enum Status { MoreThanSixteenOfThem }
        pub use super::Status as Outer;
        #[derive(Field)] pub struct Wrapped(super::Status);
        pub type Alias = Status;
        #[derive(nuages::Model)] #[model(app_label = "people")] pub struct Author { pub id: i64 }
    }
    pub use self::inner::Alias as HandedOn;
    pub(crate) mod prelude { pub use nuages::prelude::*; pub use super::inner::*; }
    mod private { use super::Status; pub use super::inner::Author as Writer; }
    pub use private::*;
"#;

/// The name of each field says what it has to be: `f16…`, `f32…`, or another word in front of the first `_`.
fn check(name: &str, models: &str) {
    let found =
        read(name, &[("lib.rs", "mod kinds; mod models;"), ("kinds.rs", KINDS), ("models.rs", models)]);
    for (field, what) in &found {
        let expected = field.trim_start_matches('f').split('_').next().unwrap();
        assert_eq!(what, expected, "{field} of {found:?}");
    }
}

#[test]
fn a_path_leads_to_the_item_that_rustc_finds() {
    check(
        "paths",
        r#"
        use nuages::prelude::*;
        use crate::kinds::{self, inner, inner::Status as Long, Status, HandedOn};
        use super::kinds as again;
        #[derive(Model)] pub struct Book {
            #[field(primary_key)] pub f16_key: Status,
            pub f16_of_module: kinds::Status,
            pub f16_of_crate: crate::kinds::Status,
            pub f16_of_super: super::kinds::Status,
            pub f16_of_self: self::again::Status,
            pub f16_as: inner::Outer,
            pub f16_inside: inner::Wrapped,
            pub f32_as: Long,
            pub f32_of_module: again::inner::Status,
            pub f32_alias: inner::Alias,
            pub f32_handed_on: HandedOn,
            pub f32_of_prelude: kinds::prelude::Status,
            pub integer: i32,
        }
        "#,
    );
}

#[test]
fn a_star_brings_what_it_may() {
    check(
        "stars",
        r#"
        use crate::kinds::prelude::*;
        mod deeper {
            use super::*;
            use crate::kinds::*;
            #[derive(Model)] pub struct Book {
                #[field(primary_key)] pub f32_alias: Alias,
                pub f16_as: Outer,
                pub date: Date,
            }
        }
        "#,
    );
}

#[test]
fn what_hides_what() {
    check(
        "hides",
        r#"
        use crate::kinds::*;
        use crate::kinds::inner::Status;
        use other::Json as Text;
        use rust_decimal::Decimal as Money;
        pub struct Uuid(i64);
        #[derive(Model)] pub struct Book {
            #[field(primary_key)] pub f32: Status,
            pub json: Text,
            pub decimal: Money,
        }
        "#,
    );
}

#[test]
fn a_relation_leads_to_the_model_of_its_path() {
    let models = r#"
        use crate::kinds::Writer;
        #[derive(Model)] pub struct Author { pub id: i64 }
        #[derive(Model)] pub struct Book {
            pub id: i64,
            #[field(on_delete = Cascade)] pub own: ForeignKey<Author>,
            #[field(on_delete = Cascade)] pub other: ForeignKey<Writer>,
            #[field(on_delete = Cascade)] pub far: Option<ForeignKey<far_away::models::Author>>,
            #[field(on_delete = Cascade, to = "near.Author")] pub said: ForeignKey<far_away::Author>,
        }
    "#;
    let found =
        read("relation", &[("lib.rs", "mod kinds; mod models;"), ("kinds.rs", KINDS), ("models.rs", models)]);
    let to = |field: &str| found[field].as_str();
    assert_eq!(
        [to("own"), to("other"), to("far"), to("said")],
        ["shop.Author", "people.Author", "far_away.Author", "near.Author"]
    );
}

#[test]
fn a_circle_ends() {
    let models = "pub use self::a::*; mod a { pub use super::b::*; pub use super::*; pub type X = Y; pub type Y = X; } \
                  mod b { pub use super::a::*; use anyhow::anyhow; pub use c as d; pub use d as c; }
                  #[derive(Model)] pub struct Book { pub id: i64, pub x: X, pub c: c, pub a: anyhow }";
    let found = read("circle", &[("lib.rs", models)]);
    assert_eq!(found["id"], "big_int");
    let told = found.keys().filter(|key| key.starts_with("Field")).count();
    assert_eq!(told, 3, "{found:?}");
}

#[test]
fn a_type_of_the_crate_hides_ours_of_the_same_name() {
    let models = "use nuages::prelude::*; pub struct Uuid(i64); #[derive(Model)] pub struct Book { pub id: i64, pub x: Uuid }";
    let found = read("ours", &[("lib.rs", models)]);
    assert!(found.values().any(|text| text.contains("say it with `#[field(column = …)]`")), "{found:?}");
}
