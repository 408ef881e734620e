//! Composite primary keys: several columns that name a row together.

use crate::{ColumnKind, FieldOptions, FieldSchema};

/// The position that stands for a composite key as a whole. No model has so many columns.
pub const COMPOSITE: usize = u32::MAX as usize;

/// A composite key as a whole, where a field is asked for. Its columns are fields of their own.
pub(crate) static WHOLE: FieldSchema = FieldSchema {
    name: "pk",
    column: "pk",
    kind: || ColumnKind::Text,
    nullable: false,
    foreign: None,
    options: FieldOptions { primary_key: true, ..FieldOptions::new("Primary key") },
};
