//! What the rules take and refuse, and that their time is linear.
#![allow(clippy::type_complexity, reason = "a table of functions")]

use std::time::{Duration, Instant};

use super::*;

#[test]
fn addresses_of_people() {
    for good in [
        "a@b.co",
        "a.b+c@example.org",
        "\"a b\"@example.org",
        "a@localhost",
        "a@[127.0.0.1]",
        "a@[::1]",
        "ü@x.de",
    ] {
        // Letters beyond ASCII are no atom before the @, as in Django.
        assert_eq!(email(good).is_ok(), good.is_ascii(), "{good}");
    }
    let long = format!("a@{}.org", "b".repeat(320));
    for bad in [
        "",
        "a",
        "@",
        "a@",
        "@b.co",
        "a@b",
        "a b@c.de",
        "a@-b.de",
        "a@b..de",
        ".a@b.de",
        "a@b.de\n",
        "a@b.c\0o",
        "a@1.2",
        "\"a\nb\"@c.de",
        "\"a\"b\"@c.de",
        "<a@b.de>",
        &long,
    ] {
        assert!(email(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn addresses_of_the_web() {
    for good in [
        "https://example.org",
        "http://localhost:8000/x?y#z",
        "HTTPS://a.b.org./",
        "http://user:pw@example.org/",
        "http://127.0.0.1:1",
        "http://[::1]:80/",
        "https://bücher.example/ä",
    ] {
        assert!(url(good).is_ok(), "{good}");
    }
    let long = format!("https://example.org/{}", "a".repeat(2048));
    for bad in [
        "",
        "example.org",
        "ftp://example.org",
        "javascript:alert(1)",
        "javascript://example.org/%0aalert(1)",
        "data:text/html,x",
        "https://",
        "https:///x",
        "https://a",
        "https://a b.org",
        "https://a.org\n",
        "http://a.org:0x",
        "http://a.org:99999",
        "https://a.org\\@b.org",
        "//a.org",
        "https://@a.org",
        "https://a@b@c.org",
        "http://[::1",
        &long,
    ] {
        assert!(url(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn words_and_numbers() {
    assert!(slug("a-b_9").is_ok() && slug("ä").is_err() && slug("").is_err() && slug("a\n").is_err());
    assert!(unicode_slug("ä-1").is_ok() && unicode_slug("a b").is_err());
    assert!(prohibit_null_characters("a\0").is_err() && prohibit_null_characters("a").is_ok());
    assert!(
        integer("-12").is_ok() && integer("1.0").is_err() && integer("-").is_err() && integer("١").is_err()
    );
    assert!(
        ipv4("1.2.3.4").is_ok() && ipv4("01.2.3.4").is_err() && ipv6("::1").is_ok() && ipv6("1").is_err()
    );
    assert!(domain_name("example.org").is_ok() && domain_name("example").is_err());
}

#[test]
fn limits() {
    assert!(MinValue(1.5).check(&1.5).is_ok() && MinValue(1.5).check(&f64::NAN).is_err());
    assert!(MaxValue(3).check(&3).is_ok() && MaxValue(3).check(&4).is_err());
    assert!(MaxLength(2).check("äö").is_ok() && MaxLength(2).check("äöü").is_err());
    assert!(MinLength(1).check("").is_err());
    let price = DecimalDigits { max_digits: 5, decimal_places: 2 };
    let number = |text: &str| text.parse::<Decimal>().unwrap();
    for (text, fits) in
        [("999.99", true), ("1000", false), ("1.234", false), ("-999.9", true), ("0", true), ("0.01", true)]
    {
        assert_eq!(price.check(&number(text)).is_ok(), fits, "{text}");
    }
    let half = StepValue { step: number("0.5"), offset: number("0.25") };
    assert!(half.check(&number("1.75")).is_ok() && half.check(&number("1.5")).is_err());
    assert!(StepValue { step: number("0"), offset: number("0") }.check(&number("1")).is_err());
}

/// The quickest of some runs, so that a busy machine does not count.
fn time(rule: &dyn Fn(&str) -> bool, text: &str) -> Duration {
    let run = || {
        let start = Instant::now();
        for _ in 0..20 {
            std::hint::black_box(rule(std::hint::black_box(text)));
        }
        start.elapsed()
    };
    (0..7).map(|_| run()).min().unwrap()
}

/// What ten times the text may take at the most; the square of it would be a hundred.
const LINEAR: f64 = 12.0;

#[test]
fn ten_times_the_text_takes_ten_times_the_time() {
    let rules: [(&str, &dyn Fn(&str) -> bool, &str); 7] = [
        ("email", &|text| email(text).is_ok(), "a."),
        ("quoted", &|text| email(&format!("\"{text}\"@b.co")).is_ok(), "\\\""),
        ("url", &|text| url(text).is_ok(), "https://a."),
        ("domain", &|text| domain_name(text).is_ok(), "a-"),
        ("slug", &|text| slug(text).is_ok(), "a-"),
        ("length", &|text| MaxLength(10).check(text).is_ok(), "ä"),
        ("integer", &|text| integer(text).is_ok(), "9"),
    ];
    for (name, rule, piece) in rules {
        let (short, long) = (piece.repeat(10_000 / piece.len()), piece.repeat(100_000 / piece.len()));
        // Other programs slow down single runs, so the best of some attempts counts: of more where the machine is busy.
        let mut best = f64::MAX;
        for _ in 0..80 {
            best = best.min(ratio(rule, &short, &long));
            if best <= LINEAR {
                break;
            }
        }
        assert!(best <= LINEAR, "{name}: {best:.1} times as long");
    }
}

fn ratio(rule: &dyn Fn(&str) -> bool, short: &str, long: &str) -> f64 {
    // Below a microsecond per run the clock is what is measured.
    let floor = Duration::from_micros(20);
    let (short, long) = (time(rule, short).max(floor), time(rule, long).max(floor));
    long.as_secs_f64() / short.as_secs_f64()
}
