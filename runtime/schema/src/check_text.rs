//! The SQL text of checks: names of columns stand in double quotes, whatever the backend.

/// Calls `name` for each quoted name outside of string literals, and puts its answer in the place.
fn map_quoted(sql: &str, mut name: impl FnMut(&str) -> String) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(at) = rest.find(['\'', '"']) {
        let quote = if rest.as_bytes()[at] == b'"' { '"' } else { '\'' };
        let inside = &rest[at + 1..];
        let Some(end) = inside.find(quote) else { break };
        out.push_str(&rest[..at]);
        if quote == '"' {
            out.push_str(&name(&inside[..end]));
        } else {
            out.push_str(&rest[at..=at + 1 + end]);
        }
        rest = &inside[end + 1..];
    }
    out.push_str(rest);
    out
}

/// The text with each quoted name `from` written `to`.
#[must_use]
pub fn rename_quoted(sql: &str, from: &str, to: &str) -> String {
    map_quoted(sql, |name| format!("\"{}\"", if name == from { to } else { name }))
}

/// The text with each quoted name in another spelling, such as MySQL's backticks.
#[must_use]
pub fn quoted_names(sql: &str, quote: impl Fn(&str) -> String) -> String {
    map_quoted(sql, quote)
}

/// The names in quotes.
#[must_use]
pub fn named_columns(sql: &str) -> Vec<String> {
    let mut names = Vec::new();
    map_quoted(sql, |name| {
        names.push(name.to_owned());
        String::new()
    });
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_renamed_and_literals_are_not() {
        let sql = r#""price" > 0 AND "prices" <> '"price"'"#;
        assert_eq!(rename_quoted(sql, "price", "cost"), r#""cost" > 0 AND "prices" <> '"price"'"#);
        assert_eq!(quoted_names(sql, |n| format!("`{n}`")), r#"`price` > 0 AND `prices` <> '"price"'"#);
    }
}
