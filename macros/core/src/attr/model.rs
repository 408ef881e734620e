//! Reads `#[model(…)]`.

use nuages_schema::Backend;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Ident, LitStr, Path, Token};

use crate::attr::item::comma_list;
use crate::attr::{Options, OrderTerm, Set};
use crate::error::Collector;
use crate::message;
use crate::symbol::{Word, constraint, model as words};

/// What `#[model(…)]` said.
#[derive(Clone, Debug)]
pub struct ModelAttr {
    /// The table, if not the default one.
    pub db_table: Option<Set<LitStr>>,
    /// The app, if not the crate's.
    pub app_label: Option<Set<LitStr>>,
    /// The default ordering.
    pub ordering: Option<Set<Vec<OrderTerm>>>,
    /// The text of one row, with fields in braces.
    pub display: Option<Set<LitStr>>,
    /// What one row is called.
    pub verbose_name: Option<Set<LitStr>>,
    /// What many rows are called.
    pub verbose_name_plural: Option<Set<LitStr>>,
    /// Unique constraints, from `unique(…)` and `unique_together(…)`.
    pub uniques: Vec<UniqueAttr>,
    /// Indexes.
    pub indexes: Vec<IndexAttr>,
    /// Check constraints.
    pub checks: Vec<CheckAttr>,
    /// The databases the model may live on, with the word of each; `None` is all.
    pub only: Option<Set<Vec<(Ident, Backend)>>>,
    /// Whether migrations manage the table.
    pub managed: Option<Set<bool>>,
    /// The project's user model.
    pub user: Option<Ident>,
    /// The former name.
    pub was: Option<Set<LitStr>>,
    /// Fields whose removal is agreed to.
    pub drops: Vec<Ident>,
    /// The path of the runtime crate, if it is not `::nuages`.
    pub krate: Option<Path>,
}

/// `unique(fields(a, b), name = "…")`
#[derive(Clone, Debug)]
pub struct UniqueAttr {
    /// The key that was written.
    pub key: Ident,
    /// The fields.
    pub fields: Vec<Ident>,
    /// The constraint's name.
    pub name: Option<LitStr>,
}

/// `index(fields(a, -b), name = "…")`
#[derive(Clone, Debug)]
pub struct IndexAttr {
    /// The key that was written.
    pub key: Ident,
    /// The fields in order.
    pub columns: Vec<OrderTerm>,
    /// The index's name.
    pub name: Option<LitStr>,
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
}

impl ModelAttr {
    pub(crate) fn read(attrs: &[Attribute], errors: &Collector) -> Self {
        let mut options = Options::of(attrs, &words::PLACE, errors);
        Self {
            db_table: options.text(words::DB_TABLE),
            app_label: options.text(words::APP_LABEL),
            ordering: options.list(words::ORDERING, comma_list),
            display: options.text(words::DISPLAY),
            verbose_name: options.text(words::VERBOSE_NAME),
            verbose_name_plural: options.text(words::VERBOSE_NAME_PLURAL),
            uniques: uniques(&mut options),
            indexes: options.lists(words::INDEX, index).into_iter().map(IndexAttr::keyed).collect(),
            checks: options.lists(words::CHECK, check).into_iter().map(CheckAttr::keyed).collect(),
            only: only(&mut options, words::ONLY),
            managed: options.bool(words::MANAGED),
            user: options.flag(words::USER),
            was: options.text(words::WAS),
            drops: options.lists(words::DROP, comma_list).into_iter().flat_map(|set| set.value).collect(),
            krate: options.path(words::CRATE).map(|set| set.value),
        }
    }
}

impl IndexAttr {
    fn keyed(set: Set<(Vec<OrderTerm>, Option<LitStr>)>) -> Self {
        Self { key: set.key, columns: set.value.0, name: set.value.1 }
    }
}

impl CheckAttr {
    fn keyed(set: Set<(LitStr, LitStr)>) -> Self {
        Self { key: set.key, name: set.value.0, sql: set.value.1 }
    }
}

fn uniques(options: &mut Options<'_>) -> Vec<UniqueAttr> {
    let together = options.lists(words::UNIQUE_TOGETHER, comma_list::<Ident>);
    let together = together.into_iter().map(|set| UniqueAttr { key: set.key, fields: set.value, name: None });
    let named = options.lists(words::UNIQUE, |input| constraint_of::<Ident>(input, words::UNIQUE));
    let named =
        named.into_iter().map(|set| UniqueAttr { key: set.key, fields: set.value.0, name: set.value.1 });
    together.chain(named).collect()
}

fn index(input: ParseStream<'_>) -> syn::Result<(Vec<OrderTerm>, Option<LitStr>)> {
    constraint_of(input, words::INDEX)
}

/// `fields(a, b), name = "…"`, or the fields alone: `a, b`.
fn constraint_of<T: syn::parse::Parse>(
    input: ParseStream<'_>,
    word: Word,
) -> syn::Result<(Vec<T>, Option<LitStr>)> {
    if !(input.peek(Ident) && (input.peek2(syn::token::Paren) || input.peek2(Token![=]))) {
        return Ok((comma_list(input)?, None));
    }
    let (mut fields, mut name) = (Vec::new(), None);
    while !input.is_empty() {
        let key = input.call(Ident::parse_any)?;
        if key == constraint::FIELDS && input.peek(syn::token::Paren) {
            let list;
            syn::parenthesized!(list in input);
            fields = comma_list(&list)?;
        } else if key == constraint::NAME && input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            name = Some(input.parse()?);
        } else {
            return Err(syn::Error::new(key.span(), message::usage(word)));
        }
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok((fields, name))
}

/// `name = "…", "sql"`
fn check(input: ParseStream<'_>) -> syn::Result<(LitStr, LitStr)> {
    let wrong = |span| syn::Error::new(span, message::usage(words::CHECK));
    let key = input.call(Ident::parse_any).map_err(|error| wrong(error.span()))?;
    if key != constraint::NAME {
        return Err(wrong(key.span()));
    }
    input.parse::<Token![=]>()?;
    let name = input.parse().map_err(|error: syn::Error| wrong(error.span()))?;
    input.parse::<Token![,]>().map_err(|_| wrong(key.span()))?;
    let sql = input.parse().map_err(|error: syn::Error| wrong(error.span()))?;
    input.parse::<Option<Token![,]>>()?;
    Ok((name, sql))
}

/// `only(postgres, sqlite)`
pub(crate) fn only(options: &mut Options<'_>, word: Word) -> Option<Set<Vec<(Ident, Backend)>>> {
    options.list(word, |input| {
        let names = comma_list::<Ident>.parse2(input.parse()?)?;
        names.into_iter().map(|name| Ok((name.clone(), backend(&name)?))).collect()
    })
}

fn backend(name: &Ident) -> syn::Result<Backend> {
    const ALL: [Backend; 3] = [Backend::Sqlite, Backend::Postgres, Backend::Mysql];
    let found = ALL.into_iter().find(|backend| name == backend.word());
    found.ok_or_else(|| {
        let text = message::no_choice("database", &name.to_string(), &ALL.map(Backend::word));
        syn::Error::new(name.span(), text)
    })
}
