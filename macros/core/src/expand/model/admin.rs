//! What `#[admin(…)]` said, as a table.

use proc_macro2::TokenStream;
use quote::quote;

use super::Context;

/// An expression of type `&'static AdminOptions`.
pub(super) fn expand(context: &Context<'_>) -> TokenStream {
    let _ = context;
    quote!(&__n::AdminOptions::DEFAULT)
}
