//! The required fields of a new row.
//!
//! ```ignore
//! pub struct NewBook { pub title: String, pub author: ForeignKey<Author> }
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::Context;

pub(super) fn expand(context: &Context<'_>) -> TokenStream {
    let (name, vis) = (context.new_name(), &context.model.vis);
    let required = context.columns().filter(|(_, field)| field.is_required());
    let fields = required.map(|(_, field)| {
        let (ident, vis, ty) = (&field.ident, &field.vis, &field.ty);
        let docs = format!("`{}`", field.name());
        quote!(#[doc = #docs] #vis #ident: #ty)
    });
    let docs =
        format!("What a new [`{}`] needs; `with` sets the rest and `create` writes it.", context.model.ident);
    quote! {
        #[doc = #docs]
        #vis struct #name { #(#fields),* }
    }
}

/// `impl New for NewBook`.
pub(super) fn implementation(context: &Context<'_>) -> TokenStream {
    let (name, model) = (context.new_name(), &context.model.ident);
    let values = context.columns().filter(|(_, field)| field.is_required()).map(|(at, field)| {
        let ident = &field.ident;
        quote!((#at, __n::Field::to_value(&self.#ident)))
    });
    quote! {
        #[automatically_derived]
        impl __n::New for #name {
            type Model = #model;

            fn values(self) -> __n::Vec<(usize, __n::Value)> {
                __n::Vec::from([#(#values),*])
            }
        }
    }
}
