//! What everybody tries first.

use super::{PasswordValidator, UserAttributes};
use std::collections::HashSet;
use std::sync::LazyLock;

/// Sorted, lower case, one in a line.
static LIST: &str = include_str!("common_passwords.txt");

static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| LIST.lines().collect());

/// The longest entry, and the longest tail that is looked behind, are shorter than this.
const LONGEST: usize = 32;

/// How many digits and marks may follow a common word without making it less common.
const TAIL: usize = 4;

/// Not one of the passwords that everybody tries first, also with another case,
/// a few digits or marks after it, or the usual digits in place of letters.
#[derive(Clone, Copy, Debug, Default)]
pub struct CommonPassword;

impl PasswordValidator for CommonPassword {
    fn validate(&self, password: &str, _user: &UserAttributes) -> Result<(), String> {
        if is_common(password) { Err("This password is too common.".into()) } else { Ok(()) }
    }

    fn help_text(&self) -> String {
        "Your password can’t be a commonly used password.".into()
    }
}

fn is_common(password: &str) -> bool {
    if password.len() > LONGEST {
        return false;
    }
    let lower = password.trim().to_lowercase();
    let stem = stem(&lower);
    [lower.as_str(), stem]
        .into_iter()
        .any(|text| COMMON.contains(text) || COMMON.contains(&*as_letters(text)))
}

/// The text without up to four digits and marks at its end.
fn stem(text: &str) -> &str {
    let tail = text.bytes().rev().take(TAIL).take_while(|b| b.is_ascii_digit() || b.is_ascii_punctuation());
    &text[..text.len() - tail.count()]
}

/// `p@ssw0rd` as `password`.
fn as_letters(text: &str) -> String {
    let letter = |c| match c {
        '@' | '4' => 'a',
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '$' | '5' => 's',
        '7' => 't',
        other => other,
    };
    text.chars().map(letter).collect()
}
