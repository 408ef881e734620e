//! The list as a page.

use axum::response::Response;
use nuages::Result;
use nuages::admin::AdminRequest;
use nuages::model::ModelEntry;

use super::query::{COUNTED, Found, ListQuery};
use super::{PAGE, search};
use crate::actions;
use crate::address::Address;
use crate::asked::Asked;
use crate::page::field::Choice;
use crate::page::list::{Column, ListPage, Pager, Row, Search, Sort};
use crate::registry::{counted, grouped, heading, list_url, object_url};
use crate::text;

/// Shows the list.
pub(crate) async fn show(asked: &Asked, entry: &'static ModelEntry, address: Address) -> Result<Response> {
    let list = ListQuery::new(entry, &asked.by, address, asked.offset());
    let found = list.fetch(&asked.db, &asked.signer()).await?;
    let narrowed = !found.rows.is_empty() || list.address != Address::default();
    let count = if narrowed { list.count(&asked.db).await? } else { 0 };
    let mut filters = Vec::new();
    let mut chips = Vec::new();
    for filter in &list.filters {
        let (shown, set) = filter.show(&asked.db, &list.address, &asked.root).await?;
        filters.push(shown);
        chips.extend(set);
    }
    let dates = match &list.dates {
        Some(dates) => Some(dates.show(&asked.db, entry, &list.address, asked.offset()).await?),
        None => None,
    };
    let rows = rows(asked, &list, &found).await?;
    let schema = entry.schema;
    let may_add = asked.by.may("add", schema);
    let actions = actions::offered(entry, &asked.by);
    let shell = asked.shell(&heading(schema), &[(&heading(schema), "")], Some(schema))?;
    let clear = list.address.keep(|name| !name.starts_with("f.") && !PAGE.contains(&name));
    asked.page(&ListPage {
        noun: schema.verbose_name.to_owned(),
        nouns: schema.verbose_name_plural.to_owned(),
        count: count_text(count, schema),
        sorted: sorted_text(&list),
        add: may_add.then(|| format!("{}add", list_url(&asked.root, schema))),
        no_add: (!may_add).then(|| format!("You may not add {}.", schema.verbose_name_plural)),
        search: search_field(&list),
        filters_open: false,
        keep: kept(&list),
        chips,
        clear_all: clear.url(),
        dates,
        columns: columns(&list),
        all_matching: all_matching(count, rows.len(), &actions),
        pager: pager(&list, &found, count),
        rows,
        actions,
        filters,
        advice: None,
        shell,
    })
}

/// How many there are, honestly.
fn count_text(count: u64, schema: &nuages_schema::ModelSchema) -> String {
    if count > COUNTED {
        format!("{}+ {}", grouped(COUNTED), schema.verbose_name_plural)
    } else {
        counted(count, schema)
    }
}

fn sorted_text(list: &ListQuery) -> String {
    let label = |key: &str| {
        list.columns.all.iter().find(|column| column.key == key).map(|column| column.label.to_lowercase())
    };
    let words: Vec<String> = list
        .sorted
        .iter()
        .filter_map(|(key, descending)| {
            Some(format!("{} {}", label(key)?, if *descending { "descending" } else { "ascending" }))
        })
        .collect();
    if words.is_empty() { String::new() } else { format!(", sorted by {}", words.join(", then ")) }
}

fn search_field(list: &ListQuery) -> Option<Search> {
    let fields = search::described(&list.search);
    let value = list.address.get("q").unwrap_or_default().to_owned();
    (!fields.is_empty()).then_some(Search { value, fields })
}

/// What a search or a filter keeps of the address: everything that the form does not set and that is no page.
fn kept(list: &ListQuery) -> Vec<(String, String)> {
    let kept = list.address.keep(|name| name != "q" && !name.starts_with("f.") && !PAGE.contains(&name));
    kept.pairs().to_vec()
}

