//! The way back of a relation: a method on the companion of the other model, and one on its rows.
//!
//! ```ignore
//! pub trait AuthorBooksFields: Companion<Model = Author> {
//!     fn books(&self) -> Relation<Self::Path, Reverse<At<Book, 2>, Book>, MayBeNull> { Relation::new() }
//! }
//! impl<__C: Companion<Model = Author>> AuthorBooksFields for __C {}
//! pub trait AuthorBooksRows { fn books(&self) -> QuerySet<Book>; }
//! impl AuthorBooksRows for Author { fn books(&self) -> QuerySet<Book> { related::<…>(self) } }
//! ```

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::{Ident, Type};

use super::Context;
use crate::model::{Field, Shape};

pub(super) fn expand(context: &Context<'_>) -> TokenStream {
    let columns = context.columns().filter_map(|(at, field)| relation(context, at, field));
    let many = context.many_to_many().filter_map(|(at, field)| relation(context, at, field));
    columns.chain(many).collect()
}

fn relation(context: &Context<'_>, at: usize, field: &Field) -> Option<TokenStream> {
    let (related, target) = (field.related_name()?, field.shape.target()?);
    let (private, model, vis) = (&context.private, &context.model.ident, &context.model.vis);
    let base = trait_name(target, related, context, field);
    let (on_fields, on_rows) = (format_ident!("{base}Fields"), format_ident!("{base}Rows"));
    let step = step(field);
    let step = quote!(#private::#step<#private::At<#model, #at>, #model>);
    let docs_fields = format!(
        "`{related}` of `{}` in queries: the rows of [`{model}`] that refer to it.",
        target.to_token_stream()
    );
    let docs_rows = format!("`{related}` of a loaded `{}`.", target.to_token_stream());
    Some(quote! {
        #[doc = #docs_fields]
        #vis trait #on_fields: #private::Companion<Model = #target> {
            /// The relation.
            fn #related(&self) -> #private::Relation<Self::Path, #step, #private::MayBeNull> {
                #private::Relation::new()
            }
        }
        #[automatically_derived]
        impl<__C: #private::Companion<Model = #target>> #on_fields for __C {}
        #[doc = #docs_rows]
        #vis trait #on_rows {
            /// A query about them.
            fn #related(&self) -> #private::QuerySet<#model>;
        }
        #[automatically_derived]
        impl #on_rows for #target {
            fn #related(&self) -> #private::QuerySet<#model> {
                #private::related::<#target, #step>(self)
            }
        }
    })
}

fn step(field: &Field) -> Ident {
    match field.shape {
        Shape::OneToOne { .. } => format_ident!("ReverseOne"),
        Shape::ManyToMany { .. } => format_ident!("ManyReverse"),
        _ => format_ident!("Reverse"),
    }
}

/// `AuthorBooks` for `books` of `Author`; a target without a name lends the field's.
fn trait_name(target: &Type, related: &Ident, context: &Context<'_>, field: &Field) -> Ident {
    let related = camel(&related.unraw().to_string());
    match target {
        Type::Path(path) => match path.path.segments.last() {
            Some(last) => format_ident!("{}{related}", last.ident),
            None => format_ident!("{}{}{related}", context.model.ident, camel(&field.name())),
        },
        _ => format_ident!("{}{}{related}", context.model.ident, camel(&field.name())),
    }
}

/// `out_of_print` as `OutOfPrint`.
fn camel(snake: &str) -> String {
    let words = snake.split('_').map(|word| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect::<String>())
            .unwrap_or_default()
    });
    words.collect()
}
