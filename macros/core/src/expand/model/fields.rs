//! The companion: the model's fields as queries name them.
//!
//! ```ignore
//! pub struct BookFields<__P: Path> {
//!     pub title: <String as Field>::In<__P, At<Book, 1>, <__P as Path>::Null>,
//!     pub tags: Relation<__P, ManyForward<At<Book, 0>, Tag>, MayBeNull>,
//! }
//! ```

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::Context;
use crate::model::{Field, Shape};

pub(super) fn expand(context: &Context<'_>) -> TokenStream {
    let (name, vis, private) = (context.fields_name(), &context.model.vis, &context.private);
    let docs = format!("The fields of [`{}`], as queries name them.", context.model.ident);
    let fields = context.model.fields.iter().map(|field| {
        let (ident, vis, ty) = (&field.ident, &field.vis, part(context, field));
        let docs = format!("`{}`", field.name());
        quote!(#[doc = #docs] #vis #ident: #ty)
    });
    quote! {
        #[doc = #docs]
        #vis struct #name<__P: #private::Path> { #(#fields),* }
    }
}

fn part(context: &Context<'_>, field: &Field) -> TokenStream {
    let (private, model, ty) = (&context.private, &context.model.ident, &field.ty);
    let span = ty.span();
    if let Shape::ManyToMany { target } = &field.shape {
        let at = context.many_to_many().position(|(_, other)| other.ident == field.ident);
        return quote_spanned! {span=>
            #private::Relation<__P, #private::ManyForward<#private::At<#model, #at>, #target>, #private::MayBeNull>
        };
    }
    let at = context.position(&field.ident);
    quote_spanned! {span=>
        <#ty as #private::Field>::In<__P, #private::At<#model, #at>, <__P as #private::Path>::Null>
    }
}
