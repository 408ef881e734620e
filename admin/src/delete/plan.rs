//! What a deletion would do, and whether it is still what somebody looked at.

use nuages::Result;
use nuages::admin::rows;
use nuages::backend::Db;
use nuages::expr::{Condition, Expr};
use nuages::field::ColumnRef;
use nuages::model::{ModelEntry, ReferrerKind, entry_of, referrers};
use nuages::path::HopKind;
use nuages::query::{
    ByDatabase, Plan, PlannedRows, Select, plan_by_database, plan_delete, run_delete, run_planned,
};
use nuages::value::Value;
use nuages_schema::OnDelete;

use super::words::merged;
use crate::asked::Asked;
use crate::digest::Digest;
use crate::edit::is_superuser;
use crate::registry::{capital, counted, grouped, heading, is_user};
use crate::text;

/// Rows that a preview looks at.
const LOOKED_AT: usize = 10_000;

/// What a deletion would do.
pub(super) struct Planned {
    pub(super) plan: Plan,
    pub(super) by_database: ByDatabase,
    pub(super) links: Vec<Links>,
    /// Whether a superuser would go, and somebody asks who is none.
    takes_superuser: bool,
}

/// Links of a many-to-many relation that go; the rows at the other end stay.
pub(super) struct Links {
    pub(super) nouns: String,
    count: u64,
}

impl Links {
    /// How many, honestly.
    pub(super) fn count(&self) -> String {
        let most = LOOKED_AT as u64;
        if self.count > most { format!("{}+", grouped(most)) } else { grouped(self.count) }
    }
}

impl Planned {
    /// Finds out what the deletion of rows would do.
    pub(super) async fn of(
        asked: &Asked,
        db: &Db,
        entry: &'static ModelEntry,
        keys: &[Value],
    ) -> Result<Self> {
        let plan = plan_delete(db, entry, keys.to_vec(), Some(LOOKED_AT)).await?;
        let by_database = plan_by_database(db, &plan, LOOKED_AT).await?;
        let links = links(db, entry, keys).await?;
        let mut planned = Self { plan, by_database, links, takes_superuser: false };
        planned.takes_superuser = !asked.by.is_superuser && planned.superuser(db, entry).await?;
        Ok(planned)
    }

    fn deleted(&self) -> impl Iterator<Item = &PlannedRows> {
        self.plan.deleted.iter().chain(&self.by_database.deleted)
    }

    /// Whether a superuser is among the rows that go, or could be among those that were not looked at.
    async fn superuser(&self, db: &Db, entry: &'static ModelEntry) -> Result<bool> {
        for rows in self.deleted().filter(|rows| is_user(rows.entry)) {
            for chunk in rows.keys.chunks(1_000) {
                let found = rows::fetch(db, &rows::by_keys(rows.entry.schema, chunk.to_vec())).await?;
                for row in &found {
                    if is_superuser(row)? {
                        return Ok(true);
                    }
                }
            }
        }
        Ok(self.cut_off() && reachable(entry).into_iter().any(is_user))
    }

    /// What stands in the way: protected rows, and rows that the user may not delete.
    pub(super) fn blocked(&self, asked: &Asked) -> Vec<String> {
        let mut blocked: Vec<String> = self.plan.blocked.iter().map(|rows| self.refers(rows)).collect();
        let mut models: Vec<&'static ModelEntry> = self.deleted().map(|rows| rows.entry).collect();
        if self.cut_off() {
            // What was not looked at may be of any model that can be reached.
            let all: Vec<_> = models.iter().copied().flat_map(reachable).collect();
            models.extend(all);
        }
        let mut told = Vec::new();
        for schema in models.into_iter().map(|entry| entry.schema) {
            if !told.contains(&schema) && !asked.may("delete", schema) {
                blocked.push(format!("It would delete {}, which you may not.", schema.verbose_name_plural));
            }
            told.push(schema);
        }
        if self.takes_superuser {
            blocked.push("It would delete a superuser, which only a superuser may.".to_owned());
        }
        blocked
    }

    fn refers(&self, rows: &PlannedRows) -> String {
        let schema = rows.entry.schema;
        let by = rows.field.map_or("", |index| schema.fields[index].options.label);
        let verb = if rows.keys.len() == 1 { "refers" } else { "refer" };
        let least = if self.cut_off() { "At least " } else { "" };
        let count = counted(rows.keys.len() as u64, schema);
        format!("{least}{count} still {verb} to this ({}).", by.to_lowercase())
    }

