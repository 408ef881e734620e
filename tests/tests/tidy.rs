//! The house rules that a program can check. Everything that is wrong is listed at once.
//!
//! An exception is a line in one of the tables below, with its reason.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "tidy/paths.rs"]
mod paths;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The most lines of code in one file, tests, comments and blank lines not counted.
const FILE_LINES: usize = 400;
/// The most lines of one function.
const FUNCTION_LINES: usize = 60;

/// Files that may be longer: flat tables, and nothing else.
const LONG_FILES: &[(&str, &str)] = &[("admin/examples/pages.rs", "sample data for every page")];

/// Functions that may be longer, by file and name.
const LONG_FUNCTIONS: &[(&str, &str, &str)] = &[
    ("migrate/build/src/operation/reverse.rs", "reverse", "one line of a table per operation"),
    ("migrate/tests/operations.rs", "cases", "a table of cases"),
    (
        "runtime/tests/backend/sessions.rs",
        "a_dedicated_session_keeps_its_connection_and_its_settings",
        "one story",
    ),
];

/// The modules of the runtime from the ground up. A module may name those of its own layer and below.
const LAYERS: &[&[&str]] = &[
    &["value", "error", "storage"],
    &["field", "model", "path"],
    &["expr"],
    &["sql"],
    &["backend"],
    &["query", "signals"],
    &["form"],
    &[
        "settings",
        "site",
        "signing",
        "page",
        "statics",
        "messages",
        "http",
        "routing",
        "middleware",
        "session",
        "auth",
        "views",
        "admin",
        "site",
    ],
    &["app"],
    &["test", "prelude", "guide", "__private"],
];

/// Where a lower module names plain data of a higher one.
const UPWARDS: &[(&str, &str, &str)] = &[
    ("field", "expr", "a newtype says which lookups its column has"),
    ("field", "backend", "a field reads itself from a `Row`"),
    ("model", "backend", "a model reads itself from a `Row`"),
    ("model", "expr", "the entry of a model carries the conditions on what its relations offer"),
    ("model", "admin", "the entry of a model carries its admin options, which are plain data"),
    ("model", "expr", "the entry of a model says which rows a relation offers, as a `Condition`"),
    ("expr", "query", "a subquery is a `Select`, an ordering an `Order`"),
    ("sql", "backend", "what is written is a `Statement`"),
    ("sql", "query", "what is written down is a `Select`"),
];

/// The modules of the runtime that speak HTTP and so may name axum.
const WEB: &[&str] = &[
    "http",
    "routing",
    "middleware",
    "app",
    "form",
    "views",
    "auth",
    "session",
    "messages",
    "page",
    "site",
    "statics",
    "test",
    "__private",
    "prelude",
];

/// What stands at the root of the runtime, and the module that it is of.
const ROOT: &[(&[&str], &str)] = &[
    (&["Project", "Server"], "app"),
    (&["Database", "DatabaseSettings", "Db"], "backend"),
    (&["Context", "Error", "ErrorKind", "Result", "Violation"], "error"),
    (&["functions"], "expr"),
    (&["Redirect", "RequestContext", "redirect"], "http"),
    (&["Model"], "model"),
    (&["Page"], "page"),
    (&["Settings"], "settings"),
    (&["App", "Command", "CommandContext", "Finding", "Plugin", "Provided", "Site"], "site"),
];

/// What the macros write by its full name beside macros of `core`.
const GENERATED: &[(&str, &str)] = &[
    ("nuages::__private", "what generated code may name"),
    ("nuages", "followed by `__private`, which stands a few lines below"),
    ("nuages_migrate::__private", "a data step is registered with the crate that runs it"),
];

/// Words that stand for unfinished work, for a machine of ours, or for a rule broken.
const FORBIDDEN: &[(&str, &str)] = &[
    ("todo!", "unfinished work"),
    ("unimplemented!", "unfinished work"),
    ("TODO", "an issue says it better"),
    ("FIXME", "an issue says it better"),
    ("XXX", "an issue says it better"),
    ("dbg!(", "left over from a search"),
    ("#[ignore", "a test runs or is deleted"),
    ("#[should_panic", "assert the error instead"),
    ("/home/", "a path of somebody's machine"),
    ("/root/", "a path of somebody's machine"),
];

/// A file that names a forbidden word on purpose.
const MAY_SAY: &[(&str, &str)] = &[];

#[test]
fn the_house_is_tidy() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    for path in source_files(&root) {
        let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        let text = std::fs::read_to_string(&path).unwrap();
        Source { name: &name, text: &text }.check(&mut found);
    }
    manifests(&root, &mut found);
    let mut list = String::new();
    for violation in &found {
        writeln!(list, "  {violation}").unwrap();
    }
    assert!(found.is_empty(), "{} breaches of the house rules:\n{list}", found.len());
}

