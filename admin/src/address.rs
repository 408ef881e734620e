//! The state of a list is its query string and nothing else.

use std::fmt::Write;

/// A query string as pairs, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Address(Vec<(String, String)>);

impl Address {
    /// Reads a query string.
    pub(crate) fn parse(query: &str) -> Self {
        Self(pairs(query))
    }

    /// The first value of a name; an empty one counts as none.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, value)| known == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }

    /// Every value of a name that is not empty.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(known, value)| known == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// The pairs.
    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// Without some names.
    pub(crate) fn without(&self, names: &[&str]) -> Self {
        self.keep(|name| !names.contains(&name))
    }

    /// With only the names that a test likes.
    pub(crate) fn keep(&self, mut test: impl FnMut(&str) -> bool) -> Self {
        Self(self.0.iter().filter(|(name, value)| !value.is_empty() && test(name)).cloned().collect())
    }

    /// Without one pair.
    pub(crate) fn without_pair(&self, name: &str, value: &str) -> Self {
        Self(self.0.iter().filter(|(known, held)| known != name || held != value).cloned().collect())
    }

    /// With one value for a name, in place of those it had.
    pub(crate) fn with(&self, name: &str, value: impl Into<String>) -> Self {
        let mut changed = self.without(&[name]);
        changed.0.push((name.to_owned(), value.into()));
        changed
    }

    /// The query string with its question mark; just the question mark when empty, so that it is an address.
    pub(crate) fn url(&self) -> String {
        format!("?{}", encode(&self.0))
    }
}

/// The pairs of a query string or a form.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

/// Pairs as a query string.
pub(crate) fn encode(pairs: &[(String, String)]) -> String {
    let mut out = String::new();
    for (name, value) in pairs {
        if !out.is_empty() {
            out.push('&');
        }
        escape_into(&mut out, name);
        out.push('=');
        escape_into(&mut out, value);
    }
    out
}

/// A text as one segment of a path.
pub(crate) fn segment(text: &str) -> String {
    let mut out = String::new();
    escape_into(&mut out, text);
    out
}

fn escape_into(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(byte.into());
        } else {
            // Writing into a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        let byte = escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (bytes[at], byte) {
            (_, Some(byte)) => {
                out.push(byte);
                at += 2;
            }
            (b'+', None) => out.push(b' '),
            (plain, None) => out.push(plain),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{Address, pairs, segment};

    #[test]
    fn what_is_written_is_read_back() {
        let hostile = "a&b=c%#?+ä\"<'\u{0}";
        let address = Address::default().with("q", hostile).with("f.x", "1");
        assert_eq!(Address::parse(address.url().trim_start_matches('?')), address);
        assert_eq!(address.get("q"), Some(hostile));
        assert_eq!(segment("a/b"), "a%2Fb");
    }

    #[test]
    fn broken_escapes_stand_for_themselves() {
        assert_eq!(
            pairs("a=%zz&b=%4&c=%"),
            [("a", "%zz"), ("b", "%4"), ("c", "%")].map(|(a, b)| (a.into(), b.into()))
        );
        assert_eq!(pairs("x=%E4%")[0].1, "\u{fffd}%");
    }

    #[test]
    fn empty_values_do_not_count_and_do_not_stay() {
        let address = Address::parse("q=&f.a=1&f.a=2");
        assert_eq!(address.get("q"), None);
        assert_eq!(address.all("f.a").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(address.without_pair("f.a", "1").keep(|_| true).url(), "?f.a=2");
    }
}
