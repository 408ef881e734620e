//! Constraints asked about before a row is written: checks with the values in the place of columns, and unique
//! constraints over some of the rows.

use nuages_schema::{Backend, ColumnKind, ModelSchema, quoted_names};

use super::Writer;
use crate::backend::{Db, Statement, quote_identifier};
use crate::error::Result;
use crate::value::Value;

/// Finds a row if a condition does not hold for these values of the fields it names. As in a CHECK, what is unknown
/// because of a NULL holds.
pub(crate) fn breaks(
    db: &Db,
    schema: &ModelSchema,
    condition: &str,
    values: impl Iterator<Item = (usize, Value)>,
) -> Result<Statement> {
    let mut writer = Writer::new(db);
    writer.push("SELECT 1 FROM ");
    writer.values_as_row(schema, values)?;
    writer.push(" WHERE NOT (");
    writer.condition_text(condition);
    writer.push(")");
    Ok(writer.finish())
}

/// What a unique constraint is about, beside fields.
#[derive(Clone, Copy)]
pub(crate) struct UniqueRows {
    /// The rows that count.
    pub(crate) condition: Option<&'static str>,
    /// What is computed and has to differ.
    pub(crate) computed: &'static [&'static str],
}

/// Finds another row that counts for a unique constraint and has the same values; of the fields that `beside` names,
/// which only something computed is about, the same in that.
pub(crate) fn taken(
    db: &Db,
    schema: &ModelSchema,
    rows: UniqueRows,
    values: Vec<(usize, Value)>,
    beside: Vec<(usize, Value)>,
    key: Option<&Value>,
) -> Result<Statement> {
    let mut writer = Writer::new(db);
    writer.push("SELECT 1 FROM ");
    writer.name(schema.table.as_str())?;
    writer.push(" WHERE ");
    writer.push("(");
    writer.condition_text(rows.condition.unwrap_or("1 = 1"));
    writer.push(")");
    for sql in rows.computed {
        // Names inside are those of the values, which stand nearer than the table.
        writer.push(" AND (");
        writer.condition_text(sql);
        writer.push(") = (SELECT ");
        writer.condition_text(sql);
        writer.push(" FROM ");
        writer.values_as_row(schema, values.iter().chain(&beside).cloned())?;
        writer.push(")");
    }
    for (index, value) in values {
        writer.push(" AND ");
        writer.name(schema.fields[index].column)?;
        if value.is_null() {
            writer.push(" IS NULL");
        } else {
            writer.push(" = ");
            writer.value(value);
        }
    }
    if let Some(key) = key {
        writer.push(" AND ");
        writer.key_names(schema)?;
        writer.push(" <> ");
        writer.value(key.clone());
    }
    writer.push(" LIMIT 1");
    Ok(writer.finish())
}

impl Writer {
    /// `(SELECT 1 AS one, ? AS "price") t0`
    fn values_as_row(
        &mut self,
        schema: &ModelSchema,
        values: impl Iterator<Item = (usize, Value)>,
    ) -> Result<()> {
        self.push("(SELECT 1 AS one");
        for (index, value) in values {
            self.push(", ");
            self.typed_value(value);
            self.push(" AS ");
            self.name(schema.fields[index].column)?;
        }
        self.push(") t0");
        Ok(())
    }

    /// A condition that names its columns in double quotes.
    fn condition_text(&mut self, sql: &str) {
        let backend = self.backend;
        let quote = |name: &str| quote_identifier(backend, name).unwrap_or_else(|_| format!("\"{name}\""));
        self.push(&quoted_names(sql, quote));
    }

    /// A value that compares as the column would from which it is.
    fn typed_value(&mut self, value: Value) {
        if self.backend != Backend::Mysql {
            return self.value(value);
        }
        let bytes = if self.mariadb { "utf8mb4_nopad_bin" } else { "utf8mb4_0900_bin" };
        let (before, after) = match value.kind() {
            ColumnKind::Text => ("CONVERT(", format!(" USING utf8mb4) COLLATE {bytes}")),
            ColumnKind::Decimal => ("CAST(", " AS DECIMAL(56, 28))".to_owned()),
            _ => ("", String::new()),
        };
        self.push(before);
        self.value(value);
        self.push(&after);
    }
}
