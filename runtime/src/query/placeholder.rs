//! The `?` of SQL written by hand: which of them stand for a value, and how the database spells those.
//!
//! What is quoted or a comment is copied as it is, and what that is differs: PostgreSQL has dollar quotes, nested
//! comments and `E'…'`; MySQL has `#`, a backslash in strings, `"…"` as a string and `/*! … */` as code; SQLite `[…]`.

use nuages_schema::Backend;

use crate::error::{Error, ErrorKind, Result};

/// The statement with the database's placeholders in the place of each `?`, and their number.
///
/// # Errors
/// For `?1`, and for `??` where it is no operator.
pub(super) fn placeholders(sql: &str, backend: Backend) -> Result<(String, usize)> {
    let mut scan = Scan { sql, backend, at: 0, out: String::with_capacity(sql.len() + 8), count: 0 };
    while scan.at < sql.len() {
        match scan.untouched() {
            Some(end) => scan.copy_to(end),
            None => scan.step()?,
        }
    }
    Ok((scan.out, scan.count))
}

struct Scan<'a> {
    sql: &'a str,
    backend: Backend,
    /// Up to here it was read; always where a character begins.
    at: usize,
    out: String,
    count: usize,
}

impl Scan<'_> {
    fn rest(&self) -> &str {
        &self.sql[self.at..]
    }

    fn copy_to(&mut self, end: usize) {
        self.out.push_str(&self.sql[self.at..end]);
        self.at = end;
    }

    /// One character that is neither quoted nor in a comment.
    fn step(&mut self) -> Result<()> {
        if !self.rest().starts_with('?') {
            let next = self.rest().chars().next().map_or(1, char::len_utf8);
            self.copy_to(self.at + next);
            return Ok(());
        }
        let next = self.rest()[1..].chars().next();
        match next {
            Some('?') if self.backend == Backend::Postgres => {
                self.out.push('?');
                self.at += 2;
                return Ok(());
            }
            Some('?') => {
                return Err(refused("`??` stands for PostgreSQL's operator `?`, which is not there"));
            }
            Some('0'..='9') => {
                return Err(refused("a placeholder is `?` without a number; values are given in order"));
            }
            _ => {}
        }
        self.count += 1;
        self.at += 1;
        match self.backend {
            Backend::Postgres => self.out.push_str(&format!("${}", self.count)),
            _ => self.out.push('?'),
        }
        Ok(())
    }

    /// Where the quotes or the comment that begin here end; none if nothing begins here.
    fn untouched(&self) -> Option<usize> {
        let rest = self.rest();
        let mut start = rest.chars();
        let length = match (start.next()?, start.next(), self.backend) {
            (quote @ ('\'' | '"'), _, Backend::Mysql) => quoted(rest, quote, true),
            ('\'', _, Backend::Postgres) => quoted(rest, '\'', self.follows_an_e()),
            (quote @ ('\'' | '"'), ..) => quoted(rest, quote, false),
            ('`', _, Backend::Mysql | Backend::Sqlite) => quoted(rest, '`', false),
            ('[', _, Backend::Sqlite) => up_to(rest, "]"),
            ('-', Some('-'), Backend::Mysql) if !is_mysql_comment(rest) => return None,
            ('-', Some('-'), _) | ('#', _, Backend::Mysql) => up_to(rest, "\n"),
            // What MySQL reads there and others skip.
            ('/', Some('*'), Backend::Mysql) if rest.starts_with("/*!") || rest.starts_with("/*M!") => {
                return None;
            }
            ('/', Some('*'), Backend::Postgres) => nested_comment(rest),
            ('/', Some('*'), _) => 2 + up_to(&rest[2..], "*/"),
            ('$', _, Backend::Postgres) if !self.continues_a_name() => return self.dollar_quoted(),
            _ => return None,
        };
        Some(self.at + length)
    }

    /// PostgreSQL's `E'…'`, in which a backslash keeps a quote from ending the string.
    fn follows_an_e(&self) -> bool {
        let mut before = self.sql[..self.at].chars().rev();
        matches!(before.next(), Some('e' | 'E')) && !before.next().is_some_and(in_a_name)
    }

    fn continues_a_name(&self) -> bool {
        self.sql[..self.at].chars().next_back().is_some_and(in_a_name)
    }

    /// `$$ … $$`, `$tag$ … $tag$`.
    fn dollar_quoted(&self) -> Option<usize> {
        let rest = self.rest();
        let tag = &rest[1..];
        let tag = &tag[..tag.find('$')?];
        let named =
            tag.chars().all(|c| in_a_name(c) && c != '$') && !tag.starts_with(|c: char| c.is_ascii_digit());
        if !named {
            return None;
        }
        let mark = &rest[..tag.len() + 2];
        Some(self.at + mark.len() + up_to(&rest[mark.len()..], mark))
    }
}

fn in_a_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

/// How far something goes that begins and ends with a quote. A doubled quote ends it and begins the next, which comes
/// to the same.
fn quoted(text: &str, quote: char, backslashes: bool) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' if backslashes => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// How far it is to the end of a mark; what has no end goes to the end of the text.
fn up_to(text: &str, mark: &str) -> usize {
    text.find(mark).map_or(text.len(), |at| at + mark.len())
}

/// MySQL takes `--` for a comment only before a space or a control character.
fn is_mysql_comment(text: &str) -> bool {
    text[2..].chars().next().is_none_or(|c| c.is_whitespace() || c.is_control())
}

