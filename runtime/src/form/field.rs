//! One field of a form: what it takes, what it is called, what it is edited with.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use nuages_schema::{ColumnKind, FieldSchema};
use rust_decimal::Decimal;

use super::message::{ErrorCode, FormError};
use super::value::FormValue;
use super::widget::{Choice, Widget};
use crate::value::Value;

type Text = Cow<'static, str>;

/// A rule on a value that parsed. It is not asked about nothing.
pub type Validator = Arc<dyn Fn(&Value) -> Option<FormError> + Send + Sync>;

/// What text must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Format {
    /// Any text.
    #[default]
    Plain,
    /// An e-mail address.
    Email,
    /// An `http` or `https` address.
    Url,
    /// ASCII letters, digits, hyphens and underscores.
    Slug,
}

/// One field of a form. Made by [`of`](Self::of) for a Rust type, or by [`new`](Self::new) for a kind of value.
#[derive(Clone)]
pub struct FormField {
    /// The field's name; with the form's prefix it is the name in the body.
    pub name: Text,
    /// The label.
    pub label: Text,
    /// A sentence below the field.
    pub help_text: Text,
    /// What it holds.
    pub kind: ColumnKind,
    /// What text must look like.
    pub format: Format,
    /// Whether it holds several values.
    pub many: bool,
    /// Whether it takes a file.
    pub file: bool,
    /// Whether it must be filled in.
    pub required: bool,
    /// Whether nothing is NULL; otherwise nothing is the empty text, where the field holds text.
    pub nullable: bool,
    /// Shown, but what is sent is not looked at.
    pub disabled: bool,
    /// Whether blanks around text are taken away.
    pub strip: bool,
    /// What it is edited with.
    pub widget: Widget,
    /// The values it takes; `None` takes any that parses.
    pub choices: Option<Vec<Choice>>,
    /// The choices are only some of the values: others are looked up in the database.
    pub open: bool,
    /// What the first line of a list says, which chooses nothing.
    pub empty_label: Text,
    /// What it shows at first.
    pub initial: Option<Value>,
    /// The least number of characters.
    pub min_length: Option<u32>,
    /// The greatest number of characters.
    pub max_length: Option<u32>,
    /// The least number.
    pub min: Option<Decimal>,
    /// The greatest number.
    pub max: Option<Decimal>,
    /// Numbers are whole multiples of it, counted from the least number.
    pub step: Option<Decimal>,
    /// The digits of a decimal, before and after the point together.
    pub max_digits: Option<u8>,
    /// The digits of a decimal after the point.
    pub decimal_places: Option<u8>,
    /// What browsers may fill in, such as `email` or `off`.
    pub autocomplete: Text,
    /// Sentences in the place of ours.
    pub messages: Vec<(ErrorCode, Text)>,
    /// Rules beside those above.
    pub validators: Vec<Validator>,
    /// The column of a model that its file is for.
    pub column: Option<&'static FieldSchema>,
}

impl FormField {
    /// A required field for a kind of value.
    pub fn new(name: impl Into<Text>, kind: ColumnKind) -> Self {
        let name = name.into();
        Self {
            label: label_of(&name).into(),
            name,
            help_text: "".into(),
            kind,
            format: Format::Plain,
            many: false,
            file: false,
            required: kind != ColumnKind::Bool,
            nullable: false,
            disabled: false,
            strip: true,
            widget: Widget::of(kind),
            choices: None,
            open: false,
            empty_label: "---------".into(),
            initial: None,
            min_length: None,
            max_length: None,
            min: None,
            max: None,
            step: None,
            max_digits: None,
            decimal_places: None,
            autocomplete: "".into(),
            messages: Vec::new(),
            validators: Vec::new(),
            column: None,
        }
    }

    /// A field for a Rust type: required unless it is an `Option` or a `bool`, with the type's choices.
    pub fn of<T: FormValue>(name: impl Into<Text>) -> Self {
        T::field(name.into())
    }

    /// The label.
    #[must_use]
    pub fn label(mut self, label: impl Into<Text>) -> Self {
        self.label = label.into();
        self
    }

    /// A sentence below the field.
    #[must_use]
    pub fn help_text(mut self, text: impl Into<Text>) -> Self {
        self.help_text = text.into();
        self
    }

