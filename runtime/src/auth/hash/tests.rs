//! Known answers from Django 5.2 and argon2-cffi, hostile forms, and the bound on memory.

use crate::auth::hash::foreign::ForeignHash;
use crate::auth::hash::stored::Stored;
use crate::auth::hash::{HashError, MAX_PASSWORD_BYTES, PasswordHasher, is_usable, unusable};
use std::time::Duration;

/// Stored forms that other programs made, with their passwords.
const KNOWN: [(&str, &str); 14] = [
    ("lètmein", "pbkdf2_sha256$12000$seasalt$Ybw8zsFxqja97tY/o6G+Fy1ksY4U/Hw3DRrGED6Up4s="),
    (
        "correct horse battery staple",
        "pbkdf2_sha256$1000$5cO9sYq0mK2nWb1vT8xLzA$0GkHDgTLBZmhO2DhfUpKH85a+6iWRdWau0zVwU8R7pk=",
    ),
    ("", "pbkdf2_sha256$1000$seasalt$XHfRVmyEZRTCcSbqGP00JKv0fRwYHK0ogjPZdSJxCXk="),
    (
        "lètmein",
        "argon2$argon2id$v=19$m=102400,t=2,p=8$c2Vhc2FsdHNlYXNhbHQ$5X8M3A6KY2o98xsl1DnfJpaxc9OdBrgUbl3HjifV1qo",
    ),
    (
        "lètmein",
        "argon2$argon2id$v=19$m=1024,t=3,p=2$c2Vhc2FsdHNlYXNhbHQ$T3UtfGzLonkki4XsiGQ4F38IY0ewDRNJ0YYaQh3fnr8",
    ),
    ("lètmein", "argon2$argon2i$v=19$m=512,t=2,p=2$c2Vhc2FsdHNlYXNhbHQ$QallDq/1zpg73Bt1RKe/jA"),
    ("lètmein", "bcrypt_sha256$$2b$04$uIoWvW.A9n3yV5ogQETzfOGkzlUMkIBCkd7oGX5qrhvLqsOCRXINa"),
    (LONG, "bcrypt_sha256$$2b$04$xqYKk3AIkDhlsf0Cq.68COasuJUNkdO/D8CwKHvDgr0dmsBv/3JHm"),
    ("lètmein", "bcrypt$$2b$04$LU3br/LEinsKEXuskI9c5eJmvo7mgu9.0zRBDF9/vJJXnGE3WteeW"),
    (
        "lètmein",
        "scrypt$16384$seasalt$8$5$ECMIUp+LMxMSK8xB/IVyba+KYGTI7FTnet025q/1f/vBAVnnP3hdYqJuRi+mJn6ji6ze3Fbb7JEFPKGpuEf5vw==",
    ),
    (
        "",
        "scrypt$1024$seasalt2$8$1$LJnpxrHNX9zsIbwLGkpXPYVWcJpuC68kcjQrQjehVtZ8FM9u9xPevxyOpxbnfvptDdB02fcqHlCgcnRI8vWKOw==",
    ),
    ("lètmein", "pbkdf2_sha1$260000$seasalt$XXHk2gQ7tjWIyrS320RXXsGqkUg="),
    ("lètmein", "pbkdf2_sha1$1000$seasalt2$4O6tM3Kd5cOD3UmnpGuCKdAiHa8="),
    ("", "pbkdf2_sha1$1000$seasalt$dbFbGdNSsmpcbEzYDW8WUNxI63I="),
];

/// Longer than the 72 bytes that bcrypt reads.
const LONG: &str =
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

/// Ours, but made by argon2-cffi with today's costs.
const CURRENT: (&str, &str) = (
    "plain phc",
    "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$33BqocfhaHQbGpbZ4jMEgouN+OhkyhjA7Crv14LXYXI",
);

