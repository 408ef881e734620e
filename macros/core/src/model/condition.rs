//! SQL conditions in attributes: fields are named by their Rust names, and become quoted columns.

use syn::ext::IdentExt;

use crate::attr::Computed;
use crate::model::{Field, Model};

impl Model {
    /// A condition with its fields as quoted columns: `price > 0` as `"price" > 0`.
    #[must_use]
    pub fn quoted(&self, sql: &str) -> String {
        quote_fields(sql, |name| self.named(name).map(|(_, field)| field.column()))
    }

    /// What is computed, with its fields as quoted columns: `lower(title)` as `lower("title")`.
    #[must_use]
    pub fn computed(&self, computed: &Computed) -> String {
        match computed {
            Computed::Call(function, field) => self.quoted(&format!("{function}({})", field.unraw())),
            Computed::Sql(sql) => self.quoted(&sql.value()),
        }
    }

    /// The columns that a condition speaks of, by their positions.
    #[must_use]
    pub fn columns_in(&self, sql: &str) -> Vec<usize> {
        let mut found = Vec::new();
        quote_fields(sql, |name| {
            let at = self.named(name).map(|(at, _)| at);
            found.extend(at.filter(|at| !found.contains(at)));
            None
        });
        found.sort_unstable();
        found
    }

    /// The field that a word of a condition names: by its own name, or as a quoted column.
    fn named(&self, word: &str) -> Option<(usize, &Field)> {
        let quoted = word.strip_prefix('"').and_then(|word| word.strip_suffix('"'));
        self.columns().enumerate().find(|(_, field)| match quoted {
            Some(column) => field.column() == column,
            None => field.name() == word,
        })
    }
}

/// Puts what `column` answers, in quotes, in the place of words outside of literals. It is asked about names that
/// are quoted already too.
fn quote_fields(sql: &str, mut column: impl FnMut(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '\'' | '"' => rest[1..].find(first).map_or(rest.len(), |at| at + 2),
            c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let (part, after) = rest.split_at(end);
        match column(part) {
            Some(column) => out.push_str(&format!("\"{column}\"")),
            None => out.push_str(part),
        }
        rest = after;
    }
    out
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model() -> Model {
        let item = syn::parse_quote! {
            struct Book { id: i64, #[field(db_column = "price_eur")] price: i32, pages: i32 }
        };
        Model::from_derive_input(&item).map_err(|_| "the model is wrong").unwrap()
    }

    #[test]
    fn fields_become_quoted_columns() {
        let quoted = |sql: &str| model().quoted(sql);
        assert_eq!(quoted("price > 0 AND prices <> 'price'"), "\"price_eur\" > 0 AND prices <> 'price'");
        assert_eq!(quoted("\"price_eur\" > 'ä'"), "\"price_eur\" > 'ä'");
    }

    #[test]
    fn a_condition_tells_its_fields_once() {
        assert_eq!(model().columns_in("pages > 0 AND \"price_eur\" < pages AND 'id' <> ''"), [1, 2]);
    }
}
