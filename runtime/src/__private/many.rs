//! What generated code calls for many-to-many relations.

use nuages_schema::{ManyToManySchema, ModelSchema};

use super::Place;
use crate::backend::Row;
use crate::error::Result;
use crate::field::{Field, ManyToMany, Target};
use crate::model::Model;

impl Place {
    /// A many-to-many relation to `T` with nothing said of it, proved against what was recorded.
    ///
    /// # Panics
    /// In const code, at the field's type, where the recorded migrations have it with another model, or the key of `T` is
    /// no single column.
    #[must_use]
    #[track_caller]
    pub const fn many<T: Model>(self, name: &'static str, label: &'static str) -> ManyToManySchema {
        assert!(
            !T::Key::COMPOSITE,
            "a join table holds keys of one column: write a model with a `ForeignKey` to each end in place of it"
        );
        nuages_schema::agree_relation(self.state, name, T::NAMED);
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

    /// The model of a join table, proved against what was recorded.
    ///
    /// # Panics
    /// In const code, where the recorded migrations have another one.
    #[must_use]
    #[track_caller]
    pub const fn through(self, relation: &str, model: Target) -> fn() -> &'static ModelSchema {
        nuages_schema::agree_through(self.state, relation, model.named);
        model.schema
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
