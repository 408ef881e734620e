//! Writes the Rust that the macros become: tables, and calls into the runtime.
//!
//! Everything here takes checked facts and cannot fail. Names that are not the
//! public API begin with `__`; the runtime is named by its full path and only
//! through `__private`, so that it works without a prelude and in a crate that
//! renamed ours.

mod app;
mod choices;
mod command;
mod data_step;
mod decimal;
mod form;
mod group;
mod model;
mod newtype;
mod receiver;
mod row;
mod view;

pub(crate) use app::app;
pub(crate) use choices::choices;
pub(crate) use command::command;
pub(crate) use data_step::data_step;
pub(crate) use decimal::decimal;
pub(crate) use form::form;
pub(crate) use group::group;
pub(crate) use model::{model, stand_in};
pub(crate) use newtype::newtype;
pub(crate) use receiver::receiver;
pub(crate) use row::row;
pub(crate) use view::view;

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Path;

/// The private module of the runtime: `::nuages::__private`, or below the path that `crate = …` gives.
fn private(krate: Option<&Path>) -> TokenStream {
    match krate {
        Some(path) => quote!(#path::__private),
        None => quote!(::nuages::__private),
    }
}

/// The same at a place of the user's, so that what the type there lacks is told there.
fn private_at(krate: Option<&Path>, span: Span) -> TokenStream {
    match krate {
        Some(path) => quote_spanned!(span=> #path::__private),
        None => quote_spanned!(span=> ::nuages::__private),
    }
}

/// Items that nobody names, with the runtime as `__n`.
fn anonymous(krate: Option<&Path>, items: TokenStream) -> TokenStream {
    let private = private(krate);
    quote! {
        const _: () = {
            use #private as __n;
            #items
        };
    }
}
