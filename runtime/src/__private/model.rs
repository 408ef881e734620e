//! What `#[derive(Model)]` calls, so that it need not be written for each model.

use std::any::Any;
use std::fmt::{self, Display, Formatter, Write};
use std::marker::PhantomData;

use nuages_schema::{
    Backend, CheckSchema, FieldOptions, FieldSchema, ForeignSchema, IndexSchema, ModelSchema, Name, OnDelete,
    OrderSchema, UniqueSchema,
};
use nuages_schema::{Recorded, recorded};

use crate::admin::AdminOptions;
use crate::backend::Row;
use crate::error::Result;
use crate::field::{Facts, Field, Relation, Target};
use crate::model::{Model, ModelEntry};
use crate::path::{At, Companion, ManyForward, ManyReverse, MayBeNull, NotNull, Reverse, ReverseOne, Root};
use crate::value::Value;

/// What a companion has in the place of a field of type `T`.
pub type In<T, P, M, const INDEX: usize> = <T as Field>::In<P, At<M, INDEX>, NotNull>;

/// The way back over a foreign key at a position of `M`, in the companion `C`.
pub type Back<C, M, const INDEX: usize> =
    Relation<<C as Companion>::Path, Reverse<At<M, INDEX>, M>, MayBeNull>;

/// The same where at most one row refers to each.
pub type BackOne<C, M, const INDEX: usize> =
    Relation<<C as Companion>::Path, ReverseOne<At<M, INDEX>, M>, MayBeNull>;

/// The way back over the many-to-many relation at a position of `M`, in the companion `C`.
pub type BackMany<C, M, const INDEX: usize> =
    Relation<<C as Companion>::Path, ManyReverse<At<M, INDEX>, M>, MayBeNull>;

/// The way over the many-to-many relation at a position of `M` to `T`.
pub type Many<T, P, M, const INDEX: usize> = Relation<P, ManyForward<At<M, INDEX>, T>, MayBeNull>;

/// The app and the name of a model.
pub type Named = (&'static str, &'static str);

/// The values of a new row, with their positions.
pub type Values = Vec<(usize, Value)>;

/// A list, without naming a trait that a crate without a prelude does not have.
#[must_use]
pub fn list<T, const N: usize>(items: [T; N]) -> Vec<T> {
    Vec::from(items)
}

/// Where a model stands.
#[derive(Clone, Copy)]
pub struct Place {
    /// The app's label, unless the model says another.
    pub app: &'static str,
    /// `module_path!()`.
    pub module: &'static str,
    /// The model's name.
    pub name: &'static str,
    /// What the build script recorded of it.
    pub state: Option<&'static str>,
    /// The build script read this crate and came across no such model.
    pub unseen: bool,
    /// The databases it may live on; empty is all three.
    pub only: &'static [Backend],
    /// The databases that `app!` names for all models of the crate, as the build script read them.
    pub app_only: Option<&'static str>,
}

/// The place of a model in the crate that is compiled.
#[doc(hidden)]
#[macro_export]
macro_rules! __place {
    ($name:literal) => {
        $crate::__private::Place {
            app: {
                const APP: &$crate::schema::Name = &$crate::schema::Name::of_app(
                    ::core::option_env!("NUAGES_APP"),
                    ::core::env!("CARGO_PKG_NAME"),
                );
                APP.as_str()
            },
            module: ::core::module_path!(),
            name: $name,
            state: ::core::option_env!(::core::concat!("NUAGES_STATE:", ::core::module_path!(), "::", $name)),
            // What is there for tests alone has no table of its own.
            unseen: !::core::cfg!(test)
                && $crate::__private::unseen(
                    ::core::option_env!("NUAGES_TARGET"),
                    ::core::module_path!(),
                    ::core::option_env!(::core::concat!(
                        "NUAGES_STATE:",
                        ::core::module_path!(),
                        "::",
                        $name
                    )),
                ),
            only: &[],
            app_only: ::core::option_env!("NUAGES_ONLY"),
        }
    };
}

impl Place {
    /// The same model in another app.
    #[must_use]
    pub const fn app(mut self, app: &'static str) -> Self {
        self.app = app;
        self
    }

    /// The same model on these databases and no others.
    #[must_use]
    pub const fn only(mut self, backends: &'static [Backend]) -> Self {
        self.only = backends;
        self
    }

