//! Relations to rows of any model: the columns that are one, and the way back.
//!
//! ```text
//! impl GenericForeignKey for TaggedItem { type Kind = ForeignKey<ContentType>; type Object = i64; … }
//! impl Book { pub fn tags(&self) -> QuerySet<TaggedItem> { about(self) } }
//! impl BookFields<Root<Book>> { pub fn tags(&self) -> GenericRows<Book, TaggedItem> { GenericRows::new() } }
//! ```

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Index, Path};

use super::Context;

pub(super) fn expand(context: &Context<'_>) -> TokenStream {
    if context.stand_in {
        return TokenStream::new();
    }
    let key = key(context);
    let back = context.model.options.generic_relations.iter().map(|(name, model)| back(context, name, model));
    quote!(#key #(#back)*)
}

/// The list of the schema, if there is one.
pub(super) fn relations(context: &Context<'_>) -> Vec<TokenStream> {
    let models = context.model.options.generic_relations.iter().filter(|_| !context.stand_in);
    models
        .map(|(_, model)| quote_spanned!(model.span()=> <#model as __n::GenericForeignKey>::generic))
        .collect()
}

fn key(context: &Context<'_>) -> Option<TokenStream> {
    let [kind, object] = context.model.options.generic_foreign_key.as_ref()?.value.as_slice() else {
        return None;
    };
    let ident = &context.model.ident;
    let ((kind_at, kind_type), (object_at, object_type)) = (column(context, kind)?, column(context, object)?);
    let proof = quote_spanned!(kind.span()=> __n::generic_kind(&__f.#kind));
    // A table of models has the names of Django's.
    let table = context
        .model
        .field(kind)
        .filter(|field| field.shape.is_foreign())
        .map(|_| quote_spanned!(kind.span()=> let _ = (&__f.#kind.app_label, &__f.#kind.model);));
    Some(quote! {
        const _: fn(&__n::FieldsOf<#ident>) = |__f| { #proof; #table };
        impl __n::GenericForeignKey for #ident {
            type Kind = #kind_type;
            type Object = <#object_type as __n::Field>::Base;
            const KIND: usize = #kind_at;
            const OBJECT: usize = #object_at;
        }
    })
}

fn column<'a>(context: &Context<'a>, name: &Ident) -> Option<(Index, &'a syn::Type)> {
    let (at, field) = context.columns().find(|(_, field)| field.ident == *name)?;
    Some((Index::from(at), &field.ty))
}

fn back(context: &Context<'_>, name: &Ident, of: &Path) -> TokenStream {
    let (model, fields, vis) = (&context.model.ident, context.fields_name(), &context.model.vis);
    let docs = format!("The rows that belong to it, as `{name}`.");
    quote_spanned! {of.span()=>
        #[allow(dead_code)]
        impl #model {
            #[doc = #docs]
            #vis fn #name(&self) -> __n::QuerySet<#of> {
                __n::about(self)
            }
        }
        #[allow(dead_code)]
        impl #fields<__n::Root<#model>> {
            #[doc = #docs]
            #vis fn #name(&self) -> __n::GenericRows<#model, #of> {
                __n::GenericRows::new()
            }
        }
    }
}
