//! The companion: the model's fields as queries name them.
//!
//! ```text
//! pub struct BookFields<__P: Path> {
//!     pub title: In<String, __P, Book, 1>,
//!     pub tags: Many<Tag, __P, Book, 0>,
//!     __path: PhantomData<fn() -> __P>,
//! }
//! ```

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Index;
use syn::spanned::Spanned;

use super::{Context, private_at};
use crate::model::{Field, Shape};

pub(super) fn expand(context: &Context<'_>) -> TokenStream {
    let (name, vis, private) = (context.fields_name(), &context.model.vis, &context.private);
    let docs = format!("The fields of [`{}`], as queries name them.", context.model.ident);
    let fields = context.model.fields.iter().map(|field| {
        let (ident, vis, part) = (&field.ident, &field.vis, part(context, field));
        quote!(#vis #ident: #part)
    });
    quote! {
        #[doc = #docs]
        #[allow(dead_code, missing_docs)]
        #vis struct #name<__P: #private::Path> {
            #(#fields,)*
            // Last and of a known size: a field whose type is no column is told once, and not for the size of this too.
            __path: #private::PhantomData<fn() -> __P>,
        }
    }
}

/// The type stands in the alias with the user's own tokens, so a type that is no column is told there.
fn part(context: &Context<'_>, field: &Field) -> TokenStream {
    let (model, ty) = (&context.model.ident, &field.ty);
    let span = ty.span();
    let private = private_at(context.model.options.krate.as_ref(), span);
    if let Shape::ManyToMany { target } = &field.shape {
        let at = Index::from(context.many_position(field));
        return quote_spanned!(span=> #private::Many<#target, __P, #model, #at>);
    }
    if matches!(field.shape, Shape::Group) {
        let base = context.base_in(field, &private);
        return quote_spanned!(span=> #private::InGroup<#ty, __P, #model, { #base }>);
    }
    let at = Index::from(context.position(&field.ident).unwrap_or_default());
    quote_spanned!(span=> #private::In<#ty, __P, #model, #at>)
}
