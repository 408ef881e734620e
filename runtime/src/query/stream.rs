//! A stream of rows that holds memory constant, whatever the number of rows.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::Stream;

use super::keyset::Keyset;
use super::{Cursor, QuerySet, Select, Shape, run};
use crate::backend::{Backend, Db, Row, Statement};
use crate::error::Result;
use crate::model::Model;
use crate::sql;

/// Rows fetched at a time.
const CHUNK: u64 = 1000;

impl<M: Model, S: Shape> QuerySet<M, S> {
    /// All rows, a chunk at a time, in the order of `order_by`; without one, in that of the primary key.
    ///
    /// Inside a transaction on PostgreSQL the rows come from a cursor of the database. Elsewhere each chunk is a
    /// statement of its own that goes on behind the last row (its ordering columns and its key), and no
    /// connection is held between chunks: rows that others write meanwhile are seen if they lie ahead. An index
    /// over the ordering keeps every chunk as cheap as the first.
    ///
    /// # Errors
    /// Each item may be the error of its chunk; the stream ends after one. Groups, and `distinct` over values
    /// without the model's row, have no key to go on from: outside of a cursor they are a `NotSupported` error.
    pub fn stream(self, db: &Db) -> impl Stream<Item = Result<S::Item>> + Send + '_ {
        let state =
            State::<S::Item> { source: Source::New(self.select), ready: VecDeque::new(), done: false };
        let db = db.clone();
        futures_util::stream::unfold((state, db), |(mut state, db)| async move {
            let item = state.next::<S>(&db).await?;
            Some((item, (state, db)))
        })
    }
}

struct State<T> {
    source: Source,
    ready: VecDeque<T>,
    done: bool,
}

/// Where the next chunk comes from.
enum Source {
    /// Nothing was asked yet.
    New(Select),
    /// The chunks begin behind the last row.
    Keyset(Box<Keyset>),
    /// A cursor of the database, by name; the query says how its rows are read.
    Cursor(Select, String),
}

impl<T> State<T> {
    async fn next<S: Shape<Item = T>>(&mut self, db: &Db) -> Option<Result<T>> {
        while self.ready.is_empty() && !self.done {
            if let Err(error) = self.fill::<S>(db).await {
                self.done = true;
                return Some(Err(error));
            }
        }
        self.ready.pop_front().map(Ok)
    }

    async fn fill<S: Shape<Item = T>>(&mut self, db: &Db) -> Result<()> {
        if let Source::New(select) = &self.source {
            if select.nothing {
                self.done = true;
                return Ok(());
            }
            self.source = open(db, select.clone()).await?;
        }
        match &mut self.source {
            Source::New(_) => Ok(()),
            Source::Keyset(keyset) => {
                let chunk = keyset.chunk(CHUNK);
                let mut fetched = run::fetch(db, &chunk).await?;
                let kept = keyset.advance(&chunk, &fetched.rows)?;
                self.done = keyset.is_done();
                fetched.rows.truncate(kept);
                read::<S>(&mut fetched, &mut self.ready)
            }
            Source::Cursor(select, name) => {
                let rows = db.fetch(Statement::from(format!("FETCH {CHUNK} FROM {name}"))).await?;
                if (rows.len() as u64) < CHUNK {
                    self.done = true;
                    db.execute(Statement::from(format!("CLOSE {name}"))).await?;
                }
                read::<S>(&mut run::with_prefetched(db, select, rows).await?, &mut self.ready)
            }
        }
    }
}

/// Begins: with a cursor where there is one, which ends with its transaction.
async fn open(db: &Db, mut select: Select) -> Result<Source> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    if db.backend() != Backend::Postgres || !db.is_atomic() || select.lock.is_some() {
        return Keyset::new(db, select).map(|keyset| Source::Keyset(Box::new(keyset)));
    }
    if select.order.is_none() && !select.grouped && !select.distinct {
        select.order = Some(select.key_order());
    }
    let name = format!("nuages_stream_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let Statement { sql, args, .. } = sql::select(db, &select)?;
    db.execute(Statement::new(format!("DECLARE {name} NO SCROLL CURSOR FOR {sql}"), args)).await?;
    Ok(Source::Cursor(select, name))
}

fn read<S: Shape>(fetched: &mut run::Fetched, into: &mut VecDeque<S::Item>) -> Result<()> {
    for row in &fetched.rows {
        let row: &Row = row;
        let prefetched = fetched.groups.as_mut_slice();
        into.push_back(S::read(&mut Cursor { row, at: 0, prefetched, next_prefetched: 0 })?);
    }
    Ok(())
}
