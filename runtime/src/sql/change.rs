//! INSERT, UPDATE and DELETE statements, and errors put into the words of the model.

use nuages_schema::{Backend, CheckSchema, ModelSchema, constraint_name};

use super::assign::{Assignment, assigned, in_reading_order, update_computed};
use super::decimal::DIGITS;
use super::names::ThroughTable;
use super::{Writer, select};
use crate::backend::{Db, Elements, Statement};
use crate::error::{Error, ErrorKind, Result};
use crate::expr::{Condition, Expr};
use crate::query::Select;
use crate::value::{Value, has_nul};

/// Writes one row. Where the database can, the statement gives all its columns back.
pub(crate) fn insert(
    db: &Db,
    schema: &'static ModelSchema,
    values: Vec<(usize, Value)>,
) -> Result<Statement> {
    let mut writer = Writer::new(db);
    storable(db, schema, values.iter().map(|(index, value)| (*index, value)))?;
    let columns: Vec<usize> = values.iter().map(|(index, _)| *index).collect();
    insert_head(&mut writer, schema, &columns)?;
    if columns.is_empty() {
        writer.push(if writer.backend == Backend::Mysql { " () VALUES ()" } else { " DEFAULT VALUES" });
    } else {
        writer.push(" VALUES (");
        value_list(&mut writer, values.into_iter().map(|(_, value)| value));
        writer.push(")");
    }
    if db.capabilities().returning {
        returning(&mut writer, schema)?;
    }
    Ok(writer.finish())
}

/// Writes several rows with the same columns, whose values are given by column.
pub(crate) fn insert_many(
    db: &Db,
    schema: &'static ModelSchema,
    columns: &[usize],
    values: Vec<Vec<Value>>,
    rows: usize,
) -> Result<Statement> {
    let mut writer = Writer::new(db);
    for (index, values) in columns.iter().zip(&values) {
        storable(db, schema, values.iter().map(|value| (*index, value)))?;
    }
    insert_head(&mut writer, schema, columns)?;
    writer.args.reserve(rows * columns.len());
    let mut values: Vec<_> = values.into_iter().map(Vec::into_iter).collect();
    for at in 0..rows {
        writer.push(if at > 0 { ", (" } else { " VALUES (" });
        value_list(&mut writer, values.iter_mut().filter_map(Iterator::next));
        writer.push(")");
    }
    Ok(writer.finish())
}

/// Writes several rows with one array per column: one text for any number of rows, and little to plan.
pub(crate) fn insert_arrays(
    db: &Db,
    schema: &'static ModelSchema,
    columns: &[usize],
    arrays: Vec<Elements>,
) -> Result<Statement> {
    let mut writer = Writer::new(db);
    insert_head(&mut writer, schema, columns)?;
    let mut before = " SELECT * FROM UNNEST($";
    for at in 0..arrays.len() {
        writer.numbered(before, at + 1);
        before = ", $";
    }
    writer.push(")");
    let mut statement = writer.finish();
    statement.columns = arrays;
    Ok(statement)
}

/// Writes one more value into such an array.
pub(crate) fn add_to_array(
    array: &mut Elements,
    schema: &'static ModelSchema,
    index: usize,
    value: &Value,
) -> Result<()> {
    let field = schema.fields[index].name;
    if let Some(text) = nul(value) {
        return Err(Error::new(ErrorKind::Validation, text).with_field(field));
    }
    let unsent = |error| Error::from_source(ErrorKind::Database, error).with_field(field);
    array.push(value).map_err(|error| unsent(error).context(format!("`{field}` cannot be sent")))
}

pub(super) fn insert_head(writer: &mut Writer, schema: &ModelSchema, columns: &[usize]) -> Result<()> {
    writer.push("INSERT INTO ");
    writer.name(schema.table.as_str())?;
    if columns.is_empty() {
        return Ok(());
    }
    writer.push(" (");
    for (at, index) in columns.iter().enumerate() {
        if at > 0 {
            writer.push(", ");
        }
        writer.name(schema.fields[*index].column)?;
    }
    writer.push(")");
    Ok(())
}

