//! Deleting rows and what goes with them.

use futures_util::future::BoxFuture;
use nuages_schema::{Backend, ModelSchema};

use super::collect::{CHUNK, Leaves, Plan, PlannedRows, is_bare, plan_delete};
use super::layers::layers;
use super::signal::{self, Signal};
use super::{Select, run};
use crate::backend::Db;
use crate::error::{Error, ErrorKind, Result};
use crate::expr::Expr;
use crate::model::{ModelEntry, ReferrerKind, referrers};
use crate::sql;
use crate::value::Value;

/// How many rows were deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deleted {
    /// All together, those of join tables not counted.
    pub total: u64,
    /// Per model, as `app.Model`, those with none left out.
    pub per_model: Vec<(String, u64)>,
}

impl Deleted {
    fn add(&mut self, model: &ModelSchema, count: u64) {
        if count == 0 {
            return;
        }
        self.total += count;
        let label = model.label();
        match self.per_model.iter_mut().find(|(known, _)| *known == label) {
            Some((_, sum)) => *sum += count,
            None => self.per_model.push((label, count)),
        }
    }
}

/// Deletes the rows of a query and what goes with them: in one statement where nothing hangs on them.
pub(super) fn delete_query<'a>(
    db: &'a Db,
    entry: &'static ModelEntry,
    select: Select,
) -> BoxFuture<'a, Result<Deleted>> {
    Box::pin(async move {
        let mut deleted = Deleted::default();
        if select.nothing {
            return Ok(deleted);
        }
        if is_bare(entry.schema) {
            deleted.add(entry.schema, db.execute(sql::delete(db, &select)?).await?);
            return Ok(deleted);
        }
        db.atomic(async |db| {
            let keys = run::keys(&db, select.locked_where_possible(&db)).await?;
            collect_and_delete(&db, entry, keys).await
        })
        .await
    })
}

/// Deletes rows by key and what goes with them, in one transaction; receivers of signals run.
///
/// # Errors
/// `ForeignKey` if a `Protect` or `Restrict` relation holds a row; the error says which.
pub async fn run_delete(db: &Db, entry: &'static ModelEntry, keys: Vec<Value>) -> Result<Deleted> {
    if keys.is_empty() {
        return Ok(Deleted::default());
    }
    if is_bare(entry.schema) && keys.len() <= CHUNK {
        return delete_query(db, entry, Select::of_keys(entry.schema, keys)).await;
    }
    db.atomic(async |db| collect_and_delete(&db, entry, keys).await).await
}

async fn collect_and_delete(db: &Db, entry: &'static ModelEntry, keys: Vec<Value>) -> Result<Deleted> {
    let plan = plan_delete(db, entry, keys, None).await?;
    carry_out(db, entry, plan).await
}

/// Deletes what a plan says and nothing else, in one transaction; receivers of signals run.
/// For what somebody has looked at: a row that came since is no part of it, and stands in the way.
///
/// # Errors
/// `ForeignKey` if a row holds one that is to go; `Other` if the plan was cut off, as it does not say everything.
pub async fn run_planned(db: &Db, entry: &'static ModelEntry, plan: Plan) -> Result<Deleted> {
    if plan.cut_off {
        return Err(Error::other("this plan was cut off, so it does not say everything that has to go"));
    }
    db.atomic(async |db| carry_out(&db, entry, plan).await).await
}

async fn carry_out(db: &Db, entry: &'static ModelEntry, mut plan: Plan) -> Result<Deleted> {
    if !plan.blocked.is_empty() {
        return Err(protected(entry, &plan.blocked));
    }
    plan.deleted = children_first(std::mem::take(&mut plan.deleted));
    // Boxed, as what it does is deep, and so would be the futures of all who delete.
    Box::pin(execute(db, &plan)).await
}

fn protected(entry: &ModelEntry, blocked: &[PlannedRows]) -> Error {
    let by = blocked.iter().map(|rows| {
        let schema = rows.entry.schema;
        let field = rows.field.map_or("", |index| schema.fields[index].name);
        let name = if rows.keys.len() == 1 { schema.verbose_name } else { schema.verbose_name_plural };
        format!("{} {name} through `{field}`", rows.keys.len())
    });
    let by: Vec<String> = by.collect();
    let text = format!("this {} is still referred to by {}", entry.schema.verbose_name, by.join(" and "));
    Error::new(ErrorKind::ForeignKey, text)
}

