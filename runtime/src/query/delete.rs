//! The delete collector: what goes with a row, what is set to NULL, what stands in the way.

use std::collections::{HashMap, HashSet};

use nuages_schema::{Backend, OnDelete};

use super::prefetch::KeyValue;
use super::signal::{self, Signal};
use super::{Select, run};
use crate::backend::Db;
use crate::error::{Error, ErrorKind, Result};
use crate::expr::{Condition, Expr};
use crate::field::ColumnRef;
use crate::model::{ModelEntry, Referrer, ReferrerKind, entry_of, referrers};
use crate::sql;
use crate::value::Value;

/// Keys in one statement.
const CHUNK: usize = 1000;

/// How many rows were deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deleted {
    /// All together, those of join tables not counted.
    pub total: u64,
    /// Per model, as `app.Model`, those with none left out.
    pub per_model: Vec<(String, u64)>,
}

/// What a deletion would do.
#[derive(Clone, Default)]
pub struct Plan {
    /// The rows that go, per model, in the order found.
    pub deleted: Vec<PlannedRows>,
    /// The rows whose foreign key is set to NULL or to its default.
    pub changed: Vec<PlannedRows>,
    /// The rows that stand in the way.
    pub blocked: Vec<PlannedRows>,
    /// Whether the collector stopped at its limit, so that there is more.
    pub cut_off: bool,
}

/// Rows of one model in a plan.
#[derive(Clone)]
pub struct PlannedRows {
    /// The model.
    pub entry: &'static ModelEntry,
    /// The position of the foreign key by which the rows were found; none for those asked for.
    pub field: Option<usize>,
    /// Their keys.
    pub keys: Vec<Value>,
    /// What the foreign key is set to, of changed rows.
    pub value: Option<Value>,
}

/// Finds out what the deletion of rows would do, looking at no more than about `limit` rows.
///
/// # Errors
/// If the database fails.
pub async fn plan_delete(
    db: &Db,
    entry: &'static ModelEntry,
    keys: Vec<Value>,
    limit: Option<usize>,
) -> Result<Plan> {
    let mut collector =
        Collector { seen: HashMap::new(), plan: Plan::default(), restricted: Vec::new(), limit };
    let mut queue = vec![PlannedRows { entry, field: None, keys, value: None }];
    while let Some(mut rows) = queue.pop() {
        collector.keep_new(&mut rows);
        if rows.keys.is_empty() {
            continue;
        }
        for referrer in referrers(rows.entry.schema) {
            if collector.is_full() {
                collector.plan.cut_off = true;
                break;
            }
            queue.extend(collector.follow(db, referrer, &rows.keys).await?);
        }
        collector.plan.deleted.push(rows);
    }
    collector.settle();
    Ok(collector.plan)
}

struct Collector {
    seen: HashMap<&'static str, HashSet<KeyValue>>,
    plan: Plan,
    restricted: Vec<PlannedRows>,
    limit: Option<usize>,
}

impl Collector {
    fn keep_new(&mut self, rows: &mut PlannedRows) {
        let seen = self.seen.entry(rows.entry.schema.table.as_str()).or_default();
        rows.keys.retain(|key| seen.insert(KeyValue::from(key.clone())));
    }

    fn is_full(&self) -> bool {
        self.limit.is_some_and(|limit| self.seen.values().map(HashSet::len).sum::<usize>() > limit)
    }

