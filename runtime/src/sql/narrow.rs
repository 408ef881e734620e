//! Relations of a query that lead to some of their rows only.

use nuages_schema::ModelSchema;

use super::Writer;
use super::select::write_one;
use super::walk::{Node, any_column, condition_has_plain_aggregate, has_window};
use crate::error::Result;
use crate::expr::Condition;
use crate::path::Hop;
use crate::query::Select;

impl Writer {
    /// Writes what the rows at the end of a relation must fulfil beside belonging to the row before, if anything.
    pub(super) fn also(
        &mut self,
        alias: usize,
        model: &'static ModelSchema,
        condition: Option<&Condition>,
    ) -> Result<()> {
        let Some(condition) = condition else { return Ok(()) };
        self.push(" AND ");
        if is_of_one_row(condition) {
            self.open_joined(model, alias);
            let written = self.condition(condition);
            self.close_joined();
            return written;
        }
        // What leads to other tables is asked in a query of its own, which has the room to join them.
        let mut select = Select::of(model).only_key();
        select.order = Some(Vec::new());
        select.filters.push(condition.clone());
        self.aliased(alias, model.key_field().column)?;
        self.push(" IN (");
        write_one(self, &select)?;
        self.push(")");
        Ok(())
    }

    /// The same for the rows of the innermost SELECT, at which a hop has led.
    pub(super) fn also_here(&mut self, hop: &'static Hop) -> Result<()> {
        let Some((model, alias)) = self.here() else { return Ok(()) };
        let condition = self.narrowing_here(hop).cloned();
        self.also(alias, model, condition.as_ref())
    }
}

/// Whether a condition asks for columns of the row itself and for nothing that a join would bring.
fn is_of_one_row(condition: &Condition) -> bool {
    let leads_away = any_column(Node::Condition(condition), &|column| column.hops.is_some());
    !leads_away && !condition_has_plain_aggregate(condition) && !has_window(condition)
}
