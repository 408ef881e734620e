//! Checked facts: what a struct says, once its options have been held against each other.
//!
//! These types are plain data with the user's tokens in them. The derive
//! expands them and the build records them.

mod app;
mod check;
mod choices;
mod command;
mod condition;
mod data_step;
mod decimal;
mod field;
mod form;
mod group;
mod newtype;
mod receiver;
mod row;
mod shape;
mod spelling;
mod view;

use syn::{Data, DeriveInput, Fields, Ident, Visibility};

use crate::attr::{AdminAttr, ModelAttr, RelatedName, Set};
use crate::error::{Collector, Errors};
use crate::symbol::derive;

pub use app::App;
pub(crate) use check::{Piece, pieces};
pub(crate) use choices::title;
pub use choices::{Choices, Variant};
pub use command::Command;
pub use data_step::DataStep;
pub use decimal::Decimal;
pub use field::Field;
pub use form::{Form, FormField};
pub use group::Group;
pub use newtype::Newtype;
pub use receiver::{Receiver, Signal, Told};
pub use row::Row;
pub use shape::Shape;
pub use spelling::{derives, kind_of, length_of};
pub use view::{Arg, Pattern, Segment, View};

/// A struct with `#[derive(Model)]`.
#[derive(Clone, Debug)]
pub struct Model {
    /// The struct's name.
    pub ident: Ident,
    /// The struct's visibility.
    pub vis: Visibility,
    /// What `#[model(…)]` said.
    pub options: ModelAttr,
    /// The fields in order, many-to-many relations among them.
    pub fields: Vec<Field>,
    /// The position of the primary key in `fields`; of a composite key that of its first part.
    pub key: usize,
    /// The positions of the parts of a composite key in `fields`, in order; empty where the key is one field.
    pub key_parts: Vec<usize>,
    /// What `#[admin(…)]` said.
    pub admin: Option<AdminAttr>,
}

impl Model {
    /// Reads and checks a struct.
    ///
    /// # Errors
    /// Everything that is wrong with it, each at its own token.
    pub fn from_derive_input(input: &DeriveInput) -> Result<Self, Errors> {
        let errors = Collector::new();
        let mut model = Self::read(input, &errors);
        if errors.is_empty() {
            check::check(&mut model, input, &errors);
        }
        errors.finish(model)
    }

    /// What can be read of a struct, whatever is wrong with it.
    pub(crate) fn read(input: &DeriveInput, errors: &Collector) -> Self {
        let fields = named_fields(input, derive::MODEL, errors);
        let mut model = Self {
            ident: input.ident.clone(),
            vis: input.vis.clone(),
            options: ModelAttr::read(&input.attrs, errors),
            key: 0,
            key_parts: Vec::new(),
            fields: fields.iter().filter_map(|field| Field::read(field, errors)).collect(),
            admin: AdminAttr::read(&input.attrs, errors),
        };
        model.name_ways_back();
        model
    }

    /// Relations that name no way back have the model's `default_related_name`, if it says one.
    fn name_ways_back(&mut self) {
        let Some(Set { key, value: name }) = self.options.default_related_name.clone() else { return };
        let relations = self.fields.iter_mut().filter(|field| field.shape.target().is_some());
        let unnamed =
            |field: &&mut Field| field.options.related_name.is_none() && field.options.symmetrical.is_none();
        for field in relations.filter(unnamed) {
            let value = RelatedName::Name(name.clone());
            field.options.related_name = Some(Set { key: key.clone(), value });
        }
    }

    /// The struct's name as text.
    #[must_use]
    pub fn name(&self) -> String {
        self.ident.to_string()
    }

    /// The fields that are columns of the model's own table, in order.
    pub fn columns(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.is_column())
    }

    /// The many-to-many relations, in order.
    pub fn many_to_many(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| matches!(field.shape, Shape::ManyToMany { .. }))
    }

    /// The groups of fields, in order; their columns come after the model's own.
    pub fn groups(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| matches!(field.shape, Shape::Group))
    }

    /// The field with this Rust name.
    #[must_use]
    pub fn field(&self, name: &Ident) -> Option<&Field> {
        self.fields.iter().find(|field| field.ident == *name)
    }

    /// The primary key; of a composite one its first part.
    #[must_use]
    pub fn key_field(&self) -> Option<&Field> {
        self.fields.get(self.key)
    }

    /// The fields that are the primary key together, in order; none where the key is one field.
    pub fn key_parts(&self) -> impl Iterator<Item = &Field> {
        self.key_parts.iter().filter_map(|at| self.fields.get(*at))
    }

    /// Whether a field is the primary key, or a part of it.
    #[must_use]
    pub fn is_key(&self, field: &Field) -> bool {
        let is_it = |known: &Field| known.ident == field.ident;
        match self.key_parts.is_empty() {
            true => self.key_field().is_some_and(is_it),
            false => self.key_parts().any(is_it),
        }
    }

    /// The table, if `db_table` names one; otherwise it is `{app}_{model in lower case}`.
    #[must_use]
    pub fn db_table(&self) -> Option<String> {
        self.options.db_table.as_ref().map(|set| set.value.value())
    }

    /// Whether migrations manage the table.
    #[must_use]
    pub fn managed(&self) -> bool {
        self.options.managed.as_ref().is_none_or(|set| set.value)
    }
}

/// The named fields of a struct without generics; anything else is an error.
pub(crate) fn named_fields(input: &DeriveInput, derive: &str, errors: &Collector) -> Vec<syn::Field> {
    if !input.generics.params.is_empty() {
        errors.at(&input.generics, format_args!("`#[derive({derive})]` takes a struct without generics"));
    }
    named_fields_of(input, derive, errors)
}

/// The named fields of a struct; anything else is an error.
pub(crate) fn named_fields_of(input: &DeriveInput, derive: &str, errors: &Collector) -> Vec<syn::Field> {
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => return fields.named.iter().cloned().collect(),
            _ => errors
                .at(&input.ident, format_args!("`#[derive({derive})]` takes a struct with named fields")),
        },
        Data::Enum(data) => not_a_struct(&data.enum_token, derive, errors),
        Data::Union(data) => not_a_struct(&data.union_token, derive, errors),
    }
    Vec::new()
}

fn not_a_struct(keyword: &dyn quote::ToTokens, derive: &str, errors: &Collector) {
    let hint = if derive == derive::MODEL { "; an enumeration derives `Choices`" } else { "" };
    errors.at(keyword, format_args!("`#[derive({derive})]` takes a struct with named fields{hint}"));
}
