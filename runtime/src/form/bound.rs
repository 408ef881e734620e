//! A field in a form: with its names, what was typed, its value and its errors.

use nuages_schema::FieldSchema;

use super::data::UploadedFile;
use super::field::FormField;
use super::message::{ErrorCode, FormError};
use super::show::{show, show_all};
use super::widget::{Choice, Widget};
use crate::query::check_file;
use crate::storage::get_valid_name;
use crate::value::{Value, Zone};

/// A field in a form, for templates: everything that is needed to draw it.
#[derive(Clone, Debug)]
pub struct BoundField {
    /// What the field takes.
    pub field: FormField,
    pub(super) prefix: String,
    pub(super) zone: Zone,
    pub(super) initial: Option<Value>,
    /// What was typed; `None` until the form was sent.
    pub(super) typed: Option<Vec<String>>,
    pub(super) file: Option<UploadedFile>,
    /// The file that it has is to go.
    pub(super) cleared: bool,
    /// Where browsers find the file that is there, where somebody said it.
    pub(crate) shown_url: Option<String>,
    /// The box for it was ticked, whatever is there.
    pub(super) asked_to_clear: bool,
    pub(super) value: Option<Value>,
    pub(super) errors: Vec<FormError>,
    pub(super) in_table: bool,
}

/// One of the values that may be chosen, for templates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundOption {
    /// The `id` of its input, in a group.
    pub id: String,
    /// What is sent.
    pub value: String,
    /// What people read.
    pub label: String,
    /// Whether it is chosen.
    pub selected: bool,
}

impl BoundField {
    pub(super) fn new(field: FormField) -> Self {
        let initial = field.initial.clone();
        Self {
            field,
            prefix: String::new(),
            zone: Zone::default(),
            initial,
            typed: None,
            file: None,
            cleared: false,
            asked_to_clear: false,
            shown_url: None,
            value: None,
            errors: Vec::new(),
            in_table: false,
        }
    }

    /// The name that it is sent under.
    #[must_use]
    pub fn html_name(&self) -> String {
        if self.prefix.is_empty() {
            self.field.name.to_string()
        } else {
            format!("{}-{}", self.prefix, self.field.name)
        }
    }

    /// The `id` of its control; of a group, of its first input.
    #[must_use]
    pub fn id(&self) -> String {
        format!("id_{}", self.html_name())
    }