pub(super) fn value_list(writer: &mut Writer, values: impl Iterator<Item = Value>) {
    for (at, value) in values.enumerate() {
        if at > 0 {
            writer.push(", ");
        }
        writer.value(value);
    }
}

fn returning(writer: &mut Writer, schema: &ModelSchema) -> Result<()> {
    writer.push(" RETURNING ");
    for (at, field) in schema.fields.iter().enumerate() {
        if at > 0 {
            writer.push(", ");
        }
        writer.name(field.column)?;
    }
    Ok(())
}

/// Reads the row with a key.
pub(crate) fn by_key(db: &Db, schema: &'static ModelSchema, key: Value) -> Result<Statement> {
    let mut query = Select::of(schema);
    let column = Expr::Column(query.key_column());
    query.filters.push(Condition::Compare(column, crate::expr::Comparison::Equal, Expr::Value(key)));
    query.order = Some(Vec::new());
    select::select(db, &query)
}

/// Changes columns of the row with a key; gives all its columns back where the database can.
pub(crate) fn update_by_key(
    db: &Db,
    schema: &'static ModelSchema,
    key: Value,
    values: Vec<(usize, Value)>,
    version: Option<(usize, Value)>,
) -> Result<Statement> {
    let mut writer = Writer::new(db);
    storable(db, schema, values.iter().map(|(index, value)| (*index, value)))?;
    update_head(&mut writer, schema)?;
    let count = values.len();
    for (at, (index, value)) in values.into_iter().enumerate() {
        set(&mut writer, schema, at, index)?;
        writer.value(value);
    }
    if let Some(index) = schema.version() {
        set(&mut writer, schema, count, index)?;
        writer.name(schema.fields[index].column)?;
        writer.push(" + 1");
    }
    writer.push(" WHERE ");
    writer.key_is(schema, &key)?;
    if let Some((index, value)) = version {
        writer.push(" AND ");
        writer.name(schema.fields[index].column)?;
        writer.push(" = ");
        writer.value(value);
    }
    if db.capabilities().returning_changes {
        returning(&mut writer, schema)?;
    }
    Ok(writer.finish())
}

fn update_head(writer: &mut Writer, schema: &ModelSchema) -> Result<()> {
    writer.push("UPDATE ");
    writer.name(schema.table.as_str())?;
    writer.push(" SET ");
    Ok(())
}

fn set(writer: &mut Writer, schema: &ModelSchema, at: usize, index: usize) -> Result<()> {
    if at > 0 {
        writer.push(", ");
    }
    writer.name(schema.fields[index].column)?;
    writer.push(" = ");
    Ok(())
}

/// Changes the rows of a query. The rows are found by key, so that the query may use relations.
pub(crate) fn update(db: &Db, query: &Select, assignments: &[Assignment]) -> Result<Statement> {
    let mut writer = Writer::new(db);
    let set_to = assignments.iter().filter_map(|(index, expr)| match expr {
        Expr::Value(value) => Some((*index, value)),
        _ => None,
    });
    storable(db, query.model, set_to)?;
    let mut ordered: Vec<&Assignment> = assignments.iter().collect();
    if writer.backend == Backend::Mysql {
        match in_reading_order(query.model, assignments) {
            Some(reading) => ordered = reading,
            None => {
                update_computed(&mut writer, query, assignments)?;
                return Ok(writer.finish());
            }
        }
    }
    writer.push("UPDATE ");
    writer.name(query.model.table.as_str())?;
    let opened = writer.open_target(query.model);
    writer.push(" SET ");
    for (at, (index, expr)) in ordered.into_iter().enumerate() {
        set(&mut writer, query.model, at, *index)?;
        assigned(&mut writer, query.model, *index, expr)?;
    }
    where_keys(&mut writer, query)?;
    writer.close_target(opened)?;
    Ok(writer.finish())
}

/// Deletes the rows of a query, of a model whose rows nothing hangs on.
pub(crate) fn delete(db: &Db, query: &Select) -> Result<Statement> {
    let mut writer = Writer::new(db);
    writer.push("DELETE FROM ");
    writer.name(query.model.table.as_str())?;
    let opened = writer.open_target(query.model);
    where_keys(&mut writer, query)?;
    writer.close_target(opened)?;
    Ok(writer.finish())
}