/// The Rust files of the tree, without what is built or kept as a compile-fail case.
fn source_files(root: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for folder in ["macros", "runtime", "migrate", "admin", "examples", "tests"] {
        collect(&root.join(folder), &mut files);
    }
    files.sort();
    files
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !["target", "node_modules", "ui", "cases", "snapshots"].contains(&name.as_str()) {
                collect(&path, files);
            }
        } else if name.ends_with(".rs") {
            files.push(path);
        }
    }
}

/// One file under the rules.
struct Source<'a> {
    name: &'a str,
    text: &'a str,
}

impl Source<'_> {
    fn check(&self, found: &mut Vec<String>) {
        self.module_doc(found);
        self.file_size(found);
        self.function_sizes(found);
        self.words(found);
        self.directions(found);
        self.borders(found);
        self.generated(found);
        if self.name.ends_with("utils.rs")
            || self.name.ends_with("util.rs")
            || self.name.ends_with("helpers.rs")
        {
            found.push(format!("{}: name the file after what is in it", self.name));
        }
    }

    fn is_test(&self) -> bool {
        self.name.starts_with("tests/") || self.name.contains("/tests/") || self.name.ends_with("/tests.rs")
    }

    fn module_doc(&self, found: &mut Vec<String>) {
        let first = self.text.lines().find(|line| !line.trim().is_empty() && !line.starts_with("#!["));
        if !first.is_some_and(|line| line.starts_with("//!")) {
            found.push(format!("{}:1: say in a module doc what the file is for", self.name));
        }
    }

    /// The lines above the unit tests.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().take_while(|(_, line)| !line.starts_with("#[cfg(test)]"))
    }

    fn file_size(&self, found: &mut Vec<String>) {
        let lines = self.code().filter(|(_, line)| is_code(line)).count();
        let allowed = LONG_FILES.iter().any(|(name, _)| *name == self.name);
        if lines > FILE_LINES && !allowed {
            found.push(format!("{}: {lines} lines of code, {FILE_LINES} is the limit", self.name));
        }
    }

    /// rustfmt puts the end of an item at the column of its start, which is all that must be known here.
    fn function_sizes(&self, found: &mut Vec<String>) {
        let lines: Vec<&str> = self.text.lines().collect();
        for (start, line) in lines.iter().enumerate() {
            let Some(name) = function_name(line) else { continue };
            let end = format!("{}}}", indent(line));
            let head_ends = lines[start..].iter().find(|line| line.ends_with('{') || line.ends_with(';'));
            if head_ends.is_some_and(|line| line.ends_with(';')) {
                continue;
            }
            let Some(length) = lines[start..].iter().position(|line| *line == end) else { continue };
            let allowed =
                LONG_FUNCTIONS.iter().any(|(file, function, _)| *file == self.name && *function == name);
            if length + 1 > FUNCTION_LINES && !allowed {
                let at = start + 1;
                found.push(format!(
                    "{}:{at}: `{name}` has {} lines, {FUNCTION_LINES} is the limit",
                    self.name,
                    length + 1
                ));
            }
        }
    }

    fn words(&self, found: &mut Vec<String>) {
        if self.name == "tests/tests/tidy.rs" || MAY_SAY.iter().any(|(name, _)| *name == self.name) {
            return;
        }
        for (at, line) in self.text.lines().enumerate() {
            for (word, reason) in FORBIDDEN {
                if line.contains(word) {
                    found.push(format!("{}:{}: `{word}`: {reason}", self.name, at + 1));
                }
            }
        }
    }

    /// The paths that the file names, if it is not a test.
    fn paths(&self) -> Vec<Vec<String>> {
        if self.is_test() { Vec::new() } else { paths::paths(self.name, self.text) }
    }

    /// Inside the runtime a module names only its own layer and those below, by whatever way it names them.
    fn directions(&self, found: &mut Vec<String>) {
        let Some(module) = runtime_module(self.name) else { return };
        let Some(own) = layer(module) else {
            found.push(format!("{}: module `{module}` has no place in LAYERS", self.name));
            return;
        };
        for path in self.paths().iter().filter(|path| path[0] == "crate") {
            let other = home_of(&path[1]);
            let upwards = UPWARDS.iter().any(|(from, to, _)| *from == module && *to == other);
            if layer(other).is_some_and(|layer| layer > own) && !upwards {
                found.push(format!(
                    "{}: `{module}` must not know `{other}`, and names `{}`",
                    self.name,
                    path.join("::")
                ));
            }
        }
    }

    /// Only the backend names sqlx, only the web modules name axum, and nobody names what plugs into them.
    fn borders(&self, found: &mut Vec<String>) {
        let module = runtime_module(self.name);
        let inside = |folder: &str| self.name.starts_with(folder);
        // What stands there is of the user's crate; `generated` looks at it.
        let writes = inside("macros/core/src/expand/");
        for path in self.paths() {
            let name = path[0].as_str();
            let refused = match name {
                "sqlx" => module != Some("backend") && !inside("tests/"),
                "axum" => match module {
                    Some(module) => !WEB.contains(&module),
                    None => {
                        !["admin/", "examples/", "tests/", "runtime/"].iter().any(|folder| inside(folder))
                    }
                },
                "nuages_admin" => inside("runtime/") || inside("migrate/") || inside("macros/"),
                "nuages_migrate" => inside("runtime/") || inside("admin/") || (inside("macros/") && !writes),
                "nuages_build" => inside("runtime/src/") || inside("admin/src/"),
                "nuages" => (inside("macros/") && !writes) || inside("migrate/build/src/"),
                _ => false,
            };
            if refused {
                found.push(format!("{}: must not name `{name}`, and names `{}`", self.name, path.join("::")));
            }
        }
    }

    /// What the macros write names the runtime's private module, macros of `core`, and nothing else by its full name.
    fn generated(&self, found: &mut Vec<String>) {
        if !self.name.starts_with("macros/core/src/expand/") {
            return;
        }
        for (at, line) in self.code().filter(|(_, line)| is_code(line)) {
            for path in full_paths(line) {
                let allowed = path.starts_with("core::") || GENERATED.iter().any(|(known, _)| path == *known);
                if !allowed {
                    found.push(format!("{}:{}: generated code must not name `::{path}`", self.name, at + 1));
                }
            }
        }
    }
}

