//! What a list asks the database, from its address.

use std::collections::HashMap;
use std::time::Duration;

use nuages::admin::{AdminRequest, rows};
use nuages::backend::{Db, Row};
use nuages::expr::{Condition, Expr};
use nuages::field::ColumnRef;
use nuages::form::Zone;
use nuages::model::ModelEntry;
use nuages::query::{Part, Select};
use nuages::signing::Signer;
use nuages::value::Value;
use nuages::{ErrorKind, Result};

use super::columns::{Columns, key_of};
use super::dates::DatePlan;
use super::filters::{self, FilterPlan};
use super::paging::{self, Page, Term};
use super::search;
use crate::address::Address;

/// Rows are counted up to here.
pub(crate) const COUNTED: u64 = 10_000;
/// How long the counting of one filter's values may take.
const FACET: Duration = Duration::from_millis(200);
/// Page sizes that an address may ask for.
pub(super) const SIZES: [u64; 5] = [10, 25, 50, 100, 200];

/// A list as its address describes it.
pub(crate) struct ListQuery {
    pub(crate) entry: &'static ModelEntry,
    pub(crate) address: Address,
    pub(crate) columns: Columns,
    pub(crate) filters: Vec<FilterPlan>,
    pub(crate) dates: Option<DatePlan>,
    pub(crate) search: Vec<ColumnRef>,
    /// The columns it is sorted by, with their direction; the primary key, which always comes last, left out.
    pub(crate) sorted: Vec<(String, bool)>,
    pub(crate) size: u64,
    terms: Vec<Term>,
    zone: Zone,
    limit: Option<Duration>,
}

/// How many rows match, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Count {
    /// Counted.
    Exactly(u64),
    /// More than are counted, and about how many in the opinion of the database's planner.
    Many(Option<u64>),
    /// It would have taken too long.
    Unknown,
}

impl Count {
    /// The number, if it is one.
    pub(crate) const fn exact(self) -> Option<u64> {
        match self {
            Self::Exactly(count) => Some(count),
            Self::Many(_) | Self::Unknown => None,
        }
    }
}

/// A page of a list.
pub(crate) struct Found {
    pub(crate) rows: Vec<Row>,
    pub(crate) previous: Option<String>,
    pub(crate) next: Option<String>,
}

impl ListQuery {
    /// Reads the address.
    pub(crate) fn new(
        entry: &'static ModelEntry,
        by: &AdminRequest,
        address: Address,
        zone: Zone,
        limit: Option<Duration>,
    ) -> Self {
        let columns = Columns::of(entry, by);
        let (sorted, mut terms) = order(entry, &columns, &address);
        let turned = sorted.first().is_some_and(|(_, descending)| *descending);
        let key = rows::column(entry.schema, entry.schema.key);
        terms.extend(key.parts().map(|part| term(part, turned)));
        let asked =
            address.get("size").and_then(|size| size.parse().ok()).filter(|size| SIZES.contains(size));
        Self {
            filters: filters::plan(entry, by),
            dates: DatePlan::of(entry, &address),
            search: search::fields(entry, by),
            size: asked.unwrap_or_else(|| u64::from(entry.admin.list_per_page.clamp(1, 1_000))),
            entry,
            address,
            columns,
            sorted,
            terms,
            zone,
            limit,
        }
    }

    /// What narrows the list, each by itself: conditions on one to-many relation need not hit the same row.
    fn conditions(&self) -> Vec<Condition> {
        self.conditions_without(None)
    }

    fn conditions_without(&self, left_out: Option<&FilterPlan>) -> Vec<Condition> {
        let asked = self.filters.iter().filter(|filter| left_out.is_none_or(|out| out.name != filter.name));
        let mut all: Vec<Condition> =
            asked.filter_map(|filter| filter.condition(&self.address, self.zone)).collect();
        all.extend(self.dates.as_ref().and_then(|dates| dates.condition(self.zone)));
        all.extend(
            self.address.get("q").and_then(|text| search::condition(self.entry.schema, &self.search, text)),
        );
        all
    }

    /// The rows that match, whole, in no order.
    fn matching(&self) -> Select {
        let mut select = Select::of(self.entry.schema);
        select.filters = self.conditions();
        select.order = Some(Vec::new());
        select
    }

    /// How many rows match: never more are counted than a bound, and never longer than the limit.
    pub(crate) async fn count(&self, db: &Db) -> Result<Count> {
        let mut select = self.matching().only_key();
        select.limit = Some(COUNTED + 1);
        let Some(count) = in_time(rows::count_within(db, &select, self.limit).await)? else {
            return Ok(Count::Unknown);
        };
        if count <= COUNTED {
            return Ok(Count::Exactly(count));
        }
        // A planner that is wrong about what was counted is not asked any further.
        Ok(Count::Many(rows::estimate(db, &select).await?.filter(|about| *about > COUNTED)))
    }

    /// What narrows the list, in one spelling; the order, the page and the size do not belong to it.
    pub(crate) fn narrowing(&self) -> String {
        let kept = self.address.keep(|name| name == "q" || name == "d" || name.starts_with("f."));
        format!("{}{}", self.entry.schema.label(), kept.url())
    }

    /// Whether anything narrows the list.
    pub(crate) fn is_narrowed(&self) -> bool {
        !self.conditions().is_empty()
    }

    /// The same list in the order of the primary key, which always has an index.
    pub(crate) fn by_key(mut self) -> Self {
        self.sorted.clear();
        self.terms.drain(..self.terms.len() - 1);
        self.address = self.address.without(super::PAGE).without(&["sort"]);
        self
    }

