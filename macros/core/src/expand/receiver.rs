//! `#[receiver(post_save)] async fn saved(db: &Db, book: &Book, created: bool)` leaves the function and adds:
//!
//! ```text
//! const _: () = {
//!     use ::nuages::__private as __n;
//!     static __RECEIVER: __n::Receiver = __n::Receiver {
//!         model: <Book as __n::Model>::schema,
//!         signal: __n::Signal::PostSave,
//!         module: ::core::module_path!(),
//!         name: "saved",
//!         run: |event| __n::Box::pin(async move {
//!             saved(event.db, __n::instance::<Book>(&event)?, event.created).await
//!         }),
//!     };
//!     __n::inventory::submit!(&__RECEIVER);
//! };
//! ```

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::Ident;
use syn::ext::IdentExt as _;

use super::anonymous;
use crate::model::{Receiver, Told};

pub(crate) fn receiver(receiver: &Receiver) -> TokenStream {
    let Receiver { function, model, krate, .. } = receiver;
    let ident = &function.sig.ident;
    let name = ident.unraw().to_string();
    let items = receiver.signals.iter().map(|signal| {
        let signal = Ident::new(signal.variant(), Span::call_site());
        let told = receiver.told.iter().map(|told| match told {
            Told::Db => quote!(__event.db),
            Told::Row => quote!(__n::instance::<#model>(&__event)?),
            Told::Created => quote!(__event.created),
            Told::Change => quote!(__n::change(&__event)?),
        });
        quote! {
            __n::inventory::submit! {
                &__n::Receiver {
                    model: <#model as __n::Model>::schema,
                    signal: __n::Signal::#signal,
                    module: ::core::module_path!(),
                    name: #name,
                    run: |__event| __n::Box::pin(async move { #ident(#(#told),*).await }),
                } as &'static __n::Receiver
            }
        }
    });
    let registered = anonymous(krate.as_ref(), quote!(#(#items)*));
    quote!(#function #registered)
}
