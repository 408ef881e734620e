//! A struct with `#[derive(Row)]`: names for the parts of a query's rows.

use syn::{DeriveInput, Generics, Ident, Path, Type};

use crate::attr::Options;
use crate::error::{Collector, Errors};
use crate::model::named_fields_of;
use crate::symbol::{derive, row as words};

/// A checked struct.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its name.
    pub ident: Ident,
    /// Its generics.
    pub generics: Generics,
    /// Its fields with their types, in order.
    pub fields: Vec<(Ident, Type)>,
    /// The path of the runtime crate, if it is not `::nuages`.
    pub krate: Option<Path>,
}

impl Row {
    /// Reads and checks a struct.
    ///
    /// # Errors
    /// Everything that is wrong with it, each at its own token.
    pub fn from_derive_input(input: &DeriveInput) -> Result<Self, Errors> {
        let errors = Collector::new();
        let fields = named_fields_of(input, derive::ROW, &errors);
        let fields: Vec<_> = fields.into_iter().filter_map(|field| Some((field.ident?, field.ty))).collect();
        if fields.is_empty() {
            errors.at(&input.ident, "`#[derive(Row)]` takes a struct with a field for each part of the row");
        }
        if fields.len() > 12 {
            errors.at(
                &input.ident,
                "a row has at most 12 parts; put some of them into a model or leave them out",
            );
        }
        let mut options = Options::of(&input.attrs, &words::PLACE, &errors);
        let krate = options.path(words::CRATE).map(|set| set.value);
        errors.finish(Self { ident: input.ident.clone(), generics: input.generics.clone(), fields, krate })
    }
}