/// The rows per model, models that refer before models that are referred to; within one, those found last come first.
fn children_first(found: Vec<PlannedRows>) -> Vec<PlannedRows> {
    let mut left: Vec<PlannedRows> = Vec::new();
    for rows in found.into_iter().rev() {
        match left.iter_mut().find(|known| known.entry.schema == rows.entry.schema) {
            Some(known) => known.keys.extend(rows.keys),
            None => left.push(rows),
        }
    }
    let mut sorted = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let free = left.iter().position(|candidate| {
            let mut others = left.iter().filter(|other| other.entry.schema != candidate.entry.schema);
            !others.any(|other| refers(other.entry, candidate.entry))
        });
        // In a cycle any order is as good: constraints are deferred, or `empty_cycles` has emptied its keys.
        sorted.push(left.remove(free.unwrap_or(0)));
    }
    sorted
}

fn refers(child: &ModelEntry, parent: &ModelEntry) -> bool {
    child.schema.fields.iter().filter_map(|field| field.foreign).any(|f| (f.target)() == parent.schema)
}

async fn execute(db: &Db, plan: &Plan) -> Result<Deleted> {
    tell(db, plan, Signal::PreDelete).await?;
    for rows in &plan.changed {
        let Some(index) = rows.field else { continue };
        if let Some(value) = new_key(db, plan, rows, index).await? {
            set_keys(db, rows, index, &value).await?;
        }
    }
    let mut deleted = Deleted::default();
    for leaves in &plan.leaves {
        deleted.add(leaves.model, delete_leaves(db, leaves).await?);
    }
    // Read before their keys are emptied, as receivers are told of the rows as they were.
    let mut emptied = Vec::new();
    if db.backend() == Backend::Mysql {
        for rows in plan.deleted.iter().filter(|rows| !ring_keys(plan, rows).is_empty()) {
            emptied.push((rows.entry.schema, instances(db, rows.entry, &rows.keys).await?));
        }
        empty_cycles(db, plan).await?;
    }
    for rows in &plan.deleted {
        let schema = rows.entry.schema;
        let mut count = 0;
        let held = emptied.iter().position(|(of, _)| *of == schema).map(|at| emptied.swap_remove(at).1);
        for layer in layers(db, rows).await? {
            for keys in layer.chunks(CHUNK) {
                let gone = if held.is_none() { instances(db, rows.entry, keys).await? } else { Vec::new() };
                count +=
                    delete_rows(db, schema, keys).await.map_err(|error| in_a_ring(db, plan, rows, error))?;
                tell_of(db, schema, &gone).await?;
            }
        }
        tell_of(db, schema, held.as_deref().unwrap_or_default()).await?;
        deleted.add(schema, count);
    }
    Ok(deleted)
}

async fn delete_leaves(db: &Db, leaves: &Leaves) -> Result<u64> {
    let mut count = 0;
    for chunk in leaves.keys.chunks(CHUNK) {
        let select = Select::of_values(leaves.model, leaves.field, chunk.to_vec());
        count += db.execute(sql::delete(db, &select)?).await?;
    }
    Ok(count)
}

async fn delete_rows(db: &Db, schema: &'static ModelSchema, keys: &[Value]) -> Result<u64> {
    let mut count = 0;
    for chunk in keys.chunks(CHUNK) {
        for index in 0..schema.many_to_many.len() {
            part(db, schema, index, false, chunk).await?;
        }
        for referrer in referrers(schema) {
            if let ReferrerKind::ManyToMany(_) = referrer.relation {
                part(db, referrer.model, referrer.index, true, chunk).await?;
            }
        }
        count += db.execute(sql::delete_by_keys(db, schema, chunk.to_vec())?).await?;
    }
    Ok(count)
}

/// Empties the join table of rows about to go.
async fn part(
    db: &Db,
    model: &'static ModelSchema,
    index: usize,
    reverse: bool,
    keys: &[Value],
) -> Result<()> {
    if model.many_to_many[index].through.is_some() {
        // The join model is a model like others: its foreign keys have rules of their own.
        return Ok(());
    }
    let table = sql::through(model, index).directed(reverse);
    db.execute(sql::unjoin_owners(db, &table, keys)?).await.map(|_| ())
}

/// What a foreign key is set to; by `Set` it leads to a row that stays.
async fn new_key(db: &Db, plan: &Plan, rows: &PlannedRows, index: usize) -> Result<Option<Value>> {
    if rows.value.is_some() {
        return Ok(rows.value.clone());
    }
    let Some(value) = (rows.entry.set_on_delete)(index, db).await? else { return Ok(None) };
    let field = &rows.entry.schema.fields[index];
    let target = field.foreign.map(|foreign| (foreign.target)());
    let mut going = plan.deleted.iter().filter(|going| Some(going.entry.schema) == target);
    if going.any(|going| going.keys.contains(&value)) {
        let text = format!("`{}` would be set to a row that is deleted with it", field.name);
        return Err(Error::new(ErrorKind::ForeignKey, text));
    }
    Ok(Some(value))
}

