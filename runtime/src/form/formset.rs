//! Several forms of one sort on one page: rows that are changed, added, deleted and ordered together.

use std::sync::Arc;

use nuages_schema::ColumnKind;

use super::data::FormData;
use super::field::FormField;
use super::message::{ErrorCode, FormError, counted};
use super::state::FormState;
use super::widget::Widget;
use crate::value::Value;

/// The fields that a formset adds to its forms. No Rust field is spelled so.
pub(super) const DELETE: &str = "DELETE";
const ORDER: &str = "ORDER";
pub(super) const KEY: &str = "KEY";

/// What a formset allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormSetOptions {
    /// How many empty forms stand behind those that are there or must be filled in.
    pub extra: usize,
    /// At least so many must be filled in.
    pub min: usize,
    /// At most so many may be.
    pub max: usize,
    /// Whether a form has a box that deletes its row.
    pub can_delete: bool,
    /// Whether a form has a number that orders it.
    pub can_order: bool,
}

impl Default for FormSetOptions {
    fn default() -> Self {
        Self { extra: 1, min: 0, max: 1000, can_delete: false, can_order: false }
    }
}

/// Several forms of one sort.
///
/// ```
/// use nuages::form::{FormData, FormField, FormSet, FormSetOptions, FormState};
///
/// let guests = || FormSet::new("guests", FormSetOptions::default(), || FormState::new([FormField::of::<String>("name")]));
/// assert_eq!(guests().forms().len(), 1);
/// let data = [("guests-TOTAL_FORMS", "2"), ("guests-INITIAL_FORMS", "0"), ("guests-0-name", "Ada"), ("guests-1-name", "")];
/// let mut set = guests();
/// set.bind(&FormData::from_iter(data));
/// assert!(set.is_valid());
/// assert_eq!(set.filled().count(), 1);
/// ```
#[derive(Clone)]
pub struct FormSet {
    pub(super) prefix: String,
    pub(super) options: FormSetOptions,
    make: Arc<dyn Fn() -> FormState + Send + Sync>,
    /// The forms for what is there already, before anything was sent.
    pub(super) initial: Vec<FormState>,
    pub(super) forms: Vec<FormSetForm>,
    pub(super) errors: Vec<FormError>,
    bound: bool,
}

/// One form of a formset.
#[derive(Clone, Debug)]
pub struct FormSetForm {
    /// The form.
    pub form: FormState,
    /// Whether it is for something that is there already.
    pub is_initial: bool,
}

impl FormSetForm {
    /// Whether its box says that it is to be deleted.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        self.form.value(DELETE) == Some(&Value::Bool(true))
    }

    /// Whether it was left as it was.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        let own = |field: &&super::BoundField| ![DELETE, ORDER, KEY].contains(&&*field.field.name);
        !self.form.fields().iter().filter(own).any(super::BoundField::has_changed)
    }

    /// Whether it holds something: it was there, or was filled in, and is not to be deleted.
    #[must_use]
    pub fn is_filled(&self) -> bool {
        !self.is_deleted() && (self.is_initial || !self.is_untouched())
    }

    /// The number that orders it.
    #[must_use]
    pub fn order(&self) -> Option<i64> {
        match self.form.value(ORDER) {
            Some(Value::Int(number)) => Some(*number),
            _ => None,
        }
    }
}

impl FormSet {
    /// A formset whose empty forms `make` makes. The prefix keeps its names apart from others on the page.
    pub fn new(
        prefix: impl Into<String>,
        options: FormSetOptions,
        make: impl Fn() -> FormState + Send + Sync + 'static,
    ) -> Self {
        let set = Self {
            prefix: prefix.into(),
            options,
            make: Arc::new(make),
            initial: Vec::new(),
            forms: Vec::new(),
            errors: Vec::new(),
            bound: false,
        };
        set.with_initial(Vec::new())
    }

    /// Puts forms for what is there already before the empty ones.
    #[must_use]
    pub fn with_initial(mut self, forms: Vec<FormState>) -> Self {
        let room = self.options.max.saturating_sub(forms.len());
        let missing = self.options.min.saturating_sub(forms.len());
        let blanks = (0..(self.options.extra + missing).min(room)).map(|_| (self.make)());
        let there = forms.len();
        let all: Vec<FormState> = forms.iter().cloned().chain(blanks).collect();
        self.forms = all.into_iter().enumerate().map(|(at, form)| self.row(form, at, at < there)).collect();
        self.initial = forms;
        self
    }

    /// A form in its place, with the fields that the formset adds.
    fn row(&self, form: FormState, at: usize, is_initial: bool) -> FormSetForm {
        let mut form = form;
        if self.options.can_order {
            let order = FormField::new(ORDER, ColumnKind::Integer).label("Order").required(false);
            form.add_field(FormField { initial: Some(Value::Int(at as i64 + 1)), ..order });
        }
        if self.options.can_delete {
            form.add_field(FormField::new(DELETE, ColumnKind::Bool).label("Delete"));
        }
        FormSetForm { form: form.prefix(format!("{}-{at}", self.prefix)), is_initial }
    }

    /// The form for the script that adds rows: its number is `__prefix__`.
    #[must_use]
    pub fn empty_form(&self) -> FormState {
        let row = self.row((self.make)(), 0, false);
        row.form.prefix(format!("{}-__prefix__", self.prefix))
    }

