//! Functions of the user's own.

use nuages_schema::{Backend, ColumnKind};

use super::{Arguments, Computed, Condition, Expr, Q};
use crate::field::Field;
use crate::model::Model;

/// A function that the database has, or a piece of SQL, as each of the three spells it.
///
/// With it a project has lookups and transforms of its own: an ordinary trait, implemented for every
/// expression of text, adds a method.
///
/// ```
/// # use nuages::prelude::*;
/// # use nuages::backend::Backend;
/// use nuages::expr::{Computed, DatabaseFunction, Expression};
/// # #[derive(Model, Clone, Debug)] #[model(app_label = "shop")]
/// # struct Author { id: i64, #[field(max_length = 40)] name: String }
///
/// static SOUNDEX: DatabaseFunction = DatabaseFunction::new("SOUNDEX({0})").not_on(Backend::Sqlite);
///
/// trait Sounds: Expression<Value = String> + Sized {
///     fn soundex(self) -> Computed<Self::Root, String>;
///
///     fn sounds_like(self, text: &str) -> Q<Self::Root> {
///         self.soundex().eq(SOUNDEX.call::<_, String>((text,)))
///     }
/// }
///
/// impl<E: Expression<Value = String>> Sounds for E {
///     fn soundex(self) -> Computed<E::Root, String> {
///         Computed::new(SOUNDEX.expr(vec![self.into_expr()]))
///     }
/// }
///
/// let query = Author::objects().filter(|a| a.name.sounds_like("Meier"));
/// assert!(query.to_sql(Backend::Mysql)?.sql.ends_with("WHERE SOUNDEX(t0.`name`) = SOUNDEX(?)"));
/// assert!(query.to_sql(Backend::Sqlite).is_err(), "refused before it is sent");
/// # Ok::<(), nuages::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DatabaseFunction {
    spellings: [Option<&'static str>; 3],
}

const fn number(backend: Backend) -> usize {
    match backend {
        Backend::Sqlite => 0,
        Backend::Postgres => 1,
        Backend::Mysql => 2,
    }
}

impl DatabaseFunction {
    /// SQL with `{0}`, `{1}` … in place of the arguments, and `{*}` for all of them with commas between.
    #[must_use]
    pub const fn new(sql: &'static str) -> Self {
        Self { spellings: [Some(sql); 3] }
    }

    /// Spelled in another way on one database.
    #[must_use]
    pub const fn on(mut self, backend: Backend, sql: &'static str) -> Self {
        self.spellings[number(backend)] = Some(sql);
        self
    }

    /// Not there on a database: a query with it is refused there, before it is sent.
    #[must_use]
    pub const fn not_on(mut self, backend: Backend) -> Self {
        self.spellings[number(backend)] = None;
        self
    }

    /// The value of a call. The caller answers for its type.
    pub fn call<M: Model, T: Field>(&'static self, arguments: impl Arguments<M>) -> Computed<M, T> {
        Computed::new(Expr::Custom(self, arguments.arguments(), T::KIND))
    }

    /// The truth of a call, as a lookup.
    pub fn holds<M: Model>(&'static self, arguments: impl Arguments<M>) -> Q<M> {
        Q::new(Condition::Holds(Expr::Custom(self, arguments.arguments(), ColumnKind::Bool)))
    }

    /// The call without types, of text.
    #[must_use]
    pub fn expr(&'static self, arguments: Vec<Expr>) -> Expr {
        Expr::Custom(self, arguments, ColumnKind::Text)
    }

    /// How a database spells it, if it has it.
    #[must_use]
    pub const fn spelling(&self, backend: Backend) -> Option<&'static str> {
        self.spellings[number(backend)]
    }
}
