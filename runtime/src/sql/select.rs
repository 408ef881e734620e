//! SELECT statements.

use std::borrow::Cow;

use nuages_schema::Backend;

use super::columns::{columns, hidden};
use super::names::through;
use super::order::{order, order_terms, splits_groups};
use super::walk::{condition_has_plain_aggregate, has_plain_aggregate, has_window};
use super::{Writer, expr, lock, own_first};
use crate::backend::{Db, Statement};
use crate::error::{Error, ErrorKind, Result};
use crate::expr::{Condition, Expr};
use crate::path::{Hop, HopKind};
use crate::query::{Owner, Part, Select};

/// The statement that reads the rows of a query.
pub(crate) fn select(db: &Db, select: &Select) -> Result<Statement> {
    let mut writer = Writer::new(db);
    lock::check(db, select)?;
    write(&mut writer, select)?;
    Ok(writer.finish())
}

/// The same for a database that is not at hand.
pub(crate) fn select_for(backend: Backend, select: &Select) -> Result<Statement> {
    let mut writer = Writer::for_backend(backend, false);
    write(&mut writer, select)?;
    Ok(writer.finish())
}

/// The statement that counts the rows of a query.
pub(crate) fn count(db: &Db, query: &Select) -> Result<Statement> {
    let mut writer = Writer::new(db);
    writer.push("SELECT COUNT(*)");
    if query.is_sliced() || query.distinct || query.grouped || !query.distinct_on.is_empty() {
        writer.push(" FROM (");
        write_as(&mut writer, &without_order(query), true)?;
        writer.push(") AS counted");
        return Ok(writer.finish());
    }
    let opened = writer.open_query(query);
    let at = writer.tables_come_here();
    filters(&mut writer, query)?;
    writer.close(&opened, at)?;
    Ok(writer.finish())
}

/// The statement that tells whether a query finds anything.
pub(crate) fn exists(db: &Db, query: &Select) -> Result<Statement> {
    let mut writer = Writer::new(db);
    let mut query = without_order(query);
    query.slice(0, Some(1));
    query.lock = None;
    if !query.distinct && !query.grouped {
        query.parts = vec![Part::Value(Expr::Value(expr::one()))];
    }
    write(&mut writer, &query)?;
    Ok(writer.finish())
}

/// The statement that computes aggregates over all rows of a query.
pub(crate) fn aggregate(db: &Db, query: &Select) -> Result<Statement> {
    let mut writer = Writer::new(db);
    if query.is_sliced() || query.distinct {
        // The aggregate runs over the rows that are left, found by their key.
        let mut outer = Select::of(query.model);
        outer.parts.clone_from(&query.parts);
        outer.narrowed.clone_from(&query.narrowed);
        outer.order = Some(Vec::new());
        let keys = Select { lock: None, ..query.clone().only_key() };
        outer.filters = vec![Condition::InQuery(Expr::Column(query.key_column()), Box::new(keys))];
        write(&mut writer, &outer)?;
    } else {
        write(&mut writer, &without_order(query))?;
    }
    Ok(writer.finish())
}

fn without_order(query: &Select) -> Select {
    let mut query = query.clone();
    query.lock = None;
    if !query.is_sliced() {
        query.order = Some(Vec::new());
    }
    query
}

/// Writes a whole query.
pub(super) fn write(writer: &mut Writer, query: &Select) -> Result<()> {
    write_as(writer, query, false)
}

/// Writes a query of one column where no second one may stand.
pub(super) fn write_one(writer: &mut Writer, query: &Select) -> Result<()> {
    if !query.distinct || hidden(query).next().is_none() {
        return write(writer, query);
    }
    if !query.is_sliced() {
        // Without a slice the order is of no consequence.
        return write(writer, &without_order(query));
    }
    named_columns(writer, query.columns());
    write_as(writer, query, true)?;
    writer.push(") AS ordered");
    Ok(())
}

