//! The layout of migration files: one line per field, one block per operation.

use std::fmt::Write as _;

use toml::{Table, Value};

/// The whole file. `operation` is the only array of blocks.
pub(super) fn document(table: &Table) -> String {
    let mut out = String::new();
    for (key, value) in table.iter().filter(|(key, _)| *key != "operation") {
        entry(&mut out, key, value);
    }
    for operation in table.get("operation").and_then(Value::as_array).into_iter().flatten() {
        out.push_str("\n[[operation]]\n");
        block(&mut out, operation);
    }
    out
}

/// Plain entries first; a table that holds lists of tables gets a block of its own.
fn block(out: &mut String, operation: &Value) {
    let Some(table) = operation.as_table() else { return };
    let (blocks, entries): (Vec<_>, Vec<_>) = table.iter().partition(|(_, value)| holds_lists(value));
    for (key, value) in entries {
        entry(out, key, value);
    }
    for (key, value) in blocks {
        let _ = write!(out, "\n[operation.{key}]\n");
        for (key, value) in value.as_table().into_iter().flatten() {
            entry(out, key, value);
        }
    }
}

fn entry(out: &mut String, key: &str, value: &Value) {
    match value.as_array() {
        Some(items) if is_list(value) => {
            let _ = writeln!(out, "{key} = [");
            for item in items {
                let _ = writeln!(out, "    {item},");
            }
            out.push_str("]\n");
        }
        _ => {
            let _ = writeln!(out, "{key} = {value}");
        }
    }
}

fn holds_lists(value: &Value) -> bool {
    value.as_table().is_some_and(|table| table.values().any(is_list))
}

fn is_list(value: &Value) -> bool {
    value.as_array().is_some_and(|items| items.iter().any(Value::is_table))
}
