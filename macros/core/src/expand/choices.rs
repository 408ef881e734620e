//! `#[derive(Choices)]` becomes:
//!
//! ```text
//! impl Status {
//!     pub const fn all() -> &'static [Self] { &[Self::Draft, …] }
//!     pub const fn label(&self) -> &'static str { match self { Self::Draft => "Draft", … } }
//!     pub const fn word(&self) -> &'static str { match self { Self::Draft => "draft", … } }
//! }
//! const _: () = {
//!     use ::nuages::__private as __n;
//!     impl __n::Choices for Status { … }
//!     __n::choices_field!(Status);
//! };
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::anonymous;
use crate::model::Choices;

pub(crate) fn choices(choices: &Choices) -> TokenStream {
    let krate = choices.krate.as_ref();
    let methods = methods(choices);
    let ident = &choices.ident;
    let pairs = choices.variants.iter().map(|variant| {
        let (value, label) = (&variant.value, &variant.label);
        quote!((#value, #label))
    });
    let words = choices.variants.iter().map(|variant| &variant.value);
    let idents = choices.variants.iter().map(|variant| &variant.ident);
    let field = anonymous(
        krate,
        quote! {
            impl __n::Choices for #ident {
                const CHOICES: &'static [(&'static str, &'static str)] = &[#(#pairs),*];

                fn word(&self) -> &'static str {
                    Self::word(self)
                }

                fn from_word(word: &str) -> __n::Option<Self> {
                    match word {
                        #(#words => __n::Option::Some(Self::#idents),)*
                        _ => __n::Option::None,
                    }
                }
            }
            __n::choices_field!(#ident);
        },
    );
    quote!(#methods #field)
}

fn methods(choices: &Choices) -> TokenStream {
    let (ident, vis) = (&choices.ident, &choices.vis);
    let idents: Vec<_> = choices.variants.iter().map(|variant| &variant.ident).collect();
    let words = choices.variants.iter().map(|variant| &variant.value);
    let labels = choices.variants.iter().map(|variant| &variant.label);
    quote! {
        #[allow(dead_code, reason = "an enumeration need not use all of its methods")]
        impl #ident {
            /// Every choice, in order.
            #[must_use]
            #vis const fn all() -> &'static [Self] {
                &[#(Self::#idents),*]
            }

            /// The label for people.
            #[must_use]
            #vis const fn label(&self) -> &'static str {
                match self { #(Self::#idents => #labels,)* }
            }

            /// The word in the database.
            #[must_use]
            #vis const fn word(&self) -> &'static str {
                match self { #(Self::#idents => #words,)* }
            }
        }
    }
}
