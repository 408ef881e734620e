//! The entry: the model as the parts see it that know no Rust types.
//!
//! ```text
//! static __ENTRY: ModelEntry = ModelEntry { default: …, ..entry!(Book, __SCHEMA) };
//! ```

use nuages_schema::ColumnKind;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::Index;
use syn::spanned::Spanned;

use super::{Context, admin, relation};
use crate::attr::{Default, DefaultKind, Literal};
use crate::model::{Field, Piece, kind_of, pieces};

pub(super) fn expand(context: &Context<'_>) -> TokenStream {
    let ident = &context.model.ident;
    let user = context.model.options.user.is_some().then(|| quote!(is_user: true));
    let (limit, rules) = (relation::limit_choices_to(context), relation::set_on_delete(context));
    let set = [default(context), validate(context), limit, rules, admin::expand(context), user];
    let set: Vec<_> = set.into_iter().flatten().collect();
    let entry = quote!(__n::entry!(#ident, __SCHEMA));
    let entry = if set.is_empty() { entry } else { quote!(__n::ModelEntry { #(#set,)* ..#entry }) };
    let display = display(context);
    quote! {
        static __ENTRY: __n::ModelEntry = #entry;
        #display
    }
}

/// `Display`: pieces of text and positions of columns.
fn display(context: &Context<'_>) -> Option<TokenStream> {
    let pieces = pieces(&context.model.options.display.as_ref()?.value.value())?;
    let ident = &context.model.ident;
    let pieces = pieces.into_iter().filter_map(|piece| match piece {
        Piece::Text(text) => Some(quote!(__n::Piece::Text(#text))),
        Piece::Field(name) => {
            let (at, _) = context.columns().find(|(_, field)| field.name() == name)?;
            let at = Index::from(at);
            Some(quote!(__n::Piece::Column(#at)))
        }
    });
    Some(quote!(__n::display_model!(#ident, [#(#pieces),*]);))
}

/// The defaults by position: `4 => Some(…)`, and what a group says of its fields.
fn default(context: &Context<'_>) -> Option<TokenStream> {
    let arms: Vec<_> =
        default_arms(context.columns()).into_iter().chain(context.group_arms("default")).collect();
    let function = quote! {
        default: |__index| match __index {
            #(#arms,)*
            _ => __n::None,
        }
    };
    (!arms.is_empty()).then_some(function)
}

/// `4 => Some(…)`
pub(in crate::expand) fn default_arms<'a>(
    columns: impl Iterator<Item = (usize, &'a Field)>,
) -> Vec<TokenStream> {
    let arms = columns.filter_map(|(at, field)| {
        let (at, value) = (Index::from(at), default_value(field.options.default.as_ref()?, field));
        Some(quote!(#at => __n::Some(#value)))
    });
    arms.collect()
}

/// The default as a value of the column; text literals become the field's type by `From`.
fn default_value(default: &Default, field: &Field) -> TokenStream {
    let (ty, expr) = (&field.inner, &default.expr);
    let span = expr.span();
    match &default.kind {
        DefaultKind::Literal(Literal::Text(_)) if is_text(field) => {
            quote_spanned!(span=> <#ty as __n::Field>::to_value(&<#ty as __n::From<_>>::from(#expr)))
        }
        _ => quote_spanned!(span=> <#ty as __n::Field>::to_value(&#expr)),
    }
}

/// Whether the field is text, or of a type that the spelling does not tell.
fn is_text(field: &Field) -> bool {
    kind_of(&field.inner).is_none_or(|kind| kind == ColumnKind::Text)
}

/// The user's validators by position.
fn validate(context: &Context<'_>) -> Option<TokenStream> {
    let arms = validate_arms(context.columns()).into_iter().chain(context.group_arms("validate"));
    let arms: Vec<_> = arms.collect();
    let function = quote! {
        validate: |__index, __value| match __index {
            #(#arms,)*
            _ => __n::Vec::new(),
        }
    };
    (!arms.is_empty()).then_some(function)
}

/// `4 => validate::<String>(__value, &[…])`
pub(in crate::expand) fn validate_arms<'a>(
    columns: impl Iterator<Item = (usize, &'a Field)>,
) -> Vec<TokenStream> {
    let arms = columns.filter(|(_, field)| !field.options.validators.is_empty()).map(|(at, field)| {
        let (at, ty) = (Index::from(at), &field.inner);
        let functions = field.options.validators.iter().map(ToTokens::to_token_stream);
        quote!(#at => __n::validate::<#ty>(__value, &[#(&|__value| __n::verdict(#functions(__value))),*]))
    });
    arms.collect()
}
