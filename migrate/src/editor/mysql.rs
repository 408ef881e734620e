//! MySQL and MariaDB: each statement commits by itself, so each is one change that the catalogue shows.

use nuages::Result;

use super::{Editor, Shows, Step, body, cast};
use crate::change::{Alteration, Change, Fill, Part};
use crate::table::{Column, ForeignKey, Table, Unique};

impl Editor {
    pub(super) fn mysql(&self, changes: &[Change]) -> Result<Vec<Step>> {
        let mut ranked: Vec<(u8, Step)> = Vec::new();
        for change in changes {
            match change {
                Change::Create(table) => ranked.push((0, self.my_create(table)?)),
                Change::Drop(table) => {
                    let sql = format!("DROP TABLE {}", self.q(&table.name)?);
                    ranked.push((0, Step::schema(sql, Shows::Table(table.name.clone(), false))));
                }
                Change::RenameTable { from, to } => {
                    let sql = format!("RENAME TABLE {} TO {}", self.q(from)?, self.q(to)?);
                    ranked.push((0, Step::schema(sql, Shows::Table(to.clone(), true))));
                }
                Change::RenameColumn { table, from, to } => {
                    let (quoted, old, new) = (self.q(table)?, self.q(from)?, self.q(to)?);
                    let sql = format!("ALTER TABLE {quoted} RENAME COLUMN {old} TO {new}");
                    ranked.push((0, Step::schema(sql, Shows::Column(table.clone(), to.clone(), true))));
                }
                Change::Alter(alteration) => {
                    for part in &alteration.parts {
                        ranked.extend(
                            self.my_part(alteration, part)?.into_iter().map(|(rank, step)| (rank + 1, step)),
                        );
                    }
                }
            }
        }
        ranked.sort_by_key(|(rank, _)| *rank);
        Ok(ranked.into_iter().map(|(_, step)| step).collect())
    }

    /// Text compares by its bytes, as on the other databases; MySQL and MariaDB name that differently.
    fn my_create(&self, table: &Table) -> Result<Step> {
        let mut lines = self.create_lines(table, |column| self.my_column(column))?;
        // Before the foreign keys, so that MySQL does not make indexes of its own for them.
        let at = table.columns.len();
        let indexes = table
            .indexes
            .iter()
            .map(|index| Ok(format!("INDEX {} ({})", self.q(&index.name)?, self.index_columns(index)?)));
        let uniques = table.uniques.iter().map(|unique| self.my_unique(unique));
        let inner: Vec<String> = uniques.chain(indexes).collect::<Result<_>>()?;
        lines.splice(at..at, inner);
        if table.key.len() == 1 {
            lines.insert(at, self.primary_key(table)?);
        }
        let collation = if self.mariadb { "utf8mb4_nopad_bin" } else { "utf8mb4_0900_bin" };
        let sql = format!(
            "CREATE TABLE {} {} ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE {collation}",
            self.q(&table.name)?,
            body(&lines)
        );
        Ok(Step::schema(sql, Shows::Table(table.name.clone(), true)))
    }

    fn my_unique(&self, unique: &Unique) -> Result<String> {
        let (name, terms) = (self.q(&unique.name)?, self.unique_columns(unique)?);
        Ok(match unique.columns() {
            Some(_) => format!("CONSTRAINT {name} UNIQUE ({terms})"),
            // What is over an expression is an index and no constraint.
            None => format!("UNIQUE INDEX {name} ({terms})"),
        })
    }

    fn my_column(&self, column: &Column) -> Result<String> {
        let auto = if column.auto { " AUTO_INCREMENT" } else { "" };
        let null = if column.nullable { " NULL" } else { " NOT NULL" };
        let made = self.made(column);
        // MariaDB takes no word about NULL behind a generated column.
        let null = if column.generated.is_some() { "" } else { null };
        Ok(format!("{} {}{made}{null}{auto}", self.q(&column.name)?, self.type_of(column)?))
    }

