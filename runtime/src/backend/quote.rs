//! Names in SQL text. The one place that quotes them.

use nuages_schema::Backend;

use crate::{Error, ErrorKind, Result};

/// The name as a quoted identifier: `"book"`, on MySQL `` `book` ``; a quote inside is doubled.
///
/// # Errors
/// An empty name, one with control characters, or one that the database would cut off
/// (more than 63 bytes, on MySQL more than 64 characters).
///
/// ```
/// use nuages::backend::{Backend, quote_identifier};
///
/// assert_eq!(quote_identifier(Backend::Sqlite, r#"odd"name"#)?, r#""odd""name""#);
/// assert_eq!(quote_identifier(Backend::Mysql, "order")?, "`order`");
/// # Ok::<(), nuages::Error>(())
/// ```
pub fn quote_identifier(backend: Backend, name: &str) -> Result<String> {
    let mut quoted = String::with_capacity(name.len() + 2);
    push_identifier(&mut quoted, backend, name)?;
    Ok(quoted)
}

/// Writes the name as a quoted identifier.
///
/// # Errors
/// As [`quote_identifier`].
pub(crate) fn push_identifier(text: &mut String, backend: Backend, name: &str) -> Result<()> {
    let quote = if backend == Backend::Mysql { '`' } else { '"' };
    text.push(quote);
    // Nearly every name is so; there is nothing in it to look at twice.
    if (1..=63).contains(&name.len()) && is_plain(name) {
        text.push_str(name);
    } else {
        check(backend, name)?;
        for character in name.chars() {
            if character == quote {
                text.push(quote);
            }
            text.push(character);
        }
    }
    text.push(quote);
    Ok(())
}

/// Looks at every byte without stopping at an odd one, of which there are hardly any.
fn is_plain(name: &str) -> bool {
    const PLAIN: [bool; 256] = {
        let mut plain = [false; 256];
        let mut byte = 0_u8;
        while byte < 128 {
            plain[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'_';
            byte += 1;
        }
        plain
    };
    name.bytes().fold(true, |plain, byte| plain & PLAIN[usize::from(byte)])
}

fn check(backend: Backend, name: &str) -> Result<()> {
    let refuse = |why: &str| Err(Error::new(ErrorKind::Other, format!("the name {name:?} {why}")));
    let too_long = match backend {
        Backend::Mysql => name.chars().count() > 64,
        Backend::Sqlite | Backend::Postgres => name.len() > 63,
    };
    match () {
        () if name.is_empty() => refuse("is empty; a table or column needs a name"),
        () if name.chars().any(char::is_control) => refuse("has control characters; write it without them"),
        () if too_long => refuse("is longer than the 63 bytes that a database keeps; write a shorter one"),
        () => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_doubled() {
        assert_eq!(
            quote_identifier(Backend::Postgres, r#"a"; DROP TABLE b; --"#).unwrap(),
            r#""a""; DROP TABLE b; --""#
        );
        assert_eq!(quote_identifier(Backend::Mysql, "a`b\"c").unwrap(), "`a``b\"c`");
        assert_eq!(quote_identifier(Backend::Sqlite, "Größe").unwrap(), "\"Größe\"");
    }

    #[test]
    fn control_characters_and_long_names_are_refused() {
        for control in (0..0x20).chain(0x7f..0xa0).filter_map(char::from_u32) {
            let name = format!("a{control}b");
            for backend in [Backend::Sqlite, Backend::Postgres, Backend::Mysql] {
                assert!(quote_identifier(backend, &name).is_err(), "{name:?}");
            }
        }
        assert!(quote_identifier(Backend::Sqlite, "").is_err());
        assert!(quote_identifier(Backend::Postgres, &"ä".repeat(32)).is_err());
        assert!(quote_identifier(Backend::Mysql, &"ä".repeat(64)).is_ok());
        assert!(quote_identifier(Backend::Mysql, &"a".repeat(65)).is_err());
    }
}
