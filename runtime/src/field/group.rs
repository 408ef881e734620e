//! Groups of fields that several models share; their columns stand in the table of each.

use nuages_schema::FieldSchema;

use super::{Access, Facts};
use crate::backend::Row;
use crate::error::Result;
use crate::path::{Key, Path};
use crate::value::Value;

/// A struct of fields that several models share: `#[derive(Fields)]` implements it, and a model takes it in by
/// `#[field(flatten)]`.
///
/// It is what an abstract base class is in Django. The columns are named as the fields are, without a prefix.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a group of fields",
    label = "cannot be flattened",
    note = "add `#[derive(Fields)]` to `{Self}`, or leave `flatten` out if it is one column"
)]
pub trait Group: Sized + Send + Sync + 'static {
    /// The fields as queries name them, for a group whose first column stands at `K`.
    type Fields<P: Path, K: Key>: Access<K>;
    /// The fields that a new row must say.
    type New: Send;
    /// The columns.
    const FIELDS: &'static [FieldSchema];
    /// What their types are, for the proof against the recorded migrations.
    #[doc(hidden)]
    const TYPES: &'static [Facts];

    /// Reads the group from a row, from the column `at` on.
    ///
    /// # Errors
    /// If a column holds what its type cannot take.
    fn read(row: &Row, at: usize) -> Result<Self>;

    /// The value of a column, counted from the group's first.
    fn value(&self, index: usize) -> Value;

    /// The values of a new row's fields, counted from the group's first.
    fn new_values(new: Self::New) -> Vec<(usize, Value)>;

    /// The default of a column, counted from the group's first.
    fn default(index: usize) -> Option<Value>;

    /// Runs the user's validators on the value of a column, counted from the group's first.
    fn validate(index: usize, value: &Value) -> Vec<String>;
}
