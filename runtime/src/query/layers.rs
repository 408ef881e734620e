//! The order in which rows of one table are deleted that refer to each other.

use std::collections::HashMap;

use nuages_schema::Backend;

use super::collect::{CHUNK, PlannedRows};
use super::prefetch::KeyValue;
use super::signal::{self, Signal};
use super::{Part, Select};
use crate::backend::Db;
use crate::error::Result;
use crate::expr::Expr;
use crate::field::ColumnRef;
use crate::sql;
use crate::value::Value;

/// The keys of rows about to go, those to which no other of them refers first: the order that MySQL wants, which
/// checks each row at once, and in which receivers hear of them, after all that hung on them is gone. Rows in a ring
/// come last, together.
pub(super) async fn layers(db: &Db, rows: &PlannedRows) -> Result<Vec<Vec<Value>>> {
    let own = own_keys(db, rows);
    if own.is_empty() {
        return Ok(vec![rows.keys.clone()]);
    }
    let place: HashMap<KeyValue, usize> =
        rows.keys.iter().enumerate().map(|(at, key)| (KeyValue::from(key.clone()), at)).collect();
    let mut graph = Graph { targets: vec![Vec::new(); rows.keys.len()], referrers: vec![0; rows.keys.len()] };
    for index in own {
        graph.read(db, rows, index, &place).await?;
    }
    let mut layers = graph.layers();
    if db.backend() != Backend::Mysql {
        // One statement deletes all of them; only the order in which they are told of is wanted.
        layers = vec![layers.concat()];
    }
    Ok(layers.into_iter().map(|layer| layer.into_iter().map(|at| rows.keys[at].clone()).collect()).collect())
}

/// The foreign keys to the own table that matter. On MySQL those that may be empty have been emptied.
fn own_keys(db: &Db, rows: &PlannedRows) -> Vec<usize> {
    let schema = rows.entry.schema;
    let mysql = db.backend() == Backend::Mysql;
    if !mysql && !signal::heard(schema, &[Signal::PostDelete]) {
        return Vec::new();
    }
    let fields = schema.fields.iter().enumerate().filter(|(_, field)| !(mysql && field.nullable));
    let own = fields.filter(|(_, field)| field.foreign.is_some_and(|foreign| (foreign.target)() == schema));
    own.map(|(index, _)| index).collect()
}

/// Rows by their place among the keys.
struct Graph {
    /// What each row refers to.
    targets: Vec<Vec<usize>>,
    /// How many rows refer to each.
    referrers: Vec<usize>,
}

impl Graph {
    /// Adds what rows refer to by the column at a position.
    async fn read(
        &mut self,
        db: &Db,
        rows: &PlannedRows,
        index: usize,
        place: &HashMap<KeyValue, usize>,
    ) -> Result<()> {
        for chunk in rows.keys.chunks(CHUNK) {
            let mut select = Select::of_keys(rows.entry.schema, chunk.to_vec());
            let key = select.key_column();
            let target = ColumnRef { index, ..select.key_column() };
            select.parts = vec![Part::Key(select.model), Part::Value(Expr::Column(target))];
            for row in db.fetch(sql::select(db, &select)?).await? {
                let from = place.get(&KeyValue::from(key.read(&row, 0)?));
                let to = place.get(&KeyValue::from(target.read(&row, key.width())?));
                if let (Some(from), Some(to)) = (from, to) {
                    self.add(*from, *to);
                }
            }
        }
        Ok(())
    }

    /// A row that refers to itself goes in one.
    fn add(&mut self, from: usize, to: usize) {
        if from != to {
            self.targets[from].push(to);
            self.referrers[to] += 1;
        }
    }

    /// Layer by layer, those to which nobody refers any more.
    fn layers(mut self) -> Vec<Vec<usize>> {
        let mut layers = Vec::new();
        let mut free: Vec<usize> = (0..self.referrers.len()).filter(|at| self.referrers[*at] == 0).collect();
        let mut gone = vec![false; self.referrers.len()];
        while !free.is_empty() {
            let mut next = Vec::new();
            for from in &free {
                gone[*from] = true;
                for to in std::mem::take(&mut self.targets[*from]) {
                    self.referrers[to] -= 1;
                    if self.referrers[to] == 0 {
                        next.push(to);
                    }
                }
            }
            layers.push(std::mem::replace(&mut free, next));
        }
        let ring: Vec<usize> = (0..gone.len()).filter(|at| !gone[*at]).collect();
        if !ring.is_empty() {
            layers.push(ring);
        }
        layers
    }
}

#[cfg(test)]
mod tests {
    use super::Graph;

    fn layers(rows: usize, references: &[(usize, usize)]) -> Vec<Vec<usize>> {
        let mut graph = Graph { targets: vec![Vec::new(); rows], referrers: vec![0; rows] };
        for (from, to) in references {
            graph.add(*from, *to);
        }
        graph.layers()
    }

    #[test]
    fn what_nobody_refers_to_comes_first_and_rings_last() {
        assert_eq!(layers(3, &[]), [[0, 1, 2]]);
        assert_eq!(layers(4, &[(1, 0), (2, 1), (3, 1), (3, 3)]), [vec![2, 3], vec![1], vec![0]]);
        assert_eq!(layers(4, &[(0, 1), (1, 0), (2, 0), (0, 3)]), [vec![2], vec![0, 1, 3]]);
        assert_eq!(layers(2, &[(1, 0), (1, 0)]), [vec![1], vec![0]], "by two columns");
        assert_eq!(layers(0, &[]), Vec::<Vec<usize>>::new());
    }

    /// A chain of many rows takes time in proportion.
    #[test]
    fn a_long_chain_is_no_trouble() {
        let chain: Vec<(usize, usize)> = (1..200_000).map(|at| (at, at - 1)).collect();
        assert_eq!(layers(200_000, &chain).len(), 200_000);
    }
}
