//! Arguments of views that stand in the address.

use super::encode::{encode_path, encode_segment};
use crate::value::Date;
use std::fmt::{self, Write};
use std::ops::Deref;
use uuid::Uuid;

/// A type that can stand in an address: `/books/{id}`.
///
/// Implement it for your own types; what does not parse is answered with 404.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument in the address of a view",
    label = "not a `PathArg`",
    note = "integers, String, Uuid, Date, Slug and PathRest can; implement `nuages::routing::PathArg` for your own type"
)]
pub trait PathArg: Sized {
    /// Reads the decoded text of the parameter.
    fn parse(text: &str) -> Option<Self>;

    /// Writes the value, encoded, into an address.
    fn push_to(&self, out: &mut String);
}

/// What `url()` takes for an argument of type `T`: a `T` or a `&T`.
#[diagnostic::on_unimplemented(
    message = "`url()` needs a `{T}` here, not `{Self}`",
    label = "expected `{T}` or `&{T}`"
)]
pub trait UrlArg<T> {
    /// Writes the value, encoded, into an address.
    fn push_to(&self, out: &mut String);
}

impl<T: PathArg> UrlArg<T> for T {
    fn push_to(&self, out: &mut String) {
        PathArg::push_to(self, out);
    }
}

impl<T: PathArg> UrlArg<T> for &T {
    fn push_to(&self, out: &mut String) {
        PathArg::push_to(*self, out);
    }
}

impl UrlArg<String> for &str {
    fn push_to(&self, out: &mut String) {
        encode_segment(self, out);
    }
}

impl PathArg for String {
    fn parse(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn push_to(&self, out: &mut String) {
        encode_segment(self, out);
    }
}

macro_rules! integers {
    ($($type:ty)*) => {$(
        impl PathArg for $type {
            fn parse(text: &str) -> Option<Self> {
                // `parse` takes a plus sign; one number should have one address.
                if text.starts_with('+') { None } else { text.parse().ok() }
            }

            fn push_to(&self, out: &mut String) {
                push_display(self, out);
            }
        }
    )*};
}

integers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

impl PathArg for Uuid {
    fn parse(text: &str) -> Option<Self> {
        // With hyphens only, as `url()` writes it.
        if text.len() == 36 { text.parse().ok() } else { None }
    }

    fn push_to(&self, out: &mut String) {
        push_display(self, out);
    }
}

impl PathArg for Date {
    fn parse(text: &str) -> Option<Self> {
        if text.len() == 10 { text.parse().ok() } else { None }
    }

    fn push_to(&self, out: &mut String) {
        push_display(self, out);
    }
}

fn push_display(value: &dyn fmt::Display, out: &mut String) {
    // Writing to a String cannot fail.
    let _ = write!(out, "{value}");
}

macro_rules! text_argument {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub String);

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }
    };
}

text_argument! {
    /// ASCII letters, digits, hyphens and underscores.
    Slug
}

text_argument! {
    /// The rest of the address, slashes included: `/files/{*path}`.
    PathRest
}

impl PathArg for Slug {
    fn parse(text: &str) -> Option<Self> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        (!text.is_empty() && text.bytes().all(fits)).then(|| Self(text.to_owned()))
    }

    fn push_to(&self, out: &mut String) {
        encode_segment(&self.0, out);
    }
}

impl UrlArg<Slug> for &str {
    fn push_to(&self, out: &mut String) {
        encode_segment(self, out);
    }
}

impl PathArg for PathRest {
    fn parse(text: &str) -> Option<Self> {
        Some(Self(text.to_owned()))
    }

    fn push_to(&self, out: &mut String) {
        encode_path(&self.0, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address<T: PathArg>(value: &T) -> String {
        let mut out = String::new();
        value.push_to(&mut out);
        out
    }

    #[test]
    fn what_does_not_parse_is_refused() {
        assert_eq!(i64::parse("7"), Some(7));
        assert_eq!(i64::parse("-7"), Some(-7));
        for text in ["", "+7", "7a", "99999999999999999999", " 7", "7.0"] {
            assert_eq!(i64::parse(text), None, "{text}");
        }
        assert_eq!(u8::parse("256"), None);
        assert_eq!(Slug::parse("a_b-9"), Some(Slug("a_b-9".to_owned())));
        assert!(["", "a b", "ä", "a/b"].iter().all(|text| Slug::parse(text).is_none()));
        assert_eq!(Uuid::parse("67e5504410b1426f9247bb680e5fe0c8"), None);
    }

    #[test]
    fn every_value_comes_back_from_its_address() {
        let id = Uuid::from_u128(5);
        assert_eq!(Uuid::parse(&address(&id)), Some(id));
        let day = Date::from_ymd_opt(2026, 11, 20).unwrap();
        assert_eq!(Date::parse(&address(&day)), Some(day));
        assert_eq!(address(&"a/b ü?#%".to_owned()), "a%2Fb%20%C3%BC%3F%23%25");
    }
}
