//! What a list asks the database, from its address.

use nuages::Result;
use nuages::admin::{AdminRequest, rows};
use nuages::backend::{Db, Row};
use nuages::expr::{Condition, Expr};
use nuages::field::ColumnRef;
use nuages::model::ModelEntry;
use nuages::query::{Part, Select};
use nuages::signing::Signer;
use nuages::value::Value;

use super::columns::{Columns, key_of};
use super::dates::DatePlan;
use super::filters::{self, FilterPlan};
use super::paging::{self, Page, Term};
use super::search;
use crate::address::Address;

/// Rows are counted up to here.
pub(crate) const COUNTED: u64 = 10_000;
/// Page sizes that an address may ask for.
const SIZES: [u64; 5] = [10, 25, 50, 100, 200];

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
    offset: i32,
}

/// A page of a list.
pub(crate) struct Found {
    pub(crate) rows: Vec<Row>,
    pub(crate) previous: Option<String>,
    pub(crate) next: Option<String>,
}

impl ListQuery {
    /// Reads the address.
    pub(crate) fn new(entry: &'static ModelEntry, by: &AdminRequest, address: Address, offset: i32) -> Self {
        let columns = Columns::of(entry, by);
        let (sorted, mut terms) = order(entry, &columns, &address);
        let key = rows::column(entry.schema, entry.schema.key);
        terms.push(term(key, sorted.first().is_some_and(|(_, descending)| *descending)));
        let asked =
            address.get("size").and_then(|size| size.parse().ok()).filter(|size| SIZES.contains(size));
        Self {
            filters: filters::plan(entry, by),
            dates: DatePlan::of(entry, &address),
            search: search::fields(entry, by),
            size: asked.unwrap_or_else(|| u64::from(entry.admin.list_per_page.clamp(1, 500))),
            entry,
            address,
            columns,
            sorted,
            terms,
            offset,
        }
    }

    /// What narrows the list, each by itself: conditions on one to-many relation need not hit the same row.
    fn conditions(&self) -> Vec<Condition> {
        let mut all: Vec<Condition> =
            self.filters.iter().filter_map(|filter| filter.condition(&self.address, self.offset)).collect();
        all.extend(self.dates.as_ref().and_then(|dates| dates.condition(self.offset)));
        all.extend(self.address.get("q").and_then(|text| search::condition(&self.search, text)));
        all
    }

    /// The rows that match, whole, in no order.
    fn matching(&self) -> Select {
        let mut select = Select::of(self.entry.schema);
        select.filters = self.conditions();
        select.order = Some(Vec::new());
        select
    }

    /// How many rows match, at most one more than are counted.
    pub(crate) async fn count(&self, db: &Db) -> Result<u64> {
        let mut select = self.matching().only_key();
        select.limit = Some(COUNTED + 1);
        rows::count(db, &select).await
    }

    /// The keys of the rows that match, at most one more than `most`.
    pub(crate) async fn keys(&self, db: &Db, most: u64) -> Result<Vec<Value>> {
        let mut select = self.matching().only_key();
        select.limit = Some(most + 1);
        let kind = (self.entry.schema.key_field().kind)();
        rows::fetch(db, &select).await?.iter().map(|row| row.value(0, kind)).collect()
    }

    /// The page that the address asks for.
    pub(crate) async fn fetch(&self, db: &Db, signer: &Signer) -> Result<Found> {
        let page = self.page(signer);
        let mut select = self.columns.select();
        select.filters = self.conditions();
        let at = select.columns();
        select.parts.extend(self.terms.iter().map(|term| Part::Value(term.expr.clone())));
        paging::apply(&mut select, &self.terms, &page, self.size, db.backend());
        let mut found = rows::fetch(db, &select).await?;
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
