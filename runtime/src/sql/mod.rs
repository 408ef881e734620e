//! SQL text: statement trees in, one database's spelling out.
//!
//! Names come from static schemas and are quoted; values are bound; keywords are enums.

mod assign;
mod change;
mod columns;
mod condition;
mod constraint;
mod decimal;
mod division;
mod expr;
mod list;
mod names;
mod packed;
mod select;
mod writer;

pub(crate) use change::{
    by_key, delete_by_keys, insert, insert_arrays, insert_many, join_rows, name_field, unjoin_owners,
    unjoin_rows, update, update_by_key,
};
pub(crate) use constraint::{breaks, taken};
pub(crate) use expr::kind_of;
pub(crate) use names::{ThroughTable, through};
pub(crate) use packed::{Layout, Place, select_packed};
pub(crate) use select::{aggregate, count, exists, joins_many, orders_by_many, select, select_for};
pub(crate) use writer::Writer;
