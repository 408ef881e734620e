//! The agreement between a model and its recorded migrations, proved by the compiler.
//!
//! The build script hands each model's recorded state to the compiler as one
//! value of the environment. The derive calls [`agree`] once per field, in
//! const code, at the span of the field's type; a difference is a compile
//! error that stands there.
//!
//! The value is a list of entries, each ended by [`END`]; those of a field follow each other, its column last:
//! `!text` and `field!text` are findings for the model and for a field, `field>app.Model` is what it refers to and
//! `field%app.Model` the model of its join table, `field#length` and `field|words` are what was read off its type, and `field=kind` is what the migrations hold, with
//! `?` behind it where NULL is allowed.

use crate::ColumnKind;

/// Ends each entry of the value. It cannot stand in an identifier or a message.
pub const END: u8 = 0x1f;

/// Stands between the words of an entry.
pub const BETWEEN: u8 = 0x1e;

/// What the recorded migrations say of one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded<'a> {
    /// No build script ran, so nothing is checked.
    Unknown,
    /// The migrations do not have the field.
    Missing,
    /// They have it.
    Known {
        /// The kind's word and whether NULL is allowed; a many-to-many relation has no column.
        column: Option<(&'a str, bool)>,
        /// The length that was read off the type of a text; empty is none.
        length: Option<&'a str>,
        /// The words that were read off the type, with [`BETWEEN`] between them.
        words: Option<&'a str>,
        /// The model that it refers to.
        target: Option<&'a str>,
        /// The model of a relation's join table.
        through: Option<&'a str>,
    },
    /// A finding of the build, in words.
    Finding(&'a str),
}

/// What the compiler knows of the type of a field.
#[derive(Clone, Copy, Debug)]
pub struct Typed<'a> {
    /// What the column holds.
    pub kind: ColumnKind,
    /// Whether it is a foreign key, which is recorded with the word `key`: its column follows the target's key.
    pub foreign: bool,
    /// Whether NULL is allowed.
    pub nullable: bool,
    /// The most characters, where the type itself tells.
    pub max_length: Option<u32>,
    /// The words with their labels, if the type is an enumeration of choices.
    pub choices: &'a [(&'a str, &'a str)],
    /// The app and the name of the model that it refers to; the project's user has no app.
    pub target: Option<(&'a str, &'a str)>,
}

/// Looks up what the recorded state says of `field`.
#[must_use]
pub const fn recorded<'a>(state: Option<&'a str>, field: &str) -> Recorded<'a> {
    let Some(state) = state else { return Recorded::Unknown };
    let (mut length, mut words, mut target, mut through, mut known) = (None, None, None, None, false);
    let mut rest = state;
    while !rest.is_empty() {
        let (entry, after) = entry(rest);
        rest = after;
        let Some((mark, value)) = value_of(entry, field) else { continue };
        known = true;
        match mark {
            b'!' => return Recorded::Finding(value),
            b'#' => length = Some(value),
            b'|' => words = Some(value),
            b'>' => target = Some(value),
            b'%' => through = Some(value),
            _ => return Recorded::Known { column: Some(column(value)), length, words, target, through },
        }
    }
    if known { Recorded::Known { column: None, length, words, target, through } } else { Recorded::Missing }
}