    /// Looks for the rows that refer to rows about to go, and does what their rule says.
    async fn follow(&mut self, db: &Db, referrer: &Referrer, keys: &[Value]) -> Result<Option<PlannedRows>> {
        let ReferrerKind::Foreign(foreign) = referrer.relation else { return Ok(None) };
        if foreign.on_delete.in_database() || foreign.on_delete == OnDelete::DoNothing {
            return Ok(None);
        }
        let found = self.referring(db, referrer, keys).await?;
        let Some(entry) = entry_of(referrer.model).filter(|_| !found.is_empty()) else { return Ok(None) };
        let mut rows = PlannedRows { entry, field: Some(referrer.index), keys: found, value: None };
        let kind = (referrer.model.fields[referrer.index].kind)();
        match foreign.on_delete {
            OnDelete::Cascade => return Ok(Some(rows)),
            OnDelete::Protect => self.plan.blocked.push(rows),
            OnDelete::Restrict => self.restricted.push(rows),
            OnDelete::SetNull => {
                rows.value = Some(Value::Null(kind));
                self.plan.changed.push(rows);
            }
            OnDelete::SetDefault => {
                rows.value = Some((entry.default)(referrer.index).unwrap_or(Value::Null(kind)));
                self.plan.changed.push(rows);
            }
            OnDelete::DoNothing | OnDelete::DbCascade | OnDelete::DbSetNull => {}
        }
        Ok(None)
    }

    async fn referring(&self, db: &Db, referrer: &Referrer, keys: &[Value]) -> Result<Vec<Value>> {
        let mut found = Vec::new();
        for chunk in keys.chunks(CHUNK) {
            let mut select = Select::of(referrer.model);
            let column = ColumnRef { hops: None, model: referrer.model.this, index: referrer.index };
            select.filters.push(Condition::In(Expr::Column(column), chunk.to_vec()));
            select.order = Some(Vec::new());
            select.limit = self.limit.map(|limit| limit as u64 + 1);
            found.extend(run::keys(db, select).await?);
        }
        Ok(found)
    }

    /// A restricting row blocks unless it goes by another way; a row that goes need not be changed.
    fn settle(&mut self) {
        for mut rows in std::mem::take(&mut self.restricted) {
            rows.keys.retain(|key| !self.goes(rows.entry, key));
            if !rows.keys.is_empty() {
                self.plan.blocked.push(rows);
            }
        }
        let mut changed = std::mem::take(&mut self.plan.changed);
        for rows in &mut changed {
            rows.keys.retain(|key| !self.goes(rows.entry, key));
        }
        changed.retain(|rows| !rows.keys.is_empty());
        self.plan.changed = changed;
    }

    fn goes(&self, entry: &ModelEntry, key: &Value) -> bool {
        let seen = self.seen.get(entry.schema.table.as_str());
        seen.is_some_and(|seen| seen.contains(&KeyValue::from(key.clone())))
    }
}

/// Deletes rows by key and what goes with them, in one transaction; receivers of signals run.
///
/// # Errors
/// `ForeignKey` if a `Protect` or `Restrict` relation holds a row; the error says which.
pub async fn run_delete(db: &Db, entry: &'static ModelEntry, keys: Vec<Value>) -> Result<Deleted> {
    if keys.is_empty() {
        return Ok(Deleted::default());
    }
    db.atomic(async |db| {
        let plan = plan_delete(&db, entry, keys, None).await?;
        carry_out(&db, entry, plan).await
    })
    .await
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
    if let Some(blocked) = plan.blocked.first() {
        return Err(protected(entry, blocked));
    }
    sort_children_first(&mut plan.deleted);
    execute(db, &plan).await
}

fn protected(entry: &ModelEntry, blocked: &PlannedRows) -> Error {
    let schema = blocked.entry.schema;
    let field = blocked.field.map_or("", |index| schema.fields[index].name);
    let (count, names) = (blocked.keys.len(), schema.verbose_name_plural);
    Error::new(
        ErrorKind::ForeignKey,
        format!(
            "this {} is still referred to by {count} {names} through `{field}`",
            entry.schema.verbose_name
        ),
    )
}

/// Rows that refer come before rows that are referred to; within a model, those found last come first.
fn sort_children_first(rows: &mut Vec<PlannedRows>) {
    rows.reverse();
    let mut left: Vec<PlannedRows> = std::mem::take(rows);
    while !left.is_empty() {
        let free = left.iter().position(|candidate| {
            left.iter().all(|other| {
                other.entry.schema == candidate.entry.schema || !refers(other.entry, candidate.entry)
            })
        });
        // In a cycle any order is as good; `execute` empties its keys first.
        rows.push(left.remove(free.unwrap_or(0)));
    }
}

