//! The way back of a relation: a method on whatever leads to the other model in a query, and one on its rows.
//!
//! ```text
//! pub trait AuthorBooksPath: Companion<Model = Author> {
//!     fn books(&self) -> Back<Self, Book, 2> { Relation::new() }
//! }
//! impl<__C: Companion<Model = Author>> AuthorBooksPath for __C {}
//! pub trait AuthorBooks { fn books(&self) -> QuerySet<Book>; }
//! impl AuthorBooks for Author { fn books(&self) -> QuerySet<Book> { QuerySet::referring(2, self) } }
//! ```

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::{Ident, Index, Type};

use super::Context;
use crate::model::{Field, Shape};

pub(super) fn expand(context: &Context<'_>) -> TokenStream {
    context.model.fields.iter().filter_map(|field| relation(context, field)).collect()
}

fn relation(context: &Context<'_>, field: &Field) -> Option<TokenStream> {
    let (related, target) = (field.related_name()?, field.shape.target()?);
    let (private, model, vis) = (&context.private, &context.model.ident, &context.model.vis);
    let on_rows = trait_name(target, related, context, field);
    let on_path = format_ident!("{on_rows}Path");
    let (back, joined, at) = way(context, field);
    let (on_rows_docs, on_path_docs) = (
        format!("`{related}` of a loaded row: a query about each [`{model}`] that refers to it."),
        format!("`{related}` in queries about whatever leads to the model."),
    );
    Some(quote! {
        #[doc = #on_path_docs]
        #[allow(dead_code, missing_docs)]
        #vis trait #on_path: #private::Companion<Model = #target> {
            fn #related(&self) -> #private::#back<Self, #model, #at> {
                #private::Relation::new()
            }
        }
        impl<__C: #private::Companion<Model = #target>> #on_path for __C {}
        #[doc = #on_rows_docs]
        #[allow(dead_code, missing_docs)]
        #vis trait #on_rows {
            fn #related(&self) -> #private::QuerySet<#model>;
        }
        impl #on_rows for #target {
            fn #related(&self) -> #private::QuerySet<#model> {
                #private::QuerySet::#joined(#at, self)
            }
        }
    })
}

/// The type of the way back, the query that follows it, and the position of the relation.
fn way(context: &Context<'_>, field: &Field) -> (Ident, Ident, Index) {
    let column = Index::from(context.position(&field.ident).unwrap_or_default());
    match field.shape {
        Shape::ManyToMany { .. } => (
            format_ident!("BackMany"),
            format_ident!("joined_with"),
            Index::from(context.many_position(field)),
        ),
        Shape::OneToOne { .. } => (format_ident!("BackOne"), format_ident!("referring"), column),
        _ => (format_ident!("Back"), format_ident!("referring"), column),
    }
}

/// `AuthorBooks` for `books` of `Author`; a target without a name lends the field's.
fn trait_name(target: &Type, related: &Ident, context: &Context<'_>, field: &Field) -> Ident {
    let related = camel(&related.unraw().to_string());
    let last = match target {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    };
    let target = last.unwrap_or_else(|| format!("{}{}", context.model.ident, camel(&field.name())));
    format_ident!("{target}{related}")
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
