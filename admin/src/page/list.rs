//! A list of rows with search, filters, sorting, selection and paging.

use askama::Template;

use nuages::admin::Cell;

use super::{Link, choice::Choice, shell::Shell};

/// The list of a model.
#[derive(Template, Clone, Debug)]
#[template(path = "list.html")]
pub struct ListPage {
    /// The frame.
    pub shell: Shell,
    /// What one row is called.
    pub noun: String,
    /// What many are called.
    pub nouns: String,
    /// How many rows match, honestly, such as "10,000+ books".
    pub count: String,
    /// How they are sorted, for a screen reader.
    pub sorted: String,
    /// The form for a new one, if that is permitted.
    pub add: Option<String>,
    /// Why there is no such form.
    pub no_add: Option<String>,
    /// The search field, if there are fields to search.
    pub search: Option<Search>,
    /// The filters.
    pub filters: Vec<Filter>,
    /// Whether the filter panel is open.
    pub filters_open: bool,
    /// Values of the address that a search or filter keeps.
    pub keep: Vec<(String, String)>,
    /// What is filtered by, each with the address without it.
    pub chips: Vec<Chip>,
    /// The address without any of them.
    pub clear_all: String,
    /// Years, months and days.
    pub dates: Option<Dates>,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
    /// What can be done with selected rows.
    pub actions: Vec<Choice>,
    /// "Select all about 214,000 matching", where more match than are shown.
    pub all_matching: Option<String>,
    /// What "all that match" means, signed; empty where it is not offered.
    pub seal: String,
    /// The list with the values of its filters counted, or without; none where there is nothing to count.
    pub facets: Option<String>,
    /// Whether they are counted.
    pub counted: bool,
    /// Whether the rows could not be found in time.
    pub gave_up: bool,
    /// The time that there was, in words.
    pub limit: String,
    /// Where the list goes on.
    pub pager: Pager,
    /// Other numbers of rows on a page, and whether it is the one; none where one page has all.
    pub sizes: Vec<(Link, bool)>,
    /// In debug: how many statements the page took, and how long they took.
    pub cost: Option<String>,
    /// A piece of advice, such as a missing index.
    pub advice: Option<String>,
}

/// The search field.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// What was searched for.
    pub value: String,
    /// What is searched.
    pub fields: String,
    /// As much of it as the field has room for.
    pub hint: String,
}

/// A filter.
#[derive(Clone, Debug)]
pub struct Filter {
    /// The name in the address.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What is chosen from.
    pub kind: FilterKind,
}

/// What a filter is set with.
#[derive(Clone, Debug)]
pub enum FilterKind {
    /// Any of a few values.
    Any(Vec<Choice>),
    /// One of a few.
    One(Vec<Choice>),
    /// From and to; the `type` of the inputs.
    Range {
        /// `date` or `number`.
        kind: &'static str,
        /// At least.
        from: String,
        /// At most.
        to: String,
    },
    /// A row of another table.
    Combo(super::choice::Combo),
}

/// What is filtered by.
#[derive(Clone, Debug, Default)]
pub struct Chip {
    /// The filter.
    pub label: String,
    /// Its value.
    pub value: String,
    /// The address without it.
    pub remove: String,
}

/// The way down through years, months and days.
#[derive(Clone, Debug, Default)]
pub struct Dates {
    /// The field.
    pub label: String,
    /// The way up: all dates, the year, the month.
    pub up: Vec<Link>,
    /// Where we are, such as "November 2026".
    pub here: Option<String>,
    /// The way down.
    pub down: Vec<Link>,
}

/// A column.
#[derive(Clone, Debug, Default)]
pub struct Column {
    /// Whether its cells lead to the form.
    pub linked: bool,
    /// Its label.
    pub label: String,
    /// `num`, `date` or nothing.
    pub class: &'static str,
    /// How it sorts, if it can.
    pub sort: Option<Sort>,
}

/// How a column sorts.
#[derive(Clone, Debug, Default)]
pub struct Sort {
    /// The address of the list sorted by this, the other way round if it already is.
    pub url: String,
    /// Whether the list is sorted by this first, and whether largest comes first.
    pub active: Option<bool>,
    /// Its place among several, from 1; 0 when alone.
    pub place: usize,
}

/// A row.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Its key, as posted.
    pub key: String,
    /// Its form.
    pub url: String,
    /// What it is called.
    pub label: String,
    /// Its cells, one for each column.
    pub cells: Vec<Cell>,
}

/// Where the list goes on.
#[derive(Clone, Debug, Default)]
pub struct Pager {
    /// Which rows these are, such as "1–25 of 10,000+".
    pub range: String,
    /// The first page, when this is not it.
    pub first: Option<String>,
    /// Back.
    pub previous: Option<String>,
    /// On.
    pub next: Option<String>,
    /// The last page.
    pub last: Option<String>,
}

impl ListPage {
    /// How many filters are set.
    #[must_use]
    pub fn filter_count(&self) -> usize {
        self.chips.len()
    }

    /// Whether anything narrows the list.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        !self.chips.is_empty()
            || self.search.as_ref().is_some_and(|search| !search.value.is_empty())
            || self.dates.as_ref().is_some_and(|dates| dates.here.is_some())
    }

    /// Whether there is nothing in the table yet: the page has nothing else to offer than to add the first one.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.rows.is_empty() && !self.gave_up && !self.is_narrowed()
    }

    /// Whether rows can be selected.
    #[must_use]
    pub fn has_actions(&self) -> bool {
        !self.actions.is_empty()
    }
}

impl Sort {
    /// The value of `aria-sort`.
    #[must_use]
    pub fn aria(&self) -> &'static str {
        if self.active == Some(true) { "descending" } else { "ascending" }
    }

    /// The drawing.
    #[must_use]
    pub fn icon(&self) -> &'static str {
        match self.active {
            None => "sort",
            Some(false) => "asc",
            Some(true) => "desc",
        }
    }
}