impl Stored {
    /// Whether it is compared in a few milliseconds.
    fn is_cheap(&self) -> bool {
        match self {
            Self::Argon2(hash) => u64::from(hash.params.m_cost()) * u64::from(hash.params.t_cost()) <= 4096,
            Self::Foreign(ForeignHash::Pbkdf2 { iterations, .. }) => *iterations <= 20_000,
            Self::Foreign(ForeignHash::Scrypt { params, .. }) => params.log_n() <= 10 && params.p() <= 9,
            Self::Foreign(ForeignHash::Bcrypt { hash, .. }) => hash[4..].starts_with("04"),
        }
    }
}

fn cheap() -> PasswordHasher {
    PasswordHasher::separate(2).with_costs(64, 1, 1).unwrap()
}

#[tokio::test]
async fn hashes_made_by_django_are_accepted_and_upgraded() {
    let hasher = PasswordHasher::separate(2);
    for (password, stored) in KNOWN {
        let right = hasher.verify(password, stored).await.unwrap();
        assert!(right.matches && right.needs_upgrade, "{stored}");
        let wrong = hasher.verify("something else", stored).await.unwrap();
        assert!(!wrong.matches && !wrong.needs_upgrade, "{stored}");
        assert!(is_usable(stored));
    }
}

#[tokio::test]
async fn a_prefix_of_a_long_password_does_not_open() {
    let stored = KNOWN[7];
    assert!(!cheap().verify(&LONG[..72], stored.1).await.unwrap().matches);
}

#[tokio::test]
async fn todays_form_needs_no_upgrade_until_costs_change() {
    let hasher = PasswordHasher::separate(2);
    let found = hasher.verify(CURRENT.0, CURRENT.1).await.unwrap();
    assert!(found.matches && !found.needs_upgrade);
    let dearer = hasher.with_costs(19_456, 3, 1).unwrap();
    assert!(dearer.verify(CURRENT.0, CURRENT.1).await.unwrap().needs_upgrade);
}

#[tokio::test]
async fn new_hashes_are_argon2id_salted_and_fit_the_column() {
    let hasher = PasswordHasher::separate(2);
    let (one, two) = (hasher.hash("secret").await.unwrap(), hasher.hash("secret").await.unwrap());
    assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
    assert!(one.len() <= 128, "the column holds 128 characters");
    assert_ne!(one, two);
    assert!(hasher.verify("secret", &one).await.unwrap().matches);
    assert!(!hasher.verify("Secret", &one).await.unwrap().matches);
    assert!(!hasher.verify("secret ", &one).await.unwrap().matches);
}

