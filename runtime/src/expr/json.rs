//! What stands inside a JSON document: paths, typed values, and what a document has in it.

use nuages_schema::ColumnKind;

use super::methods::{call, on_columns};
use super::{Argument, Computed, Condition, Expr, Expression, Function, Kind, Q};
use crate::field::{Column, Field};
use crate::model::Model;
use crate::path::{Nullness, Path};
use crate::value::{Json, Value};

/// Types that are JSON documents.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a JSON document", label = "not JSON")]
pub trait JsonField: Field {}

impl JsonField for Json {}

/// One step into a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonStep {
    /// The value of a name.
    Key(String),
    /// The value at a position of a list.
    Index(u32),
}

/// A question about a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonTest {
    /// Another document is in it.
    Contains,
    /// It is in another document.
    ContainedBy,
}

macro_rules! documents {
    ($type:ty, [$($generics:tt)*], $root:ty, $value:ty) => {
        impl<$($generics)*> $type {
            /// The document at a name; NULL where there is none.
            pub fn key(self, name: &str) -> Computed<$root, Option<Json>>
            where
                <$value as Field>::Base: JsonField,
            {
                Computed::new(step(self.into_expr(), JsonStep::Key(name.to_owned())))
            }

            /// The document at a position of a list; NULL where there is none.
            pub fn index(self, position: u32) -> Computed<$root, Option<Json>>
            where
                <$value as Field>::Base: JsonField,
            {
                Computed::new(step(self.into_expr(), JsonStep::Index(position)))
            }

            /// The text that stands there; NULL where something else does.
            pub fn as_text(self) -> Computed<$root, Option<String>>
            where
                <$value as Field>::Base: JsonField,
            {
                Computed::new(scalar(self.into_expr(), ColumnKind::Text))
            }

            /// The whole number that stands there, a fraction cut off; NULL where something else does.
            pub fn as_i64(self) -> Computed<$root, Option<i64>>
            where
                <$value as Field>::Base: JsonField,
            {
                Computed::new(scalar(self.into_expr(), ColumnKind::BigInt))
            }

            /// The number that stands there; NULL where something else does.
            pub fn as_f64(self) -> Computed<$root, Option<f64>>
            where
                <$value as Field>::Base: JsonField,
            {
                Computed::new(scalar(self.into_expr(), ColumnKind::Double))
            }

            /// True or false, if it stands there; else NULL.
            pub fn as_bool(self) -> Computed<$root, Option<bool>>
            where
                <$value as Field>::Base: JsonField,
            {
                Computed::new(scalar(self.into_expr(), ColumnKind::Bool))
            }

            /// The document has a name in it, whatever its value; JSON's null counts.
            pub fn has_key(self, name: &str) -> Q<$root>
            where
                <$value as Field>::Base: JsonField,
            {
                Q::new(has_key(self.into_expr(), name))
            }

            /// The document has all of these names in it.
            pub fn has_keys<'n>(self, names: impl IntoIterator<Item = &'n str>) -> Q<$root>
            where
                <$value as Field>::Base: JsonField,
            {
                let expr = self.into_expr();
                Q::new(Condition::All(names.into_iter().map(|name| has_key(expr.clone(), name)).collect()))
            }

            /// The document has any of these names in it.
            pub fn has_any_keys<'n>(self, names: impl IntoIterator<Item = &'n str>) -> Q<$root>
            where
                <$value as Field>::Base: JsonField,
            {
                let expr = self.into_expr();
                Q::new(Condition::Any(names.into_iter().map(|name| has_key(expr.clone(), name)).collect()))
            }

            /// Another document is in this one: its names and values, its parts of a list. Not on SQLite.
            pub fn contains_json(self, part: Json) -> Q<$root>
            where
                <$value as Field>::Base: JsonField,
            {
                Q::new(Condition::Json(self.into_expr(), JsonTest::Contains, Expr::Value(Value::Json(part))))
            }

            /// This document is in another one. Not on SQLite.
            pub fn contained_by(self, whole: Json) -> Q<$root>
            where
                <$value as Field>::Base: JsonField,
            {
                Q::new(Condition::Json(self.into_expr(), JsonTest::ContainedBy, Expr::Value(Value::Json(whole))))
            }
        }
    };
}

on_columns!(documents);

/// One step further; steps after each other are one path.
fn step(expr: Expr, step: JsonStep) -> Expr {
    match expr {
        Expr::JsonPath(document, mut steps, None) => {
            steps.push(step);
            Expr::JsonPath(document, steps, None)
        }
        document => Expr::JsonPath(Box::new(document), vec![step], None),
    }
}

fn scalar(expr: Expr, kind: ColumnKind) -> Expr {
    match expr {
        Expr::JsonPath(document, steps, None) => Expr::JsonPath(document, steps, Some(kind)),
        document => Expr::JsonPath(Box::new(document), Vec::new(), Some(kind)),
    }
}

fn has_key(expr: Expr, name: &str) -> Condition {
    let (document, mut steps) = match expr {
        Expr::JsonPath(document, steps, None) => (*document, steps),
        document => (document, Vec::new()),
    };
    steps.push(JsonStep::Key(name.to_owned()));
    Condition::JsonHas(document, steps)
}

/// A JSON object with these names and values in each row.
pub fn json_object<M: Model, const N: usize>(parts: [(&str, Part<M>); N]) -> Computed<M, Json> {
    let named = |(name, part): (&str, Part<M>)| [Expr::Value(Value::Text(name.to_owned())), part.0];
    call(Function::JsonObject, parts.into_iter().flat_map(named).collect())
}

/// A JSON list of these values in each row.
pub fn json_array<M: Model, const N: usize>(parts: [Part<M>; N]) -> Computed<M, Json> {
    call(Function::JsonArray, parts.into_iter().map(|part| part.0).collect())
}

/// A value inside a made document; [`part`] makes one of any value, column or expression.
pub struct Part<M>(Expr, std::marker::PhantomData<fn() -> M>);

/// A value for [`json_object`] and [`json_array`].
pub fn part<M: Model>(value: impl Argument<M>) -> Part<M> {
    Part(value.argument(), std::marker::PhantomData)
}