    /// Whether it must be filled in.
    #[must_use]
    pub fn required(mut self, required: bool) -> Self {
        self.required = required;
        self
    }

    /// Shown, but what is sent is not looked at.
    #[must_use]
    pub fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }

    /// What it is edited with. The words `email`, `url` and `slug` are rules on the text, too.
    #[must_use]
    pub fn widget(mut self, word: &str) -> Self {
        self.format = match word {
            "email" => Format::Email,
            "url" => Format::Url,
            "slug" => Format::Slug,
            _ => self.format,
        };
        if word == "password" {
            self.strip = false;
        }
        if let Some(widget) = Widget::from_word(word) {
            self.widget = widget;
        }
        self
    }

    /// The values it takes, with their labels.
    #[must_use]
    pub fn choices(mut self, choices: impl IntoIterator<Item = Choice>) -> Self {
        self.choices = Some(choices.into_iter().collect());
        if matches!(self.widget, Widget::Text | Widget::Number) {
            self.widget = if self.many { Widget::SelectMultiple } else { Widget::Select };
        }
        self
    }

    /// What the first line of a list says, which chooses nothing: dashes when nothing is said.
    #[must_use]
    pub fn empty_label(mut self, label: impl Into<Text>) -> Self {
        self.empty_label = label.into();
        self
    }

    /// Yes, no, or nothing: what a `bool` that may be NULL is edited with.
    #[must_use]
    pub(super) fn yes_or_no(self) -> Self {
        let mut field = self.choices([Choice::new("true", "Yes"), Choice::new("false", "No")]);
        field.widget = Widget::Select;
        field
    }

    /// What it shows at first.
    #[must_use]
    pub fn initial(mut self, value: impl FormValue) -> Self {
        self.initial = value.into_value();
        self
    }

    /// The least number of characters.
    #[must_use]
    pub fn min_length(mut self, length: u32) -> Self {
        self.min_length = Some(length);
        self
    }

    /// The greatest number of characters.
    #[must_use]
    pub fn max_length(mut self, length: u32) -> Self {
        self.max_length = Some(length);
        self
    }

    /// The least number.
    #[must_use]
    pub fn min(mut self, least: impl Into<Decimal>) -> Self {
        self.min = Some(least.into());
        self
    }

    /// The greatest number.
    #[must_use]
    pub fn max(mut self, greatest: impl Into<Decimal>) -> Self {
        self.max = Some(greatest.into());
        self
    }

    /// Numbers are whole multiples of it, counted from the least number.
    #[must_use]
    pub fn step(mut self, step: impl Into<Decimal>) -> Self {
        self.step = Some(step.into());
        self
    }

    /// The digits of a decimal, before and after the point together, and those after it.
    #[must_use]
    pub fn digits(mut self, max_digits: u8, decimal_places: u8) -> Self {
        (self.max_digits, self.decimal_places) = (Some(max_digits), Some(decimal_places));
        self
    }

    /// What browsers may fill in.
    #[must_use]
    pub fn autocomplete(mut self, what: impl Into<Text>) -> Self {
        self.autocomplete = what.into();
        self
    }

    /// A sentence in the place of ours.
    #[must_use]
    pub fn message(mut self, code: ErrorCode, text: impl Into<Text>) -> Self {
        self.messages.push((code, text.into()));
        self
    }

    /// A rule beside the others, on the value as its Rust type.
    #[must_use]
    pub fn validator<T, E>(mut self, rule: impl Fn(&T) -> Result<(), E> + Send + Sync + 'static) -> Self
    where
        T: FormValue,
        E: fmt::Display,
    {
        self.validators.push(Arc::new(move |value| {
            let value = T::from_value(value)?;
            rule(&value).err().map(|error| FormError::custom(error.to_string()))
        }));
        self
    }

    /// The sentence for a broken rule: the field's own, or this one.
    pub(super) fn error(&self, code: ErrorCode, text: impl Into<Text>) -> FormError {
        let own = self.messages.iter().find(|(known, _)| *known == code);
        FormError { code, text: own.map_or_else(|| text.into(), |(_, own)| own.clone()) }
    }
}

impl fmt::Debug for FormField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FormField({}: {:?})", self.name, self.kind)
    }
}

/// `first_name` as `First name`.
fn label_of(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(chars).map(|c| if c == '_' { ' ' } else { c }).collect()
}