    /// The label.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.field.label
    }

    /// The sentence below it.
    #[must_use]
    pub fn help_text(&self) -> &str {
        &self.field.help_text
    }

    /// What is wrong with it.
    #[must_use]
    pub fn errors(&self) -> &[FormError] {
        &self.errors
    }

    /// The value, if the form was sent and the field is valid.
    #[must_use]
    pub fn value(&self) -> Option<&Value> {
        self.value.as_ref()
    }

    /// What it showed at first.
    #[must_use]
    pub fn initial(&self) -> Option<&Value> {
        self.initial.as_ref()
    }

    /// The text in its control: what was typed, or what it shows at first.
    #[must_use]
    pub fn text(&self) -> String {
        if self.field.widget == Widget::Password {
            return String::new();
        }
        match &self.typed {
            Some(typed) => typed.last().cloned().unwrap_or_default(),
            None => self.initial.as_ref().map(|value| show(value, self.zone)).unwrap_or_default(),
        }
    }

    /// The texts that are chosen, for a field of several values.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        match &self.typed {
            Some(typed) => typed.clone(),
            None => self.initial.as_ref().map(|value| show_all(value, self.zone)).unwrap_or_default(),
        }
    }

    /// The `type` of its input.
    #[must_use]
    pub fn input_type(&self) -> &'static str {
        self.field.widget.input_type().unwrap_or("text")
    }

    /// The keyboard that a phone shows for a number in a line of text.
    #[must_use]
    pub fn input_mode(&self) -> Option<&'static str> {
        use nuages_schema::ColumnKind as Kind;
        match self.field.kind {
            _ if self.field.widget != Widget::Text => None,
            Kind::Decimal | Kind::Real | Kind::Double => Some("decimal"),
            kind => kind.is_integer().then_some("numeric"),
        }
    }

    /// Whether it is a box with its label behind it.
    #[must_use]
    pub fn is_checkbox(&self) -> bool {
        self.field.widget == Widget::Checkbox
    }

    /// Whether its label leads to an input; what is only shown has none.
    #[must_use]
    pub fn is_editable(&self) -> bool {
        !matches!(&self.field.widget, Widget::Custom(own) if !own.0.is_editable())
    }

    /// Whether it stands in a table, whose head says its label.
    #[must_use]
    pub const fn is_in_table(&self) -> bool {
        self.in_table
    }

    /// Whether its values are short, so that its control need not be wide.
    #[must_use]
    pub fn is_short(&self) -> bool {
        match self.field.widget {
            Widget::Number | Widget::Date | Widget::Time | Widget::DateTime | Widget::Select => true,
            Widget::Text => {
                self.input_mode().is_some() || self.field.max_length.is_some_and(|length| length <= 24)
            }
            _ => false,
        }
    }

    /// Whether its text is code, such as JSON.
    #[must_use]
    pub fn is_code(&self) -> bool {
        self.field.kind == nuages_schema::ColumnKind::Json
    }

    /// Whether its text is no language: no capitals are put into it, and nothing is marked as misspelt.
    #[must_use]
    pub fn spells_nothing(&self) -> bool {
        self.is_code() || self.field.widget == Widget::Password || self.field.autocomplete == "username"
    }

    /// Whether `min`, `max` and `step` mean something to its input.
    #[must_use]
    pub const fn has_range(&self) -> bool {
        matches!(self.field.widget, Widget::Number | Widget::Date | Widget::Time | Widget::DateTime)
    }

    /// Where a script finds what may be chosen.
    #[must_use]
    pub fn options_url(&self) -> Option<&str> {
        match &self.field.widget {
            Widget::Autocomplete(url) if !url.is_empty() => Some(url),
            _ => None,
        }
    }

    /// Whether its box is ticked.
    #[must_use]
    pub fn is_checked(&self) -> bool {
        matches!(self.text().as_str(), "on" | "true" | "1")
    }

    /// What may be chosen.
    #[must_use]
    pub fn options(&self) -> Vec<BoundOption> {
        let chosen = if self.field.many { self.texts() } else { vec![self.text()] };
        let option = |(at, choice): (usize, &Choice)| BoundOption {
            // The label of the group and the links of the summary lead to the first one.
            id: if at == 0 { self.id() } else { format!("{}_{at}", self.id()) },
            value: choice.value.to_string(),
            label: choice.label.to_string(),
            selected: chosen.iter().any(|text| *text == choice.value),
        };
        self.field.choices.iter().flatten().enumerate().map(option).collect()
    }

    /// Whether a list needs an empty first line: nothing may be chosen, or nothing is yet.
    #[must_use]
    pub fn has_empty_option(&self) -> bool {
        !self.field.many && (!self.field.required || !self.options().iter().any(|option| option.selected))
    }

    /// The `id`s of what describes it: errors first, then help, then its zone.
    #[must_use]
    pub fn described_by(&self) -> String {
        let mut ids = Vec::new();
        if !self.errors.is_empty() {
            ids.push(format!("{}_error", self.id()));
        }
        if !self.help_text().is_empty() {
            ids.push(format!("{}_help", self.id()));
        }
        if self.zone_name().is_some() {
            ids.push(format!("{}_zone", self.id()));
        }
        ids.join(" ")
    }

    /// The zone that its date and time is in.
    #[must_use]
    pub fn zone_name(&self) -> Option<String> {
        (self.field.widget == Widget::DateTime && !self.in_table).then(|| self.zone.name())
    }

    /// The `step` of a number or time input.
    #[must_use]
    pub fn step(&self) -> Option<String> {
        use nuages_schema::ColumnKind as Kind;
        match self.field.kind {
            Kind::Decimal | Kind::Real | Kind::Double if self.field.step.is_none() => {
                Some(match self.field.decimal_places {
                    Some(places) => rust_decimal::Decimal::new(1, places.into()).to_string(),
                    None => "any".to_owned(),
                })
            }
            // Otherwise a browser offers whole minutes and refuses a time with seconds.
            Kind::Time | Kind::DateTime => Some("any".to_owned()),
            _ => self.field.step.map(|step| step.to_string()),
        }
    }

    /// Whether what was sent differs from what it showed at first.
    #[must_use]
    pub fn has_changed(&self) -> bool {
        if self.field.disabled {
            return false;
        }
        if self.field.file {
            return self.file.is_some() || self.cleared;
        }
        let Some(typed) = &self.typed else { return false };
        match &self.value {
            Some(value) => !same(Some(value), self.initial.as_ref()),
            None => {
                // What is not valid is compared as text; blanks are nothing.
                let shown = self.initial.as_ref().map(|value| show_all(value, self.zone)).unwrap_or_default();
                let filled = |text: &&String| !text.trim().is_empty();
                !typed.iter().filter(filled).eq(shown.iter().filter(filled))
            }
        }
    }

    /// Takes what was sent.
    pub(super) fn bind(&mut self, typed: Vec<String>, file: Option<UploadedFile>, clear: bool) {
        if self.field.disabled {
            self.value = self.initial.clone();
            return;
        }
        self.file = file;
        if self.field.file {
            self.asked_to_clear = clear;
            self.cleared = clear && self.file.is_none() && self.held_file().is_some() && !self.field.required;
            return self.bind_file(&typed);
        }
        match self.field.clean(&typed, self.zone) {
            Ok(value) => self.value = Some(self.unchanged(&typed).unwrap_or(value)),
            Err(errors) => self.errors = errors,
        }
        self.typed = Some(typed);
    }

    /// Holds a file against its column; none at all keeps the one that is there.
    fn bind_file(&mut self, typed: &[String]) {
        let checked = match (&self.file, self.field.column) {
            (Some(file), Some(column)) => self.check_file(column, file),
            (Some(_), None) => return,
            (None, Some(_)) if self.held_file().is_some() && !self.cleared => {
                self.initial.clone().map(Ok).unwrap_or(Err(Vec::new()))
            }
            (None, _) if typed.iter().any(|text| !text.is_empty()) => {
                let text = "The file did not come along: the form must be sent as multipart/form-data.";
                Err(vec![self.field.error(ErrorCode::Invalid, text)])
            }
            (None, column) => {
                let nothing = self.field.clean(&[], self.zone);
                if column.is_none() && nothing.is_ok() {
                    return;
                }
                nothing
            }
        };
        match checked {
            Ok(value) => self.value = Some(value),
            Err(errors) => self.errors = errors,
        }
    }

    /// The name that the file asks for; the storage gives the real one.
    fn check_file(&self, column: &FieldSchema, file: &UploadedFile) -> Result<Value, Vec<FormError>> {
        if let Err(text) = check_file(column, &file.name, &file.content) {
            return Err(vec![self.field.error(ErrorCode::Invalid, text)]);
        }
        let value = Value::Text(get_valid_name(&file.name));
        let errors: Vec<_> = self.field.validators.iter().filter_map(|rule| rule(&value)).collect();
        if errors.is_empty() { Ok(value) } else { Err(errors) }
    }

    /// The name of the file that the row has.
    #[must_use]
    pub fn held_file(&self) -> Option<&str> {
        match &self.initial {
            Some(Value::Text(name)) if self.field.file && !name.is_empty() => Some(name),
            _ => None,
        }
    }

    /// The files that a browser offers: what the `accept` of an input says.
    #[must_use]
    pub fn accept(&self) -> String {
        let Some(file) = self.field.column.and_then(|column| column.options.file) else {
            return String::new();
        };
        match file.extensions {
            [] if file.image => "image/png,image/jpeg,image/gif,image/webp".to_owned(),
            endings => endings.iter().map(|ending| format!(".{ending}")).collect::<Vec<_>>().join(","),
        }
    }

    /// Takes the same once more, after what it showed at first has changed.
    pub(super) fn bind_again(&mut self) {
        let (typed, file, clear) = (self.typed.take(), self.file.take(), self.asked_to_clear);
        (self.value, self.errors) = (None, Vec::new());
        self.bind(typed.unwrap_or_default(), file, clear);
    }

    /// The value it had, if its text is what was sent: a text may say less than the value holds.
    fn unchanged(&self, typed: &[String]) -> Option<Value> {
        let initial = self.initial.as_ref().filter(|value| !value.is_null())?;
        (show_all(initial, self.zone) == typed).then(|| initial.clone())
    }
}

/// Whether two values are the same to a person: nothing is nothing, in whatever form.
pub(super) fn same(left: Option<&Value>, right: Option<&Value>) -> bool {
    let empty = |value: Option<&Value>| match value {
        None | Some(Value::Null(_)) | Some(Value::Bool(false)) => true,
        Some(Value::Text(text)) => text.is_empty(),
        Some(Value::Array(_, values)) => values.is_empty(),
        Some(_) => false,
    };
    match (left, right) {
        (Some(Value::Array(_, left)), Some(Value::Array(_, right))) => {
            left.len() == right.len() && left.iter().all(|value| right.contains(value))
        }
        (left, right) if empty(left) || empty(right) => empty(left) && empty(right),
        (left, right) => left == right,
    }
}
