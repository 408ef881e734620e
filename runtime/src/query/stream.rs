//! A stream of rows that holds memory constant, whatever the number of rows.

use std::collections::VecDeque;

use futures_util::Stream;

use super::{Cursor, OrderTerm, QuerySet, Select, Shape, run};
use crate::backend::{Db, Row};
use crate::error::{Error, ErrorKind, Result};
use crate::expr::{Comparison, Condition, Expr};
use crate::model::Model;
use crate::value::Value;

/// Rows fetched at a time.
const CHUNK: u64 = 1000;

impl<M: Model, S: Shape> QuerySet<M, S> {
    /// All rows, in the order of the primary key, a chunk at a time; no connection is held between chunks.
    ///
    /// # Errors
    /// Each item may be the error of its chunk; the stream ends after one. A query with an ordering of its
    /// own, a slice or DISTINCT is a `NotSupported` error: such rows have no key to go on from.
    pub fn stream(self, db: &Db) -> impl Stream<Item = Result<S::Item>> + Send + '_ {
        let state = State::<S::Item> { select: self.select, last: None, ready: VecDeque::new(), done: false };
        let db = db.clone();
        futures_util::stream::unfold((state, db), |(mut state, db)| async move {
            let item = state.next::<S>(&db).await?;
            Some((item, (state, db)))
        })
    }
}

struct State<T> {
    select: Select,
    last: Option<Value>,
    ready: VecDeque<T>,
    done: bool,
}

impl<T> State<T> {
    async fn next<S: Shape<Item = T>>(&mut self, db: &Db) -> Option<Result<T>> {
        if self.ready.is_empty()
            && !self.done
            && let Err(error) = self.fill::<S>(db).await
        {
            self.done = true;
            return Some(Err(error));
        }
        self.ready.pop_front().map(Ok)
    }

    async fn fill<S: Shape<Item = T>>(&mut self, db: &Db) -> Result<()> {
        let mut select = self.chunk()?;
        let width = select.width();
        // The key stands behind everything else, so that the next chunk knows where to go on.
        select.key_last = true;
        let mut fetched = run::fetch(db, &select).await?;
        self.done = (fetched.rows.len() as u64) < CHUNK;
        let kind = (select.model.key_field().kind)();
        for row in &fetched.rows {
            let prefetched = fetched.groups.as_mut_slice();
            self.ready.push_back(S::read(&mut Cursor { row, at: 0, prefetched, next_prefetched: 0 })?);
        }
        self.last = fetched.rows.last().map(|row: &Row| row.value(width, kind)).transpose()?;
        Ok(())
    }

    fn chunk(&self) -> Result<Select> {
        let mut select = self.select.clone();
        let ordered = select.order.as_ref().is_some_and(|terms| !terms.is_empty());
        if ordered || select.is_sliced() || select.distinct || select.grouped {
            return Err(Error::new(
                ErrorKind::NotSupported,
                "a stream goes by the primary key: leave out `order_by`, slices, `distinct` and groups, or use `all`",
            ));
        }
        let key = Expr::Column(select.key_column());
        if let Some(last) = &self.last {
            select.filters.push(Condition::Compare(
                key.clone(),
                Comparison::Greater,
                Expr::Value(last.clone()),
            ));
        }
        select.order = Some(vec![OrderTerm { expr: key, descending: false, nulls_first: None }]);
        select.limit = Some(CHUNK);
        Ok(select)
    }
}
