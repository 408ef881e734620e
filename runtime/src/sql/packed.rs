//! SELECT statements of SQLite that pack the columns of a row into one.
//!
//! SQLite hands rows to another thread value by value, each in memory of its own. A row whose whole numbers and
//! texts stand in one JSON array costs less than half of that. What JSON does not hold exactly (floats, decimals,
//! bytes) stays a column of its own.

use nuages_schema::{Backend, ColumnKind};

use super::{Writer, select};
use crate::backend::{Db, Statement};
use crate::error::Result;
use crate::expr::Expr;
use crate::field::ColumnRef;
use crate::query::{Part, Select};

/// Fewer rows are not worth it.
const LEAST_ROWS: u64 = 8;
/// As few columns are not worth it.
const LEAST_COLUMNS: usize = 3;
/// SQLite takes no more arguments of a function, at the least.
const MOST_COLUMNS: usize = 100;

/// Where the columns of a packed row are.
#[derive(Debug)]
pub(crate) struct Layout {
    /// For each column of the row, in order: its place among the packed ones, or among the others.
    pub(crate) places: Vec<Place>,
}

/// Where a column of a packed row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The next of the array.
    Packed,
    /// A column of its own, at this position.
    Own(usize),
}

/// One column that a query reads.
struct Read {
    column: ColumnRef,
    /// The row at the end of the path is read whole, so it must be that row's own column.
    whole: bool,
}

/// The statement that reads the rows of a query packed, where that can be done and is worth it.
pub(crate) fn select_packed(db: &Db, query: &Select) -> Result<Option<(Statement, Layout)>> {
    if db.backend() != Backend::Sqlite || !is_plain(query) {
        return Ok(None);
    }
    let Some(columns) = columns(query) else { return Ok(None) };
    let packed = columns.iter().filter(|read| form(read) != Form::Own).count();
    if !(LEAST_COLUMNS..=MOST_COLUMNS).contains(&packed) {
        return Ok(None);
    }
    let mut writer = Writer::new(db);
    let opened = writer.open_query(query);
    let layout = write(&mut writer, &columns)?;
    let at = writer.tables_come_here();
    select::tail(&mut writer, query)?;
    writer.close(&opened, at)?;
    Ok(Some((writer.finish(), layout)))
}

/// Whether the rows are read as they are, and not made one or told apart by what is read.
fn is_plain(query: &Select) -> bool {
    let long = query.limit.is_none_or(|limit| limit >= LEAST_ROWS);
    let whole = query.owner.is_none() && query.behind.is_empty() && query.prefetches().next().is_none();
    long && whole && !query.distinct && query.distinct_on.is_empty() && !query.grouped && query.lock.is_none()
}

/// The columns, if the query reads nothing else.
fn columns(query: &Select) -> Option<Vec<Read>> {
    let mut columns = Vec::with_capacity(query.columns());
    for part in &query.parts {
        match part {
            Part::Model(hops, model) => columns.extend((0..model.fields.len()).map(|index| Read {
                column: ColumnRef { hops: *hops, model: model.this, index },
                whole: true,
            })),
            Part::Key(_) => {
                columns.extend(query.key_column().parts().map(|column| Read { column, whole: false }))
            }
            Part::Value(Expr::Column(column)) => columns.push(Read { column: *column, whole: false }),
            Part::Value(_) | Part::Prefetch(_) => return None,
        }
    }
    Some(columns)
}

fn write(writer: &mut Writer, columns: &[Read]) -> Result<Layout> {
    let mut own = 0;
    let places = columns.iter().map(|read| match form(read) {
        Form::Whole | Form::Text => Place::Packed,
        Form::Own => {
            own += 1;
            Place::Own(own)
        }
    });
    let places = places.collect();
    writer.push("SELECT json_array(");
    let mut between = "";
    for read in columns.iter().filter(|read| form(read) != Form::Own) {
        writer.push(between);
        between = ", ";
        // JSON takes no bytes; the cast makes them the text that they may be.
        let is_text = form(read) == Form::Text;
        writer.push(if is_text { "CAST(" } else { "" });
        column(writer, read)?;
        writer.push(if is_text { " AS TEXT)" } else { "" });
    }
    writer.push(")");
    for read in columns.iter().filter(|read| form(read) == Form::Own) {
        writer.push(", ");
        column(writer, read)?;
    }
    Ok(Layout { places })
}

fn column(writer: &mut Writer, read: &Read) -> Result<()> {
    if !read.whole {
        return super::decimal::read(writer, &Expr::Column(read.column));
    }
    let alias = writer.alias_of(read.column.hops);
    writer.aliased(alias, read.column.field().column)
}

/// How a column is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As a whole number of the array.
    Whole,
    /// As a text of the array.
    Text,
    /// By itself.
    Own,
}

/// In a table of somebody else anything may stand in any column, even bytes that look like JSON.
fn form(read: &Read) -> Form {
    use ColumnKind::{BigInt, Bool, Date, DateTime, Duration, Integer, Json, SmallInt, Text, Time, Uuid};
    if !(read.column.model)().managed {
        return Form::Own;
    }
    match (read.column.field().kind)() {
        Bool | SmallInt | Integer | BigInt | Duration => Form::Whole,
        Text | Date | Time | DateTime | Json | Uuid => Form::Text,
        _ => Form::Own,
    }
}
