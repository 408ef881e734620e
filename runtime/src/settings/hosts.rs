//! The host names that a project answers to.

use std::fmt;

/// `example.org`, or `.example.org` for it and all names below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostPattern(String);

impl HostPattern {
    /// Reads a pattern; a port is not part of it.
    ///
    /// # Errors
    /// Says what a host looks like.
    pub fn parse(text: &str) -> Result<Self, String> {
        let name = text.trim().to_ascii_lowercase();
        let bare = name.strip_prefix('.').unwrap_or(&name);
        let fits = name == "*" || is_host(bare);
        if fits { Ok(Self(name)) } else { Err(format!("`{text}` is not a host name; write `example.org`")) }
    }

    /// Whether every host fits.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.0 == "*"
    }

    /// Whether this is the one name that the pattern stands for, letter by letter.
    pub(crate) fn is_exactly(&self, host: &[u8]) -> bool {
        !self.0.starts_with(['.', '*']) && self.0.as_bytes() == host
    }

    /// Whether a host name (without port) fits.
    #[must_use]
    pub fn matches(&self, host: &str) -> bool {
        match self.0.strip_prefix('.') {
            None => self.is_any() || self.0.eq_ignore_ascii_case(host),
            Some(parent) => {
                let at = host.len().checked_sub(parent.len());
                let tail = at.and_then(|at| host.get(at..)).unwrap_or_default();
                let edge = at.is_some_and(|at| at == 0 || host.as_bytes()[at - 1] == b'.');
                edge && tail.eq_ignore_ascii_case(parent)
            }
        }
    }
}

impl fmt::Display for HostPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a text can be the name or the address of a host.
pub(crate) fn is_host(text: &str) -> bool {
    let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    match inner {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
            !text.is_empty() && text.len() <= 253 && !text.starts_with('.') && text.bytes().all(fits)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, host: &str) -> bool {
        HostPattern::parse(pattern).unwrap().matches(host)
    }

    #[test]
    fn a_dot_before_the_name_stands_for_all_below() {
        assert!(matches("example.org", "Example.ORG"));
        assert!(!matches("example.org", "www.example.org"));
        assert!(matches(".example.org", "example.org"));
        assert!(matches(".example.org", "a.b.example.org"));
        assert!(!matches(".example.org", "badexample.org"));
        assert!(!matches(".example.org", "org"));
        assert!(!matches(".example.org", "exämple.org"));
        assert!(matches("[::1]", "[::1]"));
        let exactly = |pattern, host: &str| HostPattern::parse(pattern).unwrap().is_exactly(host.as_bytes());
        assert!(exactly("example.org", "example.org") && exactly("[::1]", "[::1]"));
        assert!(!exactly(".example.org", ".example.org") && !exactly("*", "*") && !exactly("a.b", "a.b:80"));
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for text in ["", "a b", "example.org:80", "http://example.org", "a/b", "[zz]", "a\r\n"] {
            assert!(!is_host(text), "{text}");
        }
    }
}
