//! Reads `#[admin(…)]`.

use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, Ident, LitStr, Path};

use crate::attr::item::comma_list;
use crate::attr::options::Form;
use crate::attr::{Item, Options, OrderTerm, Set};
use crate::error::Collector;
use crate::message;
use crate::symbol::{Word, admin as words};

/// What `#[admin(…)]` said.
#[derive(Clone, Debug)]
pub struct AdminAttr {
    /// The columns of the list.
    pub list_display: Option<Set<Listed<Item>>>,
    /// The filters beside the list.
    pub list_filter: Option<Set<Listed<Item>>>,
    /// What the search box looks into.
    pub search_fields: Option<Set<Listed<Item>>>,
    /// The ordering of the list.
    pub ordering: Option<Set<Vec<OrderTerm>>>,
    /// The date to drill down by.
    pub date_hierarchy: Option<Set<Ident>>,
    /// Rows on a page of the list.
    pub list_per_page: Option<Set<u32>>,
    /// The fields of the form.
    pub fields: Option<Set<Vec<Ident>>>,
    /// The fields of the form in groups.
    pub fieldsets: Option<Set<Listed<Fieldset>>>,
    /// Fields that are shown and not edited.
    pub readonly_fields: Option<Set<Listed<Ident>>>,
    /// Fields that the form leaves out.
    pub exclude: Option<Set<Listed<Ident>>>,
    /// Relations chosen by searching.
    pub autocomplete_fields: Option<Set<Listed<Ident>>>,
    /// Related rows edited on the same page.
    pub inlines: Option<Set<Listed<Inline>>>,
    /// Functions over the chosen rows.
    pub actions: Option<Set<Listed<Path>>>,
}

/// A list, or the function that makes it at each request.
#[derive(Clone, Debug)]
pub enum Listed<T> {
    /// `readonly_fields(a, b)`
    Items(Vec<T>),
    /// `readonly_fields = fn path`
    Function(Path),
}

impl<T> Listed<T> {
    /// The items, where they are listed.
    pub fn items(&self) -> &[T] {
        match self {
            Self::Items(items) => items,
            Self::Function(_) => &[],
        }
    }
}

/// `"Title"(a, b)`
#[derive(Clone, Debug)]
pub struct Fieldset {
    /// Its heading.
    pub title: LitStr,
    /// Its fields.
    pub fields: Vec<Ident>,
}

/// A model whose rows are edited on the page of the row they refer to.
#[derive(Clone, Debug)]
pub struct Inline {
    /// The model.
    pub model: Path,
}

impl AdminAttr {
    /// `None` where there is no such attribute.
    pub(crate) fn read(attrs: &[Attribute], errors: &Collector) -> Option<Self> {
        attrs.iter().find(|attr| attr.path().is_ident(words::PLACE.name))?;
        let mut options = Options::of(attrs, &words::PLACE, errors);
        Some(Self {
            list_display: listed(&mut options, words::LIST_DISPLAY),
            list_filter: listed(&mut options, words::LIST_FILTER),
            search_fields: listed(&mut options, words::SEARCH_FIELDS),
            ordering: options.list(words::ORDERING, comma_list),
            date_hierarchy: date_hierarchy(&mut options),
            list_per_page: options.number(words::LIST_PER_PAGE),
            fields: options.list(words::FIELDS, comma_list),
            fieldsets: listed(&mut options, words::FIELDSETS),
            readonly_fields: listed(&mut options, words::READONLY_FIELDS),
            exclude: listed(&mut options, words::EXCLUDE),
            autocomplete_fields: listed(&mut options, words::AUTOCOMPLETE_FIELDS),
            inlines: listed(&mut options, words::INLINES),
            actions: listed(&mut options, words::ACTIONS),
        })
    }
}

fn date_hierarchy(options: &mut Options<'_>) -> Option<Set<Ident>> {
    let Set { key, value } = options.path(words::DATE_HIERARCHY)?;
    match value.get_ident() {
        Some(name) => Some(Set { key, value: name.clone() }),
        None => {
            options.errors.at(&value, message::usage(words::DATE_HIERARCHY));
            None
        }
    }
}

/// `word(a, b)` or `word = fn path`
fn listed<T: Parse>(options: &mut Options<'_>, word: Word) -> Option<Set<Listed<T>>> {
    let Set { key, value: form } = options.one(word)?;
    let value = match form {
        Form::Function(path) => Listed::Function(path),
        Form::List(tokens) => Listed::Items(options.errors.ok(comma_list.parse2(tokens))?),
        _ => {
            options.errors.at(&key, message::usage(word));
            return None;
        }
    };
    Some(Set { key, value })
}

impl Parse for Fieldset {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let title = input.parse()?;
        let fields;
        syn::parenthesized!(fields in input);
        Ok(Self { title, fields: comma_list(&fields)? })
    }
}

impl Parse for Inline {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Self { model: input.parse()? })
    }
}