    /// The same model without recorded state, so that nothing is proved of it.
    #[must_use]
    pub const fn unproven(mut self) -> Self {
        self.state = None;
        self.unseen = false;
        self
    }

    /// A schema without fields, for the derive to fill in.
    ///
    /// # Panics
    /// In const code, with what the build found that belongs to the model and to no field of it.
    #[must_use]
    #[track_caller]
    #[expect(clippy::panic, reason = "const code tells the user by it, at the derive")]
    pub const fn schema(
        self,
        this: fn() -> &'static ModelSchema,
        verbose_name: &'static str,
        verbose_name_plural: &'static str,
    ) -> ModelSchema {
        if let Recorded::Finding(text) = recorded(self.state, "") {
            panic!("{}", text);
        }
        if self.unseen {
            panic!(
                "the build did not see this model, so no migration makes its table: it reads the source of the crate and follows its `mod` declarations. Write the struct out where they lead, not inside a macro or a function"
            );
        }
        ModelSchema {
            this,
            app: self.app,
            name: self.name,
            module: self.module,
            table: Name::of_table(self.app, self.name),
            fields: &[],
            key: 0,
            key_parts: &[],
            many_to_many: &[],
            generic_relations: &[],
            ordering: &[],
            indexes: &[],
            uniques: &[],
            checks: &[],
            verbose_name,
            verbose_name_plural,
            only: self.only,
            managed: true,
            default_permissions: &["add", "change", "delete", "view"],
            permissions: &[],
        }
    }

    /// The schema of a column whose type has these facts, proved against what was recorded.
    ///
    /// # Panics
    /// In const code, at the field's type: if an alias hides an `Option` or a relation, or the recorded migrations differ.
    #[must_use]
    #[track_caller]
    pub const fn field(self, name: &'static str, label: &'static str, facts: Facts) -> FieldSchema {
        assert!(!facts.nullable, "spell a nullable field `Option<…>`, not through an alias");
        self.null(name, label, facts)
    }

    /// The same for a type that is spelled `Option<…>`.
    ///
    /// # Panics
    /// As [`field`](Self::field).
    #[must_use]
    #[track_caller]
    pub const fn null(self, name: &'static str, label: &'static str, facts: Facts) -> FieldSchema {
        assert!(!facts.foreign, "spell a relation `ForeignKey<…>` or `OneToOne<…>`, not through an alias");
        self.column(name, label, facts)
    }

    /// The same for a type that is spelled `ForeignKey<…>` or `OneToOne<…>`.
    ///
    /// # Panics
    /// As [`field`](Self::field).
    #[must_use]
    #[track_caller]
    pub const fn foreign(self, name: &'static str, label: &'static str, facts: Facts) -> FieldSchema {
        assert!(
            facts.target.is_some(),
            "a relation is spelled with `nuages::ForeignKey` or `nuages::OneToOne`"
        );
        self.column(name, label, facts)
    }

    /// The app and the name of the model.
    #[must_use]
    pub const fn named(self) -> Named {
        (self.app, self.name)
    }

    #[track_caller]
    const fn column(self, name: &'static str, label: &'static str, facts: Facts) -> FieldSchema {
        assert!(
            !facts.composite || facts.foreign,
            "a field is one column, and a tuple is several: write a field for each of its parts"
        );
        assert!(
            !facts.composite,
            "this model has a key of several columns, and a foreign key is one column: write a field for each part of the key"
        );
        nuages_schema::agree(self.state, name, facts.typed());
        let mut options = FieldOptions::new(label);
        options.choices = facts.choices;
        options.max_length = facts.max_length;
        options.file = facts.file;
        let foreign = match facts.target {
            Some(Target { schema, one_to_one, .. }) => Some(ForeignSchema {
                target: schema,
                on_delete: OnDelete::DoNothing,
                one_to_one,
                related_name: None,
                constraint: true,
            }),
            None => None,
        };
        FieldSchema { name, column: name, kind: facts.kind_of, nullable: facts.nullable, foreign, options }
    }
}

/// An index.
#[must_use]
pub const fn index(name: Option<&'static str>, columns: &'static [OrderSchema]) -> IndexSchema {
    IndexSchema { name, columns, computed: &[], condition: None, include: &[] }
}

