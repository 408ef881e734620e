//! All rows of a model in batches: with progress, and taken up again where a killed run stopped.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use nuages::backend::Statement;
use nuages::value::Value;
use nuages::{Db, Error, Result};
use tokio::sync::Mutex;

use super::{DataContext, DataStep, key};
use crate::run::parts::Stop;
use crate::run::steps::Work;
use crate::run::{journal, record};

/// How long a bar stands still at most.
const TICK: std::time::Duration = std::time::Duration::from_millis(100);

/// One row of a model as it was.
#[derive(Clone, Debug, PartialEq)]
pub struct DataRow {
    key: Value,
    names: Arc<[String]>,
    values: Vec<Value>,
}

impl DataRow {
    /// The primary key.
    #[must_use]
    pub fn key(&self) -> &Value {
        &self.key
    }

    /// The value of a field that was asked for.
    ///
    /// # Errors
    /// When it was not.
    pub fn get(&self, field: &str) -> Result<&Value> {
        let at = self.names.iter().position(|name| name == field);
        at.and_then(|at| self.values.get(at))
            .ok_or_else(|| Error::other(format!("the batches were not asked for the field `{field}`")))
    }
}

/// What a step and the executor tell each other while it runs.
#[derive(Debug, Default)]
pub(in crate::run) struct Course {
    done: AtomicU64,
    all: AtomicU64,
    /// Which call of `batches` it is.
    calls: AtomicUsize,
    stop: Stop,
    /// For steps whose batches are transactions of their own: the migration, and the last key of each call.
    memory: Option<Memory>,
}

#[derive(Debug)]
struct Memory {
    migration: Vec<Value>,
    last: Mutex<BTreeMap<usize, String>>,
}

/// Runs a step, and says how far it is while it runs.
pub(in crate::run) async fn run(work: &Work<'_>, step: &DataStep, mut context: DataContext) -> Result<()> {
    let memory = match work.one.migration.atomic {
        true => None,
        false => Some(Memory {
            migration: record::key(work.one.migration),
            last: Mutex::new(read(&journal::position(work.db, work.one.migration).await?)),
        }),
    };
    let course = Arc::new(Course { stop: work.stop.clone(), memory, ..Course::default() });
    context.course = Arc::clone(&course);
    let mut running = (step.run)(context);
    let mut tick = tokio::time::interval(TICK);
    loop {
        let finished = tokio::select! {
            outcome = &mut running => Some(outcome),
            _ = tick.tick() => None,
        };
        let (done, all) = (course.done.load(Ordering::Relaxed), course.all.load(Ordering::Relaxed));
        if all > 0 {
            work.progress.rows(step.name, done, all);
        }
        if let Some(outcome) = finished {
            return outcome;
        }
    }
}

impl DataContext {
    /// Gives all rows of a model to a function, so many at a time, in the order of the key: each row's key and
    /// the fields that are named. Says how many rows there were.
    ///
    /// In a migration that says `atomic = false` each batch is a transaction of its own that remembers how far
    /// it came: a run that was killed goes on with the first batch that was not committed. Else all batches
    /// belong to the migration's transaction.
    ///
    /// ```
    /// use nuages_migrate::DataContext;
    ///
    /// async fn fill_slugs(data: DataContext) -> nuages::Result<()> {
    ///     data.batches("Book", &["title"], 1_000, |data, rows| async move {
    ///         for row in rows {
    ///             data.update("Book", row.key(), &[("slug", row.get("title")?.clone())]).await?;
    ///         }
    ///         Ok(())
    ///     })
    ///     .await?;
    ///     Ok(())
    /// }
    /// # fn main() {}
    /// ```
    ///
    /// # Errors
    /// When there was no such model or field, the database refuses, or the function does.
    pub async fn batches<F, R>(&self, model: &str, fields: &[&str], size: u32, mut each: F) -> Result<u64>
    where
        F: FnMut(Self, Vec<DataRow>) -> R,
        R: Future<Output = Result<()>> + Send,
    {
        let mut batches = Batches::open(self, model, fields, size).await?;
        let mut count = 0;
        while let Some((db, rows)) = batches.next().await? {
            count += rows.len() as u64;
            let last = rows.last().map(|row| row.key.clone());
            match &self.course.memory {
                None => each(self.clone(), rows).await?,
                Some(_) => {
                    db.atomic(async |db| {
                        each(self.within(db.clone()), rows).await?;
                        batches.remember(&db, last.as_ref()).await
                    })
                    .await?;
                }
            }
            batches.passed(last);
            self.course.stop.heed()?;
        }
        Ok(count)
    }

    /// The same models in another transaction.
    fn within(&self, db: Db) -> Self {
        Self { db, ..self.clone() }
    }
}

/// A walk over the rows of a model.
struct Batches<'a> {
    data: &'a DataContext,
    model: &'a str,
    fields: Vec<&'a str>,
    names: Arc<[String]>,
    size: u32,
    call: usize,
    after: Option<Value>,
}

