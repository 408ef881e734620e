//! What generated code calls for groups of fields.

use nuages_schema::{ColumnKind, FieldSchema, same_text};

use super::Place;
use crate::field::{Facts, Field, Group};
use crate::path::{At, NotNull, Offset};
use crate::value::Value;

/// What a companion has in the place of the group `G` whose first column stands at a position of `M`.
pub type InGroup<G, P, M, const INDEX: usize> = <G as Group>::Fields<P, At<M, INDEX>>;

/// What the companion of a group has in the place of a field of type `T`.
pub type InGroupField<T, P, K, const INDEX: usize> = <T as Field>::In<P, Offset<K, INDEX>, NotNull>;

impl Place {
    /// The columns of a group, each proved against what was recorded of the model.
    ///
    /// # Panics
    /// In const code, at the group's type, where they differ, or the model does not say that the group is `required`.
    #[must_use]
    #[track_caller]
    pub const fn group(
        self,
        fields: &'static [FieldSchema],
        types: &[Facts],
        required: bool,
    ) -> &'static [FieldSchema] {
        let mut at = 0;
        while at < fields.len() {
            nuages_schema::agree(self.state, fields[at].name, types[at].typed());
            assert!(
                required || !fields[at].is_required(),
                "the group has fields that a new row must say: write `#[field(flatten, required)]`"
            );
            at += 1;
        }
        fields
    }
}

/// A model's own columns and those of its groups, one after the other.
///
/// # Panics
/// In const code, if two columns have one name.
#[must_use]
#[track_caller]
pub const fn with_groups<const N: usize>(own: &[FieldSchema], groups: &[&[FieldSchema]]) -> [FieldSchema; N] {
    let mut all = [own[0]; N];
    let (mut at, mut group) = (0, 0);
    while at < own.len() {
        all[at] = own[at];
        at += 1;
    }
    while group < groups.len() {
        let mut field = 0;
        while field < groups[group].len() {
            let mut before = 0;
            while before < at {
                assert!(
                    !same_text(all[before].column, groups[group][field].column),
                    "a group brings a column that the model has already: rename one of the two fields"
                );
                before += 1;
            }
            all[at] = groups[group][field];
            at += 1;
            field += 1;
        }
        group += 1;
    }
    all
}

/// The position of a field in a group.
///
/// # Panics
/// In const code, if it has no such field.
#[must_use]
#[track_caller]
#[expect(clippy::panic, reason = "const code tells the user by it, at the field's name")]
pub const fn position_in(fields: &[FieldSchema], name: &str) -> usize {
    let mut at = 0;
    while at < fields.len() {
        if same_text(fields[at].name, name) {
            return at;
        }
        at += 1;
    }
    panic!("the group has no field of this name")
}

/// Whether a position is one of the group that begins at `base`.
#[must_use]
pub const fn is_in<G: Group>(at: usize, base: usize) -> bool {
    at >= base && at < base + G::FIELDS.len()
}

/// The value of a column that a group does not have; nobody asks for one.
#[must_use]
pub const fn no_value() -> Value {
    Value::Null(ColumnKind::Text)
}