#[tokio::test]
async fn hostile_forms_never_match_and_never_cost() {
    let long = format!("pbkdf2_sha256$1000${}$AAAA", "s".repeat(600));
    let hostile = [
        "$argon2id$v=19$m=4194304,t=2,p=1$c2Vhc2FsdHNlYXNhbHQ$5X8M3A6KY2o98xsl1DnfJpaxc9OdBrgUbl3HjifV1qo",
        "$argon2id$v=19$m=19456,t=4000000000,p=1$c2Vhc2FsdHNlYXNhbHQ$5X8M3A6KY2o98xsl1DnfJpaxc9OdBrgUbl3HjifV1qo",
        "$argon2id$v=19$m=19456,t=2,p=16777215$c2Vhc2FsdHNlYXNhbHQ$5X8M3A6KY2o98xsl1DnfJpaxc9OdBrgUbl3HjifV1qo",
        "$argon2id$v=19$m=99999999999,t=2,p=1$c2Vhc2FsdHNlYXNhbHQ$5X8M3A6KY2o98xsl1DnfJpaxc9OdBrgUbl3HjifV1qo",
        "$argon2id$v=19$m=19456,t=2,p=1$c2Vhc2FsdHNlYXNhbHQ$",
        "$argon2id$v=19$m=19456,t=2,p=1$c2Vh$5X8M3A6KY2o98xsl1DnfJpaxc9OdBrgUbl3HjifV1qo",
        "$argon2d$v=19$m=19456,t=2,p=1$c2Vhc2FsdHNlYXNhbHQ$5X8M3A6KY2o98xsl1DnfJpaxc9OdBrgUbl3HjifV1qo",
        "pbkdf2_sha256$4294967295$seasalt$Ybw8zsFxqja97tY/o6G+Fy1ksY4U/Hw3DRrGED6Up4s=",
        "pbkdf2_sha256$0$seasalt$Ybw8zsFxqja97tY/o6G+Fy1ksY4U/Hw3DRrGED6Up4s=",
        "pbkdf2_sha256$1000$$Ybw8zsFxqja97tY/o6G+Fy1ksY4U/Hw3DRrGED6Up4s=",
        "pbkdf2_sha256$1000$salt$",
        "pbkdf2_sha1$4294967295$seasalt$XXHk2gQ7tjWIyrS320RXXsGqkUg=",
        "pbkdf2_sha1$1000$seasalt$Ybw8zsFxqja97tY/o6G+Fy1ksY4U/Hw3DRrGED6Up4s=",
        "pbkdf2_sha256$1000$seasalt$XXHk2gQ7tjWIyrS320RXXsGqkUg=",
        // 128 GiB for the lanes alone.
        "scrypt$2$seasalt$1$1073741823$ECMIUp+LMxMSK8xB/IVyba+KYGTI7FTnet025q/1f/vBAVnnP3hdYqJuRi+mJn6ji6ze3Fbb7JEFPKGpuEf5vw==",
        "scrypt$2$seasalt$524288$64$ECMIUp+LMxMSK8xB/IVyba+KYGTI7FTnet025q/1f/vBAVnnP3hdYqJuRi+mJn6ji6ze3Fbb7JEFPKGpuEf5vw==",
        "scrypt$1099511627776$seasalt$8$1$AAAA",
        "scrypt$16384$seasalt$8$4000000000$AAAA",
        "scrypt$16384$seasalt$4000000000$1$AAAA",
        "scrypt$16385$seasalt$8$1$AAAA",
        "scrypt$0$seasalt$8$1$AAAA",
        "scrypt$16384$seasalt$8$1$AAAA",
        "bcrypt$$2b$31$LU3br/LEinsKEXuskI9c5eJmvo7mgu9.0zRBDF9/vJJXnGE3WteeW",
        "bcrypt$$2b$04$short",
        "bcrypt_sha256$2b$04$uIoWvW.A9n3yV5ogQETzfOGkzlUMkIBCkd7oGX5qrhvLqsOCRXINa",
        "md5$a$b",
        "plaintext",
        "",
        "!",
        &long,
    ];
    let hasher = cheap();
    for stored in hostile {
        assert!(!is_usable(stored), "{stored}");
        let found = hasher.verify("", stored).await.unwrap();
        assert!(!found.matches && !found.needs_upgrade, "{stored}");
    }
}

/// Every form with a byte changed, left out or doubled, and cut off anywhere: it is read or it is not, and what is read
/// asks for no more than is allowed.
#[test]
fn malformed_forms_never_panic() {
    let (mut read, mut tried) = (0, 0);
    for (password, stored) in KNOWN.into_iter().chain([CURRENT]) {
        let bytes = stored.as_bytes();
        for at in 0..bytes.len() {
            let (before, after) = (&bytes[..at], &bytes[at + 1..]);
            let mut forms = vec![
                before.to_vec(),
                [before, after].concat(),
                [before, &bytes[at..=at], &bytes[at..]].concat(),
            ];
            forms.extend(b"$,=09a+!\0 /".map(|byte| [before, &[byte], after].concat()));
            forms.push([before, "é".as_bytes(), after].concat());
            for form in forms {
                let Ok(form) = String::from_utf8(form) else { continue };
                tried += 1;
                let Some(parsed) = Stored::parse(&form) else { continue };
                assert!(parsed.memory_kib() <= 128 * 1024, "{form}");
                if at % 7 == 0 && form.len() == stored.len() && parsed.is_cheap() {
                    read += 1;
                    let matches = parsed.matches(password.as_bytes());
                    // Two letters of bcrypt's form hold bits that nobody reads.
                    assert!(matches == (form == stored) || form.starts_with("bcrypt"), "{form}");
                }
            }
        }
    }
    assert!(tried > 15_000 && read > 100, "{tried} {read}");
}

