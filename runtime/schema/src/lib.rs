//! Plain schema facts of Nuages: what a column, a field, a relation and a model are.
//!
//! Everything here is `const`-friendly data without dependencies, so that the
//! macros can put it into statics, the build can read it without the runtime,
//! and the admin, the forms and the queries can share one description.
//!
//! Start at [`ModelSchema`].

mod build;
mod check_text;
mod column;
mod field;
mod file;
mod key;
mod model;
mod name;
mod relation;
mod state;

pub use check_text::{named_columns, quoted_names, rename_quoted};
pub use column::{Backend, ColumnKind, lives_on};
pub use field::{DefaultValue, FieldOptions, FieldSchema, ForeignSchema, NumberRange};
pub use file::{FileSchema, UploadTo, folder_problem};
pub use key::COMPOSITE;
pub use model::{CheckSchema, Deferrable, IndexSchema, ModelSchema, OrderSchema, UniqueSchema};
pub use name::{Name, column_name, constraint_name, default_table, relation_table, snake};
pub use relation::{GenericSchema, ManyToManySchema, OnDelete};
pub use state::{
    BETWEEN, END, Recorded, Typed, agree, agree_relation, agree_through, recorded, room_for, same_text,
    unseen,
};
