//! Values that the database may keep: what `default` and `backfill` take.

use quote::ToTokens;
use syn::{Expr, ExprLit, ExprUnary, Ident, Lit, LitStr, Path, UnOp};

use crate::attr::Set;
use crate::attr::options::{Options, integer};
use crate::symbol::{Word, word};

/// A value that can be frozen into a migration.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `12`
    Int(i64),
    /// `0.5`
    Float(f64),
    /// `"text"`
    Text(String),
    /// `true`
    Bool(bool),
    /// `dec!(12.50)`, as written
    Decimal(String),
}

/// What `default` or `backfill` was given.
#[derive(Clone, Debug)]
pub struct Default {
    /// The key as the user wrote it.
    pub key: Ident,
    /// The expression as the user wrote it.
    pub expr: Expr,
    /// What sort of value it is.
    pub kind: DefaultKind,
}

/// The sorts of values.
#[derive(Clone, Debug)]
pub enum DefaultKind {
    /// A literal or `dec!(…)`.
    Literal(Literal),
    /// `Status::Draft`: a variant of a `Choices` enumeration, or another constant.
    Path(Path),
    /// `sql("…")`, for `backfill` only.
    Sql(LitStr),
    /// Any other expression; it is evaluated when a row is made and cannot be frozen.
    Call,
}

impl Default {
    /// Reads `word = value`.
    pub(crate) fn read(options: &mut Options<'_>, word: Word) -> Option<Self> {
        let Set { key, value: expr } = options.expr(word)?;
        let kind = DefaultKind::of(&expr);
        Some(Self { key, expr, kind })
    }
}

impl DefaultKind {
    fn of(expr: &Expr) -> Self {
        if let Some(literal) = Literal::of(expr) {
            return Self::Literal(literal);
        }
        match expr {
            Expr::Path(path) if path.qself.is_none() => Self::Path(path.path.clone()),
            _ => sql(expr).map_or(Self::Call, Self::Sql),
        }
    }
}

impl Literal {
    /// The literal that an expression is, if it is one.
    #[must_use]
    pub fn of(expr: &Expr) -> Option<Self> {
        if let Some(value) = integer(expr) {
            return Some(Self::Int(value));
        }
        match expr {
            Expr::Lit(ExprLit { lit, .. }) => Self::of_lit(lit),
            Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => match Self::of(expr)? {
                Self::Float(value) => Some(Self::Float(-value)),
                _ => None,
            },
            Expr::Macro(call) if call.mac.path.segments.last()?.ident == word::DEC => {
                Some(Self::Decimal(call.mac.tokens.to_token_stream().to_string().replace(' ', "")))
            }
            _ => None,
        }
    }

    fn of_lit(lit: &Lit) -> Option<Self> {
        match lit {
            Lit::Str(text) => Some(Self::Text(text.value())),
            Lit::Bool(value) => Some(Self::Bool(value.value)),
            Lit::Float(value) => value.base10_parse().ok().map(Self::Float),
            _ => None,
        }
    }
}

/// The text of `sql("…")`.
fn sql(expr: &Expr) -> Option<LitStr> {
    let Expr::Call(call) = expr else { return None };
    let Expr::Path(function) = &*call.func else { return None };
    match call.args.first() {
        Some(Expr::Lit(ExprLit { lit: Lit::Str(text), .. }))
            if call.args.len() == 1 && function.path.is_ident(word::SQL) =>
        {
            Some(text.clone())
        }
        _ => None,
    }
}
