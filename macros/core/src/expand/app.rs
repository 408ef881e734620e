//! `nuages::app!(label = "shop")` becomes:
//!
//! ```text
//! /// The app of this crate: what `Project::app` takes.
//! pub fn app() -> ::nuages::__private::App {
//!     use ::nuages::__private as __n;
//!     const _: () = __n::findings(::core::option_env!("NUAGES_FINDINGS"));
//!     __n::App::new("shop", ::core::module_path!())
//!         .with_migrations(::core::include!(::core::concat!(::core::env!("OUT_DIR"), "/nuages_migrations.rs")))
//! }
//! ```

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::private;
use crate::model::App;

/// `built` says whether a build script of ours ran, which embeds the migrations.
pub(crate) fn app(app: &App, built: bool) -> TokenStream {
    let private = private(app.options.krate.as_ref());
    let label = match app.label() {
        Some(label) => quote!(#label),
        None => quote!(__n::place!("app").app),
    };
    let migrations = built.then(|| {
        quote! {
            .with_migrations(::core::include!(::core::concat!(::core::env!("OUT_DIR"), "/nuages_migrations.rs")))
        }
    });
    let only = app.options.only.as_ref().map(|set| {
        let all = set.value.iter().map(|(_, backend)| format_ident!("{}", format!("{backend:?}")));
        quote!(.with_only(&[#(__n::Backend::#all),*]))
    });
    quote! {
        /// The app of this crate: what `Project::app` takes. Calling it links the crate's models and views.
        #[must_use]
        pub fn app() -> #private::App {
            use #private as __n;
            const _: () = __n::findings(::core::option_env!("NUAGES_FINDINGS"));
            __n::App::new(#label, ::core::module_path!()) #migrations #only
        }
    }
}
