//! `#[derive(Model)]`: one file per generated item.
//!
//! ```text
//! pub struct BookFields<__P: Path> { pub title: In<String, __P, Book, 1>, … }
//! pub struct NewBook { pub title: String, … }
//! pub trait AuthorBooksPath: Companion<Model = Author> { fn books(&self) -> Back<Self, Book, 2> { … } }
//! const _: () = {
//!     static __SCHEMA: ModelSchema = …;
//!     static __ENTRY: ModelEntry = …;
//!     impl Model for Book { … }
//! };
//! ```

mod admin;
mod constraint;
pub(super) mod entry;
mod fields;
mod generic;
mod new;
pub(super) mod options;
mod relation;
mod reverse;
pub(super) mod schema;
mod traits;

pub(super) use traits::read_column;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Ident, Index};

use super::{anonymous, private, private_at};
use crate::attr::FieldPath;
use crate::model::{Field, Model};

/// What every emitter needs: the model, and names made from it.
pub(crate) struct Context<'a> {
    pub(crate) model: &'a Model,
    /// The runtime's private module by its full path.
    pub(crate) private: TokenStream,
    /// Whether this stands in for a model with an error, so that nothing else is proved of it.
    pub(crate) stand_in: bool,
}

impl<'a> Context<'a> {
    fn fields_name(&self) -> Ident {
        format_ident!("{}Fields", self.model.ident)
    }

    fn new_name(&self) -> Ident {
        format_ident!("New{}", self.model.ident)
    }

    /// The columns with their positions in the schema.
    fn columns(&self) -> impl Iterator<Item = (usize, &'a Field)> + use<'a> {
        self.model.columns().enumerate()
    }

    /// The many-to-many relations with their positions in the schema.
    fn many_to_many(&self) -> impl Iterator<Item = (usize, &'a Field)> + use<'a> {
        self.model.many_to_many().enumerate()
    }

    /// The position of the primary key in the schema.
    fn key(&self) -> usize {
        self.model.key_field().and_then(|key| self.position(&key.ident)).unwrap_or_default()
    }

    /// The position of a many-to-many relation in the schema.
    fn many_position(&self, field: &Field) -> usize {
        self.many_to_many().position(|(_, other)| other.ident == field.ident).unwrap_or_default()
    }

    /// The position of a group's first column: they come after the model's own, one group after the other.
    fn base(&self, group: &Field) -> TokenStream {
        self.base_in(group, &quote!(__n))
    }

    /// The same outside of our items, where the private module has its full path.
    fn base_in(&self, group: &Field, private: &TokenStream) -> TokenStream {
        let own = Index::from(self.model.columns().count());
        let before = self.model.groups().take_while(|other| other.ident != group.ident).map(|other| {
            let ty = &other.ty;
            quote!(+ <#ty as #private::Group>::FIELDS.len())
        });
        quote!(#own #(#before)*)
    }

    /// `__index if __index < …`: the arms by which a function over positions asks the groups.
    fn group_arms(&self, function: &str) -> Vec<TokenStream> {
        let arms = self.model.groups().map(|group| {
            let (base, ty) = (self.base(group), &group.ty);
            let function = Ident::new(function, ty.span());
            let value = (function == "validate").then(|| quote!(, __value));
            quote_spanned! {ty.span()=>
                __at if __n::is_in::<#ty>(__at, #base) => <#ty as __n::Group>::#function(__at - (#base) #value)
            }
        });
        arms.collect()
    }

    /// The position of a term's column in the schema, in const code.
    fn term(&self, path: &FieldPath) -> Option<TokenStream> {
        if let Some((group, name)) = path.of_group(self.model) {
            let (base, ty, text) = (self.base(group), &group.ty, name.unraw().to_string());
            return Some(
                quote_spanned!(name.span()=> #base + __n::position_in(<#ty as __n::Group>::FIELDS, #text)),
            );
        }
        Some(Index::from(self.position(path.own()?)?).into_token_stream())
    }

    /// The position of a column in the schema.
    fn position(&self, name: &Ident) -> Option<usize> {
        self.columns().find(|(_, field)| field.ident == *name).map(|(at, _)| at)
    }
}

/// `<String as __n::Field>::read`, at the span of the field's type.
///
/// Every use of a field's type has this one form: what the type lacks is then the same message at the same
/// place, which the compiler shows once.
pub(super) fn typed(field: &Field, item: &str) -> TokenStream {
    let (ty, item) = (&field.ty, Ident::new(item, field.ty.span()));
    quote_spanned!(field.ty.span()=> <#ty as __n::Field>::#item)
}

pub(crate) fn model(model: &Model) -> TokenStream {
    expand(&Context { model, private: private(model.options.krate.as_ref()), stand_in: false })
}

/// A model that stands in for one with an error.
pub(crate) fn stand_in(model: &Model) -> TokenStream {
    expand(&Context { model, private: private(model.options.krate.as_ref()), stand_in: true })
}

fn expand(context: &Context<'_>) -> TokenStream {
    let (fields, new, reverse) = (fields::expand(context), new::expand(context), reverse::expand(context));
    let (schema, entry, traits) = (schema::expand(context), entry::expand(context), traits::expand(context));
    let generic = generic::expand(context);
    let items = anonymous(context.model.options.krate.as_ref(), quote!(#schema #entry #traits #generic));
    quote!(#fields #new #reverse #items)
}