/// Counted, not timed: each way to fail costs exactly one hash.
#[tokio::test]
async fn every_outcome_costs_one_hash() {
    let hasher = cheap();
    let stored = hasher.hash("secret").await.unwrap();
    let none = unusable().unwrap();
    for (what, stored) in [("right", &*stored), ("unusable", &none), ("unknown form", "md5$a$b")] {
        let before = hasher.hashes_done();
        let _ = hasher.verify("secret", stored).await.unwrap();
        assert_eq!(hasher.hashes_done() - before, 1, "{what}");
    }
    let before = hasher.hashes_done();
    assert!(!hasher.verify_nothing("secret").await.unwrap().matches);
    assert_eq!(hasher.hashes_done() - before, 1);
}

#[tokio::test]
async fn overlong_passwords_are_refused_before_hashing() {
    let hasher = cheap();
    let stored = hasher.hash(&"x".repeat(MAX_PASSWORD_BYTES)).await.unwrap();
    assert!(hasher.verify(&"x".repeat(MAX_PASSWORD_BYTES), &stored).await.unwrap().matches);
    let before = hasher.hashes_done();
    let long = "x".repeat(MAX_PASSWORD_BYTES + 1);
    assert_eq!(hasher.hash(&long).await, Err(HashError::TooLong));
    assert_eq!(hasher.verify(&long, &stored).await, Err(HashError::TooLong));
    assert_eq!(hasher.verify_nothing(&long).await, Err(HashError::TooLong));
    assert_eq!(hasher.hashes_done(), before);
}

#[test]
fn unusable_passwords_differ() {
    let (one, two) = (unusable().unwrap(), unusable().unwrap());
    assert!(one.starts_with('!') && one.len() > 40 && one != two && !is_usable(&one));
}

/// 200 logins whose clients hang up at once: the tasks run on, and still no more than two at a time.
#[tokio::test(flavor = "multi_thread")]
async fn clients_that_hang_up_cannot_exceed_the_bound() {
    let hasher = PasswordHasher::separate(2).with_costs(1024, 2, 1).unwrap();
    let logins: Vec<_> = (0..200)
        .map(|n| {
            let hasher = hasher.clone();
            let patience = Duration::from_micros(u64::from(n % 20u32) * 200);
            tokio::spawn(async move {
                let _ = tokio::time::timeout(patience, hasher.verify_nothing("secret")).await;
            })
        })
        .collect();
    for login in logins {
        login.await.unwrap();
    }
    // The gate is free again for who comes next.
    let _ = hasher.verify_nothing("secret").await.unwrap();
    assert!((1..=2).contains(&hasher.most_at_once()), "{}", hasher.most_at_once());
}

/// A hash of 100 MiB takes the whole gate, so it never runs beside others.
#[tokio::test(flavor = "multi_thread")]
async fn dear_hashes_take_more_of_the_bound() {
    let hasher = PasswordHasher::separate(2).with_costs(512, 1, 1).unwrap();
    let dear = PasswordHasher::separate(1).with_costs(1024, 1, 1).unwrap().hash("x").await.unwrap();
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let (hasher, dear) = (hasher.clone(), dear.clone());
            tokio::spawn(async move { hasher.verify("x", &dear).await.unwrap().matches })
        })
        .collect();
    for task in tasks {
        assert!(task.await.unwrap());
    }
    assert_eq!(hasher.most_at_once(), 1);
}
