//! The rows that refer to one row, as a formset: what the admin shows below an object.

use super::fetch;
use crate::backend::Db;
use crate::error::{Error, ErrorKind, Result};
use crate::expr::{Comparison, Condition, Expr};
use crate::field::ColumnRef;
use crate::form::data::FormData;
use crate::form::formset::{FormSet, FormSetOptions, Found, KEY};
use crate::form::show::show;
use crate::form::state::FormState;
use crate::model::ModelEntry;
use crate::query::{Select, run_delete};
use crate::value::{Value, Zone};

/// The rows of a model that refer to one row, changed together.
///
/// ```no_run
/// # use nuages::{Db, model::ModelEntry, value::Value, form::{FormData, FormSetOptions, InlineFormSet}};
/// # async fn f(db: Db, review: &'static ModelEntry, book: Value, data: FormData) -> nuages::Result<()> {
/// let options = FormSetOptions { can_delete: true, ..FormSetOptions::default() };
/// let mut reviews = InlineFormSet::load(&db, review, "book", Some(&book), &["stars", "text"], options).await?;
/// reviews.bind(&data);
/// if !reviews.save(&db, &book).await? {
///     // shown again with what is wrong
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct InlineFormSet {
    set: FormSet,
    entry: Entry,
    /// The field that refers to the parent.
    foreign: String,
}

#[derive(Clone, Copy)]
struct Entry(&'static ModelEntry);

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.schema.label())
    }
}

impl InlineFormSet {
    /// The rows whose foreign key `foreign` refers to a row, each with a form of these fields; a parent
    /// that is not there yet has none. The prefix of the names is the model's name in lower case.
    ///
    /// # Errors
    /// If the database fails, or the model has no foreign key of that name.
    pub async fn load(
        db: &Db,
        entry: &'static ModelEntry,
        foreign: &str,
        parent: Option<&Value>,
        names: &[&str],
        options: FormSetOptions,
    ) -> Result<Self> {
        let schema = entry.schema;
        let index = schema.position(foreign).filter(|index| schema.fields[*index].foreign.is_some());
        let Some(index) = index else {
            return Err(Error::other(format!("{} has no foreign key `{foreign}`", schema.name)));
        };
        let names: Vec<String> =
            names.iter().filter(|name| **name != foreign).map(|name| (*name).to_owned()).collect();
        let fixed = parent.cloned();
        let name = foreign.to_owned();
        let make = move || {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let form = FormState::for_model(entry, &names);
            match &fixed {
                Some(parent) => form.fixed(&name, parent.clone()),
                None => form,
            }
        };
        let mut forms = Vec::new();
        if let Some(parent) = parent {
            let mut select = Select::of(schema);
            let column = Expr::Column(ColumnRef { hops: None, model: schema.this, index });
            let is_child = Condition::Compare(column, Comparison::Equal, Expr::Value(parent.clone()));
            select.filters.push(is_child);
            for row in fetch(db, &select).await? {
                let mut form = make().instance(&row)?;
                let key = form.instance_key().map(|key| show(&key, Zone::default())).unwrap_or_default();
                form.add_key(key);
                forms.push(form);
            }
        }
        let set = FormSet::new(schema.slug(), options, make).with_initial(forms);
        Ok(Self { set, entry: Entry(entry), foreign: foreign.to_owned() })
    }

    /// Puts another prefix before the names.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.set.prefix = prefix.into();
        let initial = std::mem::take(&mut self.set.initial);
        self.set = self.set.with_initial(initial);
        self
    }

    /// Takes what was sent. Rows are found by their keys, so what others add or delete meanwhile does no harm.
    pub fn bind(&mut self, data: &FormData) {
        let mut rows = std::mem::take(&mut self.set.initial);
        self.set.bind_with(data, |_, prefix| {
            let Some(sent) = data.get(&format!("{prefix}-{KEY}")).filter(|sent| !sent.is_empty()) else {
                return Found::New;
            };
            let key =
                |form: &FormState| form.instance_key().is_some_and(|key| show(&key, Zone::default()) == sent);
            match rows.iter().position(key) {
                Some(at) => Found::There(Box::new(rows.remove(at))),
                None => Found::Gone,
            }
        });
    }

    /// The forms.
    #[must_use]
    pub const fn set(&self) -> &FormSet {
        &self.set
    }

    /// The forms, to change.
    pub const fn set_mut(&mut self) -> &mut FormSet {
        &mut self.set
    }

    /// The model of the rows.
    #[must_use]
    pub const fn entry(&self) -> &'static ModelEntry {
        self.entry.0
    }

    /// Loads what may be chosen in the forms; see [`FormState::load_choices_up_to`].
    ///
    /// # Errors
    /// If the database fails.
    pub async fn load_choices_up_to(&mut self, db: &Db, limit: u64) -> Result<()> {
        for row in &mut self.set.forms {
            row.form.load_choices_up_to(db, limit).await?;
        }
        Ok(())
    }

    /// Every check there is, those that ask the database too, without writing anything.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn full_clean(&mut self, db: &Db) -> Result<bool> {
        for row in self.set.forms.iter_mut().filter(|row| row.is_filled() && !row.is_untouched()) {
            row.form.full_clean(db).await?;
        }
        Ok(self.set.is_valid())
    }

    /// Deletes, changes and makes rows in one transaction. `false` if something is wrong: then nothing was
    /// written, and what is wrong stands in the forms.
    ///
    /// # Errors
    /// Whatever the database cannot do.
    pub async fn save(&mut self, db: &Db, parent: &Value) -> Result<bool> {
        if !self.set.is_valid() {
            return Ok(false);
        }
        let (entry, foreign) = (self.entry.0, self.foreign.clone());
        let rows = &mut self.set.forms;
        let outcome = db
            .atomic(async |db| {
                for row in rows.iter_mut().filter(|row| row.is_initial && row.is_deleted()) {
                    delete(&db, entry, &mut row.form).await?;
                }
                for row in rows.iter_mut().filter(|row| row.is_filled() && !row.is_untouched()) {
                    row.form = std::mem::take(&mut row.form).fixed(&foreign, parent.clone());
                    if row.form.save(&db).await?.is_none() {
                        return Err(invalid());
                    }
                }
                Ok(())
            })
            .await;
        match outcome {
            Ok(()) => Ok(true),
            Err(error) if error.is_validation() && self.set.has_errors() => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// Rolls the transaction back; what is wrong stands in a form.
fn invalid() -> Error {
    Error::new(ErrorKind::Validation, "a row is not valid")
}

async fn delete(db: &Db, entry: &'static ModelEntry, form: &mut FormState) -> Result<()> {
    let Some(key) = form.instance_key() else { return Ok(()) };
    match run_delete(db, entry, vec![key]).await {
        Ok(_) => Ok(()),
        Err(error) if error.is_foreign_key() => {
            form.add_error("", error.to_string());
            Err(invalid())
        }
        Err(error) => Err(error),
    }
}
