//! The joins of a SELECT.

use nuages_schema::ModelSchema;

use super::{Join, Writer};
use crate::error::Result;
use crate::path::HopKind;
use crate::sql::names::{ThroughTable, through};

impl Writer {
    /// Writes a join.
    pub(super) fn join(&mut self, join: &Join, looks_up: bool) -> Result<()> {
        let hop = join.hop;
        let declared = (hop.model)();
        let target = hop.target();
        let word = if join.inner { " JOIN " } else { " LEFT JOIN " };
        match hop.kind {
            HopKind::Forward => {
                let column = declared.fields[hop.index].column;
                self.table(word, target.table.as_str(), join.alias)?;
                // What we have not made may be a view, which has no index to name.
                if looks_up && target.managed {
                    self.push(" FORCE INDEX (PRIMARY)");
                }
                self.on(join.alias, target.key_field().column, join.parent, column)?;
                self.also(join.alias, target, join.also.as_ref())
            }
            HopKind::Reverse | HopKind::ReverseOne => {
                let field = &declared.fields[hop.index];
                let key = field.foreign.map_or(declared, |foreign| (foreign.target)()).key_field().column;
                self.table(word, declared.table.as_str(), join.alias)?;
                self.on(join.alias, field.column, join.parent, key)?;
                self.also(join.alias, declared, join.also.as_ref())
            }
            HopKind::ManyToMany | HopKind::ManyToManyReverse => {
                let table = through(declared, hop.index).directed(hop.kind == HopKind::ManyToManyReverse);
                if join.also.is_some() {
                    return self.narrowed_many(join, &table, target);
                }
                self.table(word, &table.table, join.through)?;
                self.on(join.through, &table.from, join.parent, table.from_key)?;
                if join.whole {
                    self.table(word, target.table.as_str(), join.alias)?;
                    self.on(join.alias, target.key_field().column, join.through, &table.to)?;
                }
                Ok(())
            }
        }
    }

    /// A join table whose rows lead to some of the rows only: those that lead to none of these are left out.
    fn narrowed_many(
        &mut self,
        join: &Join,
        table: &ThroughTable,
        target: &'static ModelSchema,
    ) -> Result<()> {
        self.push(" LEFT JOIN (");
        self.name(&table.table)?;
        self.numbered(" t", join.through);
        self.table(" JOIN ", target.table.as_str(), join.alias)?;
        self.on(join.alias, target.key_field().column, join.through, &table.to)?;
        self.also(join.alias, target, join.also.as_ref())?;
        self.push(")");
        self.on(join.through, &table.from, join.parent, table.from_key)
    }

    fn table(&mut self, word: &str, table: &str, alias: usize) -> Result<()> {
        self.push(word);
        self.name(table)?;
        self.numbered(" t", alias);
        Ok(())
    }

    fn on(&mut self, left: usize, left_column: &str, right: usize, right_column: &str) -> Result<()> {
        self.push(" ON ");
        self.aliased(left, left_column)?;
        self.push(" = ");
        self.aliased(right, right_column)
    }
}
