//! The rules one by one, and that none of them is slow.

use super::{
    AttributeSimilarity, CommonPassword, MinimumLength, NumericPassword, PasswordPolicy, PasswordValidator,
    UserAttributes,
};
use std::time::Instant;

fn ada() -> UserAttributes {
    UserAttributes::new()
        .with("username", "lovelace")
        .with("first name", "Augusta Ada")
        .with("e-mail address", "ada.king@example.org")
}

fn accepts(rule: &impl PasswordValidator, password: &str) -> bool {
    rule.validate(password, &ada()).is_ok()
}

#[test]
fn length_counts_characters_not_bytes() {
    assert!(accepts(&MinimumLength(8), "12345678") && !accepts(&MinimumLength(8), "1234567"));
    assert!(accepts(&MinimumLength(4), "éééé") && !accepts(&MinimumLength(8), "éééé"));
    let message = MinimumLength(1).validate("", &ada()).unwrap_err();
    assert_eq!(message, "This password is too short. It must contain at least 1 character.");
}

#[test]
fn digits_alone_are_refused() {
    assert!(!accepts(&NumericPassword, "31415926535"));
    assert!(!accepts(&NumericPassword, "٣١٤١٥٩٢٦"));
    assert!(accepts(&NumericPassword, "3141592653e") && accepts(&NumericPassword, ""));
}

#[test]
fn likeness_to_the_user_is_refused_with_the_name_of_the_attribute() {
    let rule = AttributeSimilarity::default();
    for (password, label) in [
        ("lovelace", "username"),
        ("LOVELACE1", "username"),
        ("ecalevol", "username"),
        ("augusta12", "first name"),
        ("example1", "e-mail address"),
        ("ada.king@example.org", "e-mail address"),
    ] {
        let message = rule.validate(password, &ada()).unwrap_err();
        assert_eq!(message, format!("The password is too similar to the {label}."), "{password}");
    }
    assert!(accepts(&rule, "difference engine") && accepts(&rule, ""));
    assert!(AttributeSimilarity { max_similarity: 1.1 }.validate("lovelace", &ada()).is_ok());
}

#[test]
fn common_passwords_are_refused_in_their_usual_disguises() {
    for password in [
        "password",
        "PassWord",
        "password1",
        "P@ssw0rd!",
        "qwerty12",
        "Dragon2024",
        "iloveyou",
        "12345678",
        "sunshine!!",
    ] {
        assert!(!accepts(&CommonPassword, password), "{password}");
    }
    for password in
        ["correct horse battery", "dragon of komodo", "vkw3-zq9f-pp2m", "sunshine84716205", "", "!!!!"]
    {
        assert!(accepts(&CommonPassword, password), "{password}");
    }
}

#[test]
fn the_list_is_sorted_lower_case_and_long() {
    let list: Vec<&str> = include_str!("common_passwords.txt").lines().collect();
    assert!(list.len() >= 2_000, "{}", list.len());
    assert!(list.is_sorted() && list.iter().all(|word| *word == word.to_lowercase() && word.len() >= 4));
}

#[test]
fn the_default_policy_collects_every_objection() {
    let policy = PasswordPolicy::default();
    assert_eq!(policy.help_texts().len(), 4);
    assert_eq!(
        policy.validate("1234", &ada()),
        [
            "This password is too short. It must contain at least 8 characters.",
            "This password is too common.",
            "This password is entirely numeric.",
        ]
    );
    assert!(policy.validate("analytical engine", &ada()).is_empty());
    assert!(PasswordPolicy::none().validate("1", &ada()).is_empty());
}

/// A megabyte of password and of attributes is no burden.
#[test]
fn hostile_lengths_are_harmless() {
    let long = "aB.3 ".repeat(200_000);
    let user = UserAttributes::new().with("bio", long.clone()).with("username", long.clone());
    let start = Instant::now();
    let _ = PasswordPolicy::default().validate(&long, &user);
    assert!(start.elapsed().as_millis() < 1_000, "{:?}", start.elapsed());
}
