//! Tampering, crossing purposes, expiry and rotation.

use crate::signing::{Keyring, SigningError, constant_time_eq, random_token};
use std::time::{Duration, SystemTime};

fn keys() -> Keyring {
    Keyring::new("the first secret")
}

fn days(n: u64) -> Duration {
    Duration::from_secs(n * 86_400)
}

#[test]
fn a_signed_value_comes_back() {
    let signer = keys().signer("mail");
    for value in ["", "plain", "with:colons:inside", "ünïcode ☁"] {
        assert_eq!(signer.unsign(&signer.sign(value)), Ok(value));
    }
}

#[test]
fn the_code_is_hmac_sha256_with_lengths() {
    // Made with Python's hmac module from the same length-prefixed parts.
    assert_eq!(keys().signer("mail").sign("hello"), "hello:mDZS3hwq66aoZyoAuBwvCYOChZ5boK5rqkLssr0XlCQ");
}

#[test]
fn every_changed_byte_is_noticed() {
    let signer = keys().signer("mail");
    let signed = signer.sign("value");
    for position in 0..signed.len() {
        let mut bytes = signed.clone().into_bytes();
        bytes[position] = if bytes[position] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(bytes).unwrap();
        assert!(signer.unsign(&forged).is_err(), "{forged}");
    }
    assert_eq!(signer.unsign("no separator"), Err(SigningError::Malformed));
    assert_eq!(signer.unsign("value:"), Err(SigningError::BadSignature));
    assert_eq!(signer.unsign(&signed[..signed.len() - 1]), Err(SigningError::BadSignature));
}

#[test]
fn purposes_and_kinds_do_not_cross() {
    let keys = keys();
    let signed = keys.signer("a").sign("1:1700000000");
    assert!(keys.signer("b").unsign(&signed).is_err());
    // A plain signature over something that looks like value and time is no timestamped value.
    assert_eq!(keys.timestamp_signer("a").unsign(&signed, None), Err(SigningError::BadSignature));
    let object = keys.dumps("a", &1).unwrap();
    assert_eq!(keys.timestamp_signer("a").unsign(&object, None), Err(SigningError::BadSignature));
}

#[test]
fn parts_are_kept_apart_by_their_lengths() {
    let keys = keys();
    let mac = |purpose, parts: &[&[u8]]| keys.macs(purpose, parts).next().unwrap();
    assert_ne!(mac("p", &[b"ab", b"c"]), mac("p", &[b"a", b"bc"]));
    assert_ne!(mac("p", &[b"ab"]), mac("p", &[b"ab", b""]));
    assert_ne!(mac("pa", &[b"b"]), mac("p", &[b"ab"]));
}

#[test]
fn a_value_expires() {
    let signer = keys().timestamp_signer("reset");
    let start = SystemTime::UNIX_EPOCH + days(20_000);
    let signed = signer.sign_at("7", start);
    let at = |now| signer.unsign_at(&signed, Some(days(3)), now);
    assert_eq!(at(start), Ok("7"));
    assert_eq!(at(start + days(3)), Ok("7"));
    assert_eq!(at(start + days(3) + Duration::from_secs(1)), Err(SigningError::Expired));
    assert_eq!(signer.unsign_at(&signed, None, start + days(900)), Ok("7"));
    // Clocks may differ by a minute, not by a day.
    assert_eq!(at(start - Duration::from_secs(30)), Ok("7"));
    assert_eq!(at(start - days(1)), Err(SigningError::Malformed));
}

#[test]
fn an_older_secret_verifies_and_no_longer_signs() {
    let old = keys();
    let rotated = Keyring::new("the second secret").with_fallback("the first secret");
    let signed = old.signer("mail").sign("value");
    assert_eq!(rotated.signer("mail").unsign(&signed), Ok("value"));
    assert!(old.signer("mail").unsign(&rotated.signer("mail").sign("value")).is_err());
    let gone = Keyring::new("the second secret");
    assert_eq!(gone.signer("mail").unsign(&signed), Err(SigningError::BadSignature));
}

#[test]
fn values_of_any_type() {
    let keys = keys();
    let text = keys.dumps("cart", &vec![("dune", 2), ("emma", 1)]).unwrap();
    assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_:".contains(&byte)), "{text}");
    let cart: Vec<(String, i32)> = keys.loads("cart", &text, Some(days(1))).unwrap();
    assert_eq!(cart, [("dune".into(), 2), ("emma".into(), 1)]);
    assert!(matches!(keys.loads::<i32>("cart", &text, None), Err(SigningError::WrongType(_))));
    assert_eq!(keys.loads::<i32>("other", &text, None), Err(SigningError::BadSignature));
}

#[test]
fn overlong_texts_are_refused() {
    let signer = keys().signer("mail");
    assert_eq!(signer.unsign(&signer.sign(&"x".repeat(70_000))), Err(SigningError::Malformed));
}

#[test]
fn secrets_are_not_printed() {
    assert_eq!(format!("{:?}", keys().with_fallback("older")), "Keyring(1 current, 1 older)");
}

#[test]
fn comparison_and_randomness() {
    assert!(constant_time_eq(b"abc", b"abc"));
    assert!(!constant_time_eq(b"abc", b"abd"));
    assert!(!constant_time_eq(b"abc", b"ab"));
    let (one, two) = (random_token().unwrap(), random_token().unwrap());
    assert_eq!(one.len(), 43);
    assert_ne!(one, two);
}

#[test]
fn long_secrets_follow_the_rule_of_hmac() {
    // Python: hmac with a key of 100 times "k", the same parts as above.
    let keys = Keyring::new("k".repeat(100));
    assert_eq!(keys.signer("mail").sign("hello"), "hello:Oj-xZOTiz03_DNNPG-MVnima5FvjqiptT2utMQfHcpc");
}