impl<'a> Batches<'a> {
    async fn open(data: &'a DataContext, model: &'a str, fields: &[&'a str], size: u32) -> Result<Self> {
        let key = key(data.model(model)?)?.name.as_str();
        let call = data.course.calls.fetch_add(1, Ordering::Relaxed);
        let after = match &data.course.memory {
            Some(memory) => memory.last.lock().await.get(&call).map(|text| decoded(text)).transpose()?,
            None => None,
        };
        let names = fields.iter().map(|name| (*name).to_owned()).collect();
        let fields = std::iter::once(key).chain(fields.iter().copied()).collect();
        let this = Self { data, model, fields, names, size: size.max(1), call, after };
        let open = this.count().await?;
        data.course.all.fetch_add(open, Ordering::Relaxed);
        Ok(this)
    }

    /// How many rows are still to come.
    async fn count(&self) -> Result<u64> {
        let state = self.data.model(self.model)?;
        let (table, key) = (self.data.quote(&state.table)?, self.data.quote(&key(state)?.column)?);
        let (condition, args) = match &self.after {
            Some(after) => (format!(" WHERE {key} > {}", self.data.placeholder(1)), vec![after.clone()]),
            None => (String::new(), Vec::new()),
        };
        let sql = format!("SELECT COUNT(*) FROM {table}{condition}");
        let row = self.data.db.fetch_optional(Statement::new(sql, args)).await?;
        let count = row.map(|row| row.i64(0)).transpose()?.flatten().unwrap_or(0);
        Ok(u64::try_from(count).unwrap_or(0))
    }

    async fn next(&mut self) -> Result<Option<(Db, Vec<DataRow>)>> {
        let rows = self.data.rows(self.model, &self.fields, self.after.as_ref(), self.size).await?;
        let row = |mut values: Vec<Value>| {
            let key = values.remove(0);
            DataRow { key, names: Arc::clone(&self.names), values }
        };
        let rows: Vec<DataRow> = rows.into_iter().map(row).collect();
        Ok((!rows.is_empty()).then(|| (self.data.db.clone(), rows)))
    }

    /// Writes the last key of a batch into the journal, in the batch's transaction.
    async fn remember(&self, db: &Db, last: Option<&Value>) -> Result<()> {
        let (Some(memory), Some(last)) = (&self.data.course.memory, last) else { return Ok(()) };
        let mut known = memory.last.lock().await;
        known.insert(self.call, encoded(last)?);
        journal::set_position(db, &memory.migration, &written(&known)).await
    }

    fn passed(&mut self, last: Option<Value>) {
        self.after = last;
        self.data.course.done.fetch_add(u64::from(self.size), Ordering::Relaxed);
        let all = self.data.course.all.load(Ordering::Relaxed);
        self.data.course.done.fetch_min(all, Ordering::Relaxed);
    }
}

/// A key as the journal keeps it.
fn encoded(key: &Value) -> Result<String> {
    match key {
        Value::Int(number) => Ok(format!("i{number}")),
        Value::Text(text) => Ok(format!("t{}", text.escape_default())),
        Value::Uuid(uuid) => Ok(format!("u{uuid}")),
        _ => Err(Error::other(
            "batches remember keys that are numbers, texts or UUIDs: for another key leave the migration atomic",
        )),
    }
}

fn decoded(text: &str) -> Result<Value> {
    let (kind, rest) = text.split_at_checked(1).unwrap_or(("", ""));
    let read = match kind {
        "i" => rest.parse().ok().map(Value::Int),
        "t" => unescaped(rest).map(Value::Text),
        "u" => rest.parse().ok().map(Value::Uuid),
        _ => None,
    };
    read.ok_or_else(|| {
        Error::other(format!("the journal of migrations holds a key that cannot be read: {text:?}"))
    })
}

/// What `char::escape_default` wrote.
fn unescaped(text: &str) -> Option<String> {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let escape = rest[at + 1..].chars().next()?;
        rest = &rest[at + 2..];
        match escape {
            't' => out.push('\t'),
            'r' => out.push('\r'),
            'n' => out.push('\n'),
            'u' => {
                let end = rest.find('}')?;
                out.push(char::from_u32(u32::from_str_radix(rest.get(1..end)?, 16).ok()?)?);
                rest = &rest[end + 1..];
            }
            other => out.push(other),
        }
    }
    out.push_str(rest);
    Some(out)
}

/// One line for each call of `batches`.
fn written(last: &BTreeMap<usize, String>) -> String {
    last.iter().map(|(call, key)| format!("{call} {key}\n")).collect()
}

fn read(text: &str) -> BTreeMap<usize, String> {
    let line =
        |line: &str| line.split_once(' ').and_then(|(call, key)| Some((call.parse().ok()?, key.to_owned())));
    text.lines().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back_as_it_was() {
        for key in
            [Value::Int(-7), Value::Text("a 'b'\\\n\t{é} \u{1F600}".into()), Value::Text(String::new())]
        {
            let known = BTreeMap::from([(0, encoded(&Value::Int(1)).unwrap()), (3, encoded(&key).unwrap())]);
            assert_eq!(decoded(&read(&written(&known))[&3]).unwrap(), key);
        }
        assert!(encoded(&Value::Float(1.5)).is_err());
    }
}
