//! The text of a composite key, as it stands in addresses and forms.

/// The texts of the parts as one text, from which [`split_key`] gets them back: `7,2`. A comma of a part is `~1`
/// there, and its `~` is `~0`.
///
/// ```
/// use nuages::value::{joined_key, split_key};
///
/// let text = joined_key(["a,b".to_owned(), "~".to_owned()]);
/// assert_eq!(text, "a~1b,~0");
/// assert_eq!(split_key(&text), ["a,b", "~"]);
/// ```
#[must_use]
pub fn joined_key(parts: impl IntoIterator<Item = String>) -> String {
    let parts: Vec<String> =
        parts.into_iter().map(|part| part.replace('~', "~0").replace(',', "~1")).collect();
    parts.join(",")
}

/// The texts of the parts of a key. Another text than [`joined_key`] makes is another key, or none.
#[must_use]
pub fn split_key(text: &str) -> Vec<String> {
    text.split(',').map(|part| part.replace("~1", ",").replace("~0", "~")).collect()
}
