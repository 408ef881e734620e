//! The required fields of a new row.
//!
//! ```text
//! pub struct NewBook { pub title: String, pub author: ForeignKey<Author> }
//! new_row!(NewBook, Book, [1: String = title, 2: ForeignKey<Author> = author]);
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
    let groups = context.model.groups().filter(|field| field.options.required.is_some()).map(|field| {
        let (ident, vis, ty, private) = (&field.ident, &field.vis, &field.ty, &context.private);
        quote!(#vis #ident: <#ty as #private::Group>::New)
    });
    let docs = format!("The required fields of a new [`{}`].", context.model.ident);
    quote! {
        #[doc = #docs]
        #[allow(dead_code, missing_docs)]
        #vis struct #name { #(#fields,)* #(#groups,)* }
    }
}

/// `impl New for NewBook`.
pub(super) fn implementation(context: &Context<'_>) -> TokenStream {
    let (name, model) = (context.new_name(), &context.model.ident);
    let values = context.columns().filter(|(_, field)| field.is_required()).map(|(at, field)| {
        let (at, ident, ty) = (Index::from(at), &field.ident, &field.ty);
        quote!(#at: #ty = #ident)
    });
    let groups: Vec<_> = context
        .model
        .groups()
        .filter(|field| field.options.required.is_some())
        .map(|field| {
            let (ident, ty, base) = (&field.ident, &field.ty, context.base(field));
            quote!((#base): #ty = #ident)
        })
        .collect();
    let groups = (!groups.is_empty()).then(|| quote!(, [#(#groups),*]));
    quote!(__n::new_row!(#name, #model, [#(#values),*] #groups);)
}
