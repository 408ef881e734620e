//! PostgreSQL on large tables: what would hold writes up while it reads the table is done beside them.
//!
//! Indexes are built concurrently, and constraints are added without looking at the rows and looked at
//! afterwards. None of it fits into one transaction, so a journal says how far a migration came.

use nuages::Result;

use super::postgres::plain;
use super::{Editor, Step};
use crate::change::{Fill, Part};
use crate::table::{Column, Unique};

impl Editor {
    /// The steps of a part beside running writes; none where the plain way holds nobody up.
    pub(super) fn pg_online(&self, table: &str, part: &Part) -> Result<Option<Vec<Step>>> {
        let quoted = self.q(table)?;
        let alter = |what: String| plain(format!("ALTER TABLE {quoted} {what}"));
        let validate = |name: &str| -> Result<Step> {
            let sql = format!("ALTER TABLE {quoted} VALIDATE CONSTRAINT {}", self.q(name)?);
            Ok(Step::Apart { sql, table: table.to_owned() })
        };
        Ok(Some(match part {
            Part::AddIndex(index) => {
                let sql =
                    self.create_index(table, index)?.replacen("CREATE INDEX", "CREATE INDEX CONCURRENTLY", 1);
                vec![concurrently(table, &index.name, sql, true)]
            }
            Part::DropIndex(index) => {
                let sql = format!("DROP INDEX CONCURRENTLY {}", self.q(&index.name)?);
                vec![concurrently(table, &index.name, sql, false)]
            }
            Part::AddColumn(column, Some(fill)) if !fill.constant && is_plain(column) => {
                self.pg_online_column(table, column, fill)?
            }
            Part::AddUnique(unique) if unique.is_index() => {
                let sql = self.unique_index(table, unique)?;
                let sql = sql.replacen("CREATE UNIQUE INDEX", "CREATE UNIQUE INDEX CONCURRENTLY", 1);
                vec![concurrently(table, &unique.name, sql, true)]
            }
            Part::AddUnique(unique) if takes_over(unique) => self.pg_online_unique(table, unique)?,
            Part::AddCheck(check) => {
                let (name, condition) = (self.q(&check.name)?, self.condition(&check.sql));
                let add = alter(format!("ADD CONSTRAINT {name} CHECK ({condition}) NOT VALID"));
                vec![add, validate(&check.name)?]
            }
            Part::AddForeignKey(key) => {
                let add = alter(format!("ADD {} NOT VALID", self.foreign_key(key)?));
                vec![add, validate(&key.name)?]
            }
            Part::AlterColumn(old, new, fill) if is_only_not_null(old, new) => {
                self.pg_online_not_null(table, new, fill.as_ref())?
            }
            _ => return Ok(None),
        }))
    }

    /// The column first, empty, so that nobody waits while the rows that are there get their values.
    fn pg_online_column(&self, table: &str, column: &Column, fill: &Fill) -> Result<Vec<Step>> {
        let (quoted, name) = (self.q(table)?, self.q(&column.name)?);
        let empty = self.pg_column(&Column { nullable: true, ..column.clone() }, false)?;
        let mut steps = vec![plain(format!("ALTER TABLE {quoted} ADD COLUMN {empty}"))];
        match column.nullable {
            true => {
                let sql = format!("UPDATE {quoted} SET {name} = {} WHERE {name} IS NULL", fill.sql);
                steps.push(Step::Apart { sql, table: table.to_owned() });
            }
            false => steps.extend(self.pg_online_not_null(table, column, Some(fill))?),
        }
        Ok(steps)
    }

    /// A unique index first, then the constraint that takes it over at once.
    fn pg_online_unique(&self, table: &str, unique: &Unique) -> Result<Vec<Step>> {
        let (name, quoted, columns) = (self.q(&unique.name)?, self.q(table)?, self.unique_columns(unique)?);
        let sql = format!("CREATE UNIQUE INDEX CONCURRENTLY {name} ON {quoted} ({columns})");
        let add = plain(format!("ALTER TABLE {quoted} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}"));
        Ok(vec![concurrently(table, &unique.name, sql, true), add])
    }

    /// A check that was looked at lets SET NOT NULL believe it without reading the table again.
    fn pg_online_not_null(&self, table: &str, column: &Column, fill: Option<&Fill>) -> Result<Vec<Step>> {
        let (quoted, name) = (self.q(table)?, self.q(&column.name)?);
        let check = self.q(&nuages_schema::constraint_name(table, &[&column.name], "nn"))?;
        let alter = |what: String| plain(format!("ALTER TABLE {quoted} {what}"));
        let update = fill.map(|fill| {
            Step::Rows(format!("UPDATE {quoted} SET {name} = {} WHERE {name} IS NULL", fill.sql))
        });
        let mut steps = vec![alter(format!("ADD CONSTRAINT {check} CHECK ({name} IS NOT NULL) NOT VALID"))];
        // From here on no new row is without a value; those that were there get theirs now.
        steps
            .extend(update.map(|update| Step::Apart { sql: update.sql().concat(), table: table.to_owned() }));
        steps.push(Step::Apart {
            sql: format!("ALTER TABLE {quoted} VALIDATE CONSTRAINT {check}"),
            table: table.to_owned(),
        });
        steps.push(alter(format!("ALTER COLUMN {name} SET NOT NULL")));
        steps.push(alter(format!("DROP CONSTRAINT {check}")));
        Ok(steps)
    }
}

fn concurrently(table: &str, index: &str, sql: String, there: bool) -> Step {
    Step::Concurrently { sql, table: table.to_owned(), index: index.to_owned(), there }
}

/// Whether nothing but the values of rows fills the column.
fn is_plain(column: &Column) -> bool {
    column.default.is_none() && column.generated.is_none()
}

/// Whether NULL stops being allowed and nothing else changes.
fn is_only_not_null(old: &Column, new: &Column) -> bool {
    old.nullable && *new == Column { nullable: false, ..old.clone() }
}

/// Whether the constraint is one that can take over an index that was built before it.
fn takes_over(unique: &Unique) -> bool {
    !unique.nulls_equal && unique.deferrable.is_none() && unique.include.is_empty()
}