/// Deletes rows by key.
pub(crate) fn delete_by_keys(db: &Db, schema: &'static ModelSchema, keys: Vec<Value>) -> Result<Statement> {
    let mut writer = Writer::new(db);
    writer.push("DELETE FROM ");
    writer.name(schema.table.as_str())?;
    let opened = writer.open_target(schema);
    writer.push(" WHERE ");
    let key = crate::field::ColumnRef { hops: None, model: schema.this, index: schema.key };
    writer.condition(&Condition::In(Expr::Column(key), keys))?;
    writer.close_target(opened)?;
    Ok(writer.finish())
}

/// Writes the WHERE of a change. MySQL does not read the table it changes, unless the keys are computed first.
fn where_keys(writer: &mut Writer, query: &Select) -> Result<()> {
    let cut = query.is_sliced() || !query.distinct_on.is_empty();
    if query.filters.is_empty() && !cut && !query.nothing {
        return Ok(());
    }
    let simple = !cut && !query.nothing && query.filters.iter().all(is_local);
    if simple {
        return select::filters(writer, query);
    }
    let mut keys = query.clone().only_key();
    keys.lock = None;
    if !cut {
        keys.order = Some(Vec::new());
    }
    writer.push(" WHERE ");
    writer.key_names(query.model)?;
    writer.push(" IN (");
    let derived = writer.backend == Backend::Mysql;
    if derived {
        writer.push("SELECT * FROM (");
    }
    select::write_one(writer, &keys)?;
    writer.push(if derived { ") AS found)" } else { ")" });
    Ok(())
}

/// Whether a condition needs only columns of the table itself.
fn is_local(condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().all(is_local),
        Condition::Not(inner) => is_local(inner),
        Condition::Exists(_) | Condition::InQuery(..) | Condition::Reached(..) => false,
        leaf => {
            let mut columns = Vec::new();
            super::walk::collect_condition(leaf, &mut columns);
            columns.iter().all(|column| column.hops.is_none()) && !super::walk::condition_has_aggregate(leaf)
        }
    }
}

/// Joins rows of two models.
pub(crate) fn join_rows(db: &Db, table: &ThroughTable, owner: &Value, keys: &[Value]) -> Result<Statement> {
    let mut writer = Writer::new(db);
    writer.push("INSERT INTO ");
    writer.name(&table.table)?;
    writer.push(" (");
    writer.name(&table.from)?;
    writer.push(", ");
    writer.name(&table.to)?;
    writer.push(") VALUES ");
    for (at, key) in keys.iter().enumerate() {
        writer.push(if at > 0 { ", (" } else { "(" });
        value_list(&mut writer, [owner.clone(), key.clone()].into_iter());
        writer.push(")");
    }
    // Somebody else may have joined the same two rows meanwhile. (INSERT IGNORE would hide a missing row.)
    if writer.backend == Backend::Mysql {
        writer.push(" ON DUPLICATE KEY UPDATE ");
        writer.name(&table.from)?;
        writer.push(" = ");
        writer.name(&table.from)?;
    } else {
        writer.push(" ON CONFLICT DO NOTHING");
    }
    Ok(writer.finish())
}

/// Parts rows of two models: those with these keys, or all.
pub(crate) fn unjoin_rows(
    db: &Db,
    table: &ThroughTable,
    owner: Value,
    keys: Option<&[Value]>,
) -> Result<Statement> {
    let mut writer = Writer::new(db);
    writer.push("DELETE");
    of_owner(&mut writer, table, owner, keys)?;
    Ok(writer.finish())
}

/// Parts rows from all they are joined with.
pub(crate) fn unjoin_owners(db: &Db, table: &ThroughTable, owners: &[Value]) -> Result<Statement> {
    let mut writer = Writer::new(db);
    writer.push("DELETE FROM ");
    writer.name(&table.table)?;
    writer.push(" WHERE ");
    writer.name(&table.from)?;
    writer.push(" IN (");
    value_list(&mut writer, owners.iter().cloned());
    writer.push(")");
    Ok(writer.finish())
}

