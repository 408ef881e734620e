//! The required fields of a new row.
//!
//! ```text
//! pub struct NewBook { pub title: String, pub author: ForeignKey<Author> }
//! impl New for NewBook {
//!     type Model = Book;
//!     fn values(self) -> Values { list([(1, Field::to_value(&self.title)), …]) }
//! }
//! ```

use proc_macro2::TokenStream;
use quote::quote;
use syn::Index;

use super::Context;

pub(super) fn expand(context: &Context<'_>) -> TokenStream {
    let (name, vis) = (context.new_name(), &context.model.vis);
    let fields = context.columns().filter(|(_, field)| field.is_required()).map(|(_, field)| {
        let (ident, vis, ty) = (&field.ident, &field.vis, &field.ty);
        quote!(#vis #ident: #ty)
    });
    let docs = format!("The required fields of a new [`{}`].", context.model.ident);
    quote! {
        #[doc = #docs]
        #[allow(dead_code, missing_docs)]
        #vis struct #name { #(#fields),* }
    }
}

/// `impl New for NewBook`.
pub(super) fn implementation(context: &Context<'_>) -> TokenStream {
    let (name, model) = (context.new_name(), &context.model.ident);
    let values = context.columns().filter(|(_, field)| field.is_required()).map(|(at, field)| {
        let (at, ident) = (Index::from(at), &field.ident);
        quote!((#at, __n::Field::to_value(&self.#ident)))
    });
    quote! {
        impl __n::New for #name {
            type Model = #model;

            fn values(self) -> __n::Values {
                __n::list([#(#values),*])
            }
        }
    }
}
