//! One value as a person reads it.

use rust_decimal::Decimal;

use crate::value::{Date, DateTime};

/// A value drawn for reading, in a list, in a form's facts or in a table.
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

/// How good or bad news is: a colour that always comes with a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Neither.
    #[default]
    Plain,
    /// Done, in order.
    Good,
    /// For your information.
    Note,
    /// Look at this.
    Warning,
    /// Failed, refused, destroyed.
    Bad,
}

impl Cell {
    /// Words that lead to an address; an address that a browser would execute stays plain text.
    pub fn link(text: impl Into<String>, url: impl Into<String>) -> Self {
        let (text, url) = (text.into(), url.into());
        let local = url.starts_with('/') && !url.starts_with("//") && !url.contains('\\');
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

impl Tone {
    /// The class of the stylesheet.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Good => "ok",
            Self::Note => "note",
            Self::Warning => "warn",
            Self::Bad => "bad",
        }
    }
}

macro_rules! cell_from {
    ($($type:ty => |$value:ident| $cell:expr;)*) => {$(
        impl From<$type> for Cell {
            fn from($value: $type) -> Self {
                $cell
            }
        }
    )*};
}

cell_from! {
    String => |text| if text.is_empty() { Self::Empty } else { Self::Text(text) };
    &str => |text| Self::from(text.to_owned());
    bool => |yes| Self::Bool(yes);
    i32 => |number| Self::Number(number.to_string());
    i64 => |number| Self::Number(number.to_string());
    u64 => |number| Self::Number(number.to_string());
    usize => |number| Self::Number(number.to_string());
    f64 => |number| Self::Number(number.to_string());
    Decimal => |number| Self::Number(number.to_string());
    Date => |date| Self::Date { text: date.format("%-d %b %Y").to_string(), exact: date.to_string() };
    DateTime => |instant| Self::Date {
        text: instant.format("%-d %b %Y, %H:%M").to_string(),
        exact: instant.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
    };
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::Cell;

    #[test]
    fn addresses_that_execute_are_never_links() {
        for hostile in [
            "javascript:alert(1)",
            "data:text/html,x",
            "//evil.example",
            "/\\evil.example",
            " https://x",
            "JAVASCRIPT:x",
        ] {
            assert_eq!(Cell::link("a", hostile), Cell::Text("a".into()), "{hostile}");
        }
        assert!(matches!(Cell::link("a", "/admin/"), Cell::Link { .. }));
        assert!(matches!(Cell::link("a", "https://example.org"), Cell::Link { .. }));
    }

    #[test]
    fn what_a_function_answers_becomes_a_cell() {
        assert_eq!(Cell::from(Some("x")), Cell::Text("x".into()));
        assert_eq!(Cell::from(None::<i64>), Cell::Empty);
        assert_eq!(Cell::from(""), Cell::Empty);
        assert_eq!(Cell::from(3_i64), Cell::Number("3".into()));
    }
}
