//! `#[data_step]` leaves the function and adds:
//!
//! ```text
//! const _: () = {
//!     use ::nuages_migrate::__private as __m;
//!     __m::inventory::submit! {
//!         __m::DataStep { app: "shop", name: "fill_slugs", run: |data| __m::Box::pin(fill_slugs(data)) }
//!     }
//! };
//! ```

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;

use crate::message;
use crate::model::DataStep;

pub(crate) fn data_step(step: &DataStep) -> TokenStream {
    let DataStep { function, app, krate } = step;
    let ident = &function.sig.ident;
    let name = ident.unraw().to_string();
    let private = match krate {
        Some(path) => quote!(#path::__private),
        None => quote!(::nuages_migrate::__private),
    };
    let no_app = message::STEP_WITHOUT_APP;
    let app = match app {
        Some(app) => quote!(#app),
        None => quote!(::core::env!("NUAGES_APP", #no_app)),
    };
    quote! {
        #function
        const _: () = {
            use #private as __m;
            __m::inventory::submit! {
                __m::DataStep {
                    app: #app,
                    name: #name,
                    run: |__data| __m::Box::pin(#ident(__data)),
                }
            }
        };
    }
}
