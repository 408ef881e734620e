//! What the database does by itself when rows go: the collector leaves it alone, a preview has to tell of it.

use std::collections::{HashMap, HashSet};

use nuages_schema::OnDelete;

use super::collect::{Plan, PlannedRows};
use super::prefetch::KeyValue;
use super::{Select, run};
use crate::backend::Db;
use crate::error::Result;
use crate::expr::{Condition, Expr};
use crate::field::ColumnRef;
use crate::model::{ModelEntry, Referrer, ReferrerKind, entry_of, referrers};
use crate::value::Value;

/// Keys in one statement.
const CHUNK: usize = 1000;

/// What `db::Cascade` and `db::SetNull` would do.
#[derive(Clone, Default)]
pub struct ByDatabase {
    /// The rows that the database deletes.
    pub deleted: Vec<PlannedRows>,
    /// The rows whose foreign key the database sets to NULL.
    pub changed: Vec<PlannedRows>,
    /// Whether there is more than was looked at.
    pub cut_off: bool,
}

/// Finds out what the database would do by itself to rows below those of a plan, looking at no more
/// than about `limit` rows.
///
/// # Errors
/// If the database fails.
pub async fn plan_by_database(db: &Db, plan: &Plan, limit: usize) -> Result<ByDatabase> {
    let mut seen: HashMap<&'static str, HashSet<KeyValue>> = HashMap::new();
    let mut queue: Vec<(&'static ModelEntry, Vec<Value>)> = Vec::new();
    for rows in &plan.deleted {
        let known = seen.entry(rows.entry.schema.table.as_str()).or_default();
        known.extend(rows.keys.iter().cloned().map(KeyValue::from));
        queue.push((rows.entry, rows.keys.clone()));
    }
    let mut found = ByDatabase::default();
    let mut looked_at = 0;
    while let Some((parent, keys)) = queue.pop() {
        for referrer in referrers(parent.schema) {
            let ReferrerKind::Foreign(foreign) = referrer.relation else { continue };
            if !foreign.on_delete.in_database() {
                continue;
            }
            let Some(entry) = entry_of(referrer.model) else { continue };
            let room = limit.saturating_sub(looked_at);
            let mut rows = referring(db, referrer, &keys, room).await?;
            found.cut_off |= rows.len() > room;
            let known = seen.entry(entry.schema.table.as_str()).or_default();
            rows.retain(|key| !known.contains(&KeyValue::from(key.clone())));
            looked_at += rows.len();
            if rows.is_empty() {
                continue;
            }
            let planned = PlannedRows { entry, field: Some(referrer.index), keys: rows, value: None };
            if foreign.on_delete == OnDelete::DbCascade {
                known.extend(planned.keys.iter().cloned().map(KeyValue::from));
                queue.push((entry, planned.keys.clone()));
                found.deleted.push(planned);
            } else {
                found.changed.push(planned);
            }
        }
    }
    // What goes need not be emptied first.
    for rows in &mut found.changed {
        if let Some(known) = seen.get(rows.entry.schema.table.as_str()) {
            rows.keys.retain(|key| !known.contains(&KeyValue::from(key.clone())));
        }
    }
    found.changed.retain(|rows| !rows.keys.is_empty());
    Ok(found)
}

/// The keys of rows that refer to others, one more than there is room for.
async fn referring(db: &Db, referrer: &Referrer, keys: &[Value], room: usize) -> Result<Vec<Value>> {
    let mut found = Vec::new();
    for chunk in keys.chunks(CHUNK) {
        if found.len() > room {
            break;
        }
        let mut select = Select::of(referrer.model);
        let column = ColumnRef { hops: None, model: referrer.model.this, index: referrer.index };
        select.filters.push(Condition::In(Expr::Column(column), chunk.to_vec()));
        select.order = Some(Vec::new());
        select.limit = Some(room as u64 + 1);
        found.extend(run::keys(db, select).await?);
    }
    Ok(found)
}
