//! The options of the admin, as plain data: `#[admin(…)]` writes them, the admin crate reads them.
//!
//! Without the admin crate they are dead data and cost nothing.

use futures_util::future::BoxFuture;
use nuages_schema::ModelSchema;

use crate::backend::{Db, Row};
use crate::error::Result;
use crate::field::ColumnRef;
use crate::value::Value;

/// A path to a column, as a function: statics cannot hold what `Deref` finds.
pub type PathFn = fn() -> ColumnRef;

/// Everything `#[admin(…)]` can say of a model.
#[derive(Clone, Copy)]
pub struct AdminOptions {
    /// The columns of the list; empty shows the object's text.
    pub list_display: &'static [ListColumn],
    /// The filters beside the list.
    pub list_filter: &'static [PathFn],
    /// The columns that the search looks in.
    pub search_fields: &'static [PathFn],
    /// The ordering of the list, where it is not the model's; `true` is largest first.
    pub ordering: &'static [(PathFn, bool)],
    /// The date that the list can be drilled into by.
    pub date_hierarchy: Option<PathFn>,
    /// Rows on a page.
    pub list_per_page: u32,
    /// The fields of the form by name, in order; empty is all that can be edited.
    pub fields: Names,
    /// The fields in groups with titles.
    pub fieldsets: &'static [Fieldset],
    /// Fields shown but not edited.
    pub readonly_fields: Names,
    /// Fields not shown.
    pub exclude: Names,
    /// Relations chosen by typing; all relations are, so this only orders them first.
    pub autocomplete_fields: Names,
    /// Rows of other models edited in the same form.
    pub inlines: &'static [Inline],
    /// Own actions on selected rows.
    pub actions: &'static [Action],
}

impl AdminOptions {
    /// What a model without `#[admin]` has.
    pub const NONE: Self = Self {
        list_display: &[],
        list_filter: &[],
        search_fields: &[],
        ordering: &[],
        date_hierarchy: None,
        list_per_page: 100,
        fields: Names::Fixed(&[]),
        fieldsets: &[],
        readonly_fields: Names::Fixed(&[]),
        exclude: Names::Fixed(&[]),
        autocomplete_fields: Names::Fixed(&[]),
        inlines: &[],
        actions: &[],
    };
}

/// Names of fields: always the same, or decided per request.
#[derive(Clone, Copy)]
pub enum Names {
    /// Always these.
    Fixed(&'static [&'static str]),
    /// Decided for the person who asks.
    Computed(fn(&Person) -> Vec<&'static str>),
}

/// Who asks, as options see it.
#[derive(Clone, Debug)]
pub struct Person {
    /// The key of the user.
    pub key: Value,
    /// Whether everything is allowed.
    pub is_superuser: bool,
    /// The permissions, as `app.verb_model`.
    pub permissions: Vec<String>,
}

/// A column of the list.
#[derive(Clone, Copy)]
pub enum ListColumn {
    /// A column of the model or of one that it refers to.
    Path(PathFn),
    /// A many-to-many relation of the model, by its position.
    Many(usize),
    /// A function of the whole row.
    Computed {
        /// The heading.
        label: &'static str,
        /// Makes the cell of the row whose columns start at a position.
        cell: fn(&Row, usize) -> Result<Cell>,
    },
}

/// A cell that a function made.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text, shown as it is.
    Text(String),
    /// A value, shown as a column of its kind is.
    Value(Value),
    /// Yes or no.
    Bool(bool),
    /// Nothing.
    Empty,
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<bool> for Cell {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

/// A group of fields.
#[derive(Clone, Copy)]
pub struct Fieldset {
    /// Its title.
    pub title: &'static str,
    /// The names of its fields.
    pub fields: &'static [&'static str],
}

/// Rows of another model that refer to this one, edited in its form.
#[derive(Clone, Copy)]
pub struct Inline {
    /// The other model.
    pub model: fn() -> &'static ModelSchema,
    /// The position of its foreign key to this model; the first one that fits, if it is not said.
    pub foreign_key: Option<usize>,
    /// Empty rows to begin with.
    pub extra: u32,
}

/// An action on selected rows.
#[derive(Clone, Copy)]
pub struct Action {
    /// The name in addresses.
    pub name: &'static str,
    /// What the button says.
    pub label: &'static str,
    /// What it does to the rows with these keys; it answers with what to tell the person.
    pub run: for<'a> fn(&'a Db, &'a [Value]) -> BoxFuture<'a, Result<String>>,
}