/// PostgreSQL's comments hold others.
fn nested_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        if rest.starts_with(b"/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest.starts_with(b"*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    text.len()
}

fn refused(text: &'static str) -> Error {
    Error::new(ErrorKind::NotSupported, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A piece of SQL, the number of its placeholders on SQLite, PostgreSQL and MySQL; none where it is refused.
    const PIECES: &[(&str, [Option<usize>; 3])] = &[
        ("a = ? AND b = ?", [Some(2); 3]),
        ("'?'", [Some(0); 3]),
        ("'it''s ?'", [Some(0); 3]),
        ("'' || ?", [Some(1); 3]),
        (r"'\' ?", [Some(1), Some(1), Some(0)]),
        (r"'\' ? '", [Some(1), Some(1), Some(0)]),
        (r"E'\' ? '", [Some(1), Some(0), Some(0)]),
        (r"e'\\' ? ", [Some(1); 3]),
        (r"some'\' ? ", [Some(1), Some(1), Some(0)]),
        (r#""a?" ?"#, [Some(1); 3]),
        (r#""\" ? ""#, [Some(1), Some(1), Some(0)]),
        ("`a?` ?", [Some(1), Some(2), Some(1)]),
        ("[a?] ?", [Some(1), Some(2), Some(2)]),
        ("-- ?\n?", [Some(1); 3]),
        ("5--?\n", [Some(0), Some(0), Some(1)]),
        ("# ?\n?", [Some(2), Some(2), Some(1)]),
        ("/* ? */ ?", [Some(1); 3]),
        ("/*/ ? */ ?", [Some(1); 3]),
        ("/* /* ? */ ? */ ?", [Some(2), Some(1), Some(2)]),
        ("/*! ? */ ?", [Some(1), Some(1), Some(2)]),
        ("/*M!100100 ? */ ?", [Some(1), Some(1), Some(2)]),
        ("/*Many ? */ ?", [Some(1); 3]),
        ("$$ ? ' $$ ?", [Some(1); 3]),
        ("$a$ ? $$ ? $a$ ?", [Some(3), Some(1), Some(3)]),
        ("$é_1$ ? $é_1$ ?", [Some(2), Some(1), Some(2)]),
        ("a$b$ ? $b$", [Some(1); 3]),
        ("$1$ ? $1$", [Some(1); 3]),
        ("x ?? 'key'", [None, Some(0), None]),
        ("x ??| ?", [None, Some(1), None]),
        ("x ??& array['?', ?]", [None, Some(1), None]),
        ("x @?? '$.a'", [None, Some(0), None]),
        ("? || 'x'", [Some(1); 3]),
        ("?|| 'x'", [Some(1); 3]),
        ("?1", [None; 3]),
        ("'é?' || ? || 'ß'", [Some(1); 3]),
        ("'never ends ?", [Some(0); 3]),
        ("/* never ends ?", [Some(0); 3]),
        ("$$ never ends ?", [Some(1), Some(0), Some(1)]),
        ("/*", [Some(0); 3]),
        ("-", [Some(0); 3]),
        ("--", [Some(0); 3]),
        ("$", [Some(0); 3]),
        ("", [Some(0); 3]),
    ];

    const BACKENDS: [Backend; 3] = [Backend::Sqlite, Backend::Postgres, Backend::Mysql];

    #[test]
    fn what_is_quoted_or_said_aside_stands_for_itself() {
        for (sql, counts) in PIECES {
            for (backend, count) in BACKENDS.into_iter().zip(counts) {
                let found = placeholders(sql, backend).ok().map(|(_, count)| count);
                assert_eq!(found, *count, "{sql} on {backend:?}");
            }
        }
    }

    #[test]
    fn only_placeholders_are_respelled() {
        let (text, _) = placeholders("'?' -- ?\n= ? /* ? */ ??| $q$ ? $q$ ?", Backend::Postgres).unwrap();
        assert_eq!(text, "'?' -- ?\n= $1 /* ? */ ?| $q$ ? $q$ $2");
        for (sql, _) in PIECES {
            for backend in [Backend::Sqlite, Backend::Mysql] {
                if let Ok((text, _)) = placeholders(sql, backend) {
                    assert_eq!(text, *sql, "there a placeholder is spelled so");
                }
            }
        }
    }

    /// Pieces that are whole by themselves add up, in whatever order, with a line between them.
    #[test]
    fn pieces_add_up() {
        let mut dice = 7_u64;
        let mut roll = |sides: usize| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(dice >> 33).unwrap() % sides
        };
        for (number, backend) in BACKENDS.into_iter().enumerate() {
            let whole: Vec<_> = PIECES
                .iter()
                .filter_map(|(sql, counts)| Some((*sql, counts[number]?)))
                .filter(|(sql, _)| {
                    let probe = placeholders(&format!("{sql}\n?"), backend);
                    let alone = placeholders(sql, backend);
                    probe.unwrap().1 == alone.unwrap().1 + 1
                })
                .collect();
            assert!(whole.len() > 20, "{}", whole.len());
            for _ in 0..2000 {
                let chosen: Vec<_> = (0..1 + roll(6)).map(|_| whole[roll(whole.len())]).collect();
                let sql = chosen.iter().map(|(sql, _)| *sql).collect::<Vec<_>>().join("\n");
                let expected: usize = chosen.iter().map(|(_, count)| count).sum();
                assert_eq!(placeholders(&sql, backend).unwrap().1, expected, "{sql} on {backend:?}");
            }
        }
    }
}