fn columns(list: &ListQuery) -> Vec<Column> {
    let address = list.address.without(PAGE);
    let column = |plan: &super::columns::ListColumnPlan| {
        // A column is not said to sort the list when one that is not shown sorts it first.
        let shown = |(key, _): &(String, bool)| list.columns.all.iter().any(|column| column.key == *key);
        let place = list.sorted.iter().take_while(|by| shown(by)).position(|(key, _)| *key == plan.key);
        let active = place.map(|at| list.sorted[at].1);
        let turned = if active == Some(false) { format!("-{}", plan.key) } else { plan.key.clone() };
        let several = list.sorted.len() > 1;
        let sort = plan.sort.is_some().then(|| Sort {
            url: address.with("sort", turned).url(),
            active,
            place: place.filter(|_| several).map_or(0, |at| at + 1),
        });
        Column { label: plan.label.clone(), class: plan.class, sort }
    };
    list.columns.all.iter().map(column).collect()
}

async fn rows(asked: &Asked, list: &ListQuery, found: &Found) -> Result<Vec<Row>> {
    let cells = list.columns.cells(&asked.db, &found.rows, asked.offset()).await?;
    let schema = list.entry.schema;
    let back = list.address.keep(|name| name != "_");
    let row = |(row, cells): (&nuages::backend::Row, Vec<nuages::admin::Cell>)| {
        let key = list.key(row)?;
        let mut url = object_url(&asked.root, schema, &key);
        if !back.pairs().is_empty() {
            url.push_str(&Address::default().with("_back", back.url().trim_start_matches('?')).url());
        }
        Ok(Row { key: text::plain(&key), url, label: (list.entry.describe)(row, 0)?, cells })
    };
    found.rows.iter().zip(cells).map(row).collect()
}

fn all_matching(count: u64, shown: usize, actions: &[Choice]) -> Option<String> {
    if actions.is_empty() || count <= shown as u64 {
        return None;
    }
    Some(if count > COUNTED {
        format!("All {}+ that match", grouped(COUNTED))
    } else {
        format!("All {} that match", grouped(count))
    })
}

fn pager(list: &ListQuery, found: &Found, count: u64) -> Pager {
    let base = list.address.without(PAGE);
    let shown = found.rows.len() as u64;
    let exact = count <= COUNTED;
    let start = start(list, found, count);
    let total = if exact { grouped(count) } else { format!("{}+", grouped(COUNTED)) };
    let range = match start {
        Some(start) if shown > 0 => format!("{}–{} of {total}", grouped(start), grouped(start + shown - 1)),
        _ => format!("{shown} of {total}"),
    };
    let numbered = |address: Address, start: Option<u64>| match start {
        Some(start) => address.with("n", start.to_string()),
        None => address,
    };
    let previous = found.previous.as_ref().map(|place| match start {
        // So near the start, the page before is the first one, whatever was added meanwhile.
        Some(start) if start <= list.size + 1 => base.url(),
        start => numbered(base.with("before", place.clone()), start.map(|start| start - list.size)).url(),
    });
    let next = found.next.as_ref();
    Pager {
        range,
        first: found.previous.is_some().then(|| base.url()),
        previous,
        next: next
            .map(|place| numbered(base.with("after", place.clone()), start.map(|start| start + shown)).url()),
        last: next.map(|_| base.with("last", "1").url()),
    }
}

/// The number of the first row shown, where it is known.
fn start(list: &ListQuery, found: &Found, count: u64) -> Option<u64> {
    if found.previous.is_none() {
        return Some(1);
    }
    if found.next.is_none() && count <= COUNTED {
        return Some(count.saturating_sub(found.rows.len() as u64) + 1);
    }
    list.address.get("n").and_then(|n| n.parse().ok()).filter(|n| (2..=COUNTED).contains(n))
}

/// Whether the user may see the list at all.
pub(crate) fn may_see(by: &AdminRequest, schema: &nuages_schema::ModelSchema) -> bool {
    ["view", "change"].into_iter().any(|verb| by.may(verb, schema))
}
