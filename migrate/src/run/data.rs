//! Data steps: Rust functions over rows of the historical shape.
//!
//! A step sees the models as they were at its point of history, never the
//! structs of today, which may have changed since.

mod batches;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use nuages::backend::{Statement, quote_identifier};
use nuages::value::Value;
use nuages::{Db, Error, Result};
use nuages_build::state::{FieldState, ModelRef, ModelState, ProjectState};
use nuages_schema::Backend;

pub use batches::DataRow;
pub(super) use batches::run;

use crate::table::value_of;

/// What a step returns.
type Outcome = Pin<Box<dyn Future<Output = Result<()>> + Send>>;

/// A function that a migration names: `#[data_step]` registers it.
///
/// ```
/// use nuages_migrate::{DataContext, data_step};
///
/// #[data_step(app = "shop")] // a crate's own app needs no name
/// async fn fill_slugs(data: DataContext) -> nuages::Result<()> {
///     data.batches("Book", &["title"], 1_000, |data, rows| async move {
///         for row in rows {
///             data.update("Book", row.key(), &[("slug", row.get("title")?.clone())]).await?;
///         }
///         Ok(())
///     })
///     .await?;
///     Ok(())
/// }
/// ```
#[derive(Clone, Copy)]
pub struct DataStep {
    /// The app's label.
    pub app: &'static str,
    /// The name in the migration.
    pub name: &'static str,
    /// The function.
    pub run: fn(DataContext) -> Outcome,
}

nuages::__private::inventory::collect!(DataStep);

impl std::fmt::Debug for DataStep {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DataStep({}.{})", self.app, self.name)
    }
}

/// The functions that migrations may name.
#[derive(Clone, Debug, Default)]
pub struct DataSteps(Vec<DataStep>);

impl DataSteps {
    /// Those that the linked crates registered.
    #[must_use]
    pub fn registered() -> Self {
        Self(nuages::__private::inventory::iter::<DataStep>().copied().collect())
    }

    pub(super) fn find(&self, app: &str, name: &str) -> Option<&DataStep> {
        self.0.iter().find(|step| step.app == app && step.name == name)
    }
}

/// What a data step works with: a session inside the migration's transaction, and the models of its time.
#[derive(Clone, Debug)]
pub struct DataContext {
    db: Db,
    app: String,
    state: ProjectState,
    course: Arc<batches::Course>,
}

impl DataContext {
    pub(super) fn new(db: Db, app: &str, state: ProjectState) -> Self {
        Self { db, app: app.to_owned(), state, course: Arc::default() }
    }

    /// The session.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// A model of the step's app as it was.
    ///
    /// # Errors
    /// When there was none of this name.
    pub fn model(&self, name: &str) -> Result<&ModelState> {
        let reference = ModelRef::new(&self.app, name);
        self.state
            .model(&reference)
            .ok_or_else(|| Error::other(format!("there was no model `{reference}` then")))
    }

    /// Up to `limit` rows in the order of the key, after the row with the key `after`: the values of these fields.
    ///
    /// One call is one batch. [`batches`](Self::batches) goes over all rows, shows a bar and is taken up again where a
    /// run was killed; by hand it is a loop that ends with the first empty batch:
    ///
    /// ```
    /// # use nuages_migrate::DataContext;
    /// async fn fill_slugs(data: DataContext) -> nuages::Result<()> {
    ///     let mut last = None;
    ///     loop {
    ///         let rows = data.rows("Book", &["id", "title"], last.as_ref(), 1_000).await?;
    ///         let Some(row) = rows.last() else { return Ok(()) };
    ///         last = Some(row[0].clone());
    ///         for row in &rows {
    ///             data.update("Book", &row[0], &[("slug", row[1].clone())]).await?;
    ///         }
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    /// When there was no such model or field, or the database refuses.
    pub async fn rows(
        &self,
        model: &str,
        fields: &[&str],
        after: Option<&Value>,
        limit: u32,
    ) -> Result<Vec<Vec<Value>>> {
        let state = self.model(model)?;
        let fields: Vec<&FieldState> = fields.iter().map(|name| field(state, name)).collect::<Result<_>>()?;
        let columns: Vec<String> =
            fields.iter().map(|field| self.quote(&field.column)).collect::<Result<_>>()?;
        let key = self.quote(&key(state)?.column)?;
        let (condition, args) = match after {
            Some(after) => (format!(" WHERE {key} > {}", self.placeholder(1)), vec![after.clone()]),
            None => (String::new(), Vec::new()),
        };
        let (columns, table) = (columns.join(", "), self.quote(&state.table)?);
        let sql = format!("SELECT {columns} FROM {table}{condition} ORDER BY {key} LIMIT {limit}");
        let kinds =
            fields.iter().map(|field| Ok(value_of(&self.state, field)?.kind)).collect::<Result<Vec<_>>>()?;
        let rows = self.db.fetch(Statement::new(sql, args)).await?;
        rows.iter()
            .map(|row| kinds.iter().enumerate().map(|(at, kind)| row.value(at, *kind)).collect())
            .collect()
    }

    /// Writes values of one row, found by its key.
    ///
    /// # Errors
    /// When there was no such model or field, or the database refuses.
    pub async fn update(&self, model: &str, id: &Value, values: &[(&str, Value)]) -> Result<u64> {
        let state = self.model(model)?;
        let mut set = Vec::new();
        for (at, (name, _)) in values.iter().enumerate() {
            set.push(format!("{} = {}", self.quote(&field(state, name)?.column)?, self.placeholder(at + 1)));
        }
        let (table, key) = (self.quote(&state.table)?, self.quote(&key(state)?.column)?);
        let sql = format!(
            "UPDATE {table} SET {} WHERE {key} = {}",
            set.join(", "),
            self.placeholder(values.len() + 1)
        );
        let args = values.iter().map(|(_, value)| value.clone()).chain([id.clone()]).collect();
        self.db.execute(Statement::new(sql, args)).await
    }

    fn quote(&self, name: &str) -> Result<String> {
        quote_identifier(self.db.backend(), name)
    }

    fn placeholder(&self, at: usize) -> String {
        if self.db.backend() == Backend::Postgres { format!("${at}") } else { "?".to_owned() }
    }
}

fn field<'a>(model: &'a ModelState, name: &str) -> Result<&'a FieldState> {
    model.field(name).ok_or_else(|| Error::other(format!("`{}` had no field `{name}` then", model.name)))
}

fn key(model: &ModelState) -> Result<&FieldState> {
    model.key().ok_or_else(|| {
        let text = "had no key of one column then; its rows are changed with SQL";
        Error::other(format!("`{}` {text}", model.name))
    })
}
