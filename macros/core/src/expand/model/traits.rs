//! `impl Model for Book`, and the small traits that go with it.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, new};

pub(super) fn expand(context: &Context<'_>) -> TokenStream {
    let (model, companion, new) = (model(context), companion(context), new::implementation(context));
    let ident = &context.model.ident;
    let private = &context.private;
    quote! {
        #model
        #companion
        #new
        #private::slot_model!(#ident);
        __n::inventory::submit!(&__ENTRY as &'static __n::ModelEntry);
    }
}

fn model(context: &Context<'_>) -> TokenStream {
    let (ident, fields) = (&context.model.ident, context.fields_name());
    let key = context.model.key_field().map(|key| &key.ident);
    let key_type = context.model.key_field().map(|key| &key.ty);
    let (read, value) = (read(context), value(context));
    quote! {
        #[automatically_derived]
        impl __n::Model for #ident {
            type Key = #key_type;
            type Fields<__P: __n::Path> = #fields<__P>;

            fn entry() -> &'static __n::ModelEntry {
                &__ENTRY
            }

            #read

            fn key(&self) -> Self::Key {
                __n::Clone::clone(&self.#key)
            }

            #value
        }
    }
}

/// A row is read by position; a many-to-many relation holds the row's key.
fn read(context: &Context<'_>) -> TokenStream {
    let columns = context.columns().map(|(at, field)| {
        let ident = &field.ident;
        quote!(#ident: __n::Field::read(__row, __at + #at)?)
    });
    let key = context.model.key;
    let many = context.many_to_many().map(|(at, field)| {
        let ident = &field.ident;
        quote!(#ident: __n::many_to_many::<Self, _>(__row, __at + #key, #at)?)
    });
    quote! {
        fn read(__row: &__n::Row, __at: usize) -> __n::Result<Self> {
            __n::Ok(Self { #(#columns,)* #(#many,)* })
        }
    }
}

fn value(context: &Context<'_>) -> TokenStream {
    let arms = context.columns().map(|(at, field)| {
        let ident = &field.ident;
        quote!(#at => __n::Field::to_value(&self.#ident))
    });
    quote! {
        fn value(&self, __index: usize) -> __n::Value {
            match __index {
                #(#arms,)*
                _ => __n::no_value(),
            }
        }
    }
}

fn companion(context: &Context<'_>) -> TokenStream {
    let (ident, fields) = (&context.model.ident, context.fields_name());
    let parts = context.model.fields.iter().map(|field| {
        let ident = &field.ident;
        if field.is_column() {
            quote!(#ident: __n::Access::NEW)
        } else {
            quote!(#ident: __n::Relation::new())
        }
    });
    quote! {
        #[automatically_derived]
        impl<__P: __n::Path> __n::Companion for #fields<__P> {
            type Model = #ident;
            type Path = __P;
            const ALL: &'static Self = &Self { #(#parts),* };
        }
    }
}
