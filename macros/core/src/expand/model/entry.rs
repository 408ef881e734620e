//! The entry: the model as the parts see it that know no Rust types.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

use super::{Context, admin};
use crate::attr::{Default, DefaultKind, Literal};
use crate::model::{Field, Piece, pieces};

pub(super) fn expand(context: &Context<'_>) -> TokenStream {
    let ident = &context.model.ident;
    let (describe, default, validate) = (describe(context), default(context), validate(context));
    let is_user = context.model.options.user.is_some();
    let admin = admin::expand(context);
    quote! {
        static __ENTRY: __n::ModelEntry = __n::ModelEntry {
            schema: &__SCHEMA,
            describe: #describe,
            instance: __n::instance_of::<#ident>,
            default: #default,
            validate: #validate,
            admin: #admin,
            is_user: #is_user,
        };
    }
}

/// The text of a row: pieces of text and positions of columns.
fn describe(context: &Context<'_>) -> TokenStream {
    let display = context.model.options.display.as_ref().and_then(|set| pieces(&set.value.value()));
    let pieces = display.unwrap_or_default().into_iter().filter_map(|piece| match piece {
        Piece::Text(text) => Some(quote!(__n::Piece::Text(#text))),
        Piece::Field(name) => {
            let (at, _) = context.columns().find(|(_, field)| field.name() == name)?;
            Some(quote!(__n::Piece::Column(#at)))
        }
    });
    quote!(|__row, __at| __n::describe(&__SCHEMA, &[#(#pieces),*], __row, __at))
}

/// The defaults by position.
fn default(context: &Context<'_>) -> TokenStream {
    let arms: Vec<_> = context
        .columns()
        .filter_map(|(at, field)| {
            let value = default_value(field.options.default.as_ref()?, field);
            Some(quote!(#at => __n::Some(#value)))
        })
        .collect();
    if arms.is_empty() {
        return quote!(|_| __n::None);
    }
    quote! {
        |__index| match __index {
            #(#arms,)*
            _ => __n::None,
        }
    }
}

/// The default as a value of the column; text literals become the field's type by `From`.
fn default_value(default: &Default, field: &Field) -> TokenStream {
    let (ty, expr) = (&field.inner, &default.expr);
    let span = expr.span();
    match &default.kind {
        DefaultKind::Literal(Literal::Text(_)) => {
            quote_spanned!(span=> __n::Field::to_value(&<#ty as __n::From<_>>::from(#expr)))
        }
        _ => quote_spanned!(span=> __n::Field::to_value::<#ty>(&#expr)),
    }
}

/// The user's validators by position.
fn validate(context: &Context<'_>) -> TokenStream {
    let arms: Vec<_> = context
        .columns()
        .filter(|(_, field)| !field.options.validators.is_empty())
        .map(|(at, field)| {
            let ty = &field.inner;
            let functions = field.options.validators.iter().map(ToTokens::to_token_stream);
            quote!(#at => __n::validate::<#ty>(__value, &[#(&|__value| __n::verdict(#functions(__value))),*]))
        })
        .collect();
    if arms.is_empty() {
        return quote!(|_, _| __n::Vec::new());
    }
    quote! {
        |__index, __value| match __index {
            #(#arms,)*
            _ => __n::Vec::new(),
        }
    }
}
