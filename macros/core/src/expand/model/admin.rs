//! What `#[admin(…)]` said, as a table of plain data.
//!
//! ```ignore
//! &__n::AdminOptions {
//!     list_display: &[__n::ListColumn::Path(|| __n::column(&__n::fields::<Book>().author.name)), …],
//!     ..__n::AdminOptions::NONE
//! }
//! ```
//!
//! Paths are accesses with the user's own words, so rustc finds the nearest
//! name of a field that is not there, in whichever model it belongs to.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::{Ident, Index, Path};

use super::Context;
use crate::attr::{AdminAttr, FieldPath, Item, ReadonlyFields, Set};
use crate::model::title;

/// `admin: &AdminOptions { … }`, where anything was said.
pub(super) fn expand(context: &Context<'_>) -> Option<TokenStream> {
    let options = context.model.admin.as_ref().filter(|_| !context.stand_in);
    let set = options.map(|options| {
        [lists(context, options), form(options), related(context, options)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
    });
    let set = set.filter(|set| !set.is_empty())?;
    Some(quote!(admin: &__n::AdminOptions { #(#set,)* ..__n::AdminOptions::NONE }))
}

/// The options of the list.
fn lists(context: &Context<'_>, options: &AdminAttr) -> Vec<TokenStream> {
    let display = options.list_display.as_ref().map(|set| {
        let columns = set.value.iter().map(|item| list_column(context, item));
        quote!(list_display: &[#(#columns),*])
    });
    let filter = paths(context, &options.list_filter).map(|paths| quote!(list_filter: #paths));
    let search = paths(context, &options.search_fields).map(|paths| quote!(search_fields: #paths));
    let ordering = options.ordering.as_ref().map(|set| {
        let terms = set.value.iter().map(|term| {
            let (path, descending) = (path(context, &term.path), term.minus.is_some());
            quote!((#path, #descending))
        });
        quote!(ordering: &[#(#terms),*])
    });
    let date = options.date_hierarchy.as_ref().map(|set| {
        let path = path(context, &FieldPath { names: vec![set.value.clone()] });
        quote!(date_hierarchy: __n::Some(#path))
    });
    let page = options
        .list_per_page
        .as_ref()
        .map(|set| Literal::u32_unsuffixed(set.value))
        .map(|rows| quote!(list_per_page: #rows));
    [display, filter, search, ordering, date, page].into_iter().flatten().collect()
}

fn list_column(context: &Context<'_>, item: &Item) -> TokenStream {
    match item {
        Item::Function(function) => {
            let (model, label) = (&context.model.ident, label(function));
            quote! {
                __n::ListColumn::Computed {
                    label: #label,
                    cell: |__row, __at| __n::Ok(__n::cell(#function(&<#model as __n::Model>::read(__row, __at)?))),
                }
            }
        }
        Item::Field(term) => match many(context, &term.path) {
            Some(at) => {
                let at = Index::from(at);
                quote!(__n::ListColumn::Many(#at))
            }
            None => {
                let path = path(context, &term.path);
                quote!(__n::ListColumn::Path(#path))
            }
        },
    }
}

/// The position of a many-to-many relation of the model itself.
fn many(context: &Context<'_>, path: &FieldPath) -> Option<usize> {
    let name = path.own()?;
    context.many_to_many().find(|(_, field)| field.ident == *name).map(|(at, _)| at)
}

fn paths(context: &Context<'_>, items: &Option<Set<Vec<Item>>>) -> Option<TokenStream> {
    let paths = items.as_ref()?.value.iter().filter_map(|item| match item {
        Item::Field(term) => Some(path(context, &term.path)),
        Item::Function(_) => None,
    });
    Some(quote!(&[#(#paths),*]))
}

/// `|| __n::column(&__n::fields::<Book>().author.name)`
fn path(context: &Context<'_>, path: &FieldPath) -> TokenStream {
    let (model, names) = (&context.model.ident, &path.names);
    quote!(|| __n::column(&__n::fields::<#model>()#(.#names)*))
}

/// The options of the form.
fn form(options: &AdminAttr) -> Vec<TokenStream> {
    let fields = fixed(&options.fields).map(|names| quote!(fields: #names));
    let sets = options.fieldsets.as_ref().map(|set| {
        let groups = set.value.iter().map(|group| {
            let (title, names) = (&group.title, strings(&group.fields));
            quote!(__n::Fieldset { title: #title, fields: &[#(#names),*] })
        });
        quote!(fieldsets: &[#(#groups),*])
    });
    let readonly = options.readonly_fields.as_ref().map(|set| match &set.value {
        ReadonlyFields::Fields(names) => {
            let names = strings(names);
            quote!(readonly_fields: __n::Names::Fixed(&[#(#names),*]))
        }
        ReadonlyFields::Function(path) => quote!(readonly_fields: __n::Names::Computed(#path)),
    });
    let exclude = fixed(&options.exclude).map(|names| quote!(exclude: #names));
    let autocomplete = fixed(&options.autocomplete_fields).map(|names| quote!(autocomplete_fields: #names));
    [fields, sets, readonly, exclude, autocomplete].into_iter().flatten().collect()
}

fn fixed(names: &Option<Set<Vec<Ident>>>) -> Option<TokenStream> {
    let names = strings(&names.as_ref()?.value);
    Some(quote!(__n::Names::Fixed(&[#(#names),*])))
}

fn strings(names: &[Ident]) -> Vec<String> {
    names.iter().map(|name| name.unraw().to_string()).collect()
}

/// Rows and actions beside the form.
fn related(context: &Context<'_>, options: &AdminAttr) -> Vec<TokenStream> {
    let inlines = options.inlines.as_ref().map(|set| {
        let inlines = set.value.iter().map(|inline| {
            let model = &inline.model;
            quote!(__n::Inline { model: <#model as __n::Model>::schema, foreign_key: __n::None, extra: 1 })
        });
        quote!(inlines: &[#(#inlines),*])
    });
    let actions = options.actions.as_ref().map(|set| {
        let actions = set.value.iter().map(|function| action(context, function));
        quote!(actions: &[#(#actions),*])
    });
    [inlines, actions].into_iter().flatten().collect()
}

fn action(context: &Context<'_>, function: &Path) -> TokenStream {
    let (model, label, name) = (&context.model.ident, label(function), last(function));
    quote! {
        __n::Action {
            name: #name,
            label: #label,
            run: |__db, __keys| __n::Box::pin(#function(__db, __n::selected::<#model>(__keys))),
        }
    }
}

/// The name of a function, as people read it.
fn label(function: &Path) -> String {
    title(&last(function))
}

fn last(function: &Path) -> String {
    function.segments.last().map(|segment| segment.ident.unraw().to_string()).unwrap_or_default()
}