    /// Whether there is more than was looked at.
    pub(super) fn cut_off(&self) -> bool {
        self.plan.cut_off || self.by_database.cut_off
    }

    /// How many rows go, as far as was looked.
    pub(super) fn going(&self) -> usize {
        self.deleted().map(|rows| rows.keys.len()).sum()
    }

    /// The same for the same rows with the same fate, whatever order they were found in.
    pub(super) fn digest(&self) -> String {
        let parts = [
            &self.plan.deleted,
            &self.plan.changed,
            &self.plan.blocked,
            &self.by_database.deleted,
            &self.by_database.changed,
        ];
        let mut digest = Digest::new().with(if self.cut_off() { "cut off" } else { "whole" });
        for part in parts {
            let mut lines: Vec<String> = merged(part).iter().flat_map(lines).collect();
            lines.sort();
            digest = digest.with(&lines.len().to_string());
            digest = lines.iter().fold(digest, |digest, line| digest.with(line));
        }
        digest.whole()
    }

    /// Deletes: just what was planned, or everything there is where that was too much to look at.
    pub(super) async fn run(self, db: &Db, entry: &'static ModelEntry, keys: Vec<Value>) -> Result<()> {
        if self.plan.cut_off {
            run_delete(db, entry, keys).await?;
        } else {
            run_planned(db, entry, self.plan).await?;
        }
        Ok(())
    }
}

/// The models whose rows can go with a row of this one.
fn reachable(entry: &'static ModelEntry) -> Vec<&'static ModelEntry> {
    let mut found: Vec<&'static ModelEntry> = Vec::new();
    let mut queue = vec![entry];
    while let Some(next) = queue.pop() {
        for referrer in referrers(next.schema) {
            let ReferrerKind::Foreign(foreign) = referrer.relation else { continue };
            if !matches!(foreign.on_delete, OnDelete::Cascade | OnDelete::DbCascade) {
                continue;
            }
            let known = |entry: &&'static ModelEntry| found.iter().any(|known| known.schema == entry.schema);
            if let Some(entry) = entry_of(referrer.model).filter(|entry| !known(entry)) {
                found.push(entry);
                queue.push(entry);
            }
        }
    }
    found
}

fn lines(rows: &PlannedRows) -> Vec<String> {
    let (table, field) = (rows.entry.schema.table.as_str(), rows.field);
    rows.keys.iter().map(|key| format!("{table} {field:?} {}", text::plain(key))).collect()
}

/// The links that rows have, each relation counted up to a bound.
async fn links(db: &Db, entry: &'static ModelEntry, keys: &[Value]) -> Result<Vec<Links>> {
    let schema = entry.schema;
    let mut links = Vec::new();
    for (index, many) in schema.many_to_many.iter().enumerate().filter(|(_, many)| many.through.is_none()) {
        let back = rows::hop(schema, HopKind::ManyToManyReverse, index);
        let column = ColumnRef { hops: Some(back), model: schema.this, index: schema.key };
        let count = count(db, (many.target)(), column, keys).await?;
        links.push(Links { nouns: capital(many.label), count });
    }
    for referrer in referrers(schema) {
        let ReferrerKind::ManyToMany(many) = referrer.relation else { continue };
        // A relation of a model to itself was counted from its own side.
        if many.through.is_some() || referrer.model == schema {
            continue;
        }
        let hop = rows::hop(referrer.model, HopKind::ManyToMany, referrer.index);
        let column = ColumnRef { hops: Some(hop), model: schema.this, index: schema.key };
        let count = count(db, referrer.model, column, keys).await?;
        links.push(Links { nouns: heading(referrer.model), count });
    }
    links.retain(|links| links.count > 0);
    Ok(links)
}

async fn count(
    db: &Db,
    far: &'static nuages_schema::ModelSchema,
    owner: ColumnRef,
    keys: &[Value],
) -> Result<u64> {
    let mut all = 0;
    for chunk in keys.chunks(1_000) {
        let mut select = Select::of(far).only_key();
        select.order = Some(Vec::new());
        select.filters.push(Condition::In(Expr::Column(owner), chunk.to_vec()));
        select.limit = Some(LOOKED_AT as u64 + 1);
        all += rows::count(db, &select).await?;
        if all > LOOKED_AT as u64 {
            break;
        }
    }
    Ok(all)
}
