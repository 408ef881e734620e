//! Addresses: of e-mail, of the web, of machines. By hand and not by patterns, so that time is linear.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{Invalid, check};

const EMAIL: &str = "Enter a valid e-mail address.";
const URL: &str = "Enter a valid address, beginning with https:// or http://.";

/// The longest e-mail address, as Django counts (RFC 3696).
const LONGEST_EMAIL: usize = 320;
/// The longest address of the web, as Django counts.
const LONGEST_URL: usize = 2048;

/// An e-mail address.
///
/// # Errors
/// If it is none.
pub fn email(text: &str) -> Result<(), Invalid> {
    let parts = text.rsplit_once('@').filter(|_| text.len() <= LONGEST_EMAIL);
    check(parts.is_some_and(|(user, host)| is_user(user) && is_mail_host(host)), EMAIL)
}

fn is_user(user: &str) -> bool {
    let quoted = user.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match quoted {
        Some(inside) => is_quoted(inside),
        None => user.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atom)),
    }
}

fn is_atom(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{}|~-".contains(&byte)
}

/// Text inside quotes: printable, and a quote or a backslash only behind a backslash.
fn is_quoted(inside: &str) -> bool {
    let mut escaped = false;
    for byte in inside.bytes() {
        if !(0x20..0x7f).contains(&byte) {
            return false;
        }
        escaped = match byte {
            _ if escaped => false,
            b'\\' => true,
            b'"' => return false,
            _ => false,
        };
    }
    !escaped
}

fn is_mail_host(host: &str) -> bool {
    if host == "localhost" {
        return true;
    }
    match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(literal) => is_machine(literal),
        None => is_domain(host),
    }
}

fn is_machine(literal: &str) -> bool {
    literal.parse::<Ipv4Addr>().is_ok() || literal.parse::<Ipv6Addr>().is_ok()
}

/// A domain name with at least one dot; letters of any script.
fn is_domain(host: &str) -> bool {
    let Some((_, last)) = host.rsplit_once('.') else { return false };
    let is_top = last.chars().count() >= 2 && !last.chars().all(|c| c.is_ascii_digit());
    host.len() <= 253 && is_top && host.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || c == '-';
    (1..=63).contains(&label.len())
        && label.chars().all(fits)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// A domain name, such as `example.org`.
///
/// # Errors
/// If it is none.
pub fn domain_name(text: &str) -> Result<(), Invalid> {
    check(is_domain(text), "Enter a valid domain name.")
}

/// The address of a machine, such as `192.0.2.1`.
///
/// # Errors
/// If it is none.
pub fn ipv4(text: &str) -> Result<(), Invalid> {
    check(text.parse::<Ipv4Addr>().is_ok(), "Enter a valid IPv4 address.")
}

/// The address of a machine, such as `2001:db8::1`.
///
/// # Errors
/// If it is none.
pub fn ipv6(text: &str) -> Result<(), Invalid> {
    check(text.parse::<Ipv6Addr>().is_ok(), "Enter a valid IPv6 address.")
}

/// An `http` or `https` address. A browser would execute what begins with other schemes.
///
/// # Errors
/// If it is none.
pub fn url(text: &str) -> Result<(), Invalid> {
    check(text.len() <= LONGEST_URL && is_url(text), URL)
}

fn is_url(text: &str) -> bool {
    if text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
        return false;
    }
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return false;
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (user, place) =
        authority.rsplit_once('@').map_or((None, authority), |(user, place)| (Some(user), place));
    user.is_none_or(|user| !user.is_empty() && !user.contains('@')) && is_place(place)
}

/// A host with an optional port.
fn is_place(place: &str) -> bool {
    if let Some(rest) = place.strip_prefix('[') {
        let Some((literal, port)) = rest.split_once(']') else { return false };
        return literal.parse::<Ipv6Addr>().is_ok() && (port.is_empty() || is_port(port.strip_prefix(':')));
    }
    let (host, port) = place.split_once(':').map_or((place, None), |(host, port)| (host, Some(port)));
    let host = host.strip_suffix('.').unwrap_or(host);
    let known = host.eq_ignore_ascii_case("localhost") || host.parse::<Ipv4Addr>().is_ok() || is_domain(host);
    known && (port.is_none() || is_port(port))
}

fn is_port(port: Option<&str>) -> bool {
    let digits =
        |port: &&str| (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit());
    port.filter(digits).is_some_and(|port| port.parse::<u16>().is_ok())
}
