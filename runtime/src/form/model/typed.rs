//! Forms of models with a Rust type behind them.

use nuages_schema::ColumnKind;

use super::model_field;
use crate::backend::Db;
use crate::error::Result;
use crate::form::field::FormField;
use crate::form::typed::{Form, FormFields, ModelFormFields};
use crate::form::value::FormValue;
use crate::model::Model;

impl FormField {
    /// The field of a form for a field of the model `M`, whose value the struct keeps as a `T`.
    #[must_use]
    pub fn of_model<M: Model, T: FormValue>(name: &'static str) -> Self {
        let plain = T::field(name.into());
        // What the model's form cannot have is told by the form as a whole.
        let Ok(mut field) = model_field(M::entry(), name) else { return plain };
        let may_be_nothing =
            plain.nullable || field.many || matches!(field.kind, ColumnKind::Text | ColumnKind::Bool);
        field.required |= !may_be_nothing || (field.nullable && !plain.nullable);
        field.nullable &= plain.nullable;
        // Of a file the name is made when it is stored, so a type of another name says nothing of it.
        if field.column.is_none() {
            field.validators.extend(plain.validators);
        }
        field
    }
}

impl<T: ModelFormFields> Form<T> {
    /// The form changes this row instead of making one.
    #[must_use]
    pub fn instance(mut self, row: &T::Model) -> Self {
        let columns = 0..T::Model::schema().fields.len();
        self.state = self.state.instance_values(columns.map(|index| row.value(index)).collect());
        self.run_clean();
        self
    }

    /// Sets a column that is not in the form, such as the row that the new one belongs to.
    #[must_use]
    pub fn fixed(mut self, name: &str, value: impl FormValue) -> Self {
        if let Some(value) = value.into_value() {
            self.state = self.state.fixed(name, value);
        }
        self
    }

    /// Checks the form and writes it, as [`FormState::save`](crate::form::FormState::save) does.
    /// Gives the row, or `None` if the form is to be shown again; its lists are loaded for that.
    ///
    /// # Errors
    /// `DoesNotExist` if the row was deleted meanwhile, and whatever else the database cannot do.
    pub async fn save(&mut self, db: &Db) -> Result<Option<T::Model>> {
        match self.state.save(db).await? {
            Some(row) => T::Model::read(&row, 0).map(Some),
            None => {
                self.state.load_choices(db).await?;
                Ok(None)
            }
        }
    }

    /// The form for a new row, ready to be shown.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn blank(db: &Db) -> Result<Self> {
        <T as FormFields>::new().with_choices(db).await
    }

    /// The form for a row, ready to be shown.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn of(db: &Db, row: &T::Model) -> Result<Self> {
        <T as FormFields>::new().instance(row).with_choices(db).await
    }

    async fn with_choices(mut self, db: &Db) -> Result<Self> {
        self.state.load_choices(db).await?;
        Ok(self)
    }
}
