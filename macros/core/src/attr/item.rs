//! Names in lists: fields, paths over relations, terms of an ordering, functions.

use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Ident, Path, Token};

/// One entry of a list.
#[derive(Clone, Debug)]
pub enum Item {
    /// `title`, `-title`, `author.name`
    Field(OrderTerm),
    /// `fn(path::to::function)`
    Function(Path),
}

/// A field, and whether the largest comes first: `-published`.
#[derive(Clone, Debug)]
pub struct OrderTerm {
    /// The minus before it.
    pub minus: Option<Token![-]>,
    /// The field.
    pub path: FieldPath,
}

/// A field of this model, or of another one over relations: `author.name`.
#[derive(Clone, Debug)]
pub struct FieldPath {
    /// The names, at least one.
    pub names: Vec<Ident>,
}

impl FieldPath {
    /// The first name, which is a field of the model itself.
    ///
    /// There always is one, since parsing puts it there; `None` is for hand-made values.
    #[must_use]
    pub fn first(&self) -> Option<&Ident> {
        self.names.first()
    }

    /// The name, if it is a field of the model itself.
    #[must_use]
    pub fn own(&self) -> Option<&Ident> {
        match self.names.as_slice() {
            [name] => Some(name),
            _ => None,
        }
    }
}

impl quote::ToTokens for FieldPath {
    fn to_tokens(&self, tokens: &mut proc_macro2::TokenStream) {
        for (at, name) in self.names.iter().enumerate() {
            if at > 0 {
                <Token![.]>::default().to_tokens(tokens);
            }
            name.to_tokens(tokens);
        }
    }
}

impl Parse for FieldPath {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut names = vec![input.call(Ident::parse_any)?];
        while input.peek(Token![.]) {
            input.parse::<Token![.]>()?;
            names.push(input.call(Ident::parse_any)?);
        }
        Ok(Self { names })
    }
}

impl Parse for OrderTerm {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Self { minus: input.parse()?, path: input.parse()? })
    }
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if !input.peek(Token![fn]) {
            return Ok(Self::Field(input.parse()?));
        }
        input.parse::<Token![fn]>()?;
        let path;
        syn::parenthesized!(path in input);
        Ok(Self::Function(path.parse()?))
    }
}

/// `name = "text"`
pub(crate) struct Sentence {
    pub(crate) name: Ident,
    pub(crate) text: syn::LitStr,
}

impl Parse for Sentence {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.call(Ident::parse_any)?;
        input.parse::<Token![=]>()?;
        Ok(Self { name, text: input.parse()? })
    }
}

/// `name = path::to::it`
pub(crate) struct Named {
    pub(crate) name: Ident,
    pub(crate) path: Path,
}

impl Parse for Named {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok(Self { name, path: input.parse()? })
    }
}

/// A list with commas and perhaps one at the end.
pub(crate) fn comma_list<T: Parse>(input: ParseStream<'_>) -> syn::Result<Vec<T>> {
    Ok(Punctuated::<T, Token![,]>::parse_terminated(input)?.into_iter().collect())
}
