//! The agreement between a model and its recorded migrations, proved by the compiler.
//!
//! The build script hands each model's recorded state to the compiler as one
//! value of the environment. The derive calls [`agree`] once per field, in
//! const code, at the span of the field's type; a difference is a compile
//! error that stands there.
//!
//! The value is a list of entries, each ended by [`END`]:
//! `field=kind,null` says what the migrations hold (`null` is `?` or nothing),
//! `field!text` is a finding for that field, and `!text` one for the model.

use crate::ColumnKind;

/// Ends each entry of the value. It cannot stand in an identifier or a message.
pub const END: u8 = 0x1f;

/// What the recorded migrations say of one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded<'a> {
    /// No build script ran, so nothing is checked.
    Unknown,
    /// The migrations do not have the field.
    Missing,
    /// The kind's word and whether NULL is allowed.
    Column(&'a str, bool),
    /// A finding of the build, in words.
    Finding(&'a str),
}

/// Looks up what the recorded state says of `field`.
#[must_use]
pub const fn recorded<'a>(state: Option<&'a str>, field: &str) -> Recorded<'a> {
    let Some(state) = state else { return Recorded::Unknown };
    let mut found = Recorded::Missing;
    let mut rest = state;
    while !rest.is_empty() {
        let (entry, after) = entry(rest);
        rest = after;
        if let Some(value) = value_of(entry, field) {
            match value.as_bytes().split_first() {
                Some((b'!', _)) => return Recorded::Finding(value.split_at(1).1),
                Some((b'=', _)) => found = column(value.split_at(1).1),
                _ => {}
            }
        }
    }
    found
}

/// Whether the build script read the crate of this module and came across no such model.
///
/// Other targets of the package have another crate name, which `target` is not: there nothing is proved.
#[must_use]
pub const fn unseen(target: Option<&str>, module: &str, state: Option<&str>) -> bool {
    let (Some(target), None) = (target, state) else { return false };
    let (t, m) = (target.as_bytes(), module.as_bytes());
    if m.len() < t.len() || (m.len() > t.len() && m[t.len()] != b':') {
        return false;
    }
    same_text(module.split_at(t.len()).0, target)
}

/// Stops the build when the recorded migrations say something else than the type.
///
/// A foreign key is recorded with the word `key`, because its column follows the target's key.
///
/// # Panics
/// In const code, with the text for the user, when they differ.
#[track_caller]
#[expect(clippy::panic, reason = "const code tells the user by it, at the field's type")]
pub const fn agree(state: Option<&str>, field: &str, kind: ColumnKind, foreign: bool, nullable: bool) {
    match recorded(state, field) {
        Recorded::Unknown => {}
        Recorded::Missing => panic!(
            "the recorded migrations do not have this field: the build could not see it; run `makemigrations`, or move the model where `mod` declarations lead to it"
        ),
        Recorded::Finding(text) => panic!("{}", text),
        Recorded::Column(word, null) => {
            if null != nullable {
                panic!(
                    "the recorded migrations disagree about NULL: spell a nullable field `Option<…>`, not through an alias"
                );
            }
            let expected = if foreign { "key" } else { kind.word() };
            if !same_text(word, expected) {
                panic!(
                    "the recorded migrations hold another kind of column for this field: the build reads source, so say what the type is stored as with `#[field(column = …)]`"
                );
            }
        }
    }
}

const fn entry(rest: &str) -> (&str, &str) {
    let bytes = rest.as_bytes();
    let mut at = 0;
    while at < bytes.len() && bytes[at] != END {
        at += 1;
    }
    let (entry, tail) = rest.split_at(at);
    if tail.is_empty() { (entry, tail) } else { (entry, tail.split_at(1).1) }
}

/// What follows the field's name in an entry, with its leading `=` or `!`.
const fn value_of<'a>(entry: &'a str, field: &str) -> Option<&'a str> {
    let (e, f) = (entry.as_bytes(), field.as_bytes());
    if e.len() <= f.len() || !(e[f.len()] == b'=' || e[f.len()] == b'!') {
        return None;
    }
    let (head, tail) = entry.split_at(f.len());
    if same_text(head, field) { Some(tail) } else { None }
}

const fn column(value: &str) -> Recorded<'_> {
    let bytes = value.as_bytes();
    match bytes.split_last() {
        Some((b'?', head)) => Recorded::Column(value.split_at(head.len()).0, true),
        _ => Recorded::Column(value, false),
    }
}

/// Whether two texts are the same, in const code.
#[must_use]
pub const fn same_text(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATE: Option<&str> = Some("id=big_int\u{1f}born=date?\u{1f}price!say `backfill`\u{1f}");

    #[test]
    fn an_entry_is_found_by_its_whole_name() {
        assert_eq!(recorded(STATE, "id"), Recorded::Column("big_int", false));
        assert_eq!(recorded(STATE, "born"), Recorded::Column("date", true));
        assert_eq!(recorded(STATE, "price"), Recorded::Finding("say `backfill`"));
        assert_eq!(recorded(STATE, "pri"), Recorded::Missing);
        assert_eq!(recorded(None, "id"), Recorded::Unknown);
    }

    #[test]
    fn a_model_is_unseen_only_in_the_crate_that_was_read() {
        assert!(unseen(Some("shop"), "shop::models", None));
        assert!(unseen(Some("shop"), "shop", None));
        assert!(!unseen(Some("shop"), "shopping::models", None));
        assert!(!unseen(Some("shop"), "shop::models", STATE));
        assert!(!unseen(None, "shop::models", None));
    }

    #[test]
    fn what_agrees_passes_in_const_code() {
        const { agree(STATE, "id", ColumnKind::BigInt, false, false) };
        const { agree(STATE, "born", ColumnKind::Date, false, true) };
        const { agree(None, "any", ColumnKind::Text, false, false) };
    }
}
