//! The static schema: tables, and one call per field that proves it against the recorded migrations.
//!
//! ```text
//! const __M: Place = place!("Book");
//! static __SCHEMA: ModelSchema = ModelSchema {
//!     fields: &[__M.field("id", "Id", <i64 as Field>::OF).auto_key(), …],
//!     ordering: &[desc(6), asc(1)],
//!     ..__M.schema(|| &__SCHEMA, "book", "books")
//! };
//! ```

use nuages_schema::snake;
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Index, LitStr};

use super::{Context, constraint, generic, options, relation, typed};
use crate::attr::{OrderTerm, Set};
use crate::model::Field;

pub(super) fn expand(context: &Context<'_>) -> TokenStream {
    let (place, (one, many)) = (place(context), names(context));
    let fields = fields(context);
    let rest = lists(context).into_iter().chain(facts(context));
    // What the build found that belongs to no field stands at the model's name.
    let base = quote_spanned!(context.model.ident.span()=> __M.schema(|| &__SCHEMA, #one, #many));
    let (proofs, relations) = (constraint::proofs(context), relation::proofs(context));
    quote! {
        const __M: __n::Place = #place;
        #proofs
        #relations
        static __SCHEMA: __n::ModelSchema = __n::ModelSchema {
            fields: #fields,
            #(#rest,)*
            ..#base
        };
    }
}

/// `&[__M.field("id", …), …]`, with the columns of groups behind.
fn fields(context: &Context<'_>) -> TokenStream {
    let own = context.columns().map(|(_, field)| column(field, context.model.is_key(field)));
    let own = quote!(&[#(#own),*]);
    let groups: Vec<_> = context.model.groups().collect();
    let Some(last) = groups.last() else { return own };
    let (base, ty) = (context.base(last), &last.ty);
    let groups = groups.iter().map(|group| {
        let (ty, required) = (&group.ty, group.options.required.is_some());
        quote_spanned!(ty.span()=> __M.group(<#ty as __n::Group>::FIELDS, <#ty as __n::Group>::TYPES, #required))
    });
    quote! {
        {
            const __ALL: &[__n::FieldSchema] =
                &__n::with_groups::<{ #base + <#ty as __n::Group>::FIELDS.len() }>(#own, &[#(#groups),*]);
            __ALL
        }
    }
}

/// Where the model stands, and what the build script recorded of it.
fn place(context: &Context<'_>) -> TokenStream {
    let name = context.model.name();
    let only = only(context).map(|all| quote!(.only(#all)));
    let app = context.model.options.app_label.as_ref().map(|label| {
        let label = &label.value;
        quote!(.app(#label))
    });
    let unproven = (context.stand_in || !context.model.managed()).then(|| quote!(.unproven()));
    quote!(__n::place!(#name) #app #only #unproven)
}

/// `__M.field("title", "Title", <String as Field>::OF).max_length(200)`, at the span of the field's type.
pub(in crate::expand) fn column(field: &Field, is_key: bool) -> TokenStream {
    let (name, label) = (field.name(), options::label(field));
    let column = Some(field.column()).filter(|column| *column != name).map(|column| quote!(.column(#column)));
    let (span, options) = (field.ty.span(), options::expand(field, is_key));
    let facts = typed(field, "OF");
    let function = match (field.shape.is_foreign(), field.nullable) {
        (true, _) => format_ident!("foreign"),
        (false, true) => format_ident!("null"),
        (false, false) => format_ident!("field"),
    };
    let call = quote_spanned!(span=> __M.#function(#name, #label, #facts));
    quote!(#call #column #options)
}

/// The lists that are not empty.
fn lists(context: &Context<'_>) -> Vec<TokenStream> {
    let model = &context.model.options;
    let many = context.many_to_many().map(|(_, field)| many_to_many(field)).collect();
    let ordering =
        model.ordering.iter().flat_map(|set| &set.value).filter_map(|term| order(context, term)).collect();
    let (indexes, uniques, checks) = constraint::expand(context);
    let lists: [(TokenStream, Vec<TokenStream>); 6] = [
        (quote!(many_to_many), many),
        (quote!(generic_relations), generic::relations(context)),
        (quote!(ordering), ordering),
        (quote!(indexes), indexes),
        (quote!(uniques), uniques),
        (quote!(checks), checks),
    ];
    lists
        .into_iter()
        .filter(|(_, list)| !list.is_empty())
        .map(|(name, list)| quote!(#name: &[#(#list),*]))
        .collect()
}

/// What differs from a model of which nothing is said.
fn facts(context: &Context<'_>) -> Vec<TokenStream> {
    let options = &context.model.options;
    let key = key(context);
    let table =
        options.db_table.as_ref().map(|set| &set.value).map(|table| quote!(table: __n::Name::new(#table)));
    let managed = (!context.model.managed()).then(|| quote!(managed: false));
    let permissions = options.permissions.iter().map(|(name, text)| (name.to_string(), text));
    let permissions: Vec<_> = permissions.map(|(name, text)| quote!((#name, #text))).collect();
    let permissions = (!permissions.is_empty()).then(|| quote!(permissions: &[#(#permissions),*]));
    let actions = options.default_permissions.as_ref().map(|set| {
        let names = set.value.iter().map(ToString::to_string);
        quote!(default_permissions: &[#(#names),*])
    });
    [key, table, managed, permissions, actions].into_iter().flatten().collect()
}

/// `key: 2`, or `key: COMPOSITE, key_parts: &[0, 1]`; nothing where the key is the first column.
fn key(context: &Context<'_>) -> Option<TokenStream> {
    let parts: Vec<_> =
        context.model.key_parts().filter_map(|part| context.position(&part.ident)).map(Index::from).collect();
    if !parts.is_empty() {
        return Some(quote!(key: __n::COMPOSITE, key_parts: &[#(#parts),*]));
    }
    let key = Index::from(context.key());
    (key.index != 0).then(|| quote!(key: #key))
}

/// The databases that the model names: `&[Backend::Postgres]`.
fn only(context: &Context<'_>) -> Option<TokenStream> {
    let set = context.model.options.only.as_ref()?;
    let all = set.value.iter().map(|(_, backend)| format_ident!("{}", format!("{backend:?}")));
    Some(quote!(&[#(__n::Backend::#all),*]))
}

/// `asc(1)`
pub(super) fn order(context: &Context<'_>, term: &OrderTerm) -> Option<TokenStream> {
    let at = context.term(&term.path)?;
    let direction = if term.minus.is_some() { format_ident!("desc") } else { format_ident!("asc") };
    Some(quote!(__n::#direction(#at)))
}

/// What one row and many rows are called.
fn names(context: &Context<'_>) -> (String, String) {
    let given = |set: &Option<Set<LitStr>>| set.as_ref().map(|set| set.value.value());
    let one = given(&context.model.options.verbose_name)
        .unwrap_or_else(|| snake(&context.model.name()).replace('_', " "));
    let many = given(&context.model.options.verbose_name_plural).unwrap_or_else(|| plural(&one));
    (one, many)
}

/// Django adds an `s`; these endings would look wrong with one.
fn plural(one: &str) -> String {
    let consonant_y = one.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u']));
    match consonant_y {
        Some(stem) => format!("{stem}ies"),
        None if one.ends_with(['s', 'x']) || one.ends_with("ch") || one.ends_with("sh") => format!("{one}es"),
        None => format!("{one}s"),
    }
}

/// `__M.many::<Tag>("tags", "Tags").related_name("books")`
fn many_to_many(field: &Field) -> TokenStream {
    let (name, label, target) = (field.name(), options::label(field), field.shape.target());
    let o = &field.options;
    let text = |set: &Option<Set<LitStr>>| set.as_ref().map(|set| set.value.clone());
    let related = field.related_name().map(ToString::to_string).map(|name| quote!(.related_name(#name)));
    let table = text(&o.db_table).map(|name| quote!(.table(#name)));
    let from = text(&o.from_column).map(|name| quote!(.from_column(#name)));
    let to = text(&o.to_column).map(|name| quote!(.to_column(#name)));
    let through = o
        .through
        .as_ref()
        .map(|set| &set.value)
        .map(|model| quote!(.through(__M.through(#name, <#model as __n::Model>::OF))));
    let fields = o.through_fields.as_ref().map(|set| {
        let names = set.value.iter().map(|name| name.unraw().to_string());
        quote!(.through_fields(#(#names),*))
    });
    let symmetrical = o.symmetrical.as_ref().map(|_| quote!(.symmetrical()));
    let help = text(&o.help_text).map(|text| quote!(.help_text(#text)));
    let many = quote_spanned!(field.ty.span()=> __M.many::<#target>(#name, #label));
    quote!(#many #related #table #from #to #through #fields #symmetrical #help)
}

/// `Some("…")` or `None`.
pub(super) fn optional(text: Option<&LitStr>) -> TokenStream {
    match text {
        Some(text) => quote!(__n::Some(#text)),
        None => quote!(__n::None),
    }
}
