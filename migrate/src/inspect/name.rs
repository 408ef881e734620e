//! Names of Rust for names of databases.

use std::collections::BTreeSet;

/// Words that no field or struct can be called.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield",
];

/// Types that models use; a struct of the same name would take their place.
const TAKEN: &[&str] = &[
    "Date",
    "DateTime",
    "Decimal",
    "ForeignKey",
    "Json",
    "ManyToMany",
    "Model",
    "OneToOne",
    "Option",
    "Result",
    "Self",
    "String",
    "Time",
    "Uuid",
    "Vec",
];

/// Gives every name once.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// The name, with a number where it is taken.
    pub(super) fn free(&mut self, name: String) -> String {
        let mut free = name.clone();
        let mut number = 2;
        while !self.0.insert(free.clone()) {
            free = format!("{name}_{number}");
            number += 1;
        }
        free
    }
}

/// `invoice_line` and `InvoiceLine` are `InvoiceLine`; the app's label in front is left out.
pub(super) fn model(table: &str, app: &str) -> String {
    let rest = table.strip_prefix(app).and_then(|rest| rest.strip_prefix('_'));
    let words = rest.filter(|rest| !rest.is_empty() && !app.is_empty()).unwrap_or(table);
    let mut name = String::new();
    for word in words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        let shouted = word.chars().all(|c| !c.is_lowercase());
        let (first, rest) = word.split_at(1);
        name.push_str(&first.to_uppercase());
        name.push_str(&if shouted { rest.to_lowercase() } else { rest.to_owned() });
    }
    if name.chars().next().is_none_or(|c| c.is_ascii_digit()) {
        name.insert_str(0, "Table");
    }
    if TAKEN.contains(&name.as_str()) {
        name.push_str("Row");
    }
    name
}

/// `InvoiceId` is `invoice_id`, and `invoice` for a foreign key.
pub(super) fn field(column: &str, foreign: bool) -> String {
    let clean: String = column.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let mut name = nuages_schema::snake(&clean).trim_matches('_').to_owned();
    while name.contains("__") {
        name = name.replace("__", "_");
    }
    if foreign && let Some(short) = name.strip_suffix("_id").filter(|short| !short.is_empty()) {
        name = short.to_owned();
    }
    if name.chars().next().is_none_or(|c| c.is_ascii_digit()) {
        name.insert_str(0, "field_");
    }
    if KEYWORDS.contains(&name.as_str()) {
        name.push('_');
    }
    name
}

/// `InvoiceLine` is `invoice_lines`, `Category` is `categories`.
pub(super) fn plural(model: &str) -> String {
    let name = nuages_schema::snake(model);
    match name.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
        _ if name.ends_with('s') || name.ends_with('x') || name.ends_with("ch") => format!("{name}es"),
        _ => format!("{name}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_as_rust() {
        assert_eq!(model("invoice_line", ""), "InvoiceLine");
        assert_eq!(model("InvoiceLine", ""), "InvoiceLine");
        assert_eq!(model("shop_book", "shop"), "Book");
        assert_eq!(model("EMP", ""), "Emp");
        assert_eq!(model("2fa", ""), "Table2fa");
        assert_eq!(model("date", ""), "DateRow");
        assert_eq!(field("InvoiceId", true), "invoice");
        assert_eq!(field("type", false), "type_");
        assert_eq!(field("unit price", false), "unit_price");
        assert_eq!(plural("Category"), "categories");
        let mut names = Names::default();
        assert_eq!([names.free("a".into()), names.free("a".into())], ["a", "a_2"]);
    }
}