/// The length of a column for words of which the longest has so many characters: in steps, so that a variant more or
/// less seldom changes the column.
#[must_use]
pub const fn room_for(longest: usize) -> u32 {
    let room = longest.next_multiple_of(16);
    if room > u32::MAX as usize { u32::MAX } else { room as u32 }
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
/// # Panics
/// In const code, with the text for the user, when they differ.
#[track_caller]
#[expect(clippy::panic, reason = "const code tells the user by it, at the field's type")]
pub const fn agree(state: Option<&str>, field: &str, typed: Typed<'_>) {
    match recorded(state, field) {
        Recorded::Unknown => {}
        Recorded::Missing => panic!(
            "the recorded migrations do not have this field: the build could not see it; run `makemigrations`, or move the model where `mod` declarations lead to it"
        ),
        Recorded::Finding(text) => panic!("{}", text),
        Recorded::Known { column, length, words, target, .. } => {
            if let Some((word, null)) = column {
                agree_column(word, null, typed);
            }
            if !is_length(length, typed) {
                panic!(
                    "the recorded migrations give this column another length than its type has: the build reads source and misread the type, so say the length with `#[field(max_length = …)]`"
                );
            }
            if !are_words(words, typed.choices) {
                panic!(
                    "the recorded migrations check other words than this type has: the build reads source and misread the type, so spell it with its full path from `crate::` on"
                );
            }
            if let Some(named) = typed.target {
                agree_target(target, named);
            }
        }
    }
}

/// The same for a many-to-many relation, which has no column: only the model that it leads to is proved.
///
/// # Panics
/// In const code, with the text for the user, when they differ.
#[track_caller]
pub const fn agree_relation(state: Option<&str>, field: &str, named: (&str, &str)) {
    if let Recorded::Known { target, .. } = recorded(state, field) {
        agree_target(target, named);
    }
}

/// The same for the model of a relation's join table.
///
/// # Panics
/// In const code, with the text for the user, when they differ.
#[track_caller]
#[expect(clippy::panic, reason = "const code tells the user by it, at the model's path")]
pub const fn agree_through(state: Option<&str>, field: &str, named: (&str, &str)) {
    if let Recorded::Known { through, .. } = recorded(state, field)
        && !is_target(through, named)
    {
        panic!(
            "the recorded migrations have another model for the join table: the build reads source, so spell the model of `through` with its full path"
        );
    }
}

#[track_caller]
#[expect(clippy::panic, reason = "const code tells the user by it, at the field's type")]
const fn agree_target(read: Option<&str>, named: (&str, &str)) {
    if !is_target(read, named) {
        panic!(
            "the recorded migrations refer to another model than this type: the build reads source, so say which it is with `#[field(to = \"app.Model\")]`"
        );
    }
}

#[track_caller]
#[expect(clippy::panic, reason = "const code tells the user by it, at the field's type")]
const fn agree_column(word: &str, null: bool, typed: Typed<'_>) {
    if null != typed.nullable {
        panic!(
            "the recorded migrations disagree about NULL: spell a nullable field `Option<…>`, not through an alias"
        );
    }
    let expected = if typed.foreign { "key" } else { typed.kind.word() };
    if !same_text(word, expected) {
        panic!(
            "the recorded migrations hold another kind of column for this field: the build reads source, so say what the type is stored as with `#[field(column = …)]`"
        );
    }
}

/// Whether a text's type has the length that was read off it.
const fn is_length(read: Option<&str>, typed: Typed<'_>) -> bool {
    let Some(read) = read else { return true };
    let known = match typed.max_length {
        None if !typed.choices.is_empty() => Some(room_for(longest(typed.choices))),
        known => known,
    };
    let mut number = 0;
    let mut at = 0;
    while at < read.len() {
        number = number * 10 + (read.as_bytes()[at] - b'0') as u64;
        at += 1;
    }
    match known {
        Some(known) => !read.is_empty() && number == known as u64,
        None => read.is_empty(),
    }
}

/// The characters of the longest word.
const fn longest(choices: &[(&str, &str)]) -> usize {
    let (mut most, mut at) = (0, 0);
    while at < choices.len() {
        let bytes = choices[at].0.as_bytes();
        let (mut count, mut byte) = (0, 0);
        while byte < bytes.len() {
            // The second and later bytes of a character begin with the bits 10.
            if bytes[byte] & 0xc0 != 0x80 {
                count += 1;
            }
            byte += 1;
        }
        if count > most {
            most = count;
        }
        at += 1;
    }
    most
}

/// Whether a type has the words that were read off it, in their order.
const fn are_words(read: Option<&str>, choices: &[(&str, &str)]) -> bool {
    let Some(mut rest) = read else { return true };
    let mut at = 0;
    while at < choices.len() {
        let word = choices[at].0;
        let last = at + 1 == choices.len();
        if rest.len() < word.len() || (last && rest.len() != word.len()) {
            return false;
        }
        // A place inside a character cannot be the end of the same word.
        if !rest.is_char_boundary(word.len()) || !same_text(rest.split_at(word.len()).0, word) {
            return false;
        }
        rest = rest.split_at(word.len()).1;
        if !last {
            if rest.is_empty() || rest.as_bytes()[0] != BETWEEN {
                return false;
            }
            rest = rest.split_at(1).1;
        }
        at += 1;
    }
    !choices.is_empty()
}

/// Whether a type refers to the model that was read off it; a model that no derive wrote has no name.
const fn is_target(read: Option<&str>, (app, name): (&str, &str)) -> bool {
    let Some(read) = read else { return true };
    if name.is_empty() {
        return true;
    }
    if app.is_empty() {
        return same_text(read, name);
    }
    let dot = app.len();
    if read.len() != dot + 1 + name.len() || !read.is_char_boundary(dot) || read.as_bytes()[dot] != b'.' {
        return false;
    }
    let (before, after) = read.split_at(dot);
    same_text(before, app) && same_text(after.split_at(1).1, name)
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

/// The mark behind the field's name in an entry, and what follows it.
const fn value_of<'a>(entry: &'a str, field: &str) -> Option<(u8, &'a str)> {
    let (e, f) = (entry.as_bytes(), field.as_bytes());
    if e.len() <= f.len() || !matches!(e[f.len()], b'=' | b'!' | b'#' | b'|' | b'>' | b'%') {
        return None;
    }
    let (head, tail) = entry.split_at(f.len());
    if same_text(head, field) { Some((e[f.len()], tail.split_at(1).1)) } else { None }
}

const fn column(value: &str) -> (&str, bool) {
    let bytes = value.as_bytes();
    match bytes.split_last() {
        Some((b'?', head)) => (value.split_at(head.len()).0, true),
        _ => (value, false),
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

    const STATE: Option<&str> = Some(
        "price!say `backfill`\u{1f}id=big_int\u{1f}born=date?\u{1f}state#16\u{1f}state|draft\u{1e}café\u{1f}state=text\u{1f}note#\u{1f}note=text\u{1f}by>people.Author\u{1f}by=key\u{1f}tags>shop.Tag\u{1f}",
    );

    const PLAIN: Typed<'_> = Typed {
        kind: ColumnKind::Text,
        foreign: false,
        nullable: false,
        max_length: None,
        choices: &[],
        target: None,
    };

    const fn known(word: &str, null: bool) -> Recorded<'_> {
        Recorded::Known { column: Some((word, null)), length: None, words: None, target: None, through: None }
    }

    #[test]
    fn an_entry_is_found_by_its_whole_name() {
        assert_eq!(recorded(STATE, "id"), known("big_int", false));
        assert_eq!(recorded(STATE, "born"), known("date", true));
        assert_eq!(recorded(STATE, "price"), Recorded::Finding("say `backfill`"));
        assert_eq!(recorded(STATE, "pri"), Recorded::Missing);
        assert_eq!(recorded(None, "id"), Recorded::Unknown);
        let Recorded::Known { length, words, .. } = recorded(STATE, "state") else { unreachable!() };
        assert_eq!((length, words), (Some("16"), Some("draft\u{1e}café")));
        let Recorded::Known { column: None, target: Some("shop.Tag"), .. } = recorded(STATE, "tags") else {
            unreachable!("a relation without a column")
        };
    }

    #[test]
    fn what_was_read_off_a_type_is_what_it_has() {
        let choices = |choices: &[(&str, &str)]| is_length(Some("16"), Typed { choices, ..PLAIN });
        assert!(choices(&[("draft", ""), ("out_of_print", "")]));
        assert!(choices(&[("sixteen_letters_", "")]) && !choices(&[("seventeen_letters", "")]));
        assert!(choices(&[("éééééééééééééééé", "")]), "characters, not bytes");
        assert!(!is_length(Some("16"), PLAIN) && is_length(Some(""), PLAIN) && is_length(None, PLAIN));
        assert!(is_length(Some("39"), Typed { max_length: Some(39), ..PLAIN }));
        let read = Some("draft\u{1e}café");
        assert!(are_words(read, &[("draft", "Draft"), ("café", "Café")]));
        for other in
            [&[("draft", "")][..], &[("draft", ""), ("caf", "")], &[("café", ""), ("draft", "")], &[]]
        {
            assert!(!are_words(read, other), "{other:?}");
        }
        assert!(!are_words(read, &[("draft", ""), ("café", ""), ("more", "")]));
        assert!(is_target(Some("people.Author"), ("people", "Author")));
        assert!(is_target(Some("CurrentUser"), ("", "CurrentUser")));
        for other in [("people", "Autho"), ("people_app", "Author"), ("peopl", "e.Author"), ("", "Author")] {
            assert!(!is_target(Some("people.Author"), other), "{other:?}");
        }
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
        const { agree(STATE, "id", Typed { kind: ColumnKind::BigInt, ..PLAIN }) };
        const { agree(STATE, "born", Typed { kind: ColumnKind::Date, nullable: true, ..PLAIN }) };
        const { agree(STATE, "state", Typed { choices: &[("draft", ""), ("café", "")], ..PLAIN }) };
        const { agree(STATE, "by", Typed { foreign: true, target: Some(("people", "Author")), ..PLAIN }) };
        const { agree(None, "any", PLAIN) };
    }
}
