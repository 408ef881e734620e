//! The list as a page.

use axum::response::Response;
use nuages::Result;
use nuages::admin::AdminRequest;
use nuages::model::ModelEntry;

use super::filters::FilterPlan;
use super::query::{COUNTED, Count, Found, ListQuery, SIZES, in_time};
use super::{PAGE, advice, search};
use crate::actions;
use crate::address::Address;
use crate::asked::Asked;
use crate::page::Link;
use crate::page::choice::Choice;
use crate::page::list::{Chip, Column, Filter, FilterKind, ListPage, Pager, Row, Search, Sort};
use crate::registry::{capital, counted, grouped, heading, list_url, object_url};
use crate::text;

/// What in the address asks for the values of filters to be counted.
const FACETS: &str = "facets";

/// Letters of the names of the searched fields that are shown in the search field.
const HINT: usize = 18;

/// A page of a list, as far as it was found in time.
struct Read {
    list: ListQuery,
    found: Found,
    advice: Option<String>,
    gave_up: bool,
}

/// Reads the page that is asked for. What takes too long is read in the order of the primary key instead;
/// what takes too long even then is given up.
async fn read(asked: &Asked, entry: &'static ModelEntry, address: Address) -> Result<Read> {
    let make = |address| ListQuery::new(entry, &asked.by, address, asked.zone(), asked.limit());
    let signer = asked.signer("admin.cursor");
    let list = make(address.clone());
    if let Some(found) = in_time(list.fetch(&asked.db, &signer).await)? {
        return Ok(Read { list, found, advice: None, gave_up: false });
    }
    let advice = Some(advice::slow(&list, asked.limit(), asked.db.backend()));
    let list = make(address).by_key();
    let (found, gave_up) = match in_time(list.fetch(&asked.db, &signer).await)? {
        Some(found) => (found, false),
        None => (Found { rows: Vec::new(), previous: None, next: None }, true),
    };
    Ok(Read { list, found, advice, gave_up })
}

/// Shows the list.
pub(crate) async fn show(asked: &Asked, entry: &'static ModelEntry, address: Address) -> Result<Response> {
    let Read { list, found, advice, gave_up } = read(asked, entry, address).await?;
    let narrowed = !found.rows.is_empty() || list.address != Address::default();
    // What took too long to find takes as long to count.
    let slow = gave_up || (advice.is_some() && list.is_narrowed());
    let count = match (slow, narrowed) {
        (true, _) => Count::Unknown,
        (false, true) => list.count(&asked.db).await?,
        (false, false) => Count::Exactly(0),
    };
    let (filters, chips) = filters(asked, &list).await?;
    let dates = match &list.dates {
        Some(dates) => Some(dates.show(&asked.db, entry, &list.address, asked.zone(), asked.limit()).await?),
        None => None,
    };
    let rows = rows(asked, &list, &found).await?;
    let schema = entry.schema;
    let may_add = asked.by.may("add", schema);
    let actions = actions::offered(entry, &asked.by);
    let shell = asked.shell(&heading(schema), &[(&heading(schema), "")], Some(schema))?;
    let clear = list.address.keep(|name| !name.starts_with("f.") && !PAGE.contains(&name));
    let all_matching = all_matching(count, rows.len(), &actions);
    let seal = all_matching.as_ref().and(count.exact()).map(|count| actions::seal(asked, &list, count));
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
        all_matching,
        seal: seal.unwrap_or_default(),
        facets: facets_url(&list),
        counted: list.address.get(FACETS).is_some(),
        gave_up,
        limit: asked.limit().map(advice::seconds).unwrap_or_default(),
        pager: pager(&list, &found, count),
        sizes: sizes(&list, &found),
        cost: asked.context.site().is_debug().then(|| cost(asked)),
        rows,
        actions,
        filters,
        advice,
        shell,
    })
}

/// The filters as the page shows them, counted where that was asked for, and what is filtered by.
async fn filters(asked: &Asked, list: &ListQuery) -> Result<(Vec<Filter>, Vec<Chip>)> {
    let (mut filters, mut chips) = (Vec::new(), Vec::new());
    for filter in &list.filters {
        let (mut shown, set) = filter.show(&asked.db, &list.address, &asked.root).await?;
        if list.address.get(FACETS).is_some()
            && filter.has_facets()
            && let Some(counts) = list.facets(&asked.db, filter).await?
            && let FilterKind::Any(choices) | FilterKind::One(choices) = &mut shown.kind
        {
            for choice in choices.iter_mut().filter(|choice| !choice.value.is_empty()) {
                choice.count = grouped(counts.get(&choice.value).copied().unwrap_or(0));
            }
        }
        filters.push(shown);
        chips.extend(set);
    }
    Ok((filters, chips))
}

