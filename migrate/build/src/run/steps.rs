//! Data steps that migrations name: the source must have them, or a new database stops half-way.

use crate::Operation;
use crate::detect::{Declared, Finding, Place};
use crate::folder::Folder;

/// A finding for each step that no function of the source is.
pub(super) fn missing(folder: &Folder, declared: &Declared) -> Vec<Finding> {
    let mut findings = Vec::new();
    for migration in folder.history.migrations() {
        for name in migration.operations.iter().flat_map(named) {
            if !declared.steps.contains(name) {
                let text = text(&migration.name, name, declared);
                findings.push(Finding { place: Place::App, text });
            }
        }
    }
    findings
}

fn named(operation: &Operation) -> Vec<&str> {
    match operation {
        Operation::RunData { forward, reverse, .. } => {
            std::iter::once(forward.as_str()).chain(reverse.as_deref()).collect()
        }
        _ => Vec::new(),
    }
}

fn text(migration: &str, name: &str, declared: &Declared) -> String {
    let known: Vec<String> = declared.steps.iter().map(|step| format!("`{step}`")).collect();
    let known = match known.is_empty() {
        true => String::new(),
        false => format!("; it has {}", known.join(", ")),
    };
    format!(
        "migrations/{migration}.toml names the data step `{name}`, and the source has no function of this name marked \
         `#[data_step]` where `mod` declarations lead to it{known}: restore it, since a new database runs it too"
    )
}