/// Writes `SELECT c0, c1 FROM (`.
fn named_columns(writer: &mut Writer, count: usize) {
    for at in 0..count {
        writer.push(if at > 0 { ", c" } else { "SELECT c" });
        writer.push(&at.to_string());
    }
    writer.push(" FROM (");
}

/// Writes a query whose columns are called `c0`, `c1`, ….
pub(super) fn write_named(writer: &mut Writer, query: &Select) -> Result<()> {
    write_as(writer, query, true)
}

/// `named`: the columns are called `c0`, `c1`, …, as MySQL wants different names in a derived table.
fn write_as(writer: &mut Writer, query: &Select, named: bool) -> Result<()> {
    if let Some(owner) = query.owner.as_ref().filter(|_| query.is_sliced()) {
        return ranked(writer, query, owner);
    }
    writer.share |= query.grouped || query.distinct;
    let opened = writer.open_query(query);
    writer.push(if query.distinct { "SELECT DISTINCT " } else { "SELECT " });
    distinct_on(writer, query)?;
    own_first::ask(writer, query);
    columns(writer, query, named)?;
    let at = writer.tables_come_here();
    filters(writer, query)?;
    group(writer, query)?;
    having(writer, query)?;
    order(writer, query)?;
    limit(writer, query);
    lock::write(writer, query)?;
    writer.close(&opened, at)
}

/// Writes what follows the columns and tables of a query that is neither grouped nor distinct.
pub(super) fn tail(writer: &mut Writer, query: &Select) -> Result<()> {
    filters(writer, query)?;
    order(writer, query)?;
    limit(writer, query);
    Ok(())
}

fn distinct_on(writer: &mut Writer, query: &Select) -> Result<()> {
    if query.distinct_on.is_empty() {
        return Ok(());
    }
    if writer.backend != Backend::Postgres {
        return Err(writer.lacks("DISTINCT ON"));
    }
    let mut word = "ON (";
    writer.push(if query.distinct { "" } else { "DISTINCT " });
    for expr in &query.distinct_on {
        writer.push(word);
        writer.expr(expr)?;
        word = ", ";
    }
    writer.push(") ");
    Ok(())
}

/// Writes a slice of the rows of each owner: prefetched rows are counted per row that they belong to.
fn ranked(writer: &mut Writer, query: &Select, owner: &Owner) -> Result<()> {
    if query.distinct {
        return Err(Error::new(
            ErrorKind::NotSupported,
            "prefetched rows cannot be both sliced and distinct; leave one of the two out",
        ));
    }
    writer.push("SELECT * FROM (SELECT ");
    let opened = writer.open_query(query);
    columns(writer, query, true)?;
    writer.push(", ROW_NUMBER() OVER (PARTITION BY ");
    writer.column(owner.column)?;
    order(writer, query)?;
    writer.push(") AS place");
    let at = writer.tables_come_here();
    filters(writer, query)?;
    writer.close(&opened, at)?;
    writer.push(&format!(") AS ranked WHERE place > {}", query.offset));
    if let Some(limit) = query.limit {
        writer.push(&format!(" AND place <= {}", query.offset.saturating_add(limit)));
    }
    writer.push(" ORDER BY place");
    Ok(())
}

/// Writes WHERE. Each filter is a scope of its own for to-many relations.
pub(super) fn filters(writer: &mut Writer, query: &Select) -> Result<()> {
    let mut word = " WHERE ";
    if query.nothing {
        writer.push(" WHERE 1 = 0");
        word = " AND ";
    }
    if let Some(owner) = &query.owner {
        writer.push(word);
        writer.condition(&Condition::In(Expr::Column(owner.column), owner.keys.clone()))?;
        word = " AND ";
    }
    let mut windows = Vec::new();
    for (at, filter) in query.filters.iter().enumerate() {
        if has_window(filter) {
            windows.push(filter.clone());
            continue;
        }
        let Some(filter) = of_rows(filter) else { continue };
        writer.push(word);
        writer.set_scope(at + 1);
        writer.condition(&filter)?;
        word = " AND ";
    }
    writer.set_scope(0);
    if windows.is_empty() { Ok(()) } else { window_filter(writer, query, windows, word) }
}