/// A unique constraint.
#[must_use]
pub const fn unique(name: Option<&'static str>, fields: &'static [usize]) -> UniqueSchema {
    UniqueSchema {
        name,
        fields,
        computed: &[],
        condition: None,
        include: &[],
        nulls_distinct: true,
        deferrable: None,
        message: None,
    }
}

/// A check constraint over the fields at these positions.
#[must_use]
pub const fn check(name: &'static str, sql: &'static str, fields: &'static [usize]) -> CheckSchema {
    CheckSchema { name, sql, fields, message: None }
}

/// A term of an ordering, smallest first.
#[must_use]
pub const fn asc(field: usize) -> OrderSchema {
    OrderSchema { field, descending: false }
}

/// A term of an ordering, largest first.
#[must_use]
pub const fn desc(field: usize) -> OrderSchema {
    OrderSchema { field, descending: true }
}

/// An entry without defaults, validators and admin options, for the derive to fill in.
#[must_use]
pub const fn entry<M: Model>(
    schema: &'static ModelSchema,
    describe: fn(&Row, usize) -> Result<String>,
) -> ModelEntry {
    ModelEntry {
        schema,
        describe,
        instance: instance_of::<M>,
        default: |_| None,
        validate: |_, _| Vec::new(),
        limit_choices_to: |_| None,
        set_on_delete: |_, _| super::relation::set_nothing(),
        admin: &AdminOptions::DEFAULT,
        is_user: false,
    }
}

fn instance_of<M: Model>(row: &Row, at: usize) -> Result<Box<dyn Any + Send + Sync>> {
    Ok(Box::new(M::read(row, at)?))
}

/// The text of a row: what `Display` writes, or `Book 7` where the model has no `Display`.
///
/// `Describe::<Book>::TEXT` finds the constant of the type where its bound
/// holds, and otherwise the one of [`DescribeByKey`].
pub struct Describe<M>(PhantomData<fn() -> M>);

impl<M: Model + Display> Describe<M> {
    /// Writes the row as the model says.
    pub const TEXT: fn(&Row, usize) -> Result<String> = |row, at| Ok(M::read(row, at)?.to_string());
}

/// See [`Describe`].
pub trait DescribeByKey {
    /// Writes the model's name and the row's key.
    const TEXT: fn(&Row, usize) -> Result<String>;
}

impl<M: Model> DescribeByKey for Describe<M> {
    const TEXT: fn(&Row, usize) -> Result<String> = |row, at| {
        let row = M::read(row, at)?;
        let mut text = format!("{} ", M::schema().verbose_name);
        for (at, index) in M::schema().key_columns().iter().enumerate() {
            let part = Written { row: &row, pieces: &[Piece::Column(*index)] };
            // Writing to a String cannot fail.
            let _ = write!(text, "{}{part}", if at > 0 { ", " } else { "" });
        }
        Ok(text)
    };
}

/// How a row of a model is written.
#[doc(hidden)]
#[macro_export]
macro_rules! __describe {
    ($model:ty) => {{
        #[allow(unused_imports, reason = "only a model without `Display` needs it")]
        use $crate::__private::DescribeByKey as _;
        $crate::__private::Describe::<$model>::TEXT
    }};
}

/// The entry of a model with nothing said beside its schema.
#[doc(hidden)]
#[macro_export]
macro_rules! __entry {
    ($model:ty, $schema:ident) => {
        $crate::__private::entry::<$model>(&$schema, $crate::__describe!($model))
    };
}

/// `Display` of a model with `display = "…"`.
#[doc(hidden)]
#[macro_export]
macro_rules! __display_model {
    ($model:ty, [$($piece:expr),* $(,)?]) => {
        impl ::core::fmt::Display for $model {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::__private::display(f, self, &[$($piece),*])
            }
        }
    };
}

/// A piece of the text that `display = "…"` gives a row.
pub enum Piece {
    /// Text as it is.
    Text(&'static str),
    /// The column at a position.
    Column(usize),
}

struct Written<'a, M> {
    row: &'a M,
    pieces: &'a [Piece],
}

impl<M: Model> Display for Written<'_, M> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        display(f, self.row, self.pieces)
    }
}

