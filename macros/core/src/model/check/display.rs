//! Rules of `display = "{name}"`, and how it is read.

use proc_macro2::Span;
use syn::{Ident, LitStr};

use crate::error::Collector;
use crate::message;
use crate::model::{Field, Model};

/// A piece of the text of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Text as it is.
    Text(String),
    /// The value of a field.
    Field(String),
}

/// The pieces of `"{title} ({year})"`; `{{` and `}}` are braces. `None` if the braces do not pair.
pub(crate) fn pieces(text: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '{' | '}' if letters.peek() == Some(&letter) => plain.extend(letters.next()),
            '{' => {
                let name: String = letters.by_ref().take_while(|c| *c != '}').collect();
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
                pieces.push(Piece::Field(name.trim().to_owned()));
            }
            '}' => return None,
            other => plain.push(other),
        }
    }
    pieces.push(Piece::Text(plain));
    pieces.retain(|piece| *piece != Piece::Text(String::new()));
    Some(pieces)
}

/// The text of a row names its own columns, and shows what a row holds without asking the database.
pub(super) fn check(model: &Model, errors: &Collector) {
    let Some(display) = &model.options.display else { return };
    let Some(pieces) = pieces(&display.value.value()) else {
        errors.at(&display.value, "a brace has no partner; write `{{` or `}}` for a brace itself");
        return;
    };
    for piece in pieces {
        if let Piece::Field(name) = piece {
            check_name(model, &name, &display.value, errors);
        }
    }
}

fn check_name(model: &Model, name: &str, place: &LitStr, errors: &Collector) {
    let Some(field) = model.fields.iter().find(|field| field.name() == name) else {
        let names: Vec<String> = model.fields.iter().map(Field::name).collect();
        let names = names.iter().map(String::as_str);
        let text = match syn::parse_str::<Ident>(name) {
            Ok(_) => message::no_field(name, &model.name(), names),
            Err(_) => format!(
                "`{{{name}}}` names no field; braces hold the name of a field, such as `{{{}}}`",
                first(model)
            ),
        };
        errors.push(syn::Error::new(spanned(place), text));
        return;
    };
    if !field.is_column() {
        errors.push(syn::Error::new(
            spanned(place),
            format!("`{name}` is a many-to-many relation, which a row does not hold"),
        ));
    }
}

fn first(model: &Model) -> String {
    model.fields.get(1).or(model.fields.first()).map(Field::name).unwrap_or_default()
}

fn spanned(place: &LitStr) -> Span {
    place.span()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_split_at_its_braces() {
        let text = |text: &str| Piece::Text(text.to_owned());
        let field = |name: &str| Piece::Field(name.to_owned());
        assert_eq!(pieces("{a} ({b})"), Some(vec![field("a"), text(" ("), field("b"), text(")")]));
        assert_eq!(pieces("{{a}}"), Some(vec![text("{a}")]));
        assert_eq!(pieces("a}"), None);
    }
}
