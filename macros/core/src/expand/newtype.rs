//! `#[derive(Field)]` on `struct Isbn(String);` becomes:
//!
//! ```text
//! const _: () = {
//!     use ::nuages::__private as __n;
//!     impl __n::Newtype for Isbn {
//!         type Inner = String;
//!         fn wrap(inner: String) -> Self { Self(inner) }
//!         fn inner(&self) -> &String { &self.0 }
//!     }
//!     __n::newtype_field!(Isbn);
//! };
//! ```

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Index;

use super::anonymous;
use crate::model::Newtype;

pub(crate) fn newtype(newtype: &Newtype) -> TokenStream {
    let Newtype { ident, inner, .. } = newtype;
    let krate = newtype.krate.as_ref();
    let field = match &newtype.field {
        Some(name) => name.to_token_stream(),
        None => Index::from(0).to_token_stream(),
    };
    anonymous(
        krate,
        quote! {
            impl __n::Newtype for #ident {
                type Inner = #inner;

                fn wrap(inner: Self::Inner) -> Self {
                    Self { #field: inner }
                }

                fn inner(&self) -> &Self::Inner {
                    &self.#field
                }
            }
            __n::newtype_field!(#ident);
        },
    )
}
