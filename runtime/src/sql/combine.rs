//! Set operations as SQL.

use nuages_schema::Backend;

use super::Writer;
use super::select::{slice, write_named};
use crate::backend::{Db, Statement};
use crate::error::{Error, ErrorKind, Result};
use crate::query::{Combination, Select, SetOperator};

/// The statement that reads the rows of several queries as one.
pub(crate) fn combined(db: &Db, combination: &Combination) -> Result<Statement> {
    has_operators(db, combination)?;
    let mut writer = Writer::new(db);
    write(&mut writer, combination)?;
    Ok(writer.finish())
}

/// The same for a database that is not at hand.
pub(crate) fn combined_for(backend: Backend, combination: &Combination) -> Result<Statement> {
    let mut writer = Writer::for_backend(backend, false);
    write(&mut writer, combination)?;
    Ok(writer.finish())
}

/// The statement that counts them.
pub(crate) fn count_combined(db: &Db, combination: &Combination) -> Result<Statement> {
    has_operators(db, combination)?;
    let mut writer = Writer::new(db);
    write(&mut writer, combination)?;
    writer.text.insert_str(0, "SELECT COUNT(*) FROM (");
    writer.push(") AS counted");
    Ok(writer.finish())
}

/// MySQL has INTERSECT and EXCEPT from 8.0.31 on.
fn has_operators(db: &Db, combination: &Combination) -> Result<()> {
    let can = db.capabilities();
    let old = db.backend() == Backend::Mysql && !can.mariadb && can.version < (8, 0, 31);
    let union = |(operator, _): &(SetOperator, Select)| {
        matches!(operator, SetOperator::Union | SetOperator::UnionAll)
    };
    if !old || combination.rest.iter().all(union) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::NotSupported, "MySQL has INTERSECT and EXCEPT from version 8.0.31 on"))
}

/// Each operation has one operand on its left: what came before is a table of its own, as the databases do not
/// agree which operation binds more tightly.
fn write(writer: &mut Writer, combination: &Combination) -> Result<()> {
    let width = combination.first.columns();
    operand(writer, &combination.first, width, 0)?;
    for (at, (operator, select)) in combination.rest.iter().enumerate() {
        if at > 0 {
            let columns = names(width);
            writer.text.insert_str(0, &format!("SELECT {columns} FROM ("));
            writer.push(&format!(") AS before{at}"));
        }
        writer.push(match operator {
            SetOperator::Union => " UNION ",
            SetOperator::UnionAll => " UNION ALL ",
            SetOperator::Intersection => " INTERSECT ",
            SetOperator::Difference => " EXCEPT ",
        });
        operand(writer, select, width, at + 1)?;
    }
    for (at, (place, descending)) in combination.order.iter().enumerate() {
        writer.push(if at > 0 { ", " } else { " ORDER BY " });
        writer.push(&place.to_string());
        writer.push(if *descending { " DESC" } else { "" });
    }
    slice(writer, combination.limit, combination.offset);
    Ok(())
}

fn operand(writer: &mut Writer, select: &Select, width: usize, number: usize) -> Result<()> {
    let mut select = select.clone();
    if !select.is_sliced() {
        select.order = Some(Vec::new());
    }
    select.lock = None;
    writer.push(&format!("SELECT {} FROM (", names(width)));
    write_named(writer, &select)?;
    writer.push(&format!(") AS s{number}"));
    Ok(())
}

fn names(width: usize) -> String {
    let names: Vec<String> = (0..width).map(|at| format!("c{at}")).collect();
    names.join(", ")
}
