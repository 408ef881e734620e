//! The pattern of a view's path: `/books/{id}`, `/files/{*rest}`.

use syn::ext::IdentExt;
use syn::{Ident, LitStr};

use crate::error::Collector;

/// A checked pattern.
#[derive(Clone, Debug, Default)]
pub struct Pattern {
    /// The literal, where there is one.
    pub literal: Option<LitStr>,
    /// Its parts in order.
    pub segments: Vec<Segment>,
}

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Text as it is, slashes among it.
    Text(String),
    /// `{id}`: one segment of the path.
    Arg(String),
    /// `{*rest}`: all the rest of the path.
    Rest(String),
}

impl Segment {
    /// The name of the argument, if it is one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Text(_) => None,
            Self::Arg(name) | Self::Rest(name) => Some(name),
        }
    }
}

impl Pattern {
    /// Splits the literal; what is wrong with it is reported there.
    pub(super) fn read(literal: Option<&LitStr>, errors: &Collector) -> Self {
        let Some(literal) = literal else { return Self::default() };
        match segments(&literal.value()) {
            Ok(segments) => Self { literal: Some(literal.clone()), segments },
            Err(text) => {
                errors.at(literal, text);
                Self { literal: Some(literal.clone()), segments: Vec::new() }
            }
        }
    }

    /// The names of the arguments in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().filter_map(Segment::name)
    }

    /// Whether this argument stands in the path.
    #[must_use]
    pub fn has(&self, ident: &Ident) -> bool {
        let name = ident.unraw().to_string();
        self.names().any(|known| known == name)
    }
}

fn segments(path: &str) -> Result<Vec<Segment>, String> {
    if !path.starts_with('/') {
        return Err(format!("a path starts with `/`: write \"/{path}\""));
    }
    let mut segments = Vec::new();
    let mut rest = path;
    while let Some(open) = rest.find(['{', '}']) {
        let (text, after) = rest.split_at(open);
        push_text(&mut segments, text)?;
        let inner = after.strip_prefix('{').and_then(|after| after.split_once('}'));
        let Some((name, after)) = inner else { return Err(UNPAIRED.to_owned()) };
        segments.push(argument(name, text, after)?);
        rest = after;
    }
    push_text(&mut segments, rest)?;
    check_names(&segments)?;
    Ok(segments)
}

const UNPAIRED: &str = "a brace has no partner; an argument is written `{id}`";

fn push_text(segments: &mut Vec<Segment>, text: &str) -> Result<(), String> {
    if text.contains(['?', '#', ' ']) || text.contains("//") {
        return Err("a path holds segments between single slashes; a query is read by the extractor `Query`"
            .to_owned());
    }
    if !text.is_empty() {
        segments.push(Segment::Text(text.to_owned()));
    }
    Ok(())
}

/// An argument is a whole segment, and one that takes all the rest is the last.
fn argument(name: &str, before: &str, after: &str) -> Result<Segment, String> {
    let (word, rest) = name.strip_prefix('*').map_or((name, false), |word| (word, true));
    if syn::parse_str::<Ident>(word).is_err() {
        return Err(format!("`{{{name}}}` names no argument; write the name of one, such as `{{id}}`"));
    }
    if !before.ends_with('/') || !(after.is_empty() || after.starts_with('/')) {
        return Err(format!("`{{{name}}}` is a whole segment; put a `/` on both sides of it"));
    }
    if rest && !after.is_empty() {
        return Err(format!("`{{{name}}}` takes all the rest of the path, so nothing follows it"));
    }
    Ok(if rest { Segment::Rest(word.to_owned()) } else { Segment::Arg(word.to_owned()) })
}

fn check_names(segments: &[Segment]) -> Result<(), String> {
    let names: Vec<&str> = segments.iter().filter_map(Segment::name).collect();
    for (at, name) in names.iter().enumerate() {
        if names.iter().take(at).any(|first| first == name) {
            return Err(format!("`{{{name}}}` stands in the path twice; give one another name"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_split_at_its_arguments() {
        let text = |text: &str| Segment::Text(text.to_owned());
        let split = segments("/books/{id}/pages/{*rest}");
        let expected =
            [text("/books/"), Segment::Arg("id".into()), text("/pages/"), Segment::Rest("rest".into())];
        assert_eq!(split.as_deref(), Ok(&expected[..]));
        assert!(segments("books").is_err());
        assert!(segments("/a{id}").is_err());
        assert!(segments("/{a}/{a}").is_err());
        assert!(segments("/{a").is_err());
    }
}