/// What a filter asks of the rows, and not of the groups: of several conditions those without an aggregate, as
/// in Django.
fn of_rows(filter: &Condition) -> Option<Cow<'_, Condition>> {
    if !condition_has_plain_aggregate(filter) {
        return Some(Cow::Borrowed(filter));
    }
    let rows: Vec<Condition> =
        parts(filter).iter().filter(|part| !condition_has_plain_aggregate(part)).cloned().collect();
    (!rows.is_empty()).then_some(Cow::Owned(Condition::All(rows)))
}

/// The conditions that must all be fulfilled.
fn parts(filter: &Condition) -> &[Condition] {
    match filter {
        Condition::All(parts) => parts,
        one => std::slice::from_ref(one),
    }
}

/// Writes what the window functions of the rows must give: they are computed in a query of their own, of the rows
/// that all other filters leave, as WHERE comes before windows.
fn window_filter(writer: &mut Writer, query: &Select, windows: Vec<Condition>, word: &str) -> Result<()> {
    if query.grouped {
        return Err(Error::new(
            ErrorKind::NotSupported,
            "groups cannot be filtered by a window function; filter the rows in a subquery",
        ));
    }
    let mut inner = Select::of(query.model).only_key();
    inner.order = Some(Vec::new());
    inner.filters.extend(query.filters.iter().filter(|filter| !has_window(filter)).cloned());
    let width = inner.columns();
    inner.narrowed.clone_from(&query.narrowed);
    inner.parts.push(Part::Value(Expr::Condition(Box::new(Condition::All(windows)))));
    writer.push(word);
    writer.column(query.key_column())?;
    writer.push(" IN (");
    named_columns(writer, width);
    write_named(writer, &inner)?;
    writer.push(&format!(") AS windowed WHERE c{width})"));
    Ok(())
}

/// Writes EXISTS of a query.
pub(super) fn exists_query(writer: &mut Writer, query: &Select) -> Result<()> {
    if query.nothing {
        writer.push("1 = 0");
        return Ok(());
    }
    writer.push("EXISTS (");
    if query.is_sliced() || query.grouped {
        write(writer, query)?;
    } else {
        writer.push("SELECT 1");
        let opened = writer.open_query(query);
        let at = writer.tables_come_here();
        filters(writer, query)?;
        writer.close(&opened, at)?;
    }
    writer.push(")");
    Ok(())
}

fn group(writer: &mut Writer, query: &Select) -> Result<()> {
    if !query.grouped {
        return Ok(());
    }
    let mut word = " GROUP BY ";
    let columns = query.parts.iter().filter(|part| part.columns() > 0);
    for (at, part) in columns.enumerate() {
        let Part::Value(value) = part else { continue };
        if has_plain_aggregate(value) {
            continue;
        }
        writer.push(word);
        match value {
            Expr::Column(column) => writer.column(*column)?,
            // Written again it would have values of its own, and be another expression to PostgreSQL.
            _ => writer.push(&(at + 1).to_string()),
        }
        word = ", ";
    }
    for term in order_terms(query).filter(|term| splits_groups(query, &term.expr)) {
        writer.push(word);
        writer.expr(&term.expr)?;
        word = ", ";
    }
    Ok(())
}

fn having(writer: &mut Writer, query: &Select) -> Result<()> {
    let mut word = " HAVING ";
    for filter in query.filters.iter().filter(|filter| condition_has_plain_aggregate(filter)) {
        for part in parts(filter).iter().filter(|part| condition_has_plain_aggregate(part)) {
            writer.push(word);
            writer.condition(part)?;
            word = " AND ";
        }
    }
    Ok(())
}