    /// Takes what was sent, and checks each form.
    pub fn bind(&mut self, data: &FormData) {
        let initial = std::mem::take(&mut self.initial);
        let count = initial.len();
        let mut initial: Vec<Option<FormState>> = initial.into_iter().map(Some).collect();
        self.bind_with(data, |at, _| match initial.get_mut(at).and_then(Option::take) {
            Some(form) => Found::There(Box::new(form)),
            None => Found::New,
        });
        if self.sent_count(data, "INITIAL_FORMS").is_some_and(|sent| sent != count) {
            self.errors.push(tampered());
        }
    }

    /// Takes what was sent; `find` says for each number which row it belongs to.
    pub(super) fn bind_with(&mut self, data: &FormData, mut find: impl FnMut(usize, &str) -> Found) {
        (self.bound, self.forms) = (true, Vec::new());
        let total = self.sent_count(data, "TOTAL_FORMS");
        let Some(total) = total.filter(|_| self.sent_count(data, "INITIAL_FORMS").is_some()) else {
            self.errors.push(tampered());
            return;
        };
        for at in 0..total.min(super::MAX_FIELDS) {
            let (form, is_initial, gone) = match find(at, &format!("{}-{at}", self.prefix)) {
                Found::There(form) => (*form, true, false),
                Found::New => ((self.make)(), false, false),
                Found::Gone => ((self.make)(), false, true),
            };
            let mut row = self.row(form, at, is_initial);
            row.form.bind(data);
            if gone {
                row.form.add_error("", "This row is not there any more.");
            } else if row.is_deleted() || (!row.is_initial && row.is_untouched()) {
                row.form.clear_errors();
            }
            self.forms.push(row);
        }
        self.check_count(total);
    }

    fn sent_count(&self, data: &FormData, name: &str) -> Option<usize> {
        data.get(&format!("{}-{name}", self.prefix))?.parse().ok()
    }

    fn check_count(&mut self, total: usize) {
        let (filled, options) = (self.filled().count(), self.options);
        if filled > options.max || total > options.max.saturating_add(options.extra).max(super::MAX_FIELDS) {
            let text = format!("Fill in at most {}.", counted(options.max as u64, "form"));
            self.errors.push(FormError::new(ErrorCode::MaxValue, text));
        }
        if filled < options.min {
            let text = format!("Fill in at least {}.", counted(options.min as u64, "form"));
            self.errors.push(FormError::new(ErrorCode::MinValue, text));
        }
    }

    /// Every form, the empty ones too.
    #[must_use]
    pub fn forms(&self) -> &[FormSetForm] {
        &self.forms
    }

    /// Every form, to change.
    pub fn forms_mut(&mut self) -> &mut [FormSetForm] {
        &mut self.forms
    }

    /// The forms that hold something.
    pub fn filled(&self) -> impl Iterator<Item = &FormState> {
        self.forms.iter().filter(|row| row.is_filled()).map(|row| &row.form)
    }

    /// The forms that hold something, by the numbers that order them.
    #[must_use]
    pub fn ordered(&self) -> Vec<&FormState> {
        let mut rows: Vec<&FormSetForm> = self.forms.iter().filter(|row| row.is_filled()).collect();
        // A form without a number goes to the end.
        rows.sort_by_key(|row| row.order().unwrap_or(i64::MAX));
        rows.into_iter().map(|row| &row.form).collect()
    }

    /// The forms of what is to be deleted.
    pub fn deleted(&self) -> impl Iterator<Item = &FormState> {
        self.forms.iter().filter(|row| row.is_initial && row.is_deleted()).map(|row| &row.form)
    }

    /// What is wrong with the formset as a whole.
    #[must_use]
    pub fn errors(&self) -> &[FormError] {
        &self.errors
    }

    /// Whether anything is wrong.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty() || self.forms.iter().any(|row| row.form.has_errors())
    }

    /// Whether it was sent and nothing is wrong.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.bound && !self.has_errors()
    }

    /// Whether anything is to be written or deleted.
    #[must_use]
    pub fn has_changed(&self) -> bool {
        self.forms.iter().any(|row| (row.is_initial && row.is_deleted()) || !row.is_untouched())
    }

    /// The numbers that a browser sends back: name and value.
    #[must_use]
    pub fn management(&self) -> [(String, usize); 4] {
        let initial = self.forms.iter().filter(|row| row.is_initial).count();
        let named = |name: &str, value: usize| (format!("{}-{name}", self.prefix), value);
        [
            named("TOTAL_FORMS", self.forms.len()),
            named("INITIAL_FORMS", initial),
            named("MIN_NUM_FORMS", self.options.min),
            named("MAX_NUM_FORMS", self.options.max),
        ]
    }
}

/// Which row a number of what was sent belongs to.
pub(super) enum Found {
    /// One that is there.
    There(Box<FormState>),
    /// A new one.
    New,
    /// One that was there when the page was made.
    Gone,
}

fn tampered() -> FormError {
    FormError::new(
        ErrorCode::Invalid,
        "The numbers of this form are missing or were changed; load the page again.",
    )
}

impl std::fmt::Debug for FormSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FormSet")
            .field("prefix", &self.prefix)
            .field("forms", &self.forms)
            .field("errors", &self.errors)
            .finish_non_exhaustive()
    }
}

impl FormState {
    /// Adds a field behind the others.
    pub(super) fn add_field(&mut self, field: FormField) {
        let mut field = super::BoundField::new(field);
        field.zone = self.zone;
        field.prefix.clone_from(&self.prefix);
        self.fields.push(field);
    }

    /// Adds the hidden field that says which row the form is for.
    pub(super) fn add_key(&mut self, key: String) {
        let field = FormField::new(KEY, ColumnKind::Text).required(false);
        self.add_field(FormField { initial: Some(Value::Text(key)), widget: Widget::Hidden, ..field });
    }
}
