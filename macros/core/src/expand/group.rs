//! `#[derive(Fields)]` on `struct Stamps { created: DateTime, changed: DateTime }` becomes:
//!
//! ```text
//! pub struct StampsFields<__P: Path, __K: Key> { pub created: InGroupField<DateTime, __P, __K, 0>, … }
//! pub struct NewStamps { … }
//! const _: () = {
//!     impl<__P: Path, __K: Key> Access<__K> for StampsFields<__P, __K> { const NEW: Self = …; }
//!     impl Group for Stamps { const FIELDS: &'static [FieldSchema] = &[…]; … }
//! };
//! ```

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::Index;
use syn::spanned::Spanned;

use super::model::entry::{default_arms, validate_arms};
use super::model::schema::column;
use super::model::{read_column, typed};
use super::{anonymous, private_at};
use crate::model::{Field, Group};

pub(crate) fn group(group: &Group) -> TokenStream {
    let items = anonymous(group.krate.as_ref(), {
        let (access, facts) = (access(group), implementation(group));
        quote!(#access #facts)
    });
    let structs = structs(group);
    quote!(#structs #items)
}

/// The companion and the required fields of a new row.
fn structs(group: &Group) -> TokenStream {
    let (vis, companion, new) = (&group.vis, format_ident!("{}Fields", group.ident), new_name(group));
    let private = private_at(group.krate.as_ref(), group.ident.span());
    let docs = format!("The fields of [`{}`], as queries name them behind the group's name.", group.ident);
    let new_docs = format!("The required fields of a new [`{}`].", group.ident);
    let fields = columns(group).map(|(at, field)| {
        let (vis, ident, ty, at) = (&field.vis, &field.ident, &field.ty, Index::from(at));
        let private = private_at(group.krate.as_ref(), ty.span());
        quote_spanned!(ty.span()=> #vis #ident: #private::InGroupField<#ty, __P, __K, #at>)
    });
    let required = columns(group).filter(|(_, field)| field.is_required()).map(|(_, field)| {
        let (vis, ident, ty) = (&field.vis, &field.ident, &field.ty);
        quote!(#vis #ident: #ty)
    });
    quote! {
        #[doc = #docs]
        #[allow(dead_code, missing_docs)]
        #vis struct #companion<__P: #private::Path, __K: #private::Key> {
            #(#fields,)*
            __path: #private::PhantomData<fn() -> (__P, __K)>,
        }
        #[doc = #new_docs]
        #[allow(dead_code, missing_docs)]
        #vis struct #new { #(#required),* }
    }
}

fn access(group: &Group) -> TokenStream {
    let companion = format_ident!("{}Fields", group.ident);
    let parts = columns(group).map(|(at, field)| {
        let (mut ident, at, span) = (field.ident.clone(), Index::from(at), field.ty.span());
        ident.set_span(span);
        quote_spanned!(span=> #ident: <_ as __n::Access<__n::Offset<__K, #at>>>::NEW)
    });
    quote! {
        impl<__P: __n::Path, __K: __n::Key> __n::Access<__K> for #companion<__P, __K> {
            const NEW: Self = Self { #(#parts,)* __path: __n::PhantomData };
        }
    }
}

fn implementation(group: &Group) -> TokenStream {
    let (ident, companion, new) = (&group.ident, format_ident!("{}Fields", group.ident), new_name(group));
    let name = ident.to_string();
    let fields = columns(group).map(|(_, field)| column(field, false));
    let types = columns(group).map(|(_, field)| typed(field, "OF"));
    let parts = columns(group).map(|(at, field)| read_column(at, field));
    let read = match group.stand_in {
        true => quote!(__n::Err(__n::Error::other("the group has an error"))),
        false => quote!(__n::Ok(Self { #(#parts),* })),
    };
    let required = columns(group).filter(|(_, field)| field.is_required()).map(|(at, field)| {
        let (at, ident, to_value) = (Index::from(at), &field.ident, typed(field, "to_value"));
        quote!((#at, #to_value(&__new.#ident)))
    });
    let values = columns(group).map(|(at, field)| {
        let (at, ident, to_value) =
            (Index::from(at).into_token_stream(), &field.ident, typed(field, "to_value"));
        quote!(#at => #to_value(&self.#ident))
    });
    let (defaults, validators) = (default_arms(columns(group)), validate_arms(columns(group)));
    quote! {
        const __M: __n::Place = __n::place!(#name).unproven();
        impl __n::Group for #ident {
            type Fields<__P: __n::Path, __K: __n::Key> = #companion<__P, __K>;
            type New = #new;
            const FIELDS: &'static [__n::FieldSchema] = &[#(#fields),*];
            const TYPES: &'static [__n::Facts] = &[#(#types),*];

            fn read(__row: &__n::Row, __at: usize) -> __n::Result<Self> {
                #read
            }

            fn value(&self, __index: usize) -> __n::Value {
                match __index {
                    #(#values,)*
                    _ => __n::no_value(),
                }
            }

            fn new_values(__new: Self::New) -> __n::Values {
                __n::list([#(#required),*])
            }

            fn default(__index: usize) -> __n::Option<__n::Value> {
                match __index {
                    #(#defaults,)*
                    _ => __n::None,
                }
            }

            fn validate(__index: usize, __value: &__n::Value) -> __n::Vec<__n::String> {
                match __index {
                    #(#validators,)*
                    _ => __n::Vec::new(),
                }
            }
        }
    }
}

fn columns(group: &Group) -> impl Iterator<Item = (usize, &Field)> {
    group.fields.iter().enumerate()
}

fn new_name(group: &Group) -> syn::Ident {
    format_ident!("New{}", group.ident)
}
