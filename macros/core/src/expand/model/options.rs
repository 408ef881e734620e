//! The options of a field as a `FieldOptions`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned;

use super::Context;
use crate::attr::{DefaultKind, Literal};
use crate::model::{Field, title};

/// `__n::FieldOptions { max_length: __n::Some(200), ..__n::FieldOptions::new("Title") }`
pub(super) fn expand(context: &Context<'_>, field: &Field) -> TokenStream {
    let label = match &field.options.label {
        Some(label) => label.value.value(),
        None => title(&field.name()),
    };
    let mut set = flags(context, field);
    set.extend(values(field));
    if set.is_empty() {
        return quote!(__n::FieldOptions::new(#label));
    }
    quote!(__n::FieldOptions { #(#set,)* ..__n::FieldOptions::new(#label) })
}

fn flags(context: &Context<'_>, field: &Field) -> Vec<TokenStream> {
    let options = &field.options;
    let is_key = context.model.key_field().is_some_and(|key| key.ident == field.ident);
    let editable = options.editable.as_ref().is_none_or(|set| set.value);
    let all = [
        (is_key, quote!(primary_key: true)),
        (is_key && field.is_auto(), quote!(auto: true)),
        (options.unique.is_some(), quote!(unique: true)),
        (options.index.is_some(), quote!(index: true)),
        (options.auto_now.is_some(), quote!(auto_now: true)),
        (options.auto_now_add.is_some(), quote!(auto_now_add: true)),
        (options.blank.is_some(), quote!(blank: true)),
        (!editable, quote!(editable: false)),
    ];
    all.into_iter().filter(|(on, _)| *on).map(|(_, tokens)| tokens).collect()
}

fn values(field: &Field) -> Vec<TokenStream> {
    let o = &field.options;
    let length = o.max_length.as_ref().map(|set| set.value).map(|n| quote!(max_length: __n::Some(#n)));
    let digits = o.max_digits.as_ref().map(|set| set.value).map(|n| quote!(max_digits: __n::Some(#n)));
    let places =
        o.decimal_places.as_ref().map(|set| set.value).map(|n| quote!(decimal_places: __n::Some(#n)));
    let help = o.help_text.as_ref().map(|set| &set.value).map(|text| quote!(help_text: #text));
    let widget = o.widget.as_ref().map(|set| &set.value).map(|word| quote!(widget: #word));
    [length, digits, places, range(field), default(field), help, widget, choices(field)]
        .into_iter()
        .flatten()
        .collect()
}

fn range(field: &Field) -> Option<TokenStream> {
    let (min, max) = (&field.options.min, &field.options.max);
    if min.is_none() && max.is_none() {
        return None;
    }
    let bound = |bound: &Option<crate::attr::Set<i64>>| match bound {
        Some(set) => {
            let value = set.value;
            quote!(__n::Some(#value))
        }
        None => quote!(__n::None),
    };
    let (min, max) = (bound(min), bound(max));
    Some(quote!(range: __n::NumberRange { min: #min, max: #max }))
}

/// A literal stands in the schema; any other default is made by the entry's function.
fn default(field: &Field) -> Option<TokenStream> {
    let default = field.options.default.as_ref()?;
    let value = match &default.kind {
        DefaultKind::Literal(Literal::Int(value)) => quote!(Int(#value)),
        DefaultKind::Literal(Literal::Float(value)) => quote!(Float(#value)),
        DefaultKind::Literal(Literal::Text(text) | Literal::Decimal(text)) => quote!(Text(#text)),
        DefaultKind::Literal(Literal::Bool(value)) => quote!(Bool(#value)),
        _ => quote!(Function),
    };
    Some(quote!(default: __n::Some(__n::DefaultValue::#value)))
}

/// The choices are asked of a type of the user's own; the types that we store have none.
fn choices(field: &Field) -> Option<TokenStream> {
    if field.shape.target().is_some() || crate::model::kind_of(&field.inner).is_some() {
        return None;
    }
    let ty = &field.inner;
    Some(quote::quote_spanned!(ty.span()=> choices: <#ty as __n::Field>::choices))
}