/// Comments, docs and blank lines are free.
fn is_code(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with("//")
}

fn indent(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}

/// The name of the function that starts in this line and has a body that is not on it.
fn function_name(line: &str) -> Option<&str> {
    let mut rest = line.trim_start();
    for word in ["pub(crate) ", "pub(super) ", "pub ", "const ", "async ", "unsafe ", "extern \"C\" "] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    let rest = rest.strip_prefix("fn ")?;
    let ends = line.ends_with('}') || line.ends_with(';');
    (!ends).then(|| rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or(rest))
}

/// The top module of the runtime that a file belongs to; the crate's own root belongs to none.
fn runtime_module(name: &str) -> Option<&str> {
    let rest = name.strip_prefix("runtime/src/")?;
    let module = rest.split('/').next()?.trim_end_matches(".rs");
    (module != "lib").then_some(module)
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// The module of the runtime that a name at its root comes from.
fn home_of(name: &str) -> &str {
    ROOT.iter().find(|(names, _)| names.contains(&name)).map_or(name, |(_, module)| module)
}

/// The paths of a line that begin with `::`.
fn full_paths(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices("::").filter_map(|(at, _)| {
        let before = line[..at].chars().next_back();
        let continues = before.is_some_and(|c| c.is_alphanumeric() || ['_', '>', ':', '$', ')'].contains(&c));
        let rest = &line[at + 2..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(rest.len());
        let path = rest[..end].trim_end_matches(':');
        (!continues && path.starts_with(|c: char| c.is_alphabetic())).then_some(path)
    })
}

/// Every member takes the lints of the workspace; a crate's directions hold in its manifest too.
fn manifests(root: &Path, found: &mut Vec<String>) {
    for (folder, refused) in [
        ("macros", &["sqlx", "axum", "nuages.workspace"][..]),
        ("macros/core", &["sqlx", "axum", "nuages.workspace"]),
        ("runtime", &["nuages-admin", "nuages-migrate"]),
        ("runtime/schema", &["workspace = true\n\n[dependencies]\n"]),
        ("migrate", &["nuages-admin", "syn."]),
        ("migrate/build", &["sqlx", "axum", "nuages-admin"]),
        ("admin", &["nuages-migrate", "sqlx"]),
    ] {
        let text = std::fs::read_to_string(root.join(folder).join("Cargo.toml")).unwrap();
        if !text.contains("[lints]\nworkspace = true") {
            found.push(format!("{folder}/Cargo.toml: take the lints of the workspace"));
        }
        // Tests may use what plugs into what they test.
        let text = text.split("[dev-dependencies]").next().unwrap_or_default();
        for word in refused.iter().filter(|word| text.contains(*word)) {
            found.push(format!("{folder}/Cargo.toml: must not depend on `{}`", word.trim_end_matches('.')));
        }
    }
}

/// A file, its code, and what is said of it.
const BROKEN: &[(&str, &str, &str)] = &[
    ("runtime/src/sql/a.rs", "use crate::app::Project;", "`sql` must not know `app`"),
    ("runtime/src/sql/a.rs", "use crate::{value::Value, http::{Head, Timer}};", "`sql` must not know `http`"),
    ("runtime/src/sql/a.rs", "use crate::{Error, Project};", "`sql` must not know `app`"),
    ("runtime/src/sql/deep/a.rs", "use super::super::super::auth::User;", "`sql` must not know `auth`"),
    (
        "runtime/src/value/a.rs",
        "fn f() { let _ = crate::query::Select::of; }",
        "`value` must not know `query`",
    ),
    ("runtime/src/value/a.rs", "fn f() -> crate::Db { todo() }", "`value` must not know `backend`"),
    ("runtime/src/query/a.rs", "use crate::form::Form;", "`query` must not know `form`"),
    ("runtime/src/backend/a.rs", "m!(crate::query::Select);", "`backend` must not know `query`"),
    ("runtime/src/novel/a.rs", "", "module `novel` has no place in LAYERS"),
    ("runtime/src/query/a.rs", "use sqlx::Row;", "must not name `sqlx`"),
    ("runtime/src/query/a.rs", "use {sqlx::Row as _, chrono::Utc};", "must not name `sqlx`"),
    ("runtime/src/query/a.rs", "extern crate sqlx;", "must not name `sqlx`"),
    ("admin/src/a.rs", "fn f(_: sqlx::AnyPool) {}", "must not name `sqlx`"),
    ("migrate/src/a.rs", "fn f() { sqlx::query!(\"x\"); }", "must not name `sqlx`"),
    ("runtime/src/query/a.rs", "use axum::Router;", "must not name `axum`"),
    ("migrate/src/a.rs", "use axum::Router;", "must not name `axum`"),
    ("runtime/src/http/a.rs", "use nuages_admin::site;", "must not name `nuages_admin`"),
    ("runtime/src/app/a.rs", "use nuages_migrate as _;", "must not name `nuages_migrate`"),
    ("admin/src/a.rs", "use nuages_migrate::migrate;", "must not name `nuages_migrate`"),
    ("migrate/src/a.rs", "use nuages_admin::site;", "must not name `nuages_admin`"),
    ("migrate/build/src/a.rs", "use nuages::Db;", "must not name `nuages`"),
    (
        "macros/core/src/expand/a.rs",
        "fn f() { quote!(::nuages::query::Select); }",
        "must not name `::nuages::query",
    ),
    ("macros/core/src/expand/a.rs", "fn f() { quote!(::std::vec::Vec); }", "must not name `::std::vec::Vec`"),
    (
        "macros/core/src/expand/a.rs",
        "fn f() { quote!(x: ::inventory::Y); }",
        "must not name `::inventory::Y`",
    ),
    ("runtime/src/query/a.rs", "use sqlx as x;", "must not name `sqlx`"),
];

/// A file and code that breaks no rule, although it looks so.
const FINE: &[(&str, &str)] = &[
    ("runtime/src/query/a.rs", "use crate::{Db, Error, sql};\nuse super::Select;"),
    ("runtime/src/backend/a.rs", "use sqlx::Row;"),
    ("runtime/src/http/a.rs", "use axum::Router;"),
    ("runtime/src/sql/a.rs", "/// See `sqlx::query`.\nconst A: &str = \"crate::app::Project\";"),
    ("runtime/src/sql/a.rs", "fn f() { tracing::debug!(target: \"sqlx::query\", \"x\"); }"),
    ("runtime/src/sql/a.rs", "macro_rules! m { () => { $crate::app::Project } }"),
    ("runtime/src/sql/a.rs", "#[cfg(test)]\nmod tests {\n    use crate::app::Project;\n}"),
    (
        "macros/core/src/expand/a.rs",
        "fn f() { quote!(::core::module_path!(), ::nuages::__private, <T as __n::U>::V); }",
    ),
];

/// Each rule about names finds what breaks it: a check that cannot fail holds nothing.
#[test]
fn what_breaks_a_rule_is_found() {
    let check = |name: &str, code: &str| {
        let mut found = Vec::new();
        Source { name, text: &format!("//! A module.\n{code}\n") }.check(&mut found);
        found
    };
    for (name, code, said) in BROKEN {
        let found = check(name, code);
        assert!(found.iter().any(|text| text.contains(said)), "{name}: {code}\n{found:#?}");
    }
    for (name, code) in FINE {
        let found = check(name, code);
        assert!(found.is_empty(), "{name}: {code}\n{found:#?}");
    }
}
