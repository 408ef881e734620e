//! One field of a model.

use nuages_schema::{ColumnKind, column_name};
use syn::ext::IdentExt;
use syn::{Attribute, Ident, Type, Visibility};

use crate::attr::{FieldAttr, RelatedName};
use crate::error::Collector;
use crate::model::{Shape, kind_of};
use crate::symbol::word;

/// A field of a struct with `#[derive(Model)]`.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub ident: Ident,
    /// Its visibility.
    pub vis: Visibility,
    /// Its type as the user wrote it.
    pub ty: Type,
    /// Its type without an `Option` around it.
    pub inner: Type,
    /// Whether the type is spelled `Option<…>`.
    pub nullable: bool,
    /// A column of its own, or a relation.
    pub shape: Shape,
    /// What `#[field(…)]` said.
    pub options: FieldAttr,
    /// Its attributes as the user wrote them.
    pub attrs: Vec<Attribute>,
}

impl Field {
    pub(crate) fn read(field: &syn::Field, errors: &Collector) -> Option<Self> {
        let ident = field.ident.clone()?;
        let (inner, nullable) = Shape::without_option(&field.ty);
        let options = FieldAttr::read(&field.attrs, errors);
        Some(Self {
            ident,
            vis: field.vis.clone(),
            ty: field.ty.clone(),
            shape: if options.flatten.is_some() { Shape::Group } else { Shape::of(&inner) },
            inner,
            nullable,
            options,
            attrs: field.attrs.clone(),
        })
    }

    /// Its Rust name, without `r#`.
    #[must_use]
    pub fn name(&self) -> String {
        self.ident.unraw().to_string()
    }

    /// Whether it is one column of the model's own table: no many-to-many relation and no group of fields.
    #[must_use]
    pub fn is_column(&self) -> bool {
        !matches!(self.shape, Shape::ManyToMany { .. } | Shape::Group)
    }

    /// Its column's name in the database.
    #[must_use]
    pub fn column(&self) -> String {
        match &self.options.db_column {
            Some(given) => given.value.value(),
            None => column_name(&self.name(), self.shape.is_foreign()),
        }
    }

    /// What its column holds, as far as the spelling of its type tells; `column = …` decides.
    ///
    /// `None` for relations and for types of the user's own.
    #[must_use]
    pub fn kind(&self) -> Option<ColumnKind> {
        match &self.options.column {
            Some(given) => Some(given.value),
            None if matches!(self.shape, Shape::Column) => kind_of(&self.inner),
            None => None,
        }
    }

    /// Whether the database makes the value: said by `auto`, or an integer key named `id` without a default.
    #[must_use]
    pub fn is_auto(&self) -> bool {
        match &self.options.auto {
            Some(given) => given.value,
            None => {
                self.ident == word::ID
                    && self.options.default.is_none()
                    && kind_of(&self.inner).is_some_and(ColumnKind::is_integer)
            }
        }
    }

    /// Whether a new row needs a value from the user.
    #[must_use]
    pub fn is_required(&self) -> bool {
        let o = &self.options;
        let now = o.auto_now.is_some() || o.auto_now_add.is_some();
        let by_database = o.db_default.is_some() || o.generated.is_some() || self.is_auto();
        let made = o.default.is_some() || now || o.version.is_some() || by_database;
        self.is_column() && !self.nullable && !made
    }

    /// The name of the reverse relation, if there is one.
    #[must_use]
    pub fn related_name(&self) -> Option<&Ident> {
        match &self.options.related_name.as_ref()?.value {
            RelatedName::Name(name) => Some(name),
            RelatedName::None => None,
        }
    }
}
