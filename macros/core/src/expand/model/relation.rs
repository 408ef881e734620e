//! What relations say beside their columns: the rows they offer, what a key is set to, and the proof of names.
//!
//! ```text
//! const _: () = __n::symmetrical::<Person, Person>();
//! const _: fn(&__n::FieldsOf<Membership>) = |__f| __n::keys_to::<Band, Person, _, _>(&__f.band, &__f.person);
//! limit_choices_to: |__name| match __name { "author" => __n::limit::<Author>(|a| a.active.eq(true)), … }
//! set_on_delete: |__index, __db| match __index { 2 => __n::set_to::<Author>(7), … }
//! ```

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Index;
use syn::spanned::Spanned;

use super::Context;
use crate::attr::{Literal, SetTo};
use crate::model::Field;

/// That a symmetrical relation leads to its own model, and that `through_fields` are keys to the two ends.
pub(super) fn proofs(context: &Context<'_>) -> TokenStream {
    if context.stand_in {
        return TokenStream::new();
    }
    let model = &context.model.ident;
    let proof = |field: &Field| {
        let target = field.shape.target();
        let symmetrical = field
            .options
            .symmetrical
            .as_ref()
            .map(|key| quote_spanned!(key.span()=> const _: () = __n::symmetrical::<#target, #model>();));
        let fields = field.options.through_fields.as_ref().zip(field.options.through.as_ref());
        let fields = fields.and_then(|(fields, through)| match fields.value.as_slice() {
            [from, to] => {
                let through = &through.value;
                let from = quote_spanned!(from.span()=> __n::key_to::<#model, _>(&__f.#from));
                let to = quote_spanned!(to.span()=> __n::key_to::<#target, _>(&__f.#to));
                Some(quote!(const _: fn(&__n::FieldsOf<#through>) = |__f| { #from; #to; };))
            }
            _ => None,
        });
        quote!(#symmetrical #fields)
    };
    context.many_to_many().map(|(_, field)| proof(field)).collect()
}

/// The conditions on the rows that relations offer, by the names of the fields.
pub(super) fn limit_choices_to(context: &Context<'_>) -> Option<TokenStream> {
    let arms = context.model.fields.iter().filter_map(|field| {
        let (limit, target, name) =
            (field.options.limit_choices_to.as_ref()?, field.shape.target()?, field.name());
        let condition = &limit.value;
        Some(quote_spanned!(condition.span()=> #name => __n::limit::<#target>(#condition)))
    });
    let arms: Vec<_> = arms.collect();
    (!arms.is_empty()).then(|| {
        quote! {
            limit_choices_to: |__name| match __name {
                #(#arms,)*
                _ => __n::None,
            }
        }
    })
}

/// What keys are set to by `Set` and `SetWith`, by position.
pub(super) fn set_on_delete(context: &Context<'_>) -> Option<TokenStream> {
    let arms = context.columns().filter_map(|(at, field)| {
        let (to, target, at) = (field.options.set_to.as_ref()?, field.shape.target()?, Index::from(at));
        Some(match to {
            // A number of no type of its own is one of the key's.
            SetTo::Key(key) if matches!(Literal::of(key), Some(Literal::Int(_))) => {
                quote_spanned!(key.span()=> #at => __n::set_key::<#target>(#key))
            }
            SetTo::Key(key) => quote_spanned!(key.span()=> #at => __n::set_to::<#target>(#key)),
            SetTo::With(path) => {
                quote_spanned!(path.span()=> #at => __n::set_with::<#target, _, _>(__db, #path))
            }
        })
    });
    let arms: Vec<_> = arms.collect();
    (!arms.is_empty()).then(|| {
        quote! {
            set_on_delete: |__index, __db| match __index {
                #(#arms,)*
                _ => __n::set_nothing(),
            }
        }
    })
}
