//! The functions of text.

use super::methods::{call, number, on_columns};
use super::{
    Arguments, Computed, Condition, Expr, Expression, Function, Kind, Like, Matching, Operand, Q, TextField,
};
use crate::field::{Column, Field};
use crate::model::Model;
use crate::path::{Nullness, Path};
use crate::value::Value;

macro_rules! texts {
    ($type:ty, [$($generics:tt)*], $root:ty, $value:ty) => {
        impl<$($generics)*> $type {
            /// In lower case.
            pub fn lower(self) -> Computed<$root, $value>
            where
                <$value as Field>::Base: TextField,
            {
                call(Function::Lower, vec![self.into_expr()])
            }

            /// In upper case.
            pub fn upper(self) -> Computed<$root, $value>
            where
                <$value as Field>::Base: TextField,
            {
                call(Function::Upper, vec![self.into_expr()])
            }

            /// The number of characters.
            pub fn length(self) -> Computed<$root, Like<$value, i64>>
            where
                <$value as Field>::Base: TextField,
            {
                call(Function::Length, vec![self.into_expr()])
            }

            /// Without blanks at both ends.
            pub fn trim(self) -> Computed<$root, $value>
            where
                <$value as Field>::Base: TextField,
            {
                call(Function::Trim, vec![self.into_expr()])
            }

            /// Without blanks at the start.
            pub fn trim_start(self) -> Computed<$root, $value>
            where
                <$value as Field>::Base: TextField,
            {
                call(Function::TrimStart, vec![self.into_expr()])
            }

            /// Without blanks at the end.
            pub fn trim_end(self) -> Computed<$root, $value>
            where
                <$value as Field>::Base: TextField,
            {
                call(Function::TrimEnd, vec![self.into_expr()])
            }

            /// So many characters from the start.
            pub fn left(self, count: u32) -> Computed<$root, $value>
            where
                <$value as Field>::Base: TextField,
            {
                call(Function::Left, vec![self.into_expr(), number(count)])
            }

            /// So many characters from the end.
            pub fn right(self, count: u32) -> Computed<$root, $value>
            where
                <$value as Field>::Base: TextField,
            {
                call(Function::Right, vec![self.into_expr(), number(count)])
            }

            /// So many characters from a position; the first one is 1, as in SQL.
            pub fn substr(self, position: u32, count: u32) -> Computed<$root, $value>
            where
                <$value as Field>::Base: TextField,
            {
                call(Function::Substr, vec![self.into_expr(), number(position.max(1)), number(count)])
            }

            /// With a text in place of another, wherever it stands.
            pub fn replace<F, V>(self, from: F, to: V) -> Computed<$root, $value>
            where
                <$value as Field>::Base: TextField,
                F: Operand<$root, String>,
                V: Operand<$root, String>,
            {
                call(Function::Replace, vec![self.into_expr(), from.operand(), to.operand()])
            }

            /// The position of a text, counted from 1; 0 where it is not.
            pub fn str_index<V>(self, text: V) -> Computed<$root, Like<$value, i64>>
            where
                <$value as Field>::Base: TextField,
                V: Operand<$root, String>,
            {
                call(Function::StrIndex, vec![self.into_expr(), text.operand()])
            }

            /// So many times the same text.
            pub fn repeat(self, count: u32) -> Computed<$root, $value>
            where
                <$value as Field>::Base: TextField,
            {
                call(Function::Repeat, vec![self.into_expr(), number(count)])
            }

            /// Filled up at the start to a number of characters; what is longer is cut off at the end.
            pub fn pad_start(self, length: u32, fill: char) -> Computed<$root, $value>
            where
                <$value as Field>::Base: TextField,
            {
                let fill = Expr::Value(Value::Text(fill.to_string()));
                call(Function::PadStart, vec![self.into_expr(), number(length), fill])
            }

            /// Filled up at the end to a number of characters; what is longer is cut off.
            pub fn pad_end(self, length: u32, fill: char) -> Computed<$root, $value>
            where
                <$value as Field>::Base: TextField,
            {
                let fill = Expr::Value(Value::Text(fill.to_string()));
                call(Function::PadEnd, vec![self.into_expr(), number(length), fill])
            }

            /// Backwards. Not on SQLite, which has no function for it.
            pub fn backwards(self) -> Computed<$root, $value>
            where
                <$value as Field>::Base: TextField,
            {
                call(Function::Reverse, vec![self.into_expr()])
            }

            /// The MD5 digest in hexadecimal digits. Not on SQLite.
            pub fn md5(self) -> Computed<$root, $value>
            where
                <$value as Field>::Base: TextField,
            {
                call(Function::Md5, vec![self.into_expr()])
            }

            /// The SHA-256 digest in hexadecimal digits. Not on SQLite.
            pub fn sha256(self) -> Computed<$root, $value>
            where
                <$value as Field>::Base: TextField,
            {
                call(Function::Sha256, vec![self.into_expr()])
            }

            /// Compared and ordered by a collation, named as the database names it.
            pub fn collate(self, collation: &'static str) -> Computed<$root, $value>
            where
                <$value as Field>::Base: TextField,
            {
                call(Function::Collate(collation), vec![self.into_expr()])
            }

            /// Matches a regular expression, in the dialect of the database; on SQLite that of the crate `regex`.
            pub fn regex(self, pattern: &str) -> Q<$root>
            where
                <$value as Field>::Base: TextField,
            {
                let pattern = Expr::Value(Value::Text(pattern.to_owned()));
                Q::new(Condition::Match(self.into_expr(), Matching::Regex, pattern))
            }

            /// Matches a regular expression, in any case.
            pub fn iregex(self, pattern: &str) -> Q<$root>
            where
                <$value as Field>::Base: TextField,
            {
                let pattern = Expr::Value(Value::Text(pattern.to_owned()));
                Q::new(Condition::Match(self.into_expr(), Matching::IRegex, pattern))
            }
        }
    };
}

on_columns!(texts);

/// All parts as one text, of values and columns of any type; NULL counts as nothing, as in Django.
///
/// ```
/// # use nuages::prelude::*;
/// # use nuages::backend::Backend;
/// use nuages::functions::concat;
/// # #[derive(Model, Clone, Debug)] #[model(app_label = "shop")]
/// # struct Author { id: i64, #[field(max_length = 40)] name: String }
///
/// let query = Author::objects().values(|a| concat((a.name.upper(), "!")));
/// assert_eq!(
///     query.to_sql(Backend::Sqlite)?.sql,
///     r#"SELECT (COALESCE(CAST(UPPER(t0."name") AS TEXT), '') || COALESCE(CAST(? AS TEXT), '')) FROM "shop_author" t0"#,
/// );
/// assert_eq!(
///     query.to_sql(Backend::Postgres)?.sql,
///     r#"SELECT (COALESCE(CAST(UPPER(t0."name") AS text), '') || COALESCE(CAST($1 AS text), '')) FROM "shop_author" t0"#,
/// );
/// assert_eq!(
///     query.to_sql(Backend::Mysql)?.sql,
///     "SELECT CONCAT(COALESCE(CAST(UPPER(t0.`name`) AS CHAR), ''), COALESCE(CAST(? AS CHAR), '')) FROM `shop_author` t0",
/// );
/// # Ok::<(), nuages::Error>(())
/// ```
pub fn concat<M: Model>(parts: impl Arguments<M>) -> Computed<M, String> {
    call(Function::Concat, parts.arguments())
}
