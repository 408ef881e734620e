//! Paths into JSON documents.

use nuages_schema::{Backend, ColumnKind};

use super::Writer;
use super::kind::kind_of;
use crate::error::{Error, ErrorKind, Result};
use crate::expr::{Expr, Function, JsonStep, JsonTest};
use crate::value::Value;

impl Writer {
    /// Writes what stands at a path: the document, or a value of a kind.
    pub(super) fn json_path(
        &mut self,
        document: &Expr,
        steps: &[JsonStep],
        kind: Option<ColumnKind>,
    ) -> Result<()> {
        let Some(kind) = kind else { return self.json_at(document, steps) };
        self.push("CASE WHEN ");
        self.json_type(document, steps)?;
        self.push(match (self.backend, kind) {
            (Backend::Sqlite, ColumnKind::Text) => " = 'text'",
            (Backend::Sqlite, ColumnKind::Bool) => " IN ('true', 'false')",
            (Backend::Sqlite, _) => " IN ('integer', 'real')",
            (Backend::Postgres, ColumnKind::Text) => " = 'string'",
            (Backend::Postgres, ColumnKind::Bool) => " = 'boolean'",
            (Backend::Postgres, _) => " = 'number'",
            (Backend::Mysql, ColumnKind::Text) => " = 'STRING'",
            (Backend::Mysql, ColumnKind::Bool) => " = 'BOOLEAN'",
            (Backend::Mysql, _) => " IN ('INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL')",
        });
        self.push(" THEN ");
        self.json_scalar(document, steps, kind)?;
        self.push(" END");
        Ok(())
    }

    fn json_scalar(&mut self, document: &Expr, steps: &[JsonStep], kind: ColumnKind) -> Result<()> {
        let (before, after) = match (self.backend, kind) {
            (Backend::Sqlite, ColumnKind::BigInt) => ("CAST(", " AS INTEGER)"),
            (Backend::Sqlite, ColumnKind::Double) => ("CAST(", " AS REAL)"),
            (Backend::Postgres, ColumnKind::BigInt) => ("CAST(TRUNC(CAST(", " AS numeric)) AS bigint)"),
            (Backend::Postgres, ColumnKind::Double) => ("CAST(", " AS double precision)"),
            (Backend::Postgres, ColumnKind::Bool) => ("CAST(", " AS boolean)"),
            (Backend::Mysql, ColumnKind::BigInt) => ("CAST(TRUNCATE(", ", 0) AS SIGNED)"),
            (Backend::Mysql, ColumnKind::Double) => ("CAST(", " AS DOUBLE)"),
            (Backend::Mysql, ColumnKind::Bool) => ("(", " = 'true')"),
            _ => ("", ""),
        };
        self.push(before);
        match self.backend {
            Backend::Sqlite => self.json_extract(document, steps)?,
            Backend::Postgres => {
                self.push("(");
                self.expr(document)?;
                self.push(" #>> ");
                self.steps(steps);
                self.push(")");
            }
            Backend::Mysql => {
                self.push("JSON_UNQUOTE(");
                self.json_extract(document, steps)?;
                self.push(")");
            }
        }
        self.push(after);
        Ok(())
    }

    /// Writes the document at a path.
    fn json_at(&mut self, document: &Expr, steps: &[JsonStep]) -> Result<()> {
        match self.backend {
            Backend::Postgres => {
                self.push("(");
                self.expr(document)?;
                self.push(" #> ");
                self.steps(steps);
                self.push(")");
                Ok(())
            }
            Backend::Sqlite => {
                // `->` gives JSON where json_extract gives SQL's own values.
                self.push("(");
                self.expr(document)?;
                self.push(" -> ");
                let path = self.path(steps)?;
                self.value(path);
                self.push(")");
                Ok(())
            }
            Backend::Mysql => self.json_extract(document, steps),
        }
    }

    fn json_extract(&mut self, document: &Expr, steps: &[JsonStep]) -> Result<()> {
        self.push("JSON_EXTRACT(");
        self.expr(document)?;
        self.push(", ");
        let path = self.path(steps)?;
        self.value(path);
        self.push(")");
        Ok(())
    }

    fn json_type(&mut self, document: &Expr, steps: &[JsonStep]) -> Result<()> {
        match self.backend {
            Backend::Sqlite => {
                self.push("JSON_TYPE(");
                self.expr(document)?;
                self.push(", ");
                let path = self.path(steps)?;
                self.value(path);
            }
            Backend::Postgres => {
                self.push("JSONB_TYPEOF(");
                self.json_at(document, steps)?;
            }
            Backend::Mysql => {
                self.push("JSON_TYPE(");
                self.json_extract(document, steps)?;
            }
        }
        self.push(")");
        Ok(())
    }

