//! A struct around one value with `#[derive(Field)]`, stored as that value.

use syn::{Data, DeriveInput, Fields, Ident, Path, Type, Visibility};

use crate::attr::Options;
use crate::error::{Collector, Errors};
use crate::symbol::newtype as words;

/// A checked newtype.
#[derive(Clone, Debug)]
pub struct Newtype {
    /// Its name.
    pub ident: Ident,
    /// Its visibility.
    pub vis: Visibility,
    /// The type of the value inside.
    pub inner: Type,
    /// The name of the field inside, if it has one.
    pub field: Option<Ident>,
    /// The path of the runtime crate, if it is not `::nuages`.
    pub krate: Option<Path>,
}

impl Newtype {
    /// Reads and checks a struct.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn from_derive_input(input: &DeriveInput) -> Result<Self, Errors> {
        let errors = Collector::new();
        if !input.generics.params.is_empty() {
            errors.at(&input.generics, "`#[derive(Field)]` takes a struct without generics");
        }
        let only = only_field(input);
        if only.is_none() {
            errors.at(
                &input.ident,
                "`#[derive(Field)]` takes a struct with one field, such as `struct Isbn(String);`",
            );
        }
        let inner = only.map_or_else(|| Type::Verbatim(quote::quote!(())), |field| field.ty.clone());
        let field = only.and_then(|field| field.ident.clone());
        let mut options = Options::of(&input.attrs, &words::PLACE, &errors);
        let krate = options.path(words::CRATE).map(|set| set.value);
        errors.finish(Self { ident: input.ident.clone(), vis: input.vis.clone(), inner, field, krate })
    }
}

fn only_field(input: &DeriveInput) -> Option<&syn::Field> {
    let Data::Struct(data) = &input.data else { return None };
    let fields = match &data.fields {
        Fields::Named(fields) => &fields.named,
        Fields::Unnamed(fields) => &fields.unnamed,
        Fields::Unit => return None,
    };
    if fields.len() == 1 { fields.first() } else { None }
}
