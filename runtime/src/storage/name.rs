//! Names of files: what of a client's name is kept, and which names lead nowhere else.

use crate::error::{Error, ErrorKind, Result};
use crate::value::DateTime;

/// The letters of a name that is like another.
const LETTERS: &[u8; 32] = b"abcdefghijkmnopqrstuvwxyz2345678";

/// What of a name from outside is kept: its last part, of that letters, digits, `-`, `_` and `.`. Spaces become `_`.
///
/// ```
/// use nuages::storage::get_valid_name;
///
/// assert_eq!(get_valid_name("C:\\My Files\\Größe 5.png"), "Größe_5.png");
/// assert_eq!(get_valid_name("../../.ssh/id"), "id");
/// assert_eq!(get_valid_name(".."), "file");
/// ```
#[must_use]
pub fn get_valid_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let known = |c: &char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let kept: String = last.chars().map(|c| if c == ' ' { '_' } else { c }).filter(known).collect();
    // A name that starts with a point is hidden, and one that ends with it is another one on Windows.
    let kept = kept.trim_matches('.');
    if kept.is_empty() { "file".to_owned() } else { kept.to_owned() }
}

/// Checks that a name stays inside its storage: parts with slashes between them, none empty, none that starts
/// with a point, no backslash, no colon, no control character.
///
/// # Errors
/// `Validation`, with what to write.
pub fn check_name(name: &str) -> Result<()> {
    let is_part = |part: &str| !part.is_empty() && !part.starts_with('.');
    let is_known = |c: char| !(c.is_control() || matches!(c, '\\' | ':'));
    if name.len() <= 1000 && name.split('/').all(is_part) && name.chars().all(is_known) {
        return Ok(());
    }
    let text = "the name of a stored file is relative, such as `covers/dune.png`, and no part of it starts with a point";
    Err(Error::new(ErrorKind::Validation, text))
}

/// The folder of a pattern such as `covers/%Y/%m` with the name of a client behind it.
pub(crate) fn generated(pattern: &str, name: &str, now: DateTime) -> String {
    let mut out = String::new();
    let mut rest = pattern.chars();
    while let Some(c) = rest.next() {
        match (c, if c == '%' { rest.next() } else { None }) {
            ('%', Some('Y')) => out.push_str(&now.format("%Y").to_string()),
            ('%', Some('m')) => out.push_str(&now.format("%m").to_string()),
            ('%', Some('d')) => out.push_str(&now.format("%d").to_string()),
            ('%', Some('H')) => out.push_str(&now.format("%H").to_string()),
            ('%', other) => out.extend(other),
            (c, _) => out.push(c),
        }
    }
    let folder = out.trim_matches('/');
    let name = get_valid_name(name);
    if folder.is_empty() { name } else { format!("{folder}/{name}") }
}

/// `covers/dune.png` with `_x7` as `covers/dune_x7.png`; the name before the ending gives way to the limit.
pub(super) fn shortened(name: &str, mark: &str, most: usize) -> Result<String> {
    let (folder, file) = name.rsplit_once('/').map_or(("", name), |(folder, file)| (folder, file));
    let (stem, ending) = file.rsplit_once('.').map_or((file, ""), |(stem, ending)| (stem, ending));
    let mark = if mark.is_empty() { String::new() } else { format!("_{mark}") };
    let ending = if ending.is_empty() { String::new() } else { format!(".{ending}") };
    let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let fixed = [&folder, &mark, &ending].iter().map(|part| part.chars().count()).sum::<usize>();
    let room = most.saturating_sub(fixed);
    if room == 0 {
        let text =
            format!("`{name}` has no room in a column of {most} characters; give it a larger `max_length`");
        return Err(Error::new(ErrorKind::Validation, text));
    }
    let stem: String = stem.chars().take(room).collect();
    Ok(format!("{folder}{stem}{mark}{ending}"))
}

/// Seven letters that nobody guesses.
pub(super) fn random() -> Result<String> {
    let mut bytes = [0_u8; 7];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect())
}

/// A name as a part of an address.
pub(crate) fn encoded(name: &str) -> String {
    use std::fmt::Write;
    let mut out = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'/') {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").ok();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out() {
        for bad in [
            "",
            "/etc/passwd",
            "../a",
            "a/../b",
            "a//b",
            "a/",
            ".env",
            "a/.git/b",
            "a\\b",
            "c:/a",
            "a\0",
            "a\nb",
        ] {
            assert!(check_name(bad).is_err(), "{bad:?}");
        }
        for good in ["a", "a/b.png", "covers/2026/Größe_5.png", "a..b"] {
            assert!(check_name(good).is_ok(), "{good:?}");
        }
    }

    #[test]
    fn whatever_a_client_says_becomes_a_name() {
        for hostile in [
            "",
            "..",
            "/",
            "../../etc/passwd",
            "a\0b.png",
            "<script>.html",
            "CON:",
            ".htaccess",
            "\u{202e}gnp.exe",
            "a\r\nb",
        ] {
            let name = get_valid_name(hostile);
            assert!(check_name(&name).is_ok(), "{hostile:?} became {name:?}");
        }
        assert_eq!(get_valid_name(&"x".repeat(5000)).len(), 5000, "the limit is the column's");
    }

    #[test]
    fn names_give_way_to_the_limit() {
        assert_eq!(shortened("a/dune.png", "x7", 100).unwrap(), "a/dune_x7.png");
        assert_eq!(shortened("a/dune.png", "x7", 12).unwrap(), "a/dun_x7.png");
        assert_eq!(shortened("größe", "", 3).unwrap(), "grö");
        assert!(shortened("a/dune.png", "x7", 9).is_err());
    }

    #[test]
    fn dates_stand_in_folders() {
        let now = "2026-03-04T05:06:07Z".parse().unwrap();
        assert_eq!(generated("covers/%Y/%m/%d", "a b.png", now), "covers/2026/03/04/a_b.png");
        assert_eq!(generated("", "x", now), "x");
        assert_eq!(encoded("a/b ü.png"), "a/b%20%C3%BC.png");
    }
}
