//! The static schema: tables, and one call per field that proves it against the recorded migrations.

use nuages_schema::OnDelete;
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::LitStr;
use syn::spanned::Spanned;

use super::{Context, options};
use crate::attr::OrderTerm;
use crate::model::{Field, title};

pub(super) fn expand(context: &Context<'_>) -> TokenStream {
    let (app, state) = (app(context), state(context));
    let (name, key) = (context.model.name(), context.model.key);
    let table = table(context);
    let fields = context.columns().map(|(_, field)| column(context, field));
    let rest = rest(context);
    quote! {
        #app
        #state
        static __SCHEMA: __n::ModelSchema = __n::ModelSchema {
            app: __APP.as_str(),
            name: #name,
            module: ::core::module_path!(),
            table: #table,
            fields: &[#(#fields),*],
            key: #key,
            #rest
        };
    }
}

/// The app's label: what the model says, what the build script hands over, or the package's name.
fn app(context: &Context<'_>) -> TokenStream {
    match &context.model.options.app_label {
        Some(label) => {
            let label = &label.value;
            quote!(const __APP: &__n::Name = &__n::Name::new(#label);)
        }
        None => quote! {
            const __APP: &__n::Name = &__n::Name::of_app(::core::option_env!("NUAGES_APP"), ::core::env!("CARGO_PKG_NAME"));
        },
    }
}

/// What the build script recorded of this model.
fn state(context: &Context<'_>) -> TokenStream {
    if context.stand_in || !context.model.managed() {
        return quote!(
            const __STATE: __n::Option<&str> = __n::None;
        );
    }
    let name = format!("::{}", context.model.ident);
    quote! {
        const __STATE: __n::Option<&str> =
            ::core::option_env!(::core::concat!("NUAGES_STATE:", ::core::module_path!(), #name));
    }
}

fn table(context: &Context<'_>) -> TokenStream {
    match &context.model.options.db_table {
        Some(table) => {
            let table = &table.value;
            quote!(__n::Name::new(#table))
        }
        None => {
            let name = context.model.name();
            quote!(__n::Name::of_table(__APP.as_str(), #name))
        }
    }
}

/// `__n::field::<String>("title", "title", __STATE, options)`, at the span of the field's type.
fn column(context: &Context<'_>, field: &Field) -> TokenStream {
    let (name, column, ty, options) =
        (field.name(), field.column(), &field.ty, options::expand(context, field));
    let span = ty.span();
    if !field.shape.is_foreign() {
        return quote_spanned!(span=> __n::field::<#ty>(#name, #column, __STATE, #options));
    }
    let rule = field.options.on_delete.as_ref().map_or(OnDelete::DoNothing, |set| set.value);
    let rule = format_ident!("{}", format!("{rule:?}"));
    let related = optional(field.related_name().map(ToString::to_string));
    quote_spanned! {span=>
        __n::foreign::<#ty>(#name, #column, __STATE, __n::OnDelete::#rule, #related, #options)
    }
}

fn rest(context: &Context<'_>) -> TokenStream {
    let model = &context.model.options;
    let many = context.many_to_many().map(|(_, field)| many_to_many(field));
    let ordering = model.ordering.iter().flat_map(|set| &set.value).filter_map(|term| order(context, term));
    let indexes = model.indexes.iter().map(|index| {
        let columns = index.columns.iter().filter_map(|term| order(context, term));
        let name = optional(index.name.as_ref().map(LitStr::value));
        quote!(__n::IndexSchema { name: #name, columns: &[#(#columns),*] })
    });
    let uniques = model.uniques.iter().map(|unique| {
        let fields = unique.fields.iter().filter_map(|name| context.position(name));
        let name = optional(unique.name.as_ref().map(LitStr::value));
        quote!(__n::UniqueSchema { name: #name, fields: &[#(#fields),*] })
    });
    let checks = model.checks.iter().map(|check| {
        let (name, sql) = (&check.name, &check.sql);
        quote!(__n::CheckSchema { name: #name, sql: #sql, field: __n::None })
    });
    let (one, many_rows) = names(context);
    let only = model
        .only
        .iter()
        .flat_map(|set| &set.value)
        .map(|(_, backend)| format_ident!("{}", format!("{backend:?}")));
    let managed = context.model.managed();
    quote! {
        many_to_many: &[#(#many),*],
        ordering: &[#(#ordering),*],
        indexes: &[#(#indexes),*],
        uniques: &[#(#uniques),*],
        checks: &[#(#checks),*],
        verbose_name: #one,
        verbose_name_plural: #many_rows,
        only: &[#(__n::Backend::#only),*],
        managed: #managed,
    }
}

fn order(context: &Context<'_>, term: &OrderTerm) -> Option<TokenStream> {
    let at = context.position(term.path.own()?)?;
    let descending = term.minus.is_some();
    Some(quote!(__n::OrderSchema { field: #at, descending: #descending }))
}

/// What one row and many rows are called.
fn names(context: &Context<'_>) -> (String, String) {
    let given = |set: &Option<crate::attr::Set<LitStr>>| set.as_ref().map(|set| set.value.value());
    let one = given(&context.model.options.verbose_name)
        .unwrap_or_else(|| nuages_schema::snake(&context.model.name()).replace('_', " "));
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

fn many_to_many(field: &Field) -> TokenStream {
    let (name, target) = (field.name(), field.shape.target());
    let options = &field.options;
    let text = |set: &Option<crate::attr::Set<LitStr>>| optional(set.as_ref().map(|set| set.value.value()));
    let related = optional(field.related_name().map(ToString::to_string));
    let table = match &options.db_table {
        Some(table) => {
            let table = &table.value;
            quote!(__n::Some(__n::Name::new(#table)))
        }
        None => quote!(__n::None),
    };
    let (from, to) = (text(&options.from_column), text(&options.to_column));
    let through = match &options.through {
        Some(model) => {
            let model = &model.value;
            quote!(__n::Some(<#model as __n::Model>::schema))
        }
        None => quote!(__n::None),
    };
    let label = options.label.as_ref().map_or_else(|| title(&name), |set| set.value.value());
    let help = options.help_text.as_ref().map(|set| set.value.value()).unwrap_or_default();
    quote! {
        __n::ManyToManySchema {
            name: #name,
            target: <#target as __n::Model>::schema,
            related_name: #related,
            table: #table,
            from_column: #from,
            to_column: #to,
            through: #through,
            label: #label,
            help_text: #help,
        }
    }
}

fn optional(text: Option<String>) -> TokenStream {
    match text {
        Some(text) => quote!(__n::Some(#text)),
        None => quote!(__n::None),
    }
}