fn limit(writer: &mut Writer, query: &Select) {
    slice(writer, query.limit, query.offset);
}

/// Writes LIMIT and OFFSET.
pub(super) fn slice(writer: &mut Writer, limit: Option<u64>, offset: u64) {
    match (limit, writer.backend) {
        (Some(limit), _) => writer.numbered(" LIMIT ", limit),
        (None, Backend::Sqlite) if offset > 0 => writer.push(" LIMIT -1"),
        (None, Backend::Mysql) if offset > 0 => writer.push(" LIMIT 18446744073709551615"),
        (None, _) => {}
    }
    if offset > 0 {
        writer.numbered(" OFFSET ", offset);
    }
}

/// Writes `(SELECT … FROM the rows at the end of a to-many hop WHERE they belong to this row AND …)`.
pub(super) fn related(
    writer: &mut Writer,
    hop: &'static Hop,
    what: impl FnOnce(&mut Writer) -> Result<()>,
    filter: Option<&Condition>,
) -> Result<()> {
    writer.push("(SELECT ");
    let opened = writer.open(hop.target(), Some(hop));
    what(writer)?;
    let at = writer.tables_come_here();
    writer.push(" WHERE ");
    belongs(writer, hop)?;
    writer.also_here(hop)?;
    if let Some(filter) = filter {
        writer.push(" AND ");
        writer.leaf(filter)?;
    }
    writer.close(&opened, at)?;
    writer.push(")");
    Ok(())
}

/// Writes that the rows of the innermost SELECT belong to the row of the one around it.
fn belongs(writer: &mut Writer, hop: &'static Hop) -> Result<()> {
    let Some((_, alias)) = writer.here() else { return Ok(()) };
    let declared = (hop.model)();
    match hop.kind {
        HopKind::ManyToMany | HopKind::ManyToManyReverse => {
            let table = through(declared, hop.index).directed(hop.kind == HopKind::ManyToManyReverse);
            writer.aliased(alias, table.to_key)?;
            writer.push(" IN (SELECT j.");
            writer.name(&table.to)?;
            writer.push(" FROM ");
            writer.name(&table.table)?;
            writer.push(" j WHERE j.");
            writer.name(&table.from)?;
            writer.push(" = ");
            before(writer, hop, table.from_key)?;
            writer.push(")");
            Ok(())
        }
        _ => {
            let field = &declared.fields[hop.index];
            let key = field.foreign.map_or(declared, |foreign| (foreign.target)()).key_field().column;
            writer.aliased(alias, field.column)?;
            writer.push(" = ");
            before(writer, hop, key)
        }
    }
}

/// Writes a column of the row before a hop.
fn before(writer: &mut Writer, hop: &'static Hop, column: &str) -> Result<()> {
    let alias = writer.alias_before(hop);
    writer.aliased(alias, column)
}

/// Writes `(SELECT 1 FROM the rows that the path begins at, joined to what `filter` needs, WHERE it is this row AND …)`.
pub(super) fn same_row(
    writer: &mut Writer,
    path: &'static Hop,
    filter: impl FnOnce(&mut Writer) -> Result<()>,
) -> Result<()> {
    let origin = writer.origin(path);
    let outer = origin.alias;
    writer.push("(SELECT 1");
    let opened = writer.open_again(&origin);
    let Some((_, inner)) = writer.here() else { return Ok(()) };
    let at = writer.tables_come_here();
    for (place, index) in origin.model.key_columns().iter().enumerate() {
        let key = origin.model.fields[*index].column;
        writer.push(if place > 0 { " AND " } else { " WHERE " });
        writer.aliased(inner, key)?;
        writer.push(" = ");
        writer.aliased(outer, key)?;
    }
    writer.push(" AND ");
    filter(writer)?;
    writer.close(&opened, at)?;
    writer.push(")");
    Ok(())
}
