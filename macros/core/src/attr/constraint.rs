//! Reads `unique(…)`, `index(…)` and `check(…)` of `#[model(…)]`.

use nuages_schema::Deferrable;
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, Parser};
use syn::{Ident, LitStr};

use crate::attr::item::comma_list;
use crate::attr::options::Form;
use crate::attr::{Options, Set, Term};
use crate::message;
use crate::symbol::{Place, Word, check, index, model as words, unique};

/// `unique(fields(a, b), name = "…")`
#[derive(Clone, Debug)]
pub struct UniqueAttr {
    /// The key that was written.
    pub key: Ident,
    /// The fields, and what is computed of them.
    pub terms: Vec<Term>,
    /// The constraint's name.
    pub name: Option<LitStr>,
    /// Which rows it is about, and what its index keeps beside.
    pub rows: Rows,
    /// Whether two NULLs are two values.
    pub nulls_distinct: Option<Set<bool>>,
    /// When it is checked.
    pub deferrable: Option<Set<Deferrable>>,
    /// What a person is told who breaks it.
    pub message: Option<LitStr>,
}

/// `index(fields(a, -b), name = "…")`
#[derive(Clone, Debug)]
pub struct IndexAttr {
    /// The key that was written.
    pub key: Ident,
    /// The fields in order, and what is computed of them.
    pub terms: Vec<Term>,
    /// The index's name.
    pub name: Option<LitStr>,
    /// Which rows are in it, and what it keeps beside.
    pub rows: Rows,
}

/// `condition = "status = 'live'", include(price)`
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// The rows that count.
    pub condition: Option<Set<LitStr>>,
    /// Fields that the index keeps beside.
    pub include: Option<Set<Vec<Ident>>>,
}

/// `check(name = "…", "sql")`
#[derive(Clone, Debug)]
pub struct CheckAttr {
    /// The key that was written.
    pub key: Ident,
    /// The constraint's name.
    pub name: LitStr,
    /// The condition.
    pub sql: LitStr,
    /// What a person is told who breaks it.
    pub message: Option<LitStr>,
}

impl UniqueAttr {
    pub(super) fn read(options: &mut Options<'_>) -> Vec<Self> {
        let together = options.lists(words::UNIQUE_TOGETHER, comma_list::<Ident>).into_iter();
        let own = |fields: Vec<Ident>| fields.into_iter().map(Term::from).collect();
        let mut all: Vec<Self> = together.map(|set| Self::over(set.key, own(set.value))).collect();
        for (key, mut inner, terms) in constraints(options, words::UNIQUE, &unique::PLACE) {
            let rows = Rows::read(&mut inner, unique::CONDITION, unique::INCLUDE);
            all.push(Self {
                name: inner.text(unique::NAME).map(|set| set.value),
                rows,
                nulls_distinct: inner.bool(unique::NULLS_DISTINCT),
                deferrable: deferrable(&mut inner),
                message: inner.text(unique::MESSAGE).map(|set| set.value),
                ..Self::over(
                    key,
                    terms
                        .or_else(|| inner.list(unique::FIELDS, comma_list).map(|set| set.value))
                        .unwrap_or_default(),
                )
            });
        }
        all
    }

    fn over(key: Ident, terms: Vec<Term>) -> Self {
        let (rows, name, message) = (Rows::default(), None, None);
        Self { key, terms, name, rows, nulls_distinct: None, deferrable: None, message }
    }
}

impl IndexAttr {
    pub(super) fn read(options: &mut Options<'_>) -> Vec<Self> {
        let read = |(key, mut inner, terms): (Ident, Options<'_>, Option<Vec<Term>>)| Self {
            key,
            terms: terms
                .or_else(|| inner.list(index::FIELDS, comma_list).map(|set| set.value))
                .unwrap_or_default(),
            name: inner.text(index::NAME).map(|set| set.value),
            rows: Rows::read(&mut inner, index::CONDITION, index::INCLUDE),
        };
        constraints(options, words::INDEX, &index::PLACE).into_iter().map(read).collect()
    }
}

impl Rows {
    fn read(options: &mut Options<'_>, condition: Word, include: Word) -> Self {
        Self { condition: options.text(condition), include: options.list(include, comma_list) }
    }
}

impl CheckAttr {
    pub(super) fn read(options: &mut Options<'_>) -> Vec<Self> {
        let mut all = Vec::new();
        for Set { key, value } in options.each(words::CHECK) {
            let read = match value {
                Form::List(tokens) => Self::of(&key, tokens, options),
                _ => None,
            };
            match read {
                Some(read) => all.push(read),
                None => options.errors.at(&key, message::usage(words::CHECK)),
            }
        }
        all
    }

    /// `name = "…", "sql"`: one part is the condition, the others are options.
    fn of(key: &Ident, tokens: TokenStream, options: &Options<'_>) -> Option<Self> {
        let (conditions, named): (Vec<_>, Vec<_>) =
            parts(tokens).into_iter().partition(|part| syn::parse2::<LitStr>(part.clone()).is_ok());
        let named = named.into_iter().map(|part| quote::quote!(#part,)).collect();
        let mut inner = Options::of_tokens(named, &check::PLACE, options.errors);
        let [sql] = conditions.as_slice() else { return None };
        Some(Self {
            key: key.clone(),
            sql: syn::parse2(sql.clone()).ok()?,
            name: inner.text(check::NAME)?.value,
            message: inner.text(check::MESSAGE).map(|set| set.value),
        })
    }
}

/// Each constraint of a word: its options, or its fields alone (`index(author, -published)`).
fn constraints<'a, T: Parse>(
    options: &mut Options<'a>,
    word: Word,
    place: &Place,
) -> Vec<(Ident, Options<'a>, Option<Vec<T>>)> {
    let mut all = Vec::new();
    for Set { key, value } in options.each(word) {
        let Form::List(tokens) = value else {
            options.errors.at(&key, message::usage(word));
            continue;
        };
        if has_options(&tokens) {
            all.push((key, Options::of_tokens(tokens, place, options.errors), None));
        } else if let Some(fields) = options.errors.ok(comma_list::<T>.parse2(tokens)) {
            all.push((key, Options::of_tokens(TokenStream::new(), place, options.errors), Some(fields)));
        }
    }
    all
}

/// Whether it begins with an option, `name = …` or `fields(…)`, and not with a field.
fn has_options(tokens: &TokenStream) -> bool {
    let mut tokens = tokens.clone().into_iter();
    matches!(tokens.next(), Some(TokenTree::Ident(_)))
        && match tokens.next() {
            Some(TokenTree::Punct(punct)) => punct.as_char() == '=',
            Some(TokenTree::Group(_)) => true,
            _ => false,
        }
}

/// The parts between commas.
fn parts(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![TokenStream::new()];
    for token in tokens {
        match (&token, parts.last_mut()) {
            (TokenTree::Punct(punct), _) if punct.as_char() == ',' => parts.push(TokenStream::new()),
            (token, Some(part)) => token.to_tokens(part),
            _ => {}
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// `deferrable = Deferred`
fn deferrable(options: &mut Options<'_>) -> Option<Set<Deferrable>> {
    let Set { key, value: path } = options.path(unique::DEFERRABLE)?;
    let word = path.to_token_stream().to_string();
    match Deferrable::from_word(&word) {
        Some(value) => Some(Set { key, value }),
        None => {
            let known = Deferrable::ALL.map(|(known, _)| known);
            options.errors.at(&path, message::no_choice("time of a check", &word, &known));
            None
        }
    }
}