/// The list with the values of its filters counted, or without again.
fn facets_url(list: &ListQuery) -> Option<String> {
    let on = list.address.get(FACETS).is_some();
    let address = if on { list.address.without(&[FACETS]) } else { list.address.with(FACETS, "1") };
    list.filters.iter().any(FilterPlan::has_facets).then(|| address.url())
}

/// How many there are, honestly.
fn count_text(count: Count, schema: &nuages_schema::ModelSchema) -> String {
    let nouns = schema.verbose_name_plural;
    match count {
        Count::Exactly(count) => counted(count, schema),
        Count::Many(Some(about)) => format!("about {} {nouns}", advice::about(about)),
        Count::Many(None) => format!("{}+ {nouns}", grouped(COUNTED)),
        Count::Unknown => format!("{}, not counted", capital(nouns)),
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
    (!fields.is_empty()).then(|| Search { value, hint: first_words(&fields), fields })
}

/// As many of the names as a search field has room for on a phone.
fn first_words(names: &str) -> String {
    let mut hint = String::new();
    for name in names.split(", ") {
        if !hint.is_empty() && hint.len() + name.len() > HINT {
            return hint + ", …";
        }
        hint.push_str(if hint.is_empty() { "" } else { ", " });
        hint.push_str(name);
    }
    hint
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
        Column { label: plan.label.clone(), class: plan.class, sort, linked: plan.linked }
    };
    list.columns.all.iter().map(column).collect()
}

async fn rows(asked: &Asked, list: &ListQuery, found: &Found) -> Result<Vec<Row>> {
    let cells = list.columns.cells(&asked.db, &found.rows, asked.zone()).await?;
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

/// "All 214 that match"; what is more than an action takes is not offered.
fn all_matching(count: Count, shown: usize, actions: &[Choice]) -> Option<String> {
    let count = count.exact().filter(|count| *count > shown as u64)?;
    (!actions.is_empty()).then(|| format!("All {} that match", grouped(count)))
}

fn pager(list: &ListQuery, found: &Found, count: Count) -> Pager {
    let base = list.address.without(PAGE);
    let shown = found.rows.len() as u64;
    let start = start(list, found, count);
    let total = match count {
        Count::Exactly(count) => format!(" of {}", grouped(count)),
        Count::Many(Some(about)) => format!(" of about {}", advice::about(about)),
        Count::Many(None) => format!(" of {}+", grouped(COUNTED)),
        Count::Unknown => String::new(),
    };
    let range = match start {
        Some(start) if shown > 0 => format!("{}–{}{total}", grouped(start), grouped(start + shown - 1)),
        _ => format!("{shown}{total}"),
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

/// The same list with more or fewer rows on a page.
fn sizes(list: &ListQuery, found: &Found) -> Vec<(Link, bool)> {
    let whole = found.previous.is_none() && found.next.is_none();
    if whole && found.rows.len() as u64 <= SIZES[0] {
        return Vec::new();
    }
    let base = list.address.without(PAGE);
    let link = |size: u64| Link::new(size.to_string(), base.with("size", size.to_string()).url());
    SIZES.map(|size| (link(size), size == list.size)).to_vec()
}

/// What the page asked of the database so far, for whoever writes the project.
fn cost(asked: &Asked) -> String {
    let queries = asked.db.queries();
    let time: std::time::Duration = queries.iter().map(|query| query.elapsed).sum();
    format!("{} statements in {:.1} ms", queries.len(), time.as_secs_f64() * 1000.0)
}

/// The number of the first row shown, where it is known.
fn start(list: &ListQuery, found: &Found, count: Count) -> Option<u64> {
    if found.previous.is_none() {
        return Some(1);
    }
    if let Some(count) = count.exact().filter(|_| found.next.is_none()) {
        return Some(count.saturating_sub(found.rows.len() as u64) + 1);
    }
    list.address.get("n").and_then(|n| n.parse().ok()).filter(|n| (2..=COUNTED).contains(n))
}

/// Whether the user may see the list at all.
pub(crate) fn may_see(by: &AdminRequest, schema: &nuages_schema::ModelSchema) -> bool {
    ["view", "change"].into_iter().any(|verb| by.may(verb, schema))
}
