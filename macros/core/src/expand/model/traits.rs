//! `impl Model for Book`, and the small traits that go with it.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::Index;
use syn::spanned::Spanned;

use super::{Context, new, typed};
use crate::model::{Field, Shape};

pub(super) fn expand(context: &Context<'_>) -> TokenStream {
    let (model, companion, new) = (model(context), companion(context), new::implementation(context));
    let ident = &context.model.ident;
    // The bound `AuthUser` is told at the word `user`.
    let user =
        context.model.options.user.as_ref().map(
            |word| quote_spanned!(word.span()=> __n::inventory::submit!(__n::UserEntry::of::<#ident>());),
        );
    quote! {
        __n::register_model!(#ident, __ENTRY);
        #user
        #model
        #companion
        #new
    }
}

fn model(context: &Context<'_>) -> TokenStream {
    let (ident, fields) = (&context.model.ident, context.fields_name());
    let (key_type, key) = key(context);
    let (read, value) = (read(context), value(context));
    quote! {
        impl __n::Model for #ident {
            type Key = #key_type;
            type Fields<__P: __n::Path> = #fields<__P>;
            const NAMED: __n::Named = __M.named();

            fn entry() -> &'static __n::ModelEntry {
                &__ENTRY
            }

            #read

            fn key(&self) -> Self::Key {
                #key
            }

            #value
        }
    }
}

/// The type of the key, and its value; of a composite key a tuple of its parts, of a relation the key it holds.
fn key(context: &Context<'_>) -> (TokenStream, TokenStream) {
    let mut parts = context
        .model
        .key_parts()
        .map(|part| {
            let (ident, ty) = (&part.ident, &part.ty);
            match part.shape.target() {
                Some(target) => {
                    (quote!(<#target as __n::Model>::Key), quote!(__n::Clone::clone(self.#ident.key())))
                }
                None => (quote!(#ty), quote!(__n::Clone::clone(&self.#ident))),
            }
        })
        .peekable();
    if parts.peek().is_some() {
        let (types, values): (Vec<_>, Vec<_>) = parts.unzip();
        return (quote!((#(#types),*)), quote!((#(#values),*)));
    }
    let key = context.model.key_field();
    let (ident, ty) = (key.map(|key| &key.ident), key.map(|key| &key.ty));
    (quote!(#ty), quote!(__n::Clone::clone(&self.#ident)))
}

/// A row is read by position; a many-to-many relation holds the row's key.
fn read(context: &Context<'_>) -> TokenStream {
    let columns = context.columns().map(|(at, field)| read_column(at, field));
    let groups = context.model.groups().map(|group| {
        let (ident, ty, base) = (&group.ident, &group.ty, context.base(group));
        quote_spanned!(ty.span()=> #ident: <#ty as __n::Group>::read(__row, __at + #base)?)
    });
    let key = column(context.key());
    let many = context.many_to_many().map(|(at, field)| {
        let (at, ident) = (Index::from(at), &field.ident);
        quote!(#ident: __n::many_to_many::<Self, _>(__row, #key, #at)?)
    });
    quote! {
        fn read(__row: &__n::Row, __at: usize) -> __n::Result<Self> {
            __n::Ok(Self { #(#columns,)* #(#groups,)* #(#many,)* })
        }
    }
}

/// `title: <String as __n::Field>::read(__row, __at + 1)?`
pub(in crate::expand) fn read_column(at: usize, field: &Field) -> TokenStream {
    let (at, ident) = (column(at), &field.ident);
    match &field.options.decimal_places {
        Some(places) => {
            let (read, places) = (typed(field, "read_places"), Index::from(usize::from(places.value)));
            quote!(#ident: #read(__row, #at, #places)?)
        }
        None => {
            let read = typed(field, "read");
            quote!(#ident: #read(__row, #at)?)
        }
    }
}

/// The column at a position of the model, in a row that begins at `__at`.
fn column(at: usize) -> TokenStream {
    match at {
        0 => quote!(__at),
        at => {
            let at = Index::from(at);
            quote!(__at + #at)
        }
    }
}

/// Positions come from the schema, so the last one needs no arm of its own.
fn value(context: &Context<'_>) -> TokenStream {
    let groups: Vec<_> = context.model.groups().map(|group| {
        let (ident, ty, base) = (&group.ident, &group.ty, context.base(group));
        quote_spanned! {ty.span()=>
            __at if __n::is_in::<#ty>(__at, #base) => <#ty as __n::Group>::value(&self.#ident, __at - (#base))
        }
    }).collect();
    let last = context.columns().count().saturating_sub(1);
    let arms = context.columns().map(|(at, field)| {
        let (ident, to_value) = (&field.ident, typed(field, "to_value"));
        let at = if at == last { quote!(_) } else { Index::from(at).into_token_stream() };
        quote!(#at => #to_value(&self.#ident))
    });
    quote! {
        fn value(&self, __index: usize) -> __n::Value {
            match __index {
                #(#groups,)*
                #(#arms,)*
            }
        }
    }
}

fn companion(context: &Context<'_>) -> TokenStream {
    let (ident, fields) = (&context.model.ident, context.fields_name());
    let parts = context.model.fields.iter().map(|field| {
        let name = &field.ident;
        match context.position(name).map(Index::from) {
            // Everything at the type, its name too, so that a type that is no column is not told again here.
            Some(at) => {
                let span = field.ty.span();
                let mut name = name.clone();
                name.set_span(span);
                quote_spanned!(span=> #name: <_ as __n::Access<__n::At<#ident, #at>>>::NEW)
            }
            None if matches!(field.shape, Shape::Group) => {
                let (ty, base) = (&field.ty, context.base(field));
                quote_spanned! {ty.span()=>
                    #name: <__n::InGroup<#ty, __P, #ident, { #base }> as __n::Access<__n::At<#ident, { #base }>>>::NEW
                }
            }
            None => quote!(#name: __n::Relation::new()),
        }
    });
    quote! {
        impl<__P: __n::Path> __n::Companion for #fields<__P> {
            type Model = #ident;
            type Path = __P;
            const ALL: &'static Self = &Self { #(#parts,)* __path: __n::PhantomData };
        }
    }
}