    /// The steps of a part with their ranks: what MySQL cannot rename goes and comes back.
    fn my_part(&self, alteration: &Alteration, part: &Part) -> Result<Vec<(u8, Step)>> {
        let (table, rank) = (&alteration.after.name, part.rank());
        let alter = |what: String, shows: Shows| -> Result<Vec<(u8, Step)>> {
            Ok(vec![(rank, Step::schema(format!("ALTER TABLE {} {what}", self.q(table)?), shows))])
        };
        let index = |name: &str, there| Shows::Index(table.clone(), name.to_owned(), there);
        let constraint = |name: &str, there| Shows::Constraint(table.clone(), name.to_owned(), there);
        match part {
            Part::DropForeignKey(key) => {
                alter(format!("DROP FOREIGN KEY {}", self.q(&key.name)?), constraint(&key.name, false))
            }
            Part::DropCheck(check) => {
                alter(format!("DROP CONSTRAINT {}", self.q(&check.name)?), constraint(&check.name, false))
            }
            Part::DropUnique(unique) => {
                alter(format!("DROP INDEX {}", self.q(&unique.name)?), index(&unique.name, false))
            }
            Part::DropIndex(one) => {
                alter(format!("DROP INDEX {}", self.q(&one.name)?), index(&one.name, false))
            }
            Part::DropColumn(column) => {
                let shows = Shows::Column(table.clone(), column.name.clone(), false);
                alter(format!("DROP COLUMN {}", self.q(&column.name)?), shows)
            }
            Part::RenameForeignKey(old, new) => self.my_replace_key(alteration, old, new),
            Part::RenameCheck(old, new) => {
                let mut steps = self.my_part(alteration, &Part::DropCheck(old.clone()))?;
                steps.extend(self.my_part(alteration, &Part::AddCheck(new.clone()))?);
                Ok(steps)
            }
            Part::RenameUnique(old, new) => alter(
                format!("RENAME INDEX {} TO {}", self.q(&old.name)?, self.q(&new.name)?),
                index(&new.name, true),
            ),
            Part::RenameIndex(old, new) => alter(
                format!("RENAME INDEX {} TO {}", self.q(&old.name)?, self.q(&new.name)?),
                index(&new.name, true),
            ),
            Part::AddUnique(unique) => {
                alter(format!("ADD {}", self.my_unique(unique)?), index(&unique.name, true))
            }
            Part::AddIndex(one) => {
                let (name, columns) = (self.q(&one.name)?, self.index_columns(one)?);
                alter(format!("ADD INDEX {name} ({columns})"), index(&one.name, true))
            }
            Part::AddCheck(check) => {
                let condition = self.condition(&check.sql);
                let what = format!("ADD CONSTRAINT {} CHECK ({condition})", self.q(&check.name)?);
                alter(what, constraint(&check.name, true))
            }
            Part::AddForeignKey(key) => {
                alter(format!("ADD {}", self.foreign_key(key)?), constraint(&key.name, true))
            }
            Part::AddColumn(column, fill) => ranked(rank, self.my_add_column(table, column, fill.as_ref())?),
            Part::AlterColumn(old, new, fill) => {
                ranked(rank, self.my_alter_column(table, old, new, fill.as_ref())?)
            }
        }
    }

    fn my_replace_key(
        &self,
        alteration: &Alteration,
        old: &ForeignKey,
        new: &ForeignKey,
    ) -> Result<Vec<(u8, Step)>> {
        let mut steps = self.my_part(alteration, &Part::DropForeignKey(old.clone()))?;
        steps.extend(self.my_part(alteration, &Part::AddForeignKey(new.clone()))?);
        Ok(steps)
    }

    /// MySQL would put its own zero into rows that are there, so a column without a value needs an empty table.
    fn my_add_column(&self, table: &str, column: &Column, fill: Option<&Fill>) -> Result<Vec<Step>> {
        let (quoted, name) = (self.q(table)?, self.q(&column.name)?);
        let add = |shape: &Column| -> Result<Step> {
            let sql = format!("ALTER TABLE {quoted} ADD COLUMN {}", self.my_column(shape)?);
            Ok(Step::schema(sql, Shows::Column(table.to_owned(), column.name.clone(), true)))
        };
        let Some(fill) = fill else {
            let empty = Step::Empty { table: table.to_owned(), column: column.name.clone() };
            let filled = column.nullable || column.default.is_some() || column.generated.is_some();
            let guard = if filled { None } else { Some(empty) };
            return Ok(guard.into_iter().chain([add(column)?]).collect());
        };
        let mut steps = vec![add(&Column { nullable: true, ..column.clone() })?];
        steps.push(Step::Rows(format!("UPDATE {quoted} SET {name} = {}", fill.sql)));
        if !column.nullable {
            steps.push(self.my_modify(table, column)?);
        }
        Ok(steps)
    }

    fn my_alter_column(
        &self,
        table: &str,
        old: &Column,
        new: &Column,
        fill: Option<&Fill>,
    ) -> Result<Vec<Step>> {
        let (quoted, name) = (self.q(table)?, self.q(&new.name)?);
        if old.generated != new.generated {
            // No database changes what a column is computed from.
            let shows = Shows::Column(table.to_owned(), old.name.clone(), false);
            let gone = Step::schema(format!("ALTER TABLE {quoted} DROP COLUMN {name}"), shows);
            return Ok([vec![gone], self.my_add_column(table, new, fill)?].concat());
        }
        let set = |value: String| Step::Rows(format!("UPDATE {quoted} SET {name} = {value}"));
        let (before, after) = match old.sql_type == new.sql_type {
            true => (None, None),
            false => (cast::mysql_before(&name, old, new), cast::mysql_after(&name, old, new)),
        };
        let fill = fill.map(|fill| {
            Step::Rows(format!("UPDATE {quoted} SET {name} = {} WHERE {name} IS NULL", fill.sql))
        });
        let steps = before.map(&set).into_iter().chain(fill).chain([self.my_modify(table, new)?]);
        Ok(steps.chain(after.map(set)).collect())
    }

    fn my_modify(&self, table: &str, column: &Column) -> Result<Step> {
        let sql = format!("ALTER TABLE {} MODIFY COLUMN {}", self.q(table)?, self.my_column(column)?);
        Ok(Step::schema(sql, Shows::Shape(table.to_owned(), column.clone())))
    }
}

fn ranked(rank: u8, steps: Vec<Step>) -> Result<Vec<(u8, Step)>> {
    Ok(steps.into_iter().map(|step| (rank, step)).collect())
}
