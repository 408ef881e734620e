//! What an index or a unique constraint is over: fields, and what is computed of them.

use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitStr, Token};

use crate::attr::OrderTerm;

/// One of them, as in `index(fields(lower(title), -published))`.
#[derive(Clone, Debug)]
pub enum Term {
    /// `title`, `-published`
    Field(OrderTerm),
    /// `lower(title)`, `-"price * pages"`
    Computed(Option<Token![-]>, Computed),
}

/// What is computed of columns.
#[derive(Clone, Debug)]
pub enum Computed {
    /// A function of one field, which every database has: `lower(title)`.
    Call(Ident, Ident),
    /// SQL that names fields: `"price * pages"`.
    Sql(LitStr),
}

impl Term {
    /// The field, if it is one by itself.
    #[must_use]
    pub fn field(&self) -> Option<&OrderTerm> {
        match self {
            Self::Field(term) => Some(term),
            Self::Computed(..) => None,
        }
    }

    /// What is computed, if it is no field by itself.
    #[must_use]
    pub fn computed(&self) -> Option<&Computed> {
        match self {
            Self::Field(_) => None,
            Self::Computed(_, computed) => Some(computed),
        }
    }

    /// The minus before it.
    #[must_use]
    pub fn minus(&self) -> Option<Token![-]> {
        match self {
            Self::Field(term) => term.minus,
            Self::Computed(minus, _) => *minus,
        }
    }
}

impl Computed {
    /// The token that stands for it.
    #[must_use]
    pub fn token(&self) -> &dyn ToTokens {
        match self {
            Self::Call(function, _) => function,
            Self::Sql(sql) => sql,
        }
    }
}

impl From<Ident> for Term {
    fn from(name: Ident) -> Self {
        Self::Field(OrderTerm { minus: None, path: crate::attr::FieldPath { names: vec![name] } })
    }
}

impl Parse for Term {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let minus: Option<Token![-]> = input.parse()?;
        if input.peek(LitStr) {
            return Ok(Self::Computed(minus, Computed::Sql(input.parse()?)));
        }
        if input.peek2(syn::token::Paren) {
            let function = input.call(Ident::parse_any)?;
            let inner;
            syn::parenthesized!(inner in input);
            let field = inner.call(Ident::parse_any)?;
            return match inner.is_empty() {
                true => Ok(Self::Computed(minus, Computed::Call(function, field))),
                false => Err(syn::Error::new(
                    inner.span(),
                    "a function here takes one field; write what is more as SQL: `\"coalesce(title, name)\"`",
                )),
            };
        }
        Ok(Self::Field(OrderTerm { minus, path: input.parse()? }))
    }
}
