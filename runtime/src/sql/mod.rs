//! SQL text: statement trees in, one database's spelling out.
//!
//! Names come from static schemas and are quoted; values are bound; keywords are enums.

mod aggregate;
mod assign;
mod change;
mod columns;
mod combine;
mod condition;
mod conflict;
mod constraint;
mod decimal;
mod division;
mod each;
mod expr;
mod function;
mod json;
mod keys;
mod kind;
mod list;
mod lock;
mod names;
mod narrow;
mod order;
mod own_first;
mod packed;
mod recursive;
mod select;
mod walk;
mod writer;
mod zone;

pub(crate) use change::{
    add_to_array, by_key, delete, delete_by_keys, insert, insert_arrays, insert_many, join_rows, joined_keys,
    name_field, unjoin_owners, unjoin_rows, update, update_by_key,
};
pub(crate) use combine::{combined, combined_for, count_combined};
pub(crate) use conflict::insert_or;
pub(crate) use constraint::{UniqueRows, breaks, taken};
pub(crate) use each::update_each;
pub(crate) use kind::kind_of;
pub(crate) use names::{ThroughTable, through};
pub(crate) use order::{joins_many, orders_by_many};
pub(crate) use packed::{Layout, Place, select_packed};
pub(crate) use select::{aggregate, count, exists, select, select_for};
pub(crate) use writer::Writer;