fn refers(child: &ModelEntry, parent: &ModelEntry) -> bool {
    child.schema.fields.iter().filter_map(|field| field.foreign).any(|f| (f.target)() == parent.schema)
}

async fn execute(db: &Db, plan: &Plan) -> Result<Deleted> {
    tell(db, plan, Signal::PreDelete).await?;
    let instances = instances(db, plan).await?;
    for rows in &plan.changed {
        if let (Some(index), Some(value)) = (rows.field, &rows.value) {
            set_keys(db, rows, index, value).await?;
        }
    }
    if db.backend() == Backend::Mysql {
        empty_cycles(db, plan).await?;
    }
    let mut deleted = Deleted::default();
    for rows in &plan.deleted {
        let count = delete_rows(db, rows).await?;
        deleted.total += count;
        let label = rows.entry.schema.label();
        match deleted.per_model.iter_mut().find(|(known, _)| *known == label) {
            Some((_, sum)) => *sum += count,
            None => deleted.per_model.push((label, count)),
        }
    }
    for (entry, instance) in &instances {
        let event = signal::Event { db, instance: &**instance, created: false, change: None };
        signal::send(entry.schema, Signal::PostDelete, &event).await?;
    }
    Ok(deleted)
}

async fn delete_rows(db: &Db, rows: &PlannedRows) -> Result<u64> {
    let schema = rows.entry.schema;
    let mut count = 0;
    for chunk in rows.keys.chunks(CHUNK) {
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
    model: &'static nuages_schema::ModelSchema,
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

async fn set_keys(db: &Db, rows: &PlannedRows, index: usize, value: &Value) -> Result<()> {
    for chunk in rows.keys.chunks(CHUNK) {
        let select = by_keys(rows.entry, chunk);
        let assignments = [(index, Expr::Value(value.clone()))];
        db.execute(sql::update(db, &select, &assignments)?).await?;
    }
    Ok(())
}

fn by_keys(entry: &ModelEntry, keys: &[Value]) -> Select {
    let mut select = Select::of(entry.schema);
    select.order = Some(Vec::new());
    let column = Expr::Column(select.key_column());
    select.filters.push(Condition::In(column, keys.to_vec()));
    select
}

/// MySQL checks each row at once: foreign keys among the rows that go are emptied where they may be.
async fn empty_cycles(db: &Db, plan: &Plan) -> Result<()> {
    for rows in &plan.deleted {
        for (index, field) in rows.entry.schema.fields.iter().enumerate() {
            let Some(foreign) = field.foreign.filter(|_| field.nullable) else { continue };
            if plan.deleted.iter().any(|other| other.entry.schema == (foreign.target)()) {
                set_keys(db, rows, index, &Value::Null((field.kind)())).await?;
            }
        }
    }
    Ok(())
}

async fn tell(db: &Db, plan: &Plan, signal: Signal) -> Result<()> {
    for rows in plan.deleted.iter().filter(|rows| signal::heard(rows.entry.schema, &[signal])) {
        for chunk in rows.keys.chunks(CHUNK) {
            for row in db.fetch(sql::select(db, &by_keys(rows.entry, chunk))?).await? {
                signal::send_row(db, rows.entry, signal, &row, false).await?;
            }
        }
    }
    Ok(())
}

type Instance = Box<dyn std::any::Any + Send + Sync>;

/// The rows that receivers are told of when they are gone.
async fn instances(db: &Db, plan: &Plan) -> Result<Vec<(&'static ModelEntry, Instance)>> {
    let mut instances = Vec::new();
    for rows in plan.deleted.iter().filter(|rows| signal::heard(rows.entry.schema, &[Signal::PostDelete])) {
        for chunk in rows.keys.chunks(CHUNK) {
            for row in db.fetch(sql::select(db, &by_keys(rows.entry, chunk))?).await? {
                instances.push((rows.entry, (rows.entry.instance)(&row, 0)?));
            }
        }
    }
    Ok(instances)
}
