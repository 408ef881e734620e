//! What generated code calls for many-to-many relations.

use nuages_schema::ManyToManySchema;

use crate::backend::Row;
use crate::error::Result;
use crate::field::{Field, ManyToMany};
use crate::model::Model;

/// A many-to-many relation to `T` with nothing said of it.
///
/// # Panics
/// In const code, at the field's type, if the key of `T` is no single column.
#[must_use]
#[track_caller]
pub const fn many<T: Model>(name: &'static str, label: &'static str) -> ManyToManySchema {
    assert!(
        !T::Key::COMPOSITE,
        "a join table holds keys of one column: write a model with a `ForeignKey` to each end in place of it"
    );
    ManyToManySchema {
        name,
        target: T::schema,
        related_name: None,
        table: None,
        from_column: None,
        to_column: None,
        through: None,
        through_fields: None,
        symmetrical: false,
        label,
        help_text: "",
    }
}

/// The many-to-many relation at a position, of the row whose key stands in a column.
///
/// # Errors
/// If the key cannot be read.
pub fn many_to_many<M: Model, T: Model>(row: &Row, key: usize, index: usize) -> Result<ManyToMany<T>> {
    let schema = M::schema();
    Ok(ManyToMany::of(row.value(key, (schema.key_field().kind)())?, M::schema, index))
}
