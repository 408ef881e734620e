//! SQLite: what it can alter is altered, for the rest the table is made anew.

use nuages::Result;

use super::{Editor, Rebuild, Step, body};
use crate::change::{Alteration, Change, Part};
use crate::table::{Column, Table, Unique};

impl Editor {
    pub(super) fn sqlite(&self, changes: &[Change]) -> Result<Vec<Step>> {
        let mut steps = Vec::new();
        for change in changes {
            match change {
                Change::Create(table) => {
                    steps.push(plain(self.lite_create(table, &table.name)?));
                    steps.extend(self.lite_indexes(table)?.into_iter().map(plain));
                }
                Change::Drop(table) => steps.push(plain(format!("DROP TABLE {}", self.q(&table.name)?))),
                Change::RenameTable { from, to } => steps.extend(self.lite_rename(from, to)?),
                Change::RenameColumn { table, from, to } => {
                    let (table, from, to) = (self.q(table)?, self.q(from)?, self.q(to)?);
                    steps.push(plain(format!("ALTER TABLE {table} RENAME COLUMN {from} TO {to}")));
                }
                Change::Alter(alteration) => steps.extend(self.lite_alter(alteration)?),
            }
        }
        Ok(steps)
    }

    /// SQLite does not tell `Book` from `book`, so such a rename goes by way of a third name.
    fn lite_rename(&self, from: &str, to: &str) -> Result<Vec<Step>> {
        let rename = |from: &str, to: &str| -> Result<Step> {
            Ok(plain(format!("ALTER TABLE {} RENAME TO {}", self.q(from)?, self.q(to)?)))
        };
        if !from.eq_ignore_ascii_case(to) {
            return Ok(vec![rename(from, to)?]);
        }
        let between = format!("{to}__");
        Ok(vec![rename(from, &between)?, rename(&between, to)?])
    }

    pub(super) fn lite_create(&self, table: &Table, name: &str) -> Result<String> {
        let lines = self.create_lines(table, |column| self.lite_column(column, table.is_key(column)))?;
        Ok(format!("CREATE TABLE {} {}", self.q(name)?, body(&lines)))
    }

    fn lite_column(&self, column: &Column, key: bool) -> Result<String> {
        let null = if column.nullable { "" } else { " NOT NULL" };
        let key = match (key, column.auto) {
            (true, true) => " PRIMARY KEY AUTOINCREMENT",
            (true, false) => " PRIMARY KEY",
            (false, _) => "",
        };
        let made = self.made(column);
        Ok(format!("{} {}{made}{null}{key}", self.q(&column.name)?, self.type_of(column)?))
    }

    /// Unique constraints are indexes here: they keep their names and need no rebuild.
    pub(super) fn lite_indexes(&self, table: &Table) -> Result<Vec<String>> {
        let uniques = table.uniques.iter().map(|unique| self.lite_unique(&table.name, unique));
        uniques.chain(table.indexes.iter().map(|index| self.create_index(&table.name, index))).collect()
    }

    fn lite_unique(&self, table: &str, unique: &Unique) -> Result<String> {
        self.unique_index(table, unique)
    }

    fn lite_alter(&self, alteration: &Alteration) -> Result<Vec<Step>> {
        if !alteration.parts.iter().all(|part| is_simple(alteration, part)) {
            return Ok(vec![Step::Rebuild(Box::new(Rebuild::new(self, alteration)?))]);
        }
        let mut steps = Vec::new();
        for part in &alteration.parts {
            steps.extend(self.lite_part(alteration, part)?);
        }
        Ok(steps)
    }

    fn lite_part(&self, alteration: &Alteration, part: &Part) -> Result<Vec<Step>> {
        let table = &alteration.after.name;
        let drop = |name: &str| -> Result<Step> { Ok(plain(format!("DROP INDEX {}", self.q(name)?))) };
        Ok(match part {
            Part::AddUnique(unique) => vec![plain(self.lite_unique(table, unique)?)],
            Part::AddIndex(index) => vec![plain(self.create_index(table, index)?)],
            Part::DropUnique(unique) => vec![drop(&unique.name)?],
            Part::DropIndex(index) => vec![drop(&index.name)?],
            Part::RenameUnique(old, new) => vec![drop(&old.name)?, plain(self.lite_unique(table, new)?)],
            Part::RenameIndex(old, new) => vec![drop(&old.name)?, plain(self.create_index(table, new)?)],
            Part::AddColumn(column, _) => {
                vec![plain(format!(
                    "ALTER TABLE {} ADD COLUMN {}",
                    self.q(table)?,
                    self.lite_column(column, false)?
                ))]
            }
            // Only what is simple comes here.
            _ => Vec::new(),
        })
    }
}

/// Whether SQLite does it without making the table anew.
fn is_simple(alteration: &Alteration, part: &Part) -> bool {
    match part {
        // A unique constraint that was written into CREATE TABLE has an index that cannot be dropped.
        Part::DropUnique(old) | Part::RenameUnique(old, _) => !old.name.starts_with("sqlite_autoindex_"),
        Part::AddUnique(_) | Part::AddIndex(_) | Part::DropIndex(_) | Part::RenameIndex(..) => true,
        Part::AddColumn(column, fill) => {
            let key = alteration.after.foreign_keys.iter().any(|key| key.column == column.name);
            // SQLite adds no default that it must compute, and no column that it must keep.
            column.nullable
                && fill.is_none()
                && !key
                && column.default.is_none()
                && column.generated.is_none()
        }
        _ => false,
    }
}

fn plain(sql: impl Into<String>) -> Step {
    Step::Schema { sql: sql.into(), shows: None }
}
