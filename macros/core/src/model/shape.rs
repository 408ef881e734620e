//! What a field's type is by its spelling: a column, or one of the relations. A group of fields is said by an attribute.
//!
//! Judging by spelling is safe here because the expansion proves it: a type
//! that hides an `Option` or a relation behind an alias does not compile.

use syn::{GenericArgument, PathArguments, Type};

use crate::symbol::word;

/// What sort of field it is.
#[derive(Clone, Debug)]
pub enum Shape {
    /// A column with a value.
    Column,
    /// `ForeignKey<T>`
    ForeignKey {
        /// The model it refers to.
        target: Box<Type>,
    },
    /// `OneToOne<T>`
    OneToOne {
        /// The model it refers to.
        target: Box<Type>,
    },
    /// `ManyToMany<T>`
    ManyToMany {
        /// The model at the other end.
        target: Box<Type>,
    },
    /// A group of fields, which are columns of this table: `#[field(flatten)]`.
    Group,
}

impl Shape {
    /// The shape of a type that has no `Option` around it.
    #[must_use]
    pub fn of(ty: &Type) -> Self {
        let Some((name, target)) = generic(ty) else { return Self::Column };
        let target = Box::new(target.clone());
        if name == word::FOREIGN_KEY {
            Self::ForeignKey { target }
        } else if name == word::ONE_TO_ONE {
            Self::OneToOne { target }
        } else if name == word::MANY_TO_MANY {
            Self::ManyToMany { target }
        } else {
            Self::Column
        }
    }

    /// The type inside an `Option`, and whether there was one.
    #[must_use]
    pub fn without_option(ty: &Type) -> (Type, bool) {
        match generic(ty) {
            Some((name, inner)) if name == word::OPTION => (inner.clone(), true),
            _ => (ty.clone(), false),
        }
    }

    /// The model that the relation leads to.
    #[must_use]
    pub fn target(&self) -> Option<&Type> {
        match self {
            Self::Column | Self::Group => None,
            Self::ForeignKey { target } | Self::OneToOne { target } | Self::ManyToMany { target } => {
                Some(target)
            }
        }
    }

    /// Whether the column refers to another table.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        matches!(self, Self::ForeignKey { .. } | Self::OneToOne { .. })
    }
}

/// `path::Name<T>` as `Name` and `T`.
fn generic(ty: &Type) -> Option<(String, &Type)> {
    let Type::Path(path) = plain(ty) else { return None };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(args) = &last.arguments else { return None };
    match args.args.first()? {
        GenericArgument::Type(inner) if args.args.len() == 1 => Some((last.ident.to_string(), inner)),
        _ => None,
    }
}

/// The type without parentheses and the invisible groups of `macro_rules!`.
pub(crate) fn plain(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => plain(&group.elem),
        Type::Paren(paren) => plain(&paren.elem),
        other => other,
    }
}