    /// Writes whether anything stands at a path, be it JSON's null.
    pub(super) fn json_has(&mut self, document: &Expr, steps: &[JsonStep]) -> Result<()> {
        match self.backend {
            Backend::Sqlite => {
                self.json_type(document, steps)?;
                self.push(" IS NOT NULL");
            }
            Backend::Postgres => {
                self.push("(");
                self.expr(document)?;
                self.push(" #> ");
                self.steps(steps);
                self.push(") IS NOT NULL");
            }
            Backend::Mysql => {
                self.push("COALESCE(JSON_CONTAINS_PATH(");
                self.expr(document)?;
                self.push(", 'one', ");
                let path = self.path(steps)?;
                self.value(path);
                self.push("), 0) = 1");
            }
        }
        Ok(())
    }

    /// Writes whether one document is in another.
    pub(super) fn json_test(&mut self, document: &Expr, test: JsonTest, other: &Expr) -> Result<()> {
        let (whole, part) = match test {
            JsonTest::Contains => (document, other),
            JsonTest::ContainedBy => (other, document),
        };
        match self.backend {
            Backend::Sqlite => Err(self.lacks("a JSON document in another one")),
            Backend::Postgres => {
                self.expr(whole)?;
                self.push(" @> ");
                self.expr(part)
            }
            Backend::Mysql => {
                self.push("JSON_CONTAINS(");
                self.expr(whole)?;
                self.push(", ");
                self.expr(part)?;
                self.push(")");
                Ok(())
            }
        }
    }

    /// Binds a path as PostgreSQL has it.
    fn steps(&mut self, steps: &[JsonStep]) {
        let texts = steps.iter().map(|step| match step {
            JsonStep::Key(name) => Value::Text(name.clone()),
            JsonStep::Index(position) => Value::Text(position.to_string()),
        });
        self.value(Value::Array(ColumnKind::Text, texts.collect()));
    }

    /// A path as SQLite and MySQL have it.
    fn path(&self, steps: &[JsonStep]) -> Result<Value> {
        let mut path = "$".to_owned();
        for step in steps {
            match step {
                JsonStep::Key(name) if name.contains(['"', '\\']) => {
                    let text = format!("{} has no path to the JSON name `{name}`", self.backend.title());
                    return Err(Error::new(ErrorKind::NotSupported, text));
                }
                JsonStep::Key(name) => path.push_str(&format!(".\"{name}\"")),
                JsonStep::Index(position) => path.push_str(&format!("[{position}]")),
            }
        }
        Ok(Value::Text(path))
    }

    /// Writes an object or a list made in each row.
    pub(super) fn made_json(&mut self, function: Function, parts: &[Expr]) -> Result<()> {
        let object = function == Function::JsonObject;
        self.push(match (self.backend, object) {
            (Backend::Postgres, true) => "JSONB_BUILD_OBJECT(",
            (Backend::Postgres, false) => "JSONB_BUILD_ARRAY(",
            (_, true) => "JSON_OBJECT(",
            (_, false) => "JSON_ARRAY(",
        });
        for (at, part) in parts.iter().enumerate() {
            self.push(if at > 0 { ", " } else { "" });
            self.json_part(part, object && at % 2 == 0)?;
        }
        self.push(")");
        Ok(())
    }

    /// Documents and truths would be texts and numbers inside another document.
    fn json_part(&mut self, part: &Expr, name: bool) -> Result<()> {
        match (self.backend, kind_of(part)) {
            (Backend::Postgres, ColumnKind::Text) if name || matches!(part, Expr::Value(_)) => {
                self.cast(|w| w.expr(part), ColumnKind::Text)
            }
            (Backend::Sqlite, ColumnKind::Json) => self.spelled("JSON({0})", &|w, _| w.expr(part), 1),
            // Texts of several collations do not stand in one document.
            (Backend::Mysql, ColumnKind::Text) => {
                self.spelled("(CONVERT({0} USING utf8mb4) COLLATE utf8mb4_bin)", &|w, _| w.expr(part), 1)
            }
            (Backend::Mysql, ColumnKind::Json) => {
                self.spelled("JSON_EXTRACT({0}, '$')", &|w, _| w.expr(part), 1)
            }
            (Backend::Sqlite, ColumnKind::Bool) => self.spelled(
                "CASE {0} WHEN 1 THEN JSON('true') WHEN 0 THEN JSON('false') END",
                &|w, _| w.expr(part),
                1,
            ),
            (Backend::Mysql, ColumnKind::Bool) => self.spelled(
                "CASE {0} WHEN 1 THEN JSON_EXTRACT('true', '$') WHEN 0 THEN JSON_EXTRACT('false', '$') END",
                &|w, _| w.expr(part),
                1,
            ),
            _ => self.expr(part),
        }
    }
}
