//! `#[derive(Row)]` becomes:
//!
//! ```text
//! const _: () = {
//!     use ::nuages::__private as __n;
//!     impl __n::FromParts<(Book, Author)> for Line {
//!         fn from_parts((book, author): (Book, Author)) -> Self { Self { book, author } }
//!     }
//! };
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::anonymous;
use crate::model::Row;

pub(crate) fn row(row: &Row) -> TokenStream {
    let ident = &row.ident;
    let (impl_generics, type_generics, bounds) = row.generics.split_for_impl();
    let types: Vec<_> = row.fields.iter().map(|(_, ty)| ty).collect();
    let names: Vec<_> = row.fields.iter().map(|(name, _)| name).collect();
    // One part is handed out as itself, several as a tuple.
    let parts = match types.as_slice() {
        [one] => quote!(#one),
        _ => quote!((#(#types),*)),
    };
    let pattern = match names.as_slice() {
        [one] => quote!(#one),
        _ => quote!((#(#names),*)),
    };
    anonymous(
        row.krate.as_ref(),
        quote! {
            impl #impl_generics __n::FromParts<#parts> for #ident #type_generics #bounds {
                type This = Self;

                fn from_parts(#pattern: #parts) -> Self {
                    Self { #(#names),* }
                }
            }
        },
    )
}
