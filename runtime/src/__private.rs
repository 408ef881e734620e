//! What generated code may name, and nothing else. No stability is promised here.

mod decimal;
mod group;
mod many;
mod model;
pub mod newtype;
mod only;
mod relation;
mod signal;

pub use group::{InGroup, InGroupField, is_in, no_value, position_in, with_groups};
pub use many::many_to_many;
pub use model::{
    Back, BackMany, BackOne, Describe, DescribeByKey, In, Many, Named, Piece, Place, Validator, Values, asc,
    check, desc, display, entry, fields, findings, index, list, unique, validate, verdict,
};
pub use relation::{
    FieldsOf, generic_kind, key_to, limit, set_key, set_nothing, set_to, set_with, symmetrical,
};
pub use signal::{change, instance};

pub use crate::{
    __choices_field as choices_field, __describe as describe, __display_model as display_model,
    __entry as entry, __new_row as new_row, __newtype_field as newtype_field, __place as place,
    __register_model as register_model,
};

pub use core::any::Any;
pub use core::clone::Clone;
pub use core::convert::From;
pub use core::marker::PhantomData;
pub use core::option::Option::{self, None, Some};
pub use core::primitive::{bool, str, usize};
pub use core::result::Result::{self as CoreResult, Err, Ok};
pub use std::borrow::Cow;
pub use std::boxed::Box;
pub use std::string::{String, ToString};
pub use std::vec::Vec;

pub use nuages_macros::dec;

pub use inventory;

pub use crate::admin::{
    Action, ActionRequest, AdminOptions, AdminPath, AdminRequest, Cell, Fieldset, Inline, ListColumn,
    OrderBy, PathOf, Setting,
};
pub use crate::auth::UserEntry;
pub use crate::auth::view_guard::{require_login, require_permission};
pub use crate::backend::Row;
pub use crate::error::{Error, Result};
pub use crate::field::{
    Access, Choices, ColumnRef, DecimalScale, Facts, Field, ForeignKey, Group, ManyToMany, Newtype, OneToOne,
    Reference, Relation,
};
pub use crate::form::{FormField, FormFields, FormState, FormValue, FormValues, ModelFormFields};
pub use crate::model::{Model, ModelEntry};
pub use crate::path::{
    At, Companion, Forward, Key, ManyForward, ManyReverse, MayBeNull, NotNull, Offset, Path, Reverse,
    ReverseOne, Root,
};
pub use crate::query::{
    Cursor, FromParts, GenericForeignKey, GenericRows, New, QuerySet, Receiver, Select, Signal, Slot, about,
    read_model, read_optional_model,
};
pub use crate::routing::{Call, MethodRouter, Methods, Route, UrlArg, on};
pub use crate::site::{
    App, Command, MigrationFolder, RegisteredCommand, RegisteredPlugin, RegisteredState, state,
};
pub use crate::value::{Decimal, Value};
pub use axum::extract::FromRef;
pub use nuages_schema::{
    Backend, COMPOSITE, CheckSchema, DefaultValue, Deferrable, FieldOptions, FieldSchema, IndexSchema,
    ManyToManySchema, ModelSchema, Name, NumberRange, OnDelete, OrderSchema, UniqueSchema, unseen,
};
