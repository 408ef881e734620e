//! Many new rows at once.

use nuages_schema::Backend;

use super::insert::{self, Source, sources};
use super::signal::{self, Signal};
use super::{Draft, QuerySet};
use crate::backend::{Db, Elements};
use crate::error::Result;
use crate::model::{Model, ModelEntry};
use crate::sql;
use crate::value::Value;

/// Rows of one statement share their columns; more rows than this go into the next one.
const CHUNK: usize = 1000;
/// Rows of one statement where each column is one array.
const ARRAY_CHUNK: usize = 10_000;

impl<M: Model> QuerySet<M> {
    /// Writes many rows, in as few statements as the database allows, in one transaction; gives their number.
    ///
    /// # Errors
    /// If a constraint is violated; then none of the rows is written.
    pub async fn bulk_create<D: Into<Draft<M>>>(
        self,
        db: &Db,
        rows: impl IntoIterator<Item = D>,
    ) -> Result<u64> {
        let rows = rows.into_iter();
        let mut bulk = Bulk::new(db, M::entry(), rows.size_hint().0);
        for row in rows {
            bulk.push(row.into().into_given()?)?;
        }
        bulk.write(db).await
    }
}

/// The same for rows without types.
pub(super) async fn bulk_insert(
    db: &Db,
    entry: &'static ModelEntry,
    rows: Vec<Vec<(usize, Value)>>,
) -> Result<u64> {
    let mut bulk = Bulk::new(db, entry, rows.len());
    for row in rows {
        bulk.push(row)?;
    }
    bulk.write(db).await
}

/// New rows, put together by columns as they come.
struct Bulk {
    entry: &'static ModelEntry,
    /// What an array or a list of values can take.
    arrays: bool,
    most_values: usize,
    count: usize,
    /// How many rows there will be at the least.
    expected: usize,
    /// The fields that the last row gave, in its order, and where its columns come from.
    given: Vec<usize>,
    sources: Vec<(usize, Source)>,
    chunks: Vec<Chunk>,
    /// Rows that receivers of signals want to see one by one.
    heard: Option<Vec<Vec<(usize, Value)>>>,
}

/// Rows of one statement: their columns, and the values of each.
struct Chunk {
    columns: Vec<usize>,
    cells: Cells,
    rows: usize,
    most: usize,
}

/// The values of each column.
enum Cells {
    Lists(Vec<Vec<Value>>),
    /// Written down already, as the database takes them.
    Arrays(Vec<Elements>),
}

impl Bulk {
    fn new(db: &Db, entry: &'static ModelEntry, expected: usize) -> Self {
        let heard = signal::heard(entry.schema, &[Signal::PreSave, Signal::PostSave]);
        Self {
            entry,
            arrays: db.backend() == Backend::Postgres,
            most_values: db.capabilities().max_parameters,
            count: 0,
            expected,
            given: Vec::new(),
            sources: Vec::new(),
            chunks: Vec::new(),
            heard: heard.then(Vec::new),
        }
    }

    fn push(&mut self, mut row: Vec<(usize, Value)>) -> Result<()> {
        self.count += 1;
        if let Some(rows) = &mut self.heard {
            rows.push(row);
            return Ok(());
        }
        if self.chunks.is_empty() || !self.given.iter().eq(row.iter().map(|(index, _)| index)) {
            self.given = row.iter().map(|(index, _)| *index).collect();
            self.sources = sources(self.entry, &self.given);
            self.chunks.push(self.chunk());
        }
        if self.chunks.last().is_none_or(|chunk| chunk.rows == chunk.most) {
            self.chunks.push(self.chunk());
        }
        let Some(chunk) = self.chunks.last_mut() else { return Ok(()) };
        chunk.rows += 1;
        match &mut chunk.cells {
            Cells::Lists(lists) => {
                for ((_, source), list) in self.sources.iter().zip(lists) {
                    list.push(source.take(self.entry, &mut row));
                }
            }
            Cells::Arrays(arrays) => {
                for ((index, source), array) in self.sources.iter().zip(arrays) {
                    let value = source.take(self.entry, &mut row);
                    sql::add_to_array(array, self.entry.schema, *index, &value)?;
                }
            }
        }
        Ok(())
    }

    fn chunk(&self) -> Chunk {
        let columns: Vec<usize> = self.sources.iter().map(|(index, _)| *index).collect();
        let arrays = self.arrays && !columns.is_empty();
        let fit = self.most_values / columns.len().max(1);
        let most = if arrays { ARRAY_CHUNK } else { fit.clamp(1, CHUNK) };
        let room = (self.expected + 1).saturating_sub(self.count).min(most);
        let fields = columns.iter().map(|index| &self.entry.schema.fields[*index]);
        let cells = if arrays {
            Cells::Arrays(fields.map(|field| Elements::new((field.kind)(), room)).collect())
        } else {
            Cells::Lists(fields.map(|_| Vec::with_capacity(room)).collect())
        };
        Chunk { columns, cells, rows: 0, most }
    }

    async fn write(self, db: &Db) -> Result<u64> {
        if self.count == 0 {
            return Ok(0);
        }
        let Self { entry, count, chunks, heard, .. } = self;
        db.atomic(async |db| {
            for row in heard.into_iter().flatten() {
                insert::insert_row(&db, entry, row).await?;
            }
            for Chunk { columns, cells, rows, .. } in chunks {
                insert::writable(entry.schema, columns.iter().copied())?;
                let statement = match cells {
                    Cells::Arrays(arrays) => sql::insert_arrays(&db, entry.schema, &columns, arrays)?,
                    Cells::Lists(lists) => sql::insert_many(&db, entry.schema, &columns, lists, rows)?,
                };
                db.execute(statement).await.map_err(|error| sql::name_field(error, entry.schema))?;
            }
            Ok(count as u64)
        })
        .await
    }
}
