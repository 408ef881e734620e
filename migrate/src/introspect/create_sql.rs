//! The text of SQLite's CREATE TABLE: the only place where names and conditions of constraints are kept.

use std::collections::BTreeMap;

/// A constraint with a name.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Constraint {
    /// Name and condition.
    Check(String, String),
    /// Name and column.
    ForeignKey(String, String),
}

/// The constraints with names in the text of a CREATE TABLE.
pub(super) fn constraints(sql: &str) -> Vec<Constraint> {
    let Some(open) = sql.find('(') else { return Vec::new() };
    items(&sql[open + 1..]).into_iter().filter_map(constraint).collect()
}

/// The collations that columns say, by their names.
pub(super) fn collations(sql: &str) -> BTreeMap<String, String> {
    let Some(open) = sql.find('(') else { return BTreeMap::new() };
    let of = |item: &str| {
        let (column, rest) = name(item)?;
        Some((column, name(&format!("{} ", behind(rest, "collate")?))?.0))
    };
    items(&sql[open + 1..]).into_iter().filter_map(of).collect()
}

/// What follows a word outside of quotes and parentheses.
fn behind<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (mut depth, mut quote, mut start) = (0_u32, None, 0);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, c) if c.is_alphanumeric() || c == '_' => continue,
            (None, _) if depth == 0 && text[start..at].eq_ignore_ascii_case(word) => {
                return Some(&text[at..]);
            }
            _ => {}
        }
        start = at + c.len_utf8();
    }
    None
}

/// The terms in the text of a CREATE INDEX, without their directions and the parentheses around them.
pub(super) fn index_terms(sql: &str) -> Vec<String> {
    let mut quoted = false;
    let open = sql.char_indices().find(|(_, c)| {
        quoted ^= matches!(c, '"' | '`');
        !quoted && *c == '('
    });
    let Some((open, _)) = open else { return Vec::new() };
    let plain = |item: &str| {
        let item = item.trim();
        let upper = item.to_ascii_uppercase();
        let end = [" DESC", " ASC"].iter().find(|word| upper.ends_with(*word)).map_or(0, |word| word.len());
        let item = item[..item.len() - end].trim();
        item.strip_prefix('(').and_then(|item| item.strip_suffix(')')).unwrap_or(item).to_owned()
    };
    items(&sql[open + 1..]).into_iter().map(plain).collect()
}

/// The parts between commas of the outermost level, up to the closing parenthesis.
fn items(body: &str) -> Vec<&str> {
    let (mut depth, mut start, mut items) = (0_u32, 0, Vec::new());
    let mut quote = None;
    for (at, c) in body.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') if depth == 0 => {
                items.push(&body[start..at]);
                break;
            }
            (None, ')') => depth -= 1,
            (None, ',') if depth == 0 => {
                items.push(&body[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    items
}

fn constraint(item: &str) -> Option<Constraint> {
    let rest = keyword(item, "CONSTRAINT")?;
    let (name, rest) = name(rest)?;
    if let Some(rest) = keyword(rest, "CHECK") {
        let inner = rest.trim().strip_prefix('(')?.strip_suffix(')')?;
        return Some(Constraint::Check(name, inner.trim().to_owned()));
    }
    let rest = keyword(keyword(rest, "FOREIGN")?, "KEY")?;
    let (column, _) = self::name(rest.trim_start().strip_prefix('(')?)?;
    Some(Constraint::ForeignKey(name, column))
}

fn keyword<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let text = text.trim_start();
    let head = text.get(..word.len())?;
    head.eq_ignore_ascii_case(word).then(|| &text[word.len()..])
}

/// A name, quoted or not, and what follows it.
fn name(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start();
    let quote = text.chars().next()?;
    if !matches!(quote, '"' | '`') {
        let end = text.find(|c: char| !c.is_alphanumeric() && c != '_')?;
        return Some((text[..end].to_owned(), &text[end..]));
    }
    let (mut name, mut chars) = (String::new(), text.char_indices().skip(1).peekable());
    while let Some((at, c)) = chars.next() {
        if c != quote {
            name.push(c);
        } else if chars.peek().is_some_and(|(_, next)| *next == quote) {
            name.push(c);
            chars.next();
        } else {
            return Some((name, &text[at + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_collations_of_columns_are_found() {
        let sql = "CREATE TABLE t (\"a\" text DEFAULT (' COLLATE x') COLLATE \"NOCASE\" NOT NULL, b text collate rtrim, c)";
        let found: Vec<(String, String)> = collations(sql).into_iter().collect();
        assert_eq!(found, [("a".into(), "NOCASE".into()), ("b".into(), "rtrim".into())]);
    }

    #[test]
    fn the_terms_of_an_index_are_found() {
        let sql = "CREATE UNIQUE INDEX \"a(b\" ON \"t\" (\"x\", (lower(\"y\")) DESC, coalesce(z, ','))";
        assert_eq!(index_terms(sql), ["\"x\"", "lower(\"y\")", "coalesce(z, ',')"]);
    }

    #[test]
    fn constraints_are_found_among_columns() {
        let sql = r#"CREATE TABLE "a(b" (
            "id" integer NOT NULL PRIMARY KEY, "x" decimal(8,2) DEFAULT ',)(',
            CONSTRAINT "odd""name" CHECK ("x" > 0 AND "y" <> ')'), constraint plain foreign key ("x") references "t" ("id")
            , "late" text)"#;
        assert_eq!(
            constraints(&sql.replace("\"a(b\"", "\"ab\"")),
            [
                Constraint::Check("odd\"name".into(), "\"x\" > 0 AND \"y\" <> ')'".into()),
                Constraint::ForeignKey("plain".into(), "x".into()),
            ]
        );
    }
}
