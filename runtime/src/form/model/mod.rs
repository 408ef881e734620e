//! Forms of models: fields from the static schema, checks that ask the database, saving.
//!
//! Nothing here knows a Rust type of a model, so the admin uses the same code:
//!
//! ```no_run
//! # use nuages::{Db, model::ModelEntry, form::{FormData, FormState}};
//! # async fn f(db: Db, entry: &'static ModelEntry, data: FormData) -> nuages::Result<()> {
//! let mut form = FormState::for_model(entry, &["title", "author", "tags"]);
//! form.bind(&data);
//! match form.save(&db).await? {
//!     Some(_row) => {}                        // written, relations too, in one transaction
//!     None => form.load_choices(&db).await?,  // shown again with what is wrong
//! }
//! # Ok(()) }
//! ```

mod check;
mod fields;
mod inline;
mod options;
mod save;
mod typed;
mod validation;

pub use fields::{editable_fields, model_field};
pub use inline::InlineFormSet;
pub use options::{MAX_OPTIONS, offers};
pub use validation::{ModelValidation, NewValidation};

use crate::backend::{Db, Row};
use crate::error::Result;
use crate::form::ErrorCode;
use crate::form::data::UploadedFile;
use crate::form::field::FormField;
use crate::form::message::FormError;
use crate::form::state::FormState;
use crate::model::ModelEntry;
use crate::query::cleared_columns;
use crate::value::Value;

/// The model behind a form, and the row that it changes.
#[derive(Clone)]
pub(super) struct ModelPart {
    pub(super) entry: &'static ModelEntry,
    /// Every column of the row that is changed; none for a new row.
    pub(super) row: Option<Vec<Value>>,
    /// Columns that are set without being in the form, such as the parent of an inline's row.
    pub(super) fixed: Vec<(usize, Value)>,
}

impl std::fmt::Debug for ModelPart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.entry.schema.label())
    }
}

impl ModelPart {
    /// The key of the row that is changed.
    pub(super) fn key(&self) -> Option<Value> {
        let (schema, row) = (self.entry.schema, self.row.as_ref()?);
        let parts: Option<Vec<Value>> = schema.key_columns().iter().map(|at| row.get(*at).cloned()).collect();
        if schema.is_composite() { parts.map(Value::Key) } else { parts?.pop() }
    }
}

impl FormState {
    /// A form for a new row of a model, with these fields. A name that no field of a form
    /// can have is an error of the whole form, so that it is never valid.
    #[must_use]
    pub fn for_model(entry: &'static ModelEntry, names: &[&str]) -> Self {
        let known = names.iter().filter_map(|name| model_field(entry, name).ok());
        let mut form = Self::for_model_fields(entry, known);
        form.refuse_unknown(entry, names);
        form
    }

    /// As [`for_model`](Self::for_model), with fields that were changed after [`model_field`] made them.
    #[must_use]
    pub fn for_model_fields(entry: &'static ModelEntry, fields: impl IntoIterator<Item = FormField>) -> Self {
        let mut form = Self::new(fields);
        form.model = Some(Box::new(ModelPart { entry, row: None, fixed: Vec::new() }));
        let names: Vec<_> = form.fields.iter().map(|field| field.field.name.clone()).collect();
        form.refuse_unknown(entry, &names);
        form
    }

    fn refuse_unknown<N: AsRef<str>>(&mut self, entry: &'static ModelEntry, names: &[N]) {
        for error in names.iter().filter_map(|name| model_field(entry, name.as_ref()).err()) {
            self.errors.push(FormError::new(ErrorCode::Invalid, error.to_string()));
        }
    }

    /// The form changes this row, whose columns stand in the order of the schema, instead of making one.
    /// Many-to-many fields show what is chosen after [`load_choices`](Self::load_choices).
    ///
    /// # Errors
    /// If a column holds what its type cannot take.
    pub fn instance(self, row: &Row) -> Result<Self> {
        let Some(model) = &self.model else { return Ok(self) };
        let fields = model.entry.schema.fields.iter().enumerate();
        let values: Result<Vec<Value>> = fields.map(|(at, field)| row.value(at, (field.kind)())).collect();
        Ok(self.instance_values(values?))
    }

    pub(super) fn instance_values(mut self, values: Vec<Value>) -> Self {
        let Some(model) = &mut self.model else { return self };
        let schema = model.entry.schema;
        for field in &mut self.fields {
            if let Some(index) = schema.position(&field.field.name) {
                field.initial = values.get(index).cloned();
            }
        }
        model.row = Some(values);
        self.bind_again();
        self
    }

    /// Reads what was sent once more, now that it is known what the fields showed at first.
    fn bind_again(&mut self) {
        if self.bound {
            self.errors.clear();
            self.fields.iter_mut().for_each(crate::form::BoundField::bind_again);
        }
    }

    /// Sets a column that is not in the form, such as who wrote it.
    #[must_use]
    pub fn fixed(mut self, name: &str, value: Value) -> Self {
        if let Some(model) = &mut self.model
            && let Some(index) = model.entry.schema.position(name)
        {
            model.fixed.retain(|(known, _)| *known != index);
            model.fixed.push((index, value));
        }
        self
    }

    /// The model, if the form is one of a model.
    #[must_use]
    pub fn model(&self) -> Option<&'static ModelEntry> {
        self.model.as_ref().map(|model| model.entry)
    }

    /// The key of the row that the form changes.
    #[must_use]
    pub fn instance_key(&self) -> Option<Value> {
        self.model.as_ref()?.key()
    }

    /// The columns that the form writes, with their positions: of a new row all that were filled in,
    /// of an existing one those that changed.
    #[must_use]
    pub fn columns(&self) -> Vec<(usize, Value)> {
        let Some(model) = &self.model else { return Vec::new() };
        let mut columns = model.fixed.clone();
        for field in &self.fields {
            let Some(index) = model.entry.schema.position(&field.field.name) else { continue };
            // A file gets its name when it is stored.
            let is_written = field.file.is_none() && (model.row.is_none() || field.has_changed());
            let Some(value) = field.value().filter(|_| is_written) else { continue };
            if field.cleared {
                columns.extend(cleared_columns(model.entry.schema, index));
                continue;
            }
            // Nothing in a column that cannot be NULL: the default of a new row, no change of an old one.
            if !value.is_null() || model.entry.schema.fields[index].nullable {
                columns.push((index, value.clone()));
            }
        }
        columns
    }

    /// The files that came along, with the positions of their columns.
    pub(super) fn uploads(&self) -> Vec<(usize, UploadedFile)> {
        let Some(model) = &self.model else { return Vec::new() };
        let upload = |field: &crate::form::BoundField| {
            let index = model.entry.schema.position(&field.field.name)?;
            Some((index, field.file.clone().filter(|_| field.field.column.is_some())?))
        };
        self.fields.iter().filter_map(upload).collect()
    }

    /// The many-to-many relations that the form sets: position and keys.
    #[must_use]
    pub fn relations(&self) -> Vec<(usize, Vec<Value>)> {
        let Some(model) = &self.model else { return Vec::new() };
        let relation = |field: &crate::form::BoundField| {
            let many = model.entry.schema.many_to_many;
            let index = many.iter().position(|many| many.name == field.field.name)?;
            match field.value() {
                Some(Value::Array(_, keys)) => Some((index, keys.clone())),
                _ => None,
            }
        };
        self.fields.iter().filter_map(relation).collect()
    }
}

/// The rows of a query.
async fn fetch(db: &Db, select: &crate::query::Select) -> Result<Vec<Row>> {
    db.fetch(crate::sql::select(db, select)?).await
}
