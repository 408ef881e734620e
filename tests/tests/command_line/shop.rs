//! A project whose binary is called.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use nuages::Db;

/// What a run of the binary said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) good: bool,
    pub(crate) out: String,
    pub(crate) error: String,
}

impl Said {
    pub(crate) fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { good: output.status.success(), out: text(output.stdout), error: text(output.stderr) }
    }
}

/// A project with an empty folder of migrations and a database.
pub(crate) struct Shop {
    pub(crate) folder: PathBuf,
    url: String,
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Shop {
    pub(crate) fn new(db: &Db, name: &str) -> Self {
        let folder = format!("nuages-shop-{}-{name}-{:?}", std::process::id(), db.backend());
        let folder = std::env::temp_dir().join(folder);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self { folder, url: db.database().settings().url.clone() }
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shop"));
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env("NUAGES_ENV", "debug")
            .env("NUAGES_DATABASE_URL", &self.url)
            .env("SHOP_MIGRATIONS", &self.folder);
        command
    }

    /// Calls the binary.
    pub(crate) fn call(&self, arguments: &[&str]) -> Said {
        let output = self.command(arguments).output().unwrap();
        Said::of(output)
    }

    /// What the binary says when all is well.
    pub(crate) fn says(&self, arguments: &[&str]) -> String {
        let said = self.call(arguments);
        assert!(said.good, "{arguments:?}: {said:?}");
        said.out
    }

    /// What the binary says when it refuses.
    pub(crate) fn refuses(&self, arguments: &[&str]) -> String {
        let said = self.call(arguments);
        assert!(!said.good, "{arguments:?} was not refused: {said:?}");
        said.error
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.join(format!("{name}.toml")), text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(format!("{name}.toml"))).unwrap()
    }

    pub(crate) fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.folder).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// The pending migrations that a build writes: a model, then a column of it.
pub(crate) const AUTHOR: &str = r#"
[[operation]]
op = "create_model"

[operation.model]
name = "Author"
table = "shop_author"
fields = [
    { name = "id", kind = "big_int", primary_key = true, auto = true },
    { name = "name", kind = "text", max_length = 100 },
]
"#;
pub(crate) const AGE: &str = r#"
parent = "0001_people"

[[operation]]
op = "add_field"
model = "Author"
field = { name = "age", kind = "integer", null = true }
"#;

pub(crate) async fn has(db: &Db, sql: &str) -> bool {
    db.fetch(sql.to_owned().into()).await.is_ok()
}
