//! What `#[admin(…)]` said, as a table of plain data.
//!
//! ```text
//! &__n::AdminOptions {
//!     list_display: __n::Setting::Fixed(&[
//!         __n::ListColumn::Path(|| __n::AdminPath::of(__n::fields::<Book>().author.name)),
//!     ]),
//!     ..__n::AdminOptions::DEFAULT
//! }
//! ```
//!
//! Paths are accesses with the user's own words, so rustc finds the nearest
//! name of a field that is not there, in whichever model it belongs to.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Ident, Path};

use super::Context;
use crate::attr::{AdminAttr, FieldPath, Inline, Item, Listed, Set};
use crate::model::title;
use crate::symbol::{Word, admin as words};

/// `admin: &AdminOptions { … }`, where anything was said.
pub(super) fn expand(context: &Context<'_>) -> Option<TokenStream> {
    let options = context.model.admin.as_ref().filter(|_| !context.stand_in);
    let set = options.map(|options| {
        [lists(context, options), form(options), related(options)].into_iter().flatten().collect::<Vec<_>>()
    });
    let set = set.filter(|set| !set.is_empty())?;
    Some(quote!(admin: &__n::AdminOptions { #(#set,)* ..__n::AdminOptions::DEFAULT }))
}

/// The options of the list.
fn lists(context: &Context<'_>, options: &AdminAttr) -> Vec<TokenStream> {
    let paths = |item: &Item| match item {
        Item::Field(term) => path(context, &term.path),
        Item::Function(path) => quote!(#path),
    };
    let ordering = options.ordering.as_ref().map(|set| {
        let terms = set.value.iter().filter_map(|term| {
            let (field, descending) = (term.path.own()?.unraw().to_string(), term.minus.is_some());
            Some(quote!(__n::OrderBy { field: #field, descending: #descending }))
        });
        quote!(ordering: &[#(#terms),*])
    });
    let date = options.date_hierarchy.as_ref().map(|set| {
        let path = path(context, &FieldPath { names: vec![set.value.clone()] });
        quote!(date_hierarchy: __n::Some(#path))
    });
    let page = options.list_per_page.as_ref().map(|set| Literal::u32_unsuffixed(set.value));
    let page = page.map(|rows| quote!(list_per_page: #rows));
    let empty = options.empty_value_display.as_ref().map(|set| {
        let text = &set.value;
        quote!(empty_value_display: #text)
    });
    let columns = |word: Word, given: &Option<Set<Vec<FieldPath>>>| {
        let name = Ident::new(word.name, Span::call_site());
        let paths = given.as_ref()?.value.iter().map(|one| path(context, one));
        Some(quote!(#name: __n::Some(&[#(#paths),*])))
    };
    let settings = [
        columns(words::LIST_DISPLAY_LINKS, &options.list_display_links),
        columns(words::SORTABLE_BY, &options.sortable_by),
        setting(words::LIST_DISPLAY, &options.list_display, |item| list_column(context, item)),
        setting(words::LIST_FILTER, &options.list_filter, paths),
        setting(words::SEARCH_FIELDS, &options.search_fields, paths),
    ];
    settings.into_iter().chain([ordering, date, page, empty]).flatten().collect()
}

/// `list_filter: Setting::Fixed(&[…])`, or `Setting::PerRequest(function)`.
fn setting<T>(
    word: Word,
    given: &Option<Set<Listed<T>>>,
    item: impl Fn(&T) -> TokenStream,
) -> Option<TokenStream> {
    let name = Ident::new(word.name, Span::call_site());
    Some(match &given.as_ref()?.value {
        Listed::Function(path) => quote!(#name: __n::Setting::PerRequest(#path)),
        Listed::Items(items) => {
            let items = items.iter().map(item);
            quote!(#name: __n::Setting::Fixed(&[#(#items),*]))
        }
    })
}

fn list_column(context: &Context<'_>, item: &Item) -> TokenStream {
    match item {
        Item::Function(function) => {
            let (model, label) = (&context.model.ident, title(&last(function)));
            quote! {
                __n::ListColumn::Computed {
                    label: #label,
                    cell: |__row, __at| __n::ListColumn::computed::<#model, _>(__row, __at, #function),
                }
            }
        }
        Item::Field(term) => {
            let path = path(context, &term.path);
            quote!(__n::ListColumn::Path(#path))
        }
    }
}

/// `|| __n::AdminPath::of(__n::fields::<Book>().author.name)`
fn path(context: &Context<'_>, path: &FieldPath) -> TokenStream {
    let (model, names) = (&context.model.ident, &path.names);
    quote!(|| __n::AdminPath::of(__n::fields::<#model>()#(.#names)*))
}

/// The options of the form.
fn form(options: &AdminAttr) -> Vec<TokenStream> {
    let fields = options.fields.as_ref().map(|set| {
        let names = set.value.iter().map(string);
        quote!(fieldsets: __n::Setting::Fixed(&[__n::Fieldset::new("", &[#(#names),*])]))
    });
    let sets = setting(words::FIELDSETS, &options.fieldsets, |group| {
        let (title, names) = (&group.title, group.fields.iter().map(string));
        let plain = quote!(__n::Fieldset::new(#title, &[#(#names),*]));
        let about = group.description.as_ref().map(|set| &set.value);
        let mut said: Vec<TokenStream> = about.map(|text| quote!(description: #text)).into_iter().collect();
        said.extend(group.collapsed.then(|| quote!(collapsed: true)));
        if said.is_empty() { plain } else { quote!(__n::Fieldset { #(#said,)* ..#plain }) }
    });
    let string = |name: &Ident| {
        let name = string(name);
        quote!(#name)
    };
    let readonly = setting(words::READONLY_FIELDS, &options.readonly_fields, string);
    let exclude = setting(words::EXCLUDE, &options.exclude, string);
    let autocomplete = setting(words::AUTOCOMPLETE_FIELDS, &options.autocomplete_fields, string);
    [fields, sets, readonly, exclude, autocomplete].into_iter().flatten().collect()
}

fn string(name: &Ident) -> String {
    name.unraw().to_string()
}

/// Rows and actions beside the form.
fn related(options: &AdminAttr) -> Vec<TokenStream> {
    let inlines = setting(words::INLINES, &options.inlines, inline);
    let actions = setting(words::ACTIONS, &options.actions, |function| {
        let name = last(function);
        quote!(__n::Action::new(#name, |__request| __n::Box::pin(#function(__request))))
    });
    [inlines, actions].into_iter().flatten().collect()
}

/// `Inline { extra: 0, ..Inline::new(<Review as Model>::schema) }`
fn inline(inline: &Inline) -> TokenStream {
    let model = &inline.model;
    // The name as text, and rustc's word on whether the model has it.
    let known = |name: &dyn ToTokens, text: &str| quote!({ let _ = || __n::AdminPath::of(__n::fields::<#model>().#name); #text });
    let fields = inline.fields.as_ref().map(|set| {
        let names = set.value.iter().map(|name| known(name, &string(name)));
        quote!(fields: &[#(#names),*])
    });
    let key = inline.fk_name.as_ref().map(|set| {
        let name = known(&set.value, &last(&set.value));
        quote!(foreign_key: __n::Some(#name))
    });
    let number = |set: &Set<u32>| Literal::u32_unsuffixed(set.value);
    let extra = inline.extra.as_ref().map(number).map(|rows| quote!(extra: #rows));
    let least = inline.min_num.as_ref().map(number).map(|rows| quote!(min_num: #rows));
    let most = inline.max_num.as_ref().map(number).map(|rows| quote!(max_num: __n::Some(#rows)));
    let delete = inline.can_delete.as_ref().map(|set| set.value).map(|may| quote!(can_delete: #may));
    let stacked = inline.stacked.as_ref().map(|_| quote!(stacked: true));
    let plain = quote!(__n::Inline::new(<#model as __n::Model>::schema));
    let said: Vec<TokenStream> =
        [fields, key, extra, least, most, delete, stacked].into_iter().flatten().collect();
    if said.is_empty() { plain } else { quote!(__n::Inline { #(#said,)* ..#plain }) }
}

fn last(function: &Path) -> String {
    function.segments.last().map(|segment| string(&segment.ident)).unwrap_or_default()
}