    /// How many of the rows have each value of a filter, were that filter not set. Nothing where it would
    /// take long, or where there are more rows than are counted.
    pub(crate) async fn facets(&self, db: &Db, filter: &FilterPlan) -> Result<Option<HashMap<String, u64>>> {
        let mut select = self.matching();
        select.filters = self.conditions_without(Some(filter));
        select.parts = vec![Part::Value(Expr::Column(filter.column))];
        select.limit = Some(COUNTED + 1);
        let limit = self.limit.map(|limit| limit.min(FACET));
        let Some(found) = in_time(rows::fetch_within(db, &select, limit).await)? else { return Ok(None) };
        if found.len() as u64 > COUNTED {
            return Ok(None);
        }
        let mut counts = HashMap::new();
        for row in found {
            let value = row.value(0, (filter.column.field().kind)())?;
            *counts.entry(filters::word(&value)).or_default() += 1;
        }
        Ok(Some(counts))
    }

    /// The keys of the rows that match, at most one more than `most`.
    pub(crate) async fn keys(&self, db: &Db, most: u64) -> Result<Vec<Value>> {
        let mut select = self.matching().only_key();
        select.limit = Some(most + 1);
        let found = rows::fetch_within(db, &select, self.limit).await?;
        found.iter().map(|row| select.key_column().read(row, 0)).collect()
    }

    /// The page that the address asks for.
    pub(crate) async fn fetch(&self, db: &Db, signer: &Signer) -> Result<Found> {
        let page = self.page(signer);
        let mut select = self.columns.select();
        select.filters = self.conditions();
        let at = select.columns();
        select.parts.extend(self.terms.iter().map(|term| Part::Value(term.expr.clone())));
        paging::apply(&mut select, &self.terms, &page, self.size, db.backend());
        let mut found = rows::fetch_within(db, &select, self.limit).await?;
        let more = found.len() as u64 > self.size;
        found.truncate(usize::try_from(self.size).unwrap_or(usize::MAX));
        if page.is_backward() {
            found.reverse();
        }
        let place = |row: Option<&Row>| -> Result<Option<String>> {
            let Some(row) = row else { return Ok(None) };
            let cursor = paging::place(row, at, &self.terms)?;
            Ok(Some(paging::write(&cursor, &self.order_name(), signer)))
        };
        let has_previous = if page.is_backward() { more } else { page != Page::First };
        let has_next = if page.is_backward() { page != Page::Last } else { more };
        Ok(Found {
            previous: if has_previous { place(found.first())? } else { None },
            next: if has_next { place(found.last())? } else { None },
            rows: found,
        })
    }

    fn page(&self, signer: &Signer) -> Page {
        let read = |name: &str| {
            let text = self.address.get(name)?;
            paging::read(text, &self.order_name(), &self.terms, signer)
        };
        if let Some(cursor) = read("after") {
            return Page::After(cursor);
        }
        if let Some(cursor) = read("before") {
            return Page::Before(cursor);
        }
        if self.address.get("last").is_some() { Page::Last } else { Page::First }
    }

    /// The model and its order in a text: what a place in the list is good for.
    fn order_name(&self) -> String {
        let mut name = self.entry.schema.label();
        for (key, descending) in &self.sorted {
            name.push_str(if *descending { ",-" } else { "," });
            name.push_str(key);
        }
        name
    }

    /// The primary key of a row of the page.
    pub(crate) fn key(&self, row: &Row) -> Result<Value> {
        key_of(self.entry.schema, row)
    }
}

/// Nothing where the database was not quick enough.
pub(crate) fn in_time<T>(found: Result<T>) -> Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == ErrorKind::Timeout => Ok(None),
        Err(error) => Err(error),
    }
}

/// The order that the address asks for, or the options, or the model.
fn order(
    entry: &'static ModelEntry,
    columns: &Columns,
    address: &Address,
) -> (Vec<(String, bool)>, Vec<Term>) {
    let mut sorted = Vec::new();
    let mut terms = Vec::new();
    for word in address.get("sort").unwrap_or_default().split(',') {
        let (key, descending) = word.strip_prefix('-').map_or((word, false), |key| (key, true));
        let column = columns.all.iter().find(|column| column.key == key);
        let known = sorted.iter().any(|(sorted, _)| sorted == key);
        if let Some(Expr::Column(reference)) =
            column.and_then(|column| column.sort.as_ref()).filter(|_| !known)
        {
            sorted.push((key.to_owned(), descending));
            terms.push(term(*reference, descending));
        }
    }
    if !sorted.is_empty() {
        return (sorted, terms);
    }
    let schema = entry.schema;
    let of_options =
        entry.admin.ordering.iter().filter_map(|by| Some((schema.position(by.field)?, by.descending)));
    let mut order: Vec<(usize, bool)> = of_options.collect();
    if order.is_empty() {
        order = schema.ordering.iter().map(|by| (by.field, by.descending)).collect();
    }
    for (index, descending) in order {
        sorted.push((schema.fields[index].name.to_owned(), descending));
        terms.push(term(rows::column(schema, index), descending));
    }
    (sorted, terms)
}

fn term(column: ColumnRef, descending: bool) -> Term {
    Term {
        expr: Expr::Column(column),
        descending,
        kind: (column.field().kind)(),
        nullable: column.may_be_null(),
    }
}
