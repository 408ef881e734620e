//! The delete collector: what goes with a row, what is set to NULL, what stands in the way.
//!
//! The rules are Django's: `Protect` always blocks; `Restrict` allows where the row that restricts goes by another
//! way; a row that goes need not forget; below a rule that the database runs nobody looks.

use std::collections::{HashMap, HashSet};

use nuages_schema::{GenericSchema, ModelSchema, OnDelete};

use super::prefetch::KeyValue;
use super::signal::{self, Signal};
use super::{Select, generic, run};
use crate::backend::Db;
use crate::error::Result;
use crate::model::{ModelEntry, Referrer, ReferrerKind, entry_of, referrers};
use crate::value::Value;

/// Keys in one statement.
pub(super) const CHUNK: usize = 1000;

/// What a deletion would do.
#[derive(Clone, Default)]
pub struct Plan {
    /// The rows that go, per model, in the order found.
    pub deleted: Vec<PlannedRows>,
    /// The rows whose foreign key is set to NULL, to its default, or by `Set`.
    pub changed: Vec<PlannedRows>,
    /// The rows that stand in the way.
    pub blocked: Vec<PlannedRows>,
    /// Whether the collector stopped at its limit, so that there is more.
    pub cut_off: bool,
    /// Rows that nothing hangs on, found by the foreign key at a position when they are deleted.
    pub(super) leaves: Vec<Leaves>,
}

/// Rows that go with others, and that nobody has to look at first.
#[derive(Clone)]
pub(super) struct Leaves {
    pub(super) model: &'static ModelSchema,
    pub(super) field: usize,
    /// The keys of the rows they refer to.
    pub(super) keys: Vec<Value>,
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
    /// What the foreign key is set to, of changed rows; none where it is asked when it is set.
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
        for generic in rows.entry.schema.generic_relations {
            queue.extend(collector.belonging(db, generic(), &rows).await?);
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
        if !is_collected(foreign.on_delete) {
            return Ok(None);
        }
        if foreign.on_delete == OnDelete::Cascade && self.limit.is_none() && is_leaf(referrer.model) {
            let (model, field) = (referrer.model, referrer.index);
            self.plan.leaves.push(Leaves { model, field, keys: keys.to_vec() });
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
            // What it is set to is asked when it is set: a function may write a row for it.
            OnDelete::Set => self.plan.changed.push(rows),
            OnDelete::DoNothing | OnDelete::DbCascade | OnDelete::DbSetNull | OnDelete::DbSetDefault => {}
        }
        Ok(None)
    }

    /// The rows that belong to rows about to go by name and key: they go too, as in Django.
    async fn belonging(
        &self,
        db: &Db,
        generic: GenericSchema,
        rows: &PlannedRows,
    ) -> Result<Option<PlannedRows>> {
        let about = |chunk: &[Value]| generic::select_about(generic, rows.entry.schema, chunk.to_vec());
        let keys = self.found(db, &rows.keys, about).await?;
        let entry = entry_of(generic.model).filter(|_| !keys.is_empty());
        Ok(entry.map(|entry| PlannedRows { entry, field: Some(generic.object), keys, value: None }))
    }

    async fn referring(&self, db: &Db, referrer: &Referrer, keys: &[Value]) -> Result<Vec<Value>> {
        self.found(db, keys, |chunk| Select::of_values(referrer.model, referrer.index, chunk.to_vec())).await
    }

    /// The keys of the rows that a query for each chunk finds.
    async fn found(&self, db: &Db, keys: &[Value], query: impl Fn(&[Value]) -> Select) -> Result<Vec<Value>> {
        let mut found = Vec::new();
        for chunk in keys.chunks(CHUNK) {
            let mut select = query(chunk);
            if let Some(limit) = self.limit {
                // In an order, so that who looks twice sees the same rows.
                select.order = Some(select.key_order());
                select.limit = Some(limit as u64 + 1);
            }
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

const fn is_collected(rule: OnDelete) -> bool {
    !rule.in_database() && !matches!(rule, OnDelete::DoNothing)
}

/// Whether rows of a model can be deleted without looking at them: nobody is told, and no row hangs on them.
pub(super) fn is_bare(model: &'static ModelSchema) -> bool {
    let bare = |referrer: &Referrer| match referrer.relation {
        ReferrerKind::Foreign(foreign) => !is_collected(foreign.on_delete),
        ReferrerKind::ManyToMany(many) => many.through.is_some(),
    };
    !signal::heard(model, &[Signal::PreDelete, Signal::PostDelete])
        && model.generic_relations.is_empty()
        && model.many_to_many.iter().all(|many| many.through.is_some())
        && referrers(model).iter().all(bare)
}

/// Whether, besides, it makes no difference to any other rule that they go.
fn is_leaf(model: &'static ModelSchema) -> bool {
    let rules = model.fields.iter().filter_map(|field| field.foreign).map(|foreign| foreign.on_delete);
    is_bare(model) && !rules.into_iter().any(|rule| rule == OnDelete::Restrict)
}
