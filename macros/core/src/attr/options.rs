//! The options of one attribute, before anybody has looked at what they mean.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, ExprUnary, Ident, Lit, LitStr, Path, Token, UnOp};

use crate::attr::Set;
use crate::error::Collector;
use crate::message;
use crate::symbol::{Place, Word};

/// One option: a bare word, a word with a value, or a word with a list.
pub(crate) struct Entry {
    pub(crate) key: Ident,
    pub(crate) form: Form,
}

pub(crate) enum Form {
    Flag,
    Value(Expr),
    Function(Path),
    List(TokenStream),
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let key = input.call(Ident::parse_any)?;
        let form = if input.peek(syn::token::Paren) {
            let list;
            syn::parenthesized!(list in input);
            Form::List(list.parse()?)
        } else if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Form::value(input)?
        } else {
            Form::Flag
        };
        Ok(Self { key, form })
    }
}

impl Form {
    /// `fn path` names a function; anything else is an expression.
    fn value(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Token![fn]) {
            input.parse::<Token![fn]>()?;
            return Ok(Self::Function(input.parse()?));
        }
        Ok(Self::Value(input.parse()?))
    }
}

/// The options of one place, handed out word by word.
pub(crate) struct Options<'a> {
    pub(crate) errors: &'a Collector,
    entries: Vec<Entry>,
}

impl<'a> Options<'a> {
    /// Reads all attributes of this place.
    pub(crate) fn of(attrs: &[Attribute], place: &Place, errors: &'a Collector) -> Self {
        let mut options = Self { errors, entries: Vec::new() };
        for attr in attrs.iter().filter(|attr| attr.path().is_ident(place.name)) {
            let parsed = attr.parse_args_with(Punctuated::<Entry, Token![,]>::parse_terminated);
            options.add(errors.ok(parsed).into_iter().flatten(), place);
        }
        options
    }

    /// Reads the arguments of a macro.
    pub(crate) fn of_tokens(tokens: TokenStream, place: &Place, errors: &'a Collector) -> Self {
        let mut options = Self { errors, entries: Vec::new() };
        let parsed = Punctuated::<Entry, Token![,]>::parse_terminated.parse2(tokens);
        options.add(errors.ok(parsed).into_iter().flatten(), place);
        options
    }

    /// Takes options that were read among other things.
    pub(crate) fn of_entries(entries: Vec<Entry>, place: &Place, errors: &'a Collector) -> Self {
        let mut options = Self { errors, entries: Vec::new() };
        options.add(entries.into_iter(), place);
        options
    }

    fn add(&mut self, parsed: impl Iterator<Item = Entry>, place: &Place) {
        for entry in parsed {
            if place.names().any(|name| entry.key == name) {
                self.entries.push(entry);
            } else {
                self.errors.at(&entry.key, message::unknown_option(&entry.key.to_string(), place));
            }
        }
    }

    /// Takes every option of this word.
    pub(crate) fn each(&mut self, word: Word) -> Vec<Set<Form>> {
        let (taken, rest) =
            std::mem::take(&mut self.entries).into_iter().partition(|entry| entry.key == word);
        self.entries = rest;
        let taken: Vec<Entry> = taken;
        taken.into_iter().map(|Entry { key, form }| Set { key, value: form }).collect()
    }

    /// Takes the option of this word; a second one is an error.
    pub(crate) fn one(&mut self, word: Word) -> Option<Set<Form>> {
        let mut taken = self.each(word).into_iter();
        let first = taken.next();
        for more in taken {
            self.errors.at(&more.key, message::repeated(word));
        }
        first
    }

    /// Takes the option of this word and reads its form; another form is an error that shows the right one.
    pub(crate) fn read<T>(&mut self, word: Word, read: impl FnOnce(&Form) -> Option<T>) -> Option<Set<T>> {
        let Set { key, value } = self.one(word)?;
        match read(&value) {
            Some(value) => Some(Set { key, value }),
            None => {
                self.errors.at(&key, message::usage(word));
                None
            }
        }
    }

    /// `word`
    pub(crate) fn flag(&mut self, word: Word) -> Option<Ident> {
        self.read(word, |form| matches!(form, Form::Flag).then_some(())).map(|set| set.key)
    }

    /// `word`, `word = true` or `word = false`
    pub(crate) fn bool(&mut self, word: Word) -> Option<Set<bool>> {
        self.read(word, |form| match form {
            Form::Flag => Some(true),
            Form::Value(Expr::Lit(ExprLit { lit: Lit::Bool(value), .. })) => Some(value.value),
            _ => None,
        })
    }

    /// `word = "text"`
    pub(crate) fn text(&mut self, word: Word) -> Option<Set<LitStr>> {
        self.read(word, |form| match form {
            Form::Value(Expr::Lit(ExprLit { lit: Lit::Str(text), .. })) => Some(text.clone()),
            _ => None,
        })
    }

    /// `word = 12`, `word = -3`
    pub(crate) fn number<N: TryFrom<i64>>(&mut self, word: Word) -> Option<Set<N>> {
        self.read(word, |form| match form {
            Form::Value(expr) => N::try_from(integer(expr)?).ok(),
            _ => None,
        })
    }

    /// `word = path::to::it`
    pub(crate) fn path(&mut self, word: Word) -> Option<Set<Path>> {
        self.read(word, |form| match form {
            Form::Value(Expr::Path(path)) if path.qself.is_none() => Some(path.path.clone()),
            _ => None,
        })
    }

    /// `word = expression`
    pub(crate) fn expr(&mut self, word: Word) -> Option<Set<Expr>> {
        self.read(word, |form| match form {
            Form::Value(expr) => Some(expr.clone()),
            _ => None,
        })
    }

    /// `word(tokens)` parsed by `parser`; the parser's error stands where it failed.
    pub(crate) fn list<T>(
        &mut self,
        word: Word,
        parser: impl FnOnce(ParseStream<'_>) -> syn::Result<T>,
    ) -> Option<Set<T>> {
        let Set { key, value } = self.read(word, list_tokens)?;
        let value = self.errors.ok(parser.parse2(value))?;
        Some(Set { key, value })
    }

    /// Each `word(tokens)`, which may be given more than once.
    pub(crate) fn lists<T>(
        &mut self,
        word: Word,
        parser: impl Fn(ParseStream<'_>) -> syn::Result<T>,
    ) -> Vec<Set<T>> {
        let mut read = Vec::new();
        for Set { key, value } in self.each(word) {
            match list_tokens(&value) {
                None => self.errors.at(&key, message::usage(word)),
                Some(tokens) => {
                    let parsed = self.errors.ok((&parser).parse2(tokens));
                    read.extend(parsed.map(|value| Set { key, value }));
                }
            }
        }
        read
    }
}

fn list_tokens(form: &Form) -> Option<TokenStream> {
    match form {
        Form::List(tokens) => Some(tokens.clone()),
        _ => None,
    }
}

/// The value of an integer literal with an optional minus.
pub(crate) fn integer(expr: &Expr) -> Option<i64> {
    match expr {
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) => int.base10_parse().ok(),
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => {
            let Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) = &**expr else { return None };
            i64::try_from(-int.base10_parse::<i128>().ok()?).ok()
        }
        _ => None,
    }
}
