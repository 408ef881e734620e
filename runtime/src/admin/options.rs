//! The options of a model in the admin: `const`-friendly, in Django's words.

use nuages_schema::ModelSchema;

use super::{Action, AdminPath, AdminRequest, Cell};
use crate::backend::Row;
use crate::error::Result;
use crate::model::Model;

/// How the admin shows a model. What is not said has a default that follows from the schema.
#[derive(Clone, Copy)]
pub struct AdminOptions {
    /// The columns of the list. By default: what a row is called, then up to six of its fields.
    pub list_display: Setting<ListColumn>,
    /// The columns that lead to the form. By default the first one; an empty list means none.
    pub list_display_links: Option<&'static [fn() -> AdminPath]>,
    /// The columns that the list can be sorted by. By default all that a database can sort by.
    pub sortable_by: Option<&'static [fn() -> AdminPath]>,
    /// What stands for no value in the list and in fields that are only shown; empty for a dash.
    pub empty_value_display: &'static str,
    /// The filters of the list. By default: choices, booleans, and dates.
    pub list_filter: Setting<fn() -> AdminPath>,
    /// What the search looks into. By default: the model's own indexed or short texts.
    pub search_fields: Setting<fn() -> AdminPath>,
    /// The ordering of the list. By default: the model's own.
    pub ordering: &'static [OrderBy],
    /// The date or time to drill down by.
    pub date_hierarchy: Option<fn() -> AdminPath>,
    /// How many rows a page of the list has.
    pub list_per_page: u32,
    /// The fields of the form in groups. By default: all editable ones, in the order of the struct.
    pub fieldsets: Setting<Fieldset>,
    /// Fields that are shown and not edited.
    pub readonly_fields: Setting<&'static str>,
    /// Fields that the form leaves out.
    pub exclude: Setting<&'static str>,
    /// Relations chosen by searching. Every relation to a table of more than a few rows is, without being named.
    pub autocomplete_fields: Setting<&'static str>,
    /// Rows of other models that are edited on the page of the row they refer to.
    pub inlines: Setting<Inline>,
    /// What can be done with selected rows, besides deleting them.
    pub actions: Setting<Action>,
}

/// One option: not said, said once, or asked at each request.
pub enum Setting<T: 'static> {
    /// Not said: the default.
    Default,
    /// Said in the attribute.
    Fixed(&'static [T]),
    /// A function of the request.
    PerRequest(fn(&AdminRequest) -> Vec<T>),
}

impl<T> Clone for Setting<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Setting<T> {}

impl<T: Clone> Setting<T> {
    /// The values for a request; `None` when nothing was said.
    #[must_use]
    pub fn for_request(&self, request: &AdminRequest) -> Option<Vec<T>> {
        match self {
            Self::Default => None,
            Self::Fixed(values) => Some(values.to_vec()),
            Self::PerRequest(values) => Some(values(request)),
        }
    }
}

/// A column of the list.
#[derive(Clone, Copy)]
pub enum ListColumn {
    /// A field of the model or of a model it refers to.
    Path(fn() -> AdminPath),
    /// What a function makes of the row.
    Computed {
        /// The heading.
        label: &'static str,
        /// What stands in the cell; the row starts at the position.
        cell: fn(&Row, usize) -> Result<Cell>,
    },
}

impl ListColumn {
    /// What a function of the user makes of a whole row: the body of the `cell` of a computed column.
    ///
    /// # Errors
    /// If the row cannot be read.
    pub fn computed<M: Model, C: Into<Cell>>(
        row: &Row,
        at: usize,
        make: impl FnOnce(&M) -> C,
    ) -> Result<Cell> {
        Ok(make(&M::read(row, at)?).into())
    }
}

/// One term of the list's ordering: a field of the model itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderBy {
    /// The field's name.
    pub field: &'static str,
    /// Largest first.
    pub descending: bool,
}

/// A group of the form's fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fieldset {
    /// Its heading; empty for none.
    pub title: &'static str,
    /// A sentence under the heading.
    pub description: &'static str,
    /// Whether it is folded to begin with.
    pub collapsed: bool,
    /// The names of its fields.
    pub fields: &'static [&'static str],
}

impl Fieldset {
    /// A group with a heading.
    #[must_use]
    pub const fn new(title: &'static str, fields: &'static [&'static str]) -> Self {
        Self { title, description: "", collapsed: false, fields }
    }
}

/// Rows of another model, edited as a table on the page of the row they refer to.
#[derive(Clone, Copy)]
pub struct Inline {
    /// The model of the rows.
    pub model: fn() -> &'static ModelSchema,
    /// The foreign key that leads here; needed only where there are several.
    pub foreign_key: Option<&'static str>,
    /// The fields; none for all editable ones.
    pub fields: &'static [&'static str],
    /// How many empty rows follow.
    pub extra: u32,
    /// How many rows there are at least.
    pub min_num: u32,
    /// How many rows there are at most; none for as many as a form takes.
    pub max_num: Option<u32>,
    /// Whether rows may be deleted.
    pub can_delete: bool,
    /// Whether each row has its fields below each other, instead of being a row of a table.
    pub stacked: bool,
}

impl Inline {
    /// All editable fields, one empty row.
    #[must_use]
    pub const fn new(model: fn() -> &'static ModelSchema) -> Self {
        Self {
            model,
            foreign_key: None,
            fields: &[],
            extra: 1,
            min_num: 0,
            max_num: None,
            can_delete: true,
            stacked: false,
        }
    }
}

impl AdminOptions {
    /// Nothing said.
    pub const DEFAULT: Self = Self {
        list_display: Setting::Default,
        list_display_links: None,
        sortable_by: None,
        empty_value_display: "",
        list_filter: Setting::Default,
        search_fields: Setting::Default,
        ordering: &[],
        date_hierarchy: None,
        list_per_page: 50,
        fieldsets: Setting::Default,
        readonly_fields: Setting::Default,
        exclude: Setting::Default,
        autocomplete_fields: Setting::Default,
        inlines: Setting::Default,
        actions: Setting::Default,
    };
}

impl Default for AdminOptions {
    fn default() -> Self {
        Self::DEFAULT
    }
}
