//! Reading settings, and refusing unsafe ones.

use crate::settings::source::Values;
use crate::settings::{Settings, build};
use std::time::Duration;

const GOOD_KEY: &str = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST";

fn good() -> Vec<(&'static str, &'static str)> {
    vec![
        ("ENV", "production"),
        ("SECRET_KEY", GOOD_KEY),
        ("HOSTS", "example.org"),
        ("DATABASE_URL", "postgres://db/shop"),
        ("HSTS_SECONDS", "31536000"),
    ]
}

fn with(name: &'static str, value: &'static str) -> Settings {
    let mut pairs = good();
    pairs.retain(|(known, _)| *known != name);
    pairs.push((name, value));
    Settings::from_pairs(pairs).unwrap()
}

#[test]
fn a_safe_production_starts() {
    assert_eq!(Settings::from_pairs(good()).unwrap().unsafe_settings(), Vec::<String>::new());
}

#[test]
fn every_unsafe_setting_is_named_at_once() {
    let found = Settings::from_pairs([("ENV", "production")]).unwrap().unsafe_settings().join("\n");
    for word in ["SECRET_KEY", "NUAGES_HOSTS", "DATABASE_URL", "NUAGES_HSTS_SECONDS"] {
        assert!(found.contains(word), "{word} is missing in:\n{found}");
    }
}

#[test]
fn each_unsafe_setting_alone_is_refused() {
    let cases = [
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd"),
        ("SECRET_KEY_FALLBACKS", "short"),
        ("HOSTS", ""),
        ("HOSTS", "*"),
        ("DATABASE_URL", ""),
        ("HSTS_SECONDS", ""),
    ];
    for (name, value) in cases {
        assert_eq!(with(name, value).unsafe_settings().len(), 1, "{name}={value}");
    }
    let mut plain = good();
    plain.retain(|(name, _)| *name != "HSTS_SECONDS");
    plain.push(("HTTPS", "false"));
    assert_eq!(Settings::from_pairs(plain.clone()).unwrap().unsafe_settings().len(), 1);
    plain.push(("ALLOW_HTTP_COOKIES", "true"));
    assert_eq!(Settings::from_pairs(plain).unwrap().unsafe_settings().len(), 0);
}

#[test]
fn secrets_do_not_show() {
    let mut pairs = good();
    pairs.push(("SECRET_KEY_FALLBACKS", "another-secret-value"));
    let settings = Settings::from_pairs(pairs).unwrap();
    let shown = format!("{settings:?} {settings:#?}");
    assert!(!shown.contains(GOOD_KEY) && !shown.contains("another-secret-value"), "{shown}");
    assert!(!shown.contains("postgres://"), "{shown}");
}

#[test]
fn every_mistake_is_listed_with_its_place() {
    let error = Settings::from_pairs([
        ("ENV", "debug"),
        ("PORT", "70000"),
        ("HTTPS", "maybe"),
        ("HOST", "example.org"),
        ("STATIC_URL", "/"),
    ]);
    let text = error.unwrap_err().to_string();
    for word in ["PORT: ", "HTTPS: ", "did you mean `hosts`?", "STATIC_URL: "] {
        assert!(text.contains(word), "{word} is missing in:\n{text}");
    }
}

#[test]
fn debug_answers_on_loopback_only_and_makes_a_key() {
    let settings = Settings::from_pairs([("ENV", "debug")]).unwrap();
    assert!(settings.bind.ip().is_loopback());
    assert!(settings.allows_host("localhost") && !settings.allows_host("example.org"));
    assert!(settings.secret_key.expose().len() >= 50);
    assert_eq!(settings.database.url, "sqlite:db.sqlite3");
    assert_eq!(settings.session_cookie(), "sessionid");
    assert_eq!(with("HOSTS", "example.org").session_cookie(), "__Host-sessionid");
}

#[test]
fn the_environment_goes_before_the_file_and_our_name_before_the_plain_one() {
    let folder = std::env::temp_dir().join(format!("nuages-settings-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("nuages.toml");
    std::fs::write(&file, "hosts = [\"a.example\", \"b.example\"]\nrequest_timeout = 5\nenv = \"debug\"\n")
        .unwrap();
    let mut values = Values::default();
    values.read_file(&file).unwrap();
    let vars = [
        ("NUAGES_DATABASE_URL", "sqlite:ours.db"),
        ("DATABASE_URL", "sqlite:plain.db"),
        ("NUAGES_REQUEST_TIMEOUT", "7"),
        ("NUAGES_TEST_POSTGRES", "not a setting"),
        ("HOSTS", "not.ours"),
    ];
    values.read_env(vars.into_iter().map(|(name, text)| (name.into(), text.into())));
    let settings = build::settings(&values).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(settings.database.url, "sqlite:ours.db");
    assert_eq!(settings.limits.request_timeout, Duration::from_secs(7));
    assert!(settings.allows_host("b.example") && !settings.allows_host("not.ours"));
}
