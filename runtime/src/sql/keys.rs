//! Composite keys as SQL: several columns where others have one.

use nuages_schema::{Backend, ColumnKind, ModelSchema};

use super::Writer;
use super::list::{LONG_LIST, has_collation, json_value, listed_type};
use crate::error::Result;
use crate::field::ColumnRef;
use crate::value::{Json, Value, has_nul};

impl Writer {
    /// Writes `(a, b)`.
    pub(super) fn row_of<T>(
        &mut self,
        parts: impl Iterator<Item = T>,
        mut write: impl FnMut(&mut Self, T) -> Result<()>,
    ) -> Result<()> {
        self.push("(");
        for (at, part) in parts.enumerate() {
            self.push(if at > 0 { ", " } else { "" });
            write(self, part)?;
        }
        self.push(")");
        Ok(())
    }

    /// Writes `(?, ?)`.
    pub(super) fn value_row(&mut self, parts: Vec<Value>) {
        self.push("(");
        for (at, part) in parts.into_iter().enumerate() {
            self.push(if at > 0 { ", " } else { "" });
            self.value(part);
        }
        self.push(")");
    }

    /// Writes the key by its names: `id`, or `(a, b)`.
    pub(super) fn key_names(&mut self, schema: &ModelSchema) -> Result<()> {
        match schema.key_columns() {
            [index] => self.name(schema.fields[*index].column),
            parts => self.row_of(parts.iter(), |w, index| w.name(schema.fields[*index].column)),
        }
    }

    /// Writes `id = ?`, or `a = ? AND b = ?`.
    pub(super) fn key_is(&mut self, schema: &ModelSchema, key: &Value) -> Result<()> {
        for (at, (index, part)) in schema.key_columns().iter().zip(key.parts()).enumerate() {
            self.push(if at > 0 { " AND " } else { "" });
            self.name(schema.fields[*index].column)?;
            self.push(" = ");
            self.value(part.clone());
        }
        Ok(())
    }

    /// Writes that a composite key is one of a list of any length.
    pub(super) fn key_is_in(&mut self, column: ColumnRef, values: &[Value]) -> Result<()> {
        let postgres = self.backend == Backend::Postgres;
        let possible =
            |value: &&Value| !(value.parts().iter().any(Value::is_null) || postgres && has_nul(value));
        let keys: Vec<&[Value]> = values.iter().filter(possible).map(Value::parts).collect();
        if keys.is_empty() {
            self.push("1 = 0");
            return Ok(());
        }
        if self.backend == Backend::Mysql && keys.len() <= LONG_LIST {
            return self.key_is_any(column, &keys);
        }
        self.column(column)?;
        if let [key] = keys.as_slice() {
            self.push(" = ");
            self.value_row(key.to_vec());
            return Ok(());
        }
        let kinds: Vec<ColumnKind> = column.parts().map(|part| (part.field().kind)()).collect();
        self.push(" IN (");
        match self.backend {
            Backend::Postgres => self.unnested(&kinds, &keys),
            _ => self.listed(&kinds, &keys),
        }
        self.push(")");
        Ok(())
    }

    /// Writes `((a = ? AND b = ?) OR …)`, for which MySQL and MariaDB look into the index.
    fn key_is_any(&mut self, column: ColumnRef, keys: &[&[Value]]) -> Result<()> {
        self.push("(");
        for (at, key) in keys.iter().enumerate() {
            self.push(if at > 0 { " OR (" } else { "(" });
            for (place, (part, value)) in column.parts().zip(*key).enumerate() {
                self.push(if place > 0 { " AND " } else { "" });
                self.column(part)?;
                self.push(" = ");
                self.value(value.clone());
            }
            self.push(")");
        }
        self.push(")");
        Ok(())
    }

    /// Writes one list for each part, which PostgreSQL puts side by side.
    fn unnested(&mut self, kinds: &[ColumnKind], keys: &[&[Value]]) {
        self.push("SELECT * FROM UNNEST(");
        for (at, kind) in kinds.iter().enumerate() {
            self.push(if at > 0 { ", " } else { "" });
            let parts = keys.iter().filter_map(|key| key.get(at)).cloned().collect();
            self.value(Value::Array(*kind, parts));
        }
        self.push(")");
    }

    /// Writes the keys one by one, or a long list as one JSON text, where its parts have a form there.
    fn listed(&mut self, kinds: &[ColumnKind], keys: &[&[Value]]) {
        // Texts out of JSON have the collation of the database, and not that of their column.
        let mysql = self.backend == Backend::Mysql;
        let texts = mysql && keys.iter().any(|key| key.iter().any(has_collation));
        let json = if keys.len() > LONG_LIST && !texts { json_keys(keys) } else { None };
        match json {
            Some(json) if mysql => self.json_table(kinds, json),
            Some(json) => self.json_each(kinds, json),
            None => {
                self.push(if mysql { "" } else { "VALUES " });
                for (at, key) in keys.iter().enumerate() {
                    self.push(if at > 0 { ", " } else { "" });
                    self.value_row(key.to_vec());
                }
            }
        }
    }

    fn json_each(&mut self, kinds: &[ColumnKind], json: Value) {
        for (at, kind) in kinds.iter().enumerate() {
            let part = format!("json_extract(value, '$[{at}]')");
            self.push(if at > 0 { ", " } else { "SELECT " });
            self.push(&match kind {
                ColumnKind::Decimal => format!("CAST({part} AS NUMERIC)"),
                ColumnKind::Binary => format!("UNHEX({part})"),
                _ => part,
            });
        }
        self.push(" FROM json_each(");
        self.value(json);
        self.push(")");
    }

    fn json_table(&mut self, kinds: &[ColumnKind], json: Value) {
        self.push("SELECT * FROM JSON_TABLE(");
        self.value(json);
        self.push(", '$[*]' COLUMNS (");
        for (at, kind) in kinds.iter().enumerate() {
            self.push(if at > 0 { ", " } else { "" });
            self.push(&format!("v{at} {} PATH '$[{at}]'", listed_type(*kind)));
        }
        self.push(")) AS listed");
    }
}

/// The keys as one JSON text; none where a value has no form there.
fn json_keys(keys: &[&[Value]]) -> Option<Value> {
    let key = |parts: &&[Value]| parts.iter().map(json_value).collect::<Option<Vec<Json>>>().map(Json::Array);
    let list: Option<Vec<Json>> = keys.iter().map(key).collect();
    Some(Value::Text(Json::Array(list?).to_string()))
}
