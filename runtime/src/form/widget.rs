//! What a field is edited with.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use nuages_schema::ColumnKind;

use super::bound::BoundField;

/// What a field is edited with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Widget {
    /// One line of text.
    Text,
    /// One line for an e-mail address.
    Email,
    /// One line for an address of the web.
    Url,
    /// A number.
    Number,
    /// One line that is not shown, and not sent back.
    Password,
    /// Not shown at all.
    Hidden,
    /// Several lines.
    Textarea,
    /// Yes or no.
    Checkbox,
    /// Several of a few, each with a box.
    CheckboxMultiple,
    /// One of a few, in a list that folds.
    Select,
    /// Several of a few, in a list.
    SelectMultiple,
    /// One of a few, each with a button.
    Radio,
    /// A calendar date.
    Date,
    /// A time of day.
    Time,
    /// A date and time, in the zone of the form.
    DateTime,
    /// A file.
    File,
    /// A row of another table, found by typing; the address answers with options.
    Autocomplete(Cow<'static, str>),
    /// What [`Widget::custom`] was given.
    Custom(CustomWidget),
}

/// A control of one's own. Label, help, errors and what ties them together stay those of every form.
///
/// ```
/// use std::fmt;
///
/// use nuages::form::{BoundField, DrawControl, FormData, FormField, FormState, Widget};
///
/// #[derive(Debug)]
/// struct Stars;
///
/// impl DrawControl for Stars {
///     fn draw(&self, field: &BoundField, f: &mut fmt::Formatter<'_>) -> fmt::Result {
///         let (id, name) = (field.id(), field.html_name());
///         write!(f, r#"<input type="range" min="1" max="5" id="{id}" name="{name}"{}>"#, field.attributes())
///     }
/// }
///
/// let mut field = FormField::of::<u8>("stars").help_text("Five is the best.");
/// field.widget = Widget::custom(Stars);
/// let form = FormState::new([field]);
/// let html = form.field("stars").to_string();
/// assert!(html.contains(r#"<label for="id_stars" id="id_stars_label">Stars"#));
/// assert!(html.contains(r#"name="stars" aria-describedby="id_stars_help">"#));
/// ```
pub trait DrawControl: fmt::Debug + Send + Sync {
    /// Writes the control as HTML. What comes from people is escaped here: an askama template does it by itself.
    ///
    /// # Errors
    /// If the formatter fails.
    fn draw(&self, field: &BoundField, f: &mut fmt::Formatter<'_>) -> fmt::Result;

    /// Whether an element in it has the field's `id`, so that the label leads there. What is only shown has none.
    fn is_editable(&self) -> bool {
        true
    }
}

/// A control of one's own, in [`Widget::Custom`].
#[derive(Clone, Debug)]
pub struct CustomWidget(pub(super) Arc<dyn DrawControl>);

impl PartialEq for CustomWidget {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for CustomWidget {}

impl Widget {
    /// A control of one's own.
    pub fn custom(control: impl DrawControl + 'static) -> Self {
        Self::Custom(CustomWidget(Arc::new(control)))
    }

    /// The widget that a word of `widget = …` means, if it means one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "text" | "slug" => Self::Text,
            "email" => Self::Email,
            "url" => Self::Url,
            "number" => Self::Number,
            "password" => Self::Password,
            "hidden" => Self::Hidden,
            "textarea" => Self::Textarea,
            "checkbox" => Self::Checkbox,
            "checkbox_multiple" => Self::CheckboxMultiple,
            "select" => Self::Select,
            "select_multiple" => Self::SelectMultiple,
            "radio" => Self::Radio,
            "date" => Self::Date,
            "time" => Self::Time,
            "datetime" => Self::DateTime,
            "file" => Self::File,
            _ => return None,
        })
    }

    /// The widget that a kind of value has by itself.
    #[must_use]
    pub const fn of(kind: ColumnKind) -> Self {
        match kind {
            ColumnKind::Bool => Self::Checkbox,
            ColumnKind::SmallInt
            | ColumnKind::Integer
            | ColumnKind::BigInt
            | ColumnKind::Real
            | ColumnKind::Double
            | ColumnKind::Decimal => Self::Number,
            ColumnKind::Date => Self::Date,
            ColumnKind::Time => Self::Time,
            ColumnKind::DateTime => Self::DateTime,
            ColumnKind::Json => Self::Textarea,
            _ => Self::Text,
        }
    }

    /// The `type` of the input, if it is one.
    #[must_use]
    pub const fn input_type(&self) -> Option<&'static str> {
        Some(match self {
            Self::Text => "text",
            Self::Email => "email",
            Self::Url => "url",
            Self::Number => "number",
            Self::Password => "password",
            Self::Hidden => "hidden",
            Self::Date => "date",
            Self::Time => "time",
            Self::DateTime => "datetime-local",
            Self::File => "file",
            Self::Autocomplete(_)
            | Self::Custom(_)
            | Self::Textarea
            | Self::Checkbox
            | Self::CheckboxMultiple
            | Self::Select
            | Self::SelectMultiple
            | Self::Radio => return None,
        })
    }

    /// Whether the field is a group of inputs, which takes a `fieldset` with a legend.
    #[must_use]
    pub const fn is_group(&self) -> bool {
        matches!(self, Self::Radio | Self::CheckboxMultiple)
    }
}

/// One of a few values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: Cow<'static, str>,
    /// What people read.
    pub label: Cow<'static, str>,
}

impl Choice {
    /// A choice.
    pub fn new(value: impl Into<Cow<'static, str>>, label: impl Into<Cow<'static, str>>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}