/// Writes the text of a row. NULL is nothing, and a choice is its label.
///
/// # Errors
/// If the formatter fails.
pub fn display<M: Model>(f: &mut Formatter<'_>, row: &M, pieces: &[Piece]) -> fmt::Result {
    for piece in pieces {
        match piece {
            Piece::Text(text) => f.write_str(text)?,
            Piece::Column(at) => display_value(f, &M::schema().fields[*at], &row.value(*at))?,
        }
    }
    Ok(())
}

fn display_value(f: &mut Formatter<'_>, field: &FieldSchema, value: &Value) -> fmt::Result {
    let choices = (field.options.choices)();
    match value {
        Value::Null(_) => Ok(()),
        Value::Text(text) => {
            f.write_str(choices.iter().find(|(word, _)| word == text).map_or(text, |(_, label)| label))
        }
        Value::Bool(value) => value.fmt(f),
        Value::Int(value) => value.fmt(f),
        Value::Float(value) => value.fmt(f),
        Value::Decimal(value) => value.fmt(f),
        Value::Date(value) => value.fmt(f),
        Value::Time(value) => value.fmt(f),
        Value::DateTime(value) => write!(f, "{}", value.format("%Y-%m-%d %H:%M")),
        Value::Duration(value) => value.fmt(f),
        Value::Uuid(value) => value.fmt(f),
        Value::Json(value) => value.fmt(f),
        Value::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
        Value::Array(_, values) | Value::Key(values) => write!(f, "{} values", values.len()),
    }
}

/// Registers a model, and makes it a part of a query's rows.
#[doc(hidden)]
#[macro_export]
macro_rules! __register_model {
    ($model:ty, $entry:ident) => {
        $crate::__private::inventory::submit! { &$entry as &'static $crate::__private::ModelEntry }
        impl $crate::query::Slot for $model {
            fn read(cursor: &mut $crate::query::Cursor<'_>) -> $crate::Result<Self> {
                $crate::query::read_model(cursor)
            }

            fn read_optional(
                cursor: &mut $crate::query::Cursor<'_>,
            ) -> $crate::Result<::core::option::Option<Self>> {
                $crate::query::read_optional_model(cursor)
            }
        }
    };
}

/// The required fields of a new row as its first values, each with its position and type.
#[doc(hidden)]
#[macro_export]
macro_rules! __new_row {
    (
        $new:ident, $model:ident, [$($at:literal: $type:ty = $field:ident),* $(,)?]
        $(, [$(($base:expr): $group:ty = $part:ident),* $(,)?])?
    ) => {
        impl $crate::query::New for $new {
            type Model = $model;

            fn values(self) -> $crate::__private::Values {
                #[allow(unused_mut, reason = "only groups of fields add to it")]
                let mut values =
                    $crate::__private::list([$(($at, <$type as $crate::field::Field>::into_value(self.$field))),*]);
                $($(
                    let part = <$group as $crate::field::Group>::new_values(self.$part);
                    values.extend(part.into_iter().map(|(at, value)| ($base + at, value)));
                )*)?
                values
            }
        }
    };
}

/// The fields of a model as paths begin with them.
#[must_use]
pub fn fields<M: Model>() -> &'static M::Fields<Root<M>> {
    M::fields()
}

/// A function of the user that answers what is wrong with a value.
pub type Validator<T> = dyn Fn(&T) -> Option<String>;

/// Runs validators of the user on a value that has the field's type.
#[must_use]
pub fn validate<T: Field>(value: &Value, validators: &[&Validator<T>]) -> Vec<String> {
    let row = Row::Values(vec![value.clone()]);
    match T::read(&row, 0) {
        Ok(value) => validators.iter().filter_map(|validator| validator(&value)).collect(),
        // NULL has nothing to validate.
        Err(_) => Vec::new(),
    }
}

/// What a validator of the user answered, as the text of its error.
pub fn verdict<E: Display>(answer: Result<(), E>) -> Option<String> {
    answer.err().map(|error| error.to_string())
}

/// Stops the build with what the build script found that belongs to no model.
///
/// # Panics
/// In const code, with the text for the user.
#[track_caller]
#[expect(clippy::panic, reason = "const code tells the user by it, at `app!`")]
pub const fn findings(text: Option<&str>) {
    if let Some(text) = text {
        panic!("{}", text);
    }
}
