//! A group of fields that several models share.

use syn::{DeriveInput, Ident, Path, Visibility};

use crate::attr::{FieldPath, Options};
use crate::error::{Collector, Errors};
use crate::model::{Field, Model, Shape, check, named_fields};
use crate::symbol::{derive, fields as words};

/// A struct with `#[derive(Fields)]`.
#[derive(Clone, Debug)]
pub struct Group {
    /// The struct's name.
    pub ident: Ident,
    /// The struct's visibility.
    pub vis: Visibility,
    /// The fields in order, all of them columns.
    pub fields: Vec<Field>,
    /// The path of the runtime crate, if it is not `::nuages`.
    pub krate: Option<Path>,
    /// Whether this stands in for a group with an error, and lacks some of its fields.
    pub stand_in: bool,
}

impl FieldPath {
    /// The group and the name of its field: `stamps.created`.
    #[must_use]
    pub fn of_group<'a>(&'a self, model: &'a Model) -> Option<(&'a Field, &'a Ident)> {
        let [group, name] = self.names.as_slice() else { return None };
        let group = model.field(group).filter(|field| matches!(field.shape, Shape::Group))?;
        Some((group, name))
    }
}

impl Group {
    /// Reads and checks a struct.
    ///
    /// # Errors
    /// Everything that is wrong with it, each at its own token.
    pub fn from_derive_input(input: &DeriveInput) -> Result<Self, Errors> {
        let errors = Collector::new();
        let group = Self::read(input, &errors);
        if errors.is_empty() {
            group.check(&errors);
        }
        errors.finish(group)
    }

    /// What can be read of a struct, whatever is wrong with it.
    pub(crate) fn read(input: &DeriveInput, errors: &Collector) -> Self {
        let fields = named_fields(input, derive::FIELDS, errors);
        let krate = Options::of(&input.attrs, &words::PLACE, errors).path(words::CRATE);
        Self {
            ident: input.ident.clone(),
            vis: input.vis.clone(),
            fields: fields.iter().filter_map(|field| Field::read(field, errors)).collect(),
            krate: krate.map(|set| set.value),
            stand_in: false,
        }
    }

    fn check(&self, errors: &Collector) {
        for field in &self.fields {
            check_shape(field, errors);
            check::check_field(field, errors);
        }
        check::check_columns_differ(self.fields.iter(), errors);
    }
}

/// A group is columns that stand in the tables of many models: it has no key, no join table and no way back,
/// which would be one for each of them.
fn check_shape(field: &Field, errors: &Collector) {
    let options = &field.options;
    match field.shape {
        Shape::ManyToMany { .. } => {
            errors.at(&field.ty, "a group of fields is columns; put a many-to-many relation into each model");
        }
        Shape::Group => errors.at(&field.ty, "a group takes fields, and no other group"),
        _ => {}
    }
    if let Some(key) = &options.primary_key {
        errors.at(key, "the key of a row belongs to its model; put it there");
    }
    if let Some(auto) = options.auto.as_ref().filter(|auto| auto.value) {
        errors.at(&auto.key, "the key of a row belongs to its model; put it there");
    }
    if let Some(limit) = &options.limit_choices_to {
        errors.at(
            &limit.key,
            "a group is columns alone; put a relation with `limit_choices_to` into each model",
        );
    }
    if let (Some(_), Some(rule)) = (&options.set_to, &options.on_delete) {
        errors.at(&rule.key, "a group is columns alone; put a relation with `Set` into each model");
    }
    for size in [&options.file.width_field, &options.file.height_field].into_iter().flatten() {
        errors.at(
            &size.key,
            "a group of fields has no name of its own to put a number into; put the image into the model",
        );
    }
    if let (Some(related), Some(_)) = (&options.related_name, field.related_name()) {
        errors.at(
            &related.key,
            "the way back would be one for each model with this group; leave `related_name` out",
        );
    }
}
