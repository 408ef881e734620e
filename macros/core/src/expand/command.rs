//! `#[command]` leaves the function and adds:
//!
//! ```text
//! const _: () = {
//!     use ::nuages::__private as __n;
//!     __n::inventory::submit! {
//!         __n::RegisteredCommand { module: ::core::module_path!(), make: || __n::Command::new("import-books", "…", import_books) }
//!     }
//! };
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::anonymous;
use crate::model::Command;

pub(crate) fn command(command: &Command) -> TokenStream {
    let Command { function, name, about, krate } = command;
    let ident = &function.sig.ident;
    let registered = anonymous(
        krate.as_ref(),
        quote! {
            __n::inventory::submit! {
                __n::RegisteredCommand {
                    module: ::core::module_path!(),
                    make: || __n::Command::new(#name, #about, #ident),
                }
            }
        },
    );
    quote!(#function #registered)
}
