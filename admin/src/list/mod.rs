//! The list of a model: its state is the query string, its rows come by keyset, its count is capped.

mod advice;
pub(crate) mod columns;
mod dates;
mod filters;
mod paging;
mod query;
mod search;
mod show;

pub(crate) use columns::key_of;
pub(crate) use filters::names as filter_names;
pub(crate) use query::ListQuery;
pub(crate) use search::{condition as search_condition, fields as fields_searched};
pub(crate) use show::{may_see, show};

/// What of the address says which page is shown.
pub(crate) const PAGE: &[&str] = &["after", "before", "last", "n"];