/// The keys that a row is joined with, or those of some.
pub(crate) fn joined_keys(
    db: &Db,
    table: &ThroughTable,
    owner: Value,
    some: Option<&[Value]>,
) -> Result<Statement> {
    let mut writer = Writer::new(db);
    writer.push("SELECT ");
    writer.name(&table.to)?;
    of_owner(&mut writer, table, owner, some)?;
    Ok(writer.finish())
}

/// `FROM … WHERE owner = … AND far IN (…)`
fn of_owner(writer: &mut Writer, table: &ThroughTable, owner: Value, keys: Option<&[Value]>) -> Result<()> {
    writer.push(" FROM ");
    writer.name(&table.table)?;
    writer.push(" WHERE ");
    writer.name(&table.from)?;
    writer.push(" = ");
    writer.value(owner);
    if let Some(keys) = keys {
        writer.push(" AND ");
        writer.name(&table.to)?;
        writer.push(" IN (");
        value_list(writer, keys.iter().cloned());
        writer.push(")");
    }
    Ok(())
}

/// Refuses a value that the database cannot hold, before it is sent.
pub(super) fn storable<'a>(
    db: &Db,
    schema: &'static ModelSchema,
    values: impl Iterator<Item = (usize, &'a Value)>,
) -> Result<()> {
    let refused = match db.backend() {
        Backend::Sqlite => too_many_digits,
        Backend::Postgres => nul,
        Backend::Mysql => return Ok(()),
    };
    for (index, value) in values {
        if let Some(text) = refused(value) {
            return Err(Error::new(ErrorKind::Validation, text).with_field(schema.fields[index].name));
        }
    }
    Ok(())
}

/// SQLite's numbers are floats: more digits would be rounded silently.
fn too_many_digits(value: &Value) -> Option<String> {
    let Value::Decimal(number) = value else { return None };
    let many = number.normalize().mantissa().unsigned_abs() >= 10_u128.pow(DIGITS);
    many.then(|| format!("SQLite keeps {DIGITS} digits of a decimal; {number} has more"))
}

/// PostgreSQL's text has no NUL in it, nor has its JSON.
fn nul(value: &Value) -> Option<String> {
    has_nul(value).then(|| "PostgreSQL cannot hold a text with a NUL character in it; take it out".to_owned())
}

/// Says which field of the model a violated constraint belongs to.
pub(crate) fn name_field(error: Error, schema: &'static ModelSchema) -> Error {
    if error.field().is_some() {
        return error;
    }
    let Some(field) = error.constraint().and_then(|violation| field_of(violation, schema)) else {
        return error;
    };
    error.with_field(field)
}

fn field_of(violation: &crate::error::Violation, schema: &'static ModelSchema) -> Option<&'static str> {
    if violation.table.as_deref().is_some_and(|table| table != schema.table.as_str()) {
        return None;
    }
    let by_column = |column: &String| schema.fields.iter().find(|field| field.column == column);
    if let [column] = violation.columns.as_slice() {
        return by_column(column).map(|field| field.name);
    }
    let name = violation.constraint.as_deref()?;
    if name == "PRIMARY" || name.ends_with("_pkey") {
        // Several fields are wrong together, none of them alone.
        return (!schema.is_composite()).then(|| schema.key_field().name);
    }
    let check = schema.checks.iter().find(|check| check.name == name);
    if let Some(CheckSchema { fields, .. }) = check {
        // A check over several fields is about the row: none of them alone is wrong.
        return match *fields {
            [index] => Some(schema.fields[*index].name),
            _ => None,
        };
    }
    schema.fields.iter().find(|field| is_named_after(name, schema, field)).map(|field| field.name)
}

fn is_named_after(name: &str, schema: &ModelSchema, field: &nuages_schema::FieldSchema) -> bool {
    let table = schema.table.as_str();
    ["uniq", "fk", "check"].iter().any(|suffix| name == constraint_name(table, &[field.column], suffix))
        || name == field.column
        || name == format!("{table}_{}_key", field.column)
        || name == format!("{table}_{}_fkey", field.column)
}
