//! Reads `#[admin(…)]`.

use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Ident, LitStr, Path};

use crate::attr::item::comma_list;
use crate::attr::options::Form;
use crate::attr::{Item, Options, OrderTerm, Set};
use crate::error::Collector;
use crate::message;
use crate::symbol::admin as words;

/// What `#[admin(…)]` said.
#[derive(Clone, Debug)]
pub struct AdminAttr {
    /// The columns of the list.
    pub list_display: Option<Set<Vec<Item>>>,
    /// The filters beside the list.
    pub list_filter: Option<Set<Vec<Item>>>,
    /// What the search box looks into.
    pub search_fields: Option<Set<Vec<Item>>>,
    /// The ordering of the list.
    pub ordering: Option<Set<Vec<OrderTerm>>>,
    /// The date to drill down by.
    pub date_hierarchy: Option<Set<Ident>>,
    /// Rows on a page of the list.
    pub list_per_page: Option<Set<u32>>,
    /// The fields of the form.
    pub fields: Option<Set<Vec<Ident>>>,
    /// The fields of the form in groups.
    pub fieldsets: Option<Set<Vec<Fieldset>>>,
    /// Fields that are shown and not edited.
    pub readonly_fields: Option<Set<ReadonlyFields>>,
    /// Fields that the form leaves out.
    pub exclude: Option<Set<Vec<Ident>>>,
    /// Relations chosen by searching.
    pub autocomplete_fields: Option<Set<Vec<Ident>>>,
    /// Related rows edited on the same page.
    pub inlines: Option<Set<Vec<Inline>>>,
    /// Functions over the chosen rows.
    pub actions: Option<Set<Vec<Path>>>,
}

/// `"Title"(a, b)`
#[derive(Clone, Debug)]
pub struct Fieldset {
    /// Its heading.
    pub title: LitStr,
    /// Its fields.
    pub fields: Vec<Ident>,
}

/// Which fields are only shown.
#[derive(Clone, Debug)]
pub enum ReadonlyFields {
    /// `readonly_fields(a, b)`
    Fields(Vec<Ident>),
    /// `readonly_fields = fn path`: asked at each request.
    Function(Path),
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
            list_display: options.items(words::LIST_DISPLAY),
            list_filter: options.items(words::LIST_FILTER),
            search_fields: options.items(words::SEARCH_FIELDS),
            ordering: options.list(words::ORDERING, comma_list),
            date_hierarchy: date_hierarchy(&mut options),
            list_per_page: options.number(words::LIST_PER_PAGE),
            fields: options.list(words::FIELDS, comma_list),
            fieldsets: options.list(words::FIELDSETS, comma_list),
            readonly_fields: readonly_fields(&mut options),
            exclude: options.list(words::EXCLUDE, comma_list),
            autocomplete_fields: options.list(words::AUTOCOMPLETE_FIELDS, comma_list),
            inlines: options.list(words::INLINES, comma_list),
            actions: options.list(words::ACTIONS, comma_list),
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

fn readonly_fields(options: &mut Options<'_>) -> Option<Set<ReadonlyFields>> {
    let mut parsed = None;
    let word = words::READONLY_FIELDS;
    let errors = options.errors;
    let key = options.read(word, |form| match form {
        Form::Function(path) => {
            parsed = Some(ReadonlyFields::Function(path.clone()));
            Some(())
        }
        Form::List(tokens) => {
            let names = errors.ok(syn::parse::Parser::parse2(comma_list, tokens.clone()));
            parsed = names.map(ReadonlyFields::Fields);
            Some(())
        }
        _ => None,
    })?;
    parsed.map(|value| Set { key: key.key, value })
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
