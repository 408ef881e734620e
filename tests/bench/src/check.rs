//! CPU of `cargo check` for a crate of many models, above an empty crate.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use clap::Args;

use crate::Result;

/// What to check.
#[derive(Args)]
pub(crate) struct Options {
    /// How many models, of ten fields each.
    #[arg(long, default_values_t = [40, 100])]
    models: Vec<usize>,
    /// How often each crate is checked; the least CPU counts.
    #[arg(long, default_value_t = 3)]
    times: usize,
}

/// Checks an empty crate and crates of many models, with and without the build script that writes migrations.
pub(crate) fn run(options: &Options) -> Result<()> {
    let folder = std::env::temp_dir().join(format!("nuages-check-{}", std::process::id()));
    println!("{:<34}{:>12}{:>14}{:>14}", "cargo check", "CPU", "above empty", "no change");
    for script in [false, true] {
        let words = if script { "with build script" } else { "derive alone" };
        let (empty, unchanged) = Package::write(&folder, "empty", 0, script)?.check(options.times)?;
        println!(
            "{:<34}{:>10.2} s{:>14}{:>11.0} ms",
            format!("empty, {words}"),
            empty.as_secs_f64(),
            "",
            unchanged.as_secs_f64() * 1e3
        );
        for models in &options.models {
            let package = Package::write(&folder, "models", *models, script)?;
            let (cpu, unchanged) = package.check(options.times)?;
            let above = cpu.saturating_sub(empty).as_secs_f64();
            println!(
                "{:<34}{:>10.2} s{above:>12.2} s{:>11.0} ms",
                format!("{models} models, {words}"),
                cpu.as_secs_f64(),
                unchanged.as_secs_f64() * 1e3
            );
        }
    }
    std::fs::remove_dir_all(folder)?;
    Ok(())
}

/// How often what has not changed is checked: the kernel counts in steps of 10 ms.
const UNCHANGED: u32 = 10;

/// A crate written for this run.
struct Package {
    folder: PathBuf,
    target: PathBuf,
}

impl Package {
    fn write(root: &Path, name: &str, models: usize, script: bool) -> Result<Self> {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
        let folder = root.join(format!("{name}_{models}_{script}"));
        std::fs::create_dir_all(folder.join("src"))?;
        std::fs::write(folder.join("Cargo.toml"), manifest(&workspace, name, script))?;
        std::fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        std::fs::write(folder.join("src/lib.rs"), source(models))?;
        if script {
            std::fs::write(folder.join("build.rs"), "fn main() {\n    nuages_build::run();\n}\n")?;
        }
        Ok(Self { folder, target: root.join("target") })
    }

    /// The least CPU of some checks, after one that builds what the crate needs and settles its migrations; and of
    /// a check of what has not changed.
    fn check(&self, times: usize) -> Result<(Duration, Duration)> {
        self.cargo()?;
        self.cargo()?;
        let mut least = Duration::MAX;
        for time in 0..times {
            let source = self.folder.join("src/lib.rs");
            let text = std::fs::read_to_string(&source)?;
            std::fs::write(source, format!("{text}\n#[doc(hidden)]\npub const TRY_{time}: u32 = {time};\n"))?;
            let before = crate::cpu::of_children();
            self.cargo()?;
            least = least.min(crate::cpu::of_children().saturating_sub(before));
        }
        let before = crate::cpu::of_children();
        for _ in 0..UNCHANGED {
            self.cargo()?;
        }
        Ok((least, crate::cpu::of_children().saturating_sub(before) / UNCHANGED))
    }

    fn cargo(&self) -> Result<()> {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let status = Command::new(cargo)
            .args(["check", "--quiet", "--offline"])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", &self.target)
            .env_remove("CI")
            .status()?;
        if status.success() { Ok(()) } else { Err("the generated crate does not compile".into()) }
    }
}

fn manifest(workspace: &Path, name: &str, script: bool) -> String {
    let runtime = workspace.join("runtime");
    let mut text = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         nuages = {{ path = {runtime:?}, default-features = false, features = [\"sqlite\"] }}\n"
    );
    if script {
        let build = workspace.join("migrate/build");
        write!(
            text,
            "\n[build-dependencies]\nnuages-build = {{ path = {build:?}, features = [\"reader\"] }}\n"
        )
        .ok();
    }
    text
}

/// Models of ten fields: two of them relations, the rest of the usual types.
fn source(models: usize) -> String {
    let mut text = "//! Written by the benchmark.\nuse nuages::prelude::*;\nnuages::app!();\n".to_owned();
    for number in 0..models {
        let (first, second) = (number / 2, number / 3);
        write!(
            text,
            "
#[derive(Model, Clone, Debug)]
#[model(ordering(name), display = \"{{name}}\")]
pub struct Model{number} {{
    pub id: i64,
    #[field(max_length = 120, unique)]
    pub name: String,
    #[field(default = \"\")]
    pub text: String,
    pub count: i32,
    #[field(max_digits = 8, decimal_places = 2)]
    pub price: Decimal,
    #[field(default = true)]
    pub active: bool,
    pub published: Option<Date>,
    #[field(auto_now_add)]
    pub created: DateTime,
    #[field(on_delete = Cascade, related_name = first_{number})]
    pub first: ForeignKey<Model{first}>,
    #[field(on_delete = SetNull, related_name = second_{number})]
    pub second: Option<ForeignKey<Model{second}>>,
}}
"
        )
        .ok();
    }
    text
}
