//! Which rows of an inline are meant: those of a page of it, or those that a form posts.

use nuages::Result;
use nuages::admin::rows;
use nuages::backend::{Db, Row};
use nuages::expr::{Comparison, Condition, Expr};
use nuages::query::Select;
use nuages::value::Value;

use super::inline::InlineSpec;
use super::labels::key;
use crate::address::Address;
use crate::asked::Posted;
use crate::list::columns::key_of;
use crate::page::Link;
use crate::registry::{capital, grouped};
use crate::text;

/// Rows of an inline that one form takes.
pub(super) const MOST: u64 = 200;
/// Rows of an inline on one page.
const PAGE: usize = 20;
/// Rows are counted up to here.
const COUNTED: u64 = 10_000;

/// Rows of an inline as the database has them.
#[derive(Default)]
pub(super) struct Found {
    pub(super) rows: Vec<Row>,
    /// The keys that were posted and are nowhere any more.
    pub(super) gone: Vec<String>,
    /// Whether there are more behind them.
    more: bool,
}

/// A number of rows in words.
pub(super) fn said(count: u64) -> String {
    if count > COUNTED { format!("{}+", grouped(COUNTED)) } else { grouped(count) }
}

impl InlineSpec {
    /// How many rows a form says it has; none if it says no number, or more than are taken.
    pub(super) fn total(&self, posted: &Posted) -> Option<u64> {
        let name = format!("{}-TOTAL", self.prefix);
        posted.get(&name).map_or(Some(0), |total| total.trim().parse().ok()).filter(|total| *total <= MOST)
    }

    /// The name in the address of the key behind which a page of the rows begins.
    fn page_name(&self) -> String {
        format!("{}.after", self.prefix)
    }

    fn children(&self, parent: &Value) -> Select {
        let schema = self.form.entry.schema;
        let mut select = Select::of(schema);
        let foreign = Expr::Column(rows::column(schema, self.foreign));
        select.filters.push(Condition::Compare(foreign, Comparison::Equal, Expr::Value(parent.clone())));
        select.order = Some(select.key_order());
        select
    }

    /// The rows of the page that the address asks for.
    pub(super) async fn page(&self, db: &Db, parent: &Value, address: &Address) -> Result<Found> {
        let entry = self.form.entry;
        let mut select = self.children(parent);
        if let Some(after) = address.get(&self.page_name()).and_then(|text| key(entry, text)) {
            let column = Expr::Column(rows::column(entry.schema, entry.schema.key));
            select.filters.push(Condition::Compare(column, Comparison::Greater, Expr::Value(after)));
        }
        select.limit = Some(PAGE as u64 + 1);
        let mut rows = rows::fetch(db, &select).await?;
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        Ok(Found { rows, gone: Vec::new(), more })
    }

    /// The rows that a form posts, as far as they belong to this parent.
    pub(super) async fn named(&self, db: &Db, parent: &Value, posted: &Posted) -> Result<Found> {
        let entry = self.form.entry;
        let total = self.total(posted).unwrap_or(MOST);
        let texts = (0..total).filter_map(|at| posted.get(&format!("{}-_key", self.row_prefix(at))));
        let keys: Vec<Value> = texts.filter_map(|text| key(entry, text)).collect();
        if keys.is_empty() {
            return Ok(Found::default());
        }
        let mut select = self.children(parent);
        let column = Expr::Column(rows::column(entry.schema, entry.schema.key));
        select.filters.push(Condition::In(column, keys.clone()));
        let rows = rows::fetch(db, &select).await?;
        let mut gone: Vec<String> = keys.iter().map(text::plain).collect();
        self.forget(&mut gone, &rows)?;
        if !gone.is_empty() {
            // Those of another parent are there, and out of reach from here.
            let elsewhere = rows::fetch(db, &rows::by_keys(entry.schema, keys)).await?;
            self.forget(&mut gone, &elsewhere)?;
        }
        Ok(Found { rows, gone, more: false })
    }

    fn forget(&self, gone: &mut Vec<String>, found: &[Row]) -> Result<()> {
        for row in found {
            let key = text::plain(&key_of(self.form.entry.schema, row)?);
            gone.retain(|known| *known != key);
        }
        Ok(())
    }

    /// How many rows the parent has, as far as they are counted.
    pub(super) async fn count(&self, db: &Db, parent: &Value) -> Result<u64> {
        let mut select = self.children(parent).only_key();
        select.order = Some(Vec::new());
        select.limit = Some(COUNTED + 1);
        rows::count(db, &select).await
    }

    /// Whether there may be one more.
    pub(super) fn has_room(&self, rows: u64) -> bool {
        self.options.max_num.is_none_or(|most| rows < u64::from(most))
    }

    /// What is wrong with the number of rows that a parent has now, if it is one that the options do not allow.
    pub(super) async fn miscounted(&self, db: &Db, parent: &Value) -> Result<Option<String>> {
        if !self.is_counted() {
            return Ok(None);
        }
        let rows = self.count(db, parent).await?;
        let nouns = capital(self.form.entry.schema.verbose_name_plural);
        let (least, most) = (self.options.min_num, self.options.max_num);
        if let Some(most) = most.filter(|most| rows > u64::from(*most)) {
            return Ok(Some(format!("{nouns}: there are {rows}, and {most} at most.")));
        }
        Ok((rows < u64::from(least)).then(|| format!("{nouns}: there are {rows}, and {least} at least.")))
    }

    /// The links to the first page and to the next one.
    pub(super) fn links(&self, found: &Found, address: &Address) -> Result<Vec<Link>> {
        let name = self.page_name();
        let to = |address: Address| format!("{}#{}-title", address.url(), self.prefix);
        let mut links = Vec::new();
        if address.get(&name).is_some() {
            links.push(Link::new(format!("First {PAGE}"), to(address.without(&[&name]))));
        }
        if let Some(last) = found.rows.last().filter(|_| found.more) {
            let key = text::plain(&key_of(self.form.entry.schema, last)?);
            links.push(Link::new(format!("Next {PAGE}"), to(address.with(&name, key))));
        }
        Ok(links)
    }
}