async fn set_keys(db: &Db, rows: &PlannedRows, index: usize, value: &Value) -> Result<()> {
    for chunk in rows.keys.chunks(CHUNK) {
        let select = Select::of_keys(rows.entry.schema, chunk.to_vec());
        let assignments = [(index, Expr::Value(value.clone()))];
        db.execute(sql::update(db, &select, &assignments)?).await?;
    }
    Ok(())
}

/// MySQL checks each row at once: foreign keys among the rows that go are emptied where they may be.
async fn empty_cycles(db: &Db, plan: &Plan) -> Result<()> {
    for rows in &plan.deleted {
        for index in ring_keys(plan, rows) {
            let kind = (rows.entry.schema.fields[index].kind)();
            set_keys(db, rows, index, &Value::Null(kind)).await?;
        }
    }
    Ok(())
}

/// The foreign keys of rows that go which may be empty, and by which they may refer to each other in a ring.
fn ring_keys(plan: &Plan, rows: &PlannedRows) -> Vec<usize> {
    ring(plan, rows).filter(|index| rows.entry.schema.fields[*index].nullable).collect()
}

/// The foreign keys of rows that go by which they may refer to each other in a ring.
fn ring<'a>(plan: &'a Plan, rows: &'a PlannedRows) -> impl Iterator<Item = usize> + 'a {
    let schema = rows.entry.schema;
    let target = |index: &usize| schema.fields[*index].foreign.map(|foreign| (foreign.target)());
    (0..schema.fields.len())
        .filter(move |index| target(index).is_some_and(|target| leads_to(plan, target, schema)))
}

/// Says what MySQL means where rows refer to each other, or to themselves, by a column that cannot be emptied before.
fn in_a_ring(db: &Db, plan: &Plan, rows: &PlannedRows, error: Error) -> Error {
    let schema = rows.entry.schema;
    let fixed = ring(plan, rows).find(|index| !schema.fields[*index].nullable);
    match fixed.filter(|_| db.backend() == Backend::Mysql && error.kind() == ErrorKind::ForeignKey) {
        Some(index) => error.context(format!(
            "MySQL deletes no rows that refer to each other in a ring, or to themselves, by `{}.{}`, which cannot be \
            empty: make the field an `Option`, so that it is emptied before",
            schema.label(),
            schema.fields[index].name
        )),
        None => error,
    }
}

/// Whether keys among the models of a plan lead from one to another: with a key back they make a ring.
fn leads_to(plan: &Plan, from: &'static ModelSchema, to: &'static ModelSchema) -> bool {
    let planned = |schema: &ModelSchema| plan.deleted.iter().any(|rows| rows.entry.schema == schema);
    let (mut seen, mut at) = (Vec::new(), vec![from]);
    while let Some(schema) = at.pop() {
        if schema == to {
            return true;
        }
        if planned(schema) && !seen.contains(&schema) {
            seen.push(schema);
            at.extend(schema.fields.iter().filter_map(|field| Some((field.foreign?.target)())));
        }
    }
    false
}

/// Some of the rows that receivers are told of, locked where the database can.
fn rows_of(db: &Db, entry: &ModelEntry, keys: &[Value]) -> Select {
    Select::of_keys(entry.schema, keys.to_vec()).locked_where_possible(db)
}

async fn tell(db: &Db, plan: &Plan, signal: Signal) -> Result<()> {
    for rows in plan.deleted.iter().filter(|rows| signal::heard(rows.entry.schema, &[signal])) {
        for chunk in rows.keys.chunks(CHUNK) {
            for row in db.fetch(sql::select(db, &rows_of(db, rows.entry, chunk))?).await? {
                signal::send_row(db, rows.entry, signal, &row, false).await?;
            }
        }
    }
    Ok(())
}

type Instance = Box<dyn std::any::Any + Send + Sync>;

/// Some of the rows that receivers are told of when they are gone; none if nobody is.
async fn instances(db: &Db, entry: &'static ModelEntry, keys: &[Value]) -> Result<Vec<Instance>> {
    let mut instances = Vec::new();
    if !signal::heard(entry.schema, &[Signal::PostDelete]) {
        return Ok(instances);
    }
    for chunk in keys.chunks(CHUNK) {
        for row in db.fetch(sql::select(db, &rows_of(db, entry, chunk))?).await? {
            instances.push((entry.instance)(&row, 0)?);
        }
    }
    Ok(instances)
}

/// Tells of rows that are gone.
async fn tell_of(db: &Db, schema: &'static ModelSchema, gone: &[Instance]) -> Result<()> {
    for instance in gone {
        let event = signal::Event { db, instance: &**instance, created: false, change: None };
        signal::send(schema, Signal::PostDelete, &event).await?;
    }
    Ok(())
}
