//! Random rows, in memory and in the database.

use std::collections::BTreeSet;

use nuages::prelude::*;
use nuages::query::{ManyRelation, insert_row};
use nuages::schema::ColumnKind;
use nuages::value::Value;

use crate::generate::{Tape, random_value};
use crate::schema::{Label, MODELS, WAYS, Way, Work, Writer};

/// The rows of all models; the key of a row is its position plus one.
pub(crate) struct Data {
    pub(crate) rows: [Vec<Vec<Value>>; 3],
    /// Works and labels that are joined, by position.
    pub(crate) joined: BTreeSet<(usize, usize)>,
}

impl Data {
    pub(crate) fn random(tape: &mut Tape) -> Self {
        let counts = [1 + tape.below(5), tape.below(7), tape.below(4)];
        let rows = [0, 1, 2].map(|model| {
            (0..counts[model]).map(|at| random_row(tape, model, at, counts[0])).collect::<Vec<_>>()
        });
        let mut joined = BTreeSet::new();
        for work in 0..counts[1] {
            for label in 0..counts[2] {
                if tape.below(5) > 2 {
                    joined.insert((work, label));
                }
            }
        }
        Self { rows, joined }
    }

    /// The rows that a way leads to from one.
    pub(crate) fn follow(&self, way: &Way, row: usize) -> Vec<usize> {
        use nuages::path::HopKind;
        let refers = |from: usize, to: usize| {
            self.rows[way.declared][from][way.index] == Value::Int(i64::try_from(to).unwrap() + 1)
        };
        (0..self.rows[way.to].len())
            .filter(|other| match way.kind {
                HopKind::Forward => refers(row, *other),
                HopKind::Reverse | HopKind::ReverseOne => refers(*other, row),
                HopKind::ManyToMany => self.joined.contains(&(row, *other)),
                HopKind::ManyToManyReverse => self.joined.contains(&(*other, row)),
            })
            .collect()
    }

    /// Puts the rows in place of those that are there.
    pub(crate) async fn write(&self, db: &Db) -> Result<()> {
        db.execute_script(
            "DELETE FROM prop_work_labels; DELETE FROM prop_work; DELETE FROM prop_writer; DELETE FROM prop_label",
        )
        .await?;
        db.atomic(async |db| {
            for (model, entry) in [Writer::entry(), Work::entry(), Label::entry()].into_iter().enumerate() {
                for row in &self.rows[model] {
                    insert_row(&db, entry, row.iter().cloned().enumerate().collect()).await?;
                }
            }
            for (work, label) in &self.joined {
                let key = |at: usize| Value::Int(i64::try_from(at).unwrap() + 1);
                let relation =
                    ManyRelation { model: Work::schema(), index: 0, reverse: false, owner: key(*work) };
                relation.add(&db, vec![key(*label)]).await?;
            }
            Ok(())
        })
        .await
    }
}

fn random_row(tape: &mut Tape, model: usize, at: usize, writers: usize) -> Vec<Value> {
    let fields = MODELS[model]().fields;
    let value = |(index, field): (usize, &nuages::schema::FieldSchema)| {
        if index == 0 {
            return Value::Int(i64::try_from(at).unwrap() + 1);
        }
        if field.nullable && tape.below(3) == 0 {
            return Value::Null((field.kind)());
        }
        if field.foreign.is_some() {
            return Value::Int(1 + i64::try_from(tape.below(writers)).unwrap());
        }
        random_value(tape, (field.kind)())
    };
    fields.iter().enumerate().map(value).collect()
}

impl std::fmt::Display for Data {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (model, rows) in self.rows.iter().enumerate() {
            for row in rows {
                write!(f, "{}", MODELS[model]().name)?;
                for (field, value) in MODELS[model]().fields.iter().zip(row) {
                    match value {
                        Value::Null(_) => write!(f, " {}=NULL", field.name)?,
                        value => write!(f, " {}={value:?}", field.name)?,
                    }
                }
                writeln!(f)?;
            }
        }
        writeln!(f, "joined: {:?}; ways: {}", self.joined, WAYS.len())
    }
}

/// Whether values of a kind are compared by size here: the order of texts is the database's own.
pub(crate) fn has_order(kind: ColumnKind) -> bool {
    matches!(kind, ColumnKind::BigInt | ColumnKind::Decimal | ColumnKind::Date)
}
