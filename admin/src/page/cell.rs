//! One value as a person reads it, in a list, in a form's facts or in a table.

use super::Tone;

/// A value drawn for reading.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// No value.
    Empty,
    /// Text.
    Text(String),
    /// A number, written out for people.
    Number(String),
    /// A date or time, written out, with the exact instant for a hover.
    Date {
        /// What stands in the page.
        text: String,
        /// What a machine reads, and what hovering shows.
        exact: String,
    },
    /// Yes or no.
    Bool(bool),
    /// A word with a coloured dot.
    Badge(Tone, String),
    /// Text that leads somewhere. Use [`Cell::link`], which looks at the address.
    Link {
        /// The words.
        text: String,
        /// The address.
        url: String,
    },
    /// Code, a key or JSON, in fixed-width letters.
    Code(String),
}

impl Cell {
    /// Words that lead to an address; an address that a browser would execute stays plain text.
    pub fn link(text: impl Into<String>, url: impl Into<String>) -> Self {
        let (text, url) = (text.into(), url.into());
        let local = url.starts_with('/') && !url.starts_with("//");
        let known = ["https://", "http://", "mailto:"].iter().any(|scheme| url.starts_with(scheme));
        if local || known { Self::Link { text, url } } else { Self::Text(text) }
    }

    /// The class of a column that holds such values.
    #[must_use]
    pub const fn class(&self) -> &'static str {
        match self {
            Self::Number(_) => "num",
            Self::Date { .. } => "date",
            _ => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Cell;

    #[test]
    fn addresses_that_execute_are_never_links() {
        for hostile in
            ["javascript:alert(1)", "data:text/html,x", "//evil.example", " https://x", "JAVASCRIPT:x"]
        {
            assert_eq!(Cell::link("a", hostile), Cell::Text("a".into()), "{hostile}");
        }
        assert!(matches!(Cell::link("a", "/admin/"), Cell::Link { .. }));
        assert!(matches!(Cell::link("a", "https://example.org"), Cell::Link { .. }));
    }
}
