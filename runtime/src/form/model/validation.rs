//! The checks of a model's form for a value in memory, without a form.

use super::{editable_fields, model_field};
use crate::backend::Db;
use crate::error::{Error, ErrorKind, Result};
use crate::form::bound::BoundField;
use crate::form::show::show_all;
use crate::form::state::FormState;
use crate::model::{Model, ModelEntry};
use crate::query::{Draft, New};
use crate::value::{Value, Zone};

/// Checks that a form would make, on request; saving a value runs none of them.
pub trait ModelValidation: Model {
    /// Checks every field of a loaded row, that its relations lead somewhere, that no other row has the same, and the
    /// conditions of `check(…)`, as Django's method of this name does.
    ///
    /// # Errors
    /// `Validation` with everything that is wrong; it names the field if there is just one.
    fn full_clean(&self, db: &Db) -> impl Future<Output = Result<()>> + Send {
        let columns = 0..Self::schema().fields.len();
        let values: Vec<Value> = columns.map(|index| self.value(index)).collect();
        async move {
            clean(db, Self::entry(), values.iter().cloned().map(Some).collect(), Some(values.clone())).await
        }
    }
}

impl<M: Model> ModelValidation for M {}

/// The same for a row that does not exist yet: `NewBook { … }`, alone or `.with(…)` more fields.
pub trait NewValidation: Sized {
    /// The model.
    type Row: Model;

    /// The new row, ready for more fields.
    #[doc(hidden)]
    fn into_draft(self) -> Draft<Self::Row>;

    /// Checks every field of the new row, that its relations lead somewhere, that no row has the same, and the
    /// conditions of `check(…)`.
    ///
    /// # Errors
    /// `Validation` with everything that is wrong; it names the field if there is just one.
    fn full_clean(self, db: &Db) -> impl Future<Output = Result<()>> + Send {
        let values = self.into_draft().into_values();
        async move {
            let entry = Self::Row::entry();
            let values = values?;
            let find = |index: usize| {
                values.iter().find(|(known, _)| *known == index).map(|(_, value)| value.clone())
            };
            let columns = (0..entry.schema.fields.len()).map(find).collect();
            clean(db, entry, columns, None).await
        }
    }
}

impl<N: New> NewValidation for N {
    type Row = N::Model;

    fn into_draft(self) -> Draft<N::Model> {
        self.draft()
    }
}

impl<M: Model> NewValidation for Draft<M> {
    type Row = M;

    fn into_draft(self) -> Self {
        self
    }
}

async fn clean(
    db: &Db,
    entry: &'static ModelEntry,
    values: Vec<Option<Value>>,
    row: Option<Vec<Value>>,
) -> Result<()> {
    let mut form = FormState::for_model(entry, &[]);
    form.bound = true;
    for name in editable_fields(entry) {
        let Some(index) = entry.schema.position(name) else { continue };
        let mut field = BoundField::new(model_field(entry, name)?);
        field.hold(values.get(index).cloned().flatten());
        form.fields.push(field);
    }
    if let Some(model) = &mut form.model {
        // What no form shows counts for constraints all the same.
        let unseen = values.iter().enumerate().filter(|(index, _)| {
            // What the database computes is not known before it did.
            !entry.schema.fields[*index].options.generated
                && !form.fields.iter().any(|field| field.field.name == entry.schema.fields[*index].name)
        });
        model.fixed = unseen.filter_map(|(index, value)| Some((index, value.clone()?))).collect();
        model.row = row;
    }
    form.full_clean(db).await?;
    told(&form)
}

/// What is wrong with a form, as an error.
fn told(form: &FormState) -> Result<()> {
    let whole = form.errors.iter().map(ToString::to_string);
    let wrong = || form.fields.iter().filter(|field| !field.errors.is_empty());
    let fields = wrong()
        .flat_map(|field| field.errors.iter().map(move |error| format!("{}: {error}", field.field.name)));
    let texts: Vec<String> = whole.chain(fields).collect();
    if texts.is_empty() {
        return Ok(());
    }
    let error = Error::new(ErrorKind::Validation, texts.join(" "));
    match (wrong().next(), wrong().count(), form.errors.is_empty()) {
        (Some(field), 1, true) => Err(error.with_field(field.field.name.clone())),
        _ => Err(error),
    }
}

impl BoundField {
    /// Holds a value that nobody typed, and checks it. Nothing at all is what the database fills in.
    fn hold(&mut self, value: Option<Value>) {
        self.initial = None;
        let Some(value) = value else { return };
        self.typed = Some(show_all(&value, Zone::default()));
        match self.field.check_held(&value) {
            Ok(()) => self.value = Some(value),
            Err(errors) => self.errors = errors,
        }
    }
}
