//! What is not shown even to developers: a screenshot of the page may travel.

/// Parts of names whose values are secret.
const SECRET_NAMES: &[&str] = &[
    "authorization",
    "cookie",
    "token",
    "secret",
    "password",
    "passwd",
    "api-key",
    "api_key",
    "apikey",
    "session",
    "signature",
    "credential",
    "csrf",
];

const MASK: &str = "••••••";

/// The value, unless its name says that it is secret.
pub(super) fn masked<'a>(name: &str, value: &'a str) -> &'a str {
    let name = name.to_ascii_lowercase();
    if SECRET_NAMES.iter().any(|part| name.contains(part)) { MASK } else { value }
}

/// A query string with its secret values masked.
pub(super) fn masked_query(query: &str) -> String {
    let pairs = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, value)) => format!("{name}={}", masked(name, value)),
        None => pair.to_owned(),
    });
    pairs.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_by_name() {
        for name in ["Authorization", "Cookie", "X-CSRF-Token", "new_password", "X-Api-Key", "sessionid"] {
            assert_eq!(masked(name, "value"), MASK, "{name}");
        }
        assert_eq!(masked("Accept", "text/html"), "text/html");
        assert_eq!(masked_query("q=dune&password=x&flag"), format!("q=dune&password={MASK}&flag"));
    }
}
