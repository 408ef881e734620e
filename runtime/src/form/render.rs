//! Forms as HTML: the whole form, one field, its label, its errors. Everything is escaped by the templates.
//!
//! The admin's pages are drawn by this, too: there is one way from a field to HTML.

use std::fmt;

use askama::Template;
use askama::filters::HtmlSafe;

use super::bound::BoundField;
use super::formset::FormSet;
use super::state::FormState;
use super::widget::{DrawControl, Widget};

impl FormState {
    /// The whole form: what is wrong, on top and with links, then every field. The token
    /// goes into a hidden field; the tag `form` and the button are the template's own.
    #[must_use]
    pub const fn render<'a>(&'a self, token: Option<&'a str>) -> RenderedForm<'a> {
        RenderedForm { form: self, token }
    }

    /// One field with label, control, errors and help: `{{ form.field("title") }}`.
    /// A name that the form does not have fails the page.
    #[must_use]
    pub fn field(&self, name: &str) -> RenderedField<'_> {
        RenderedField(self.known(name))
    }

    /// The control of one field alone.
    #[must_use]
    pub fn control(&self, name: &str) -> RenderedControl<'_> {
        RenderedControl(self.known(name))
    }

    /// The label of one field.
    #[must_use]
    pub fn label(&self, name: &str) -> RenderedLabel<'_> {
        RenderedLabel(self.known(name))
    }

    /// What is wrong with one field, and the sentence below it.
    #[must_use]
    pub fn notes(&self, name: &str) -> RenderedNotes<'_> {
        RenderedNotes(self.known(name))
    }

    /// What is wrong with the whole form, each with a link to its field.
    #[must_use]
    pub fn error_summary(&self) -> ErrorSummary {
        let mut summary = ErrorSummary::default();
        summary.add(self);
        summary
    }

    /// How many things are wrong.
    #[must_use]
    pub fn error_count(&self) -> usize {
        self.error_summary().len()
    }

    fn known(&self, name: &str) -> Option<&BoundField> {
        let field = self.bound_field(name);
        if field.is_none() {
            tracing::error!(field = ?name, "the form has no such field");
        }
        field
    }
}

#[derive(Template)]
#[template(path = "form/form.html")]
struct FormTemplate<'a> {
    form: &'a FormState,
    token: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "form/formset.html")]
struct FormSetTemplate<'a> {
    set: &'a FormSet,
}

/// `{{ formset }}`: the numbers that are sent back, and every form, without the token of the form around it.
impl fmt::Display for FormSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, &FormSetTemplate { set: self })
    }
}

impl HtmlSafe for FormSet {}

/// What is wrong with one form, or with all that are sent together: on top of the page, with links to the fields.
/// Nothing where nothing is wrong.
///
/// ```
/// use nuages::form::{ErrorSummary, FormState};
///
/// let mut summary = ErrorSummary::default();
/// assert_eq!(summary.to_string(), "");
/// summary.add_general("The shop is closed.");
/// assert!(summary.to_string().contains("1 thing needs your attention"));
/// ```
#[derive(Template, Clone, Debug, Default)]
#[template(path = "form/summary.html")]
pub struct ErrorSummary {
    general: Vec<String>,
    /// The `id` of a control, its label, the error.
    fields: Vec<(String, String, String)>,
}

impl ErrorSummary {
    /// Takes what is wrong with a form.
    pub fn add(&mut self, form: &FormState) {
        self.general.extend(form.errors.iter().map(ToString::to_string));
        for field in &form.fields {
            let errors = field.errors.iter();
            self.fields.extend(errors.map(|error| (field.id(), field.label().to_owned(), error.to_string())));
        }
    }

    /// Takes what belongs to no field.
    pub fn add_general(&mut self, text: impl Into<String>) {
        self.general.push(text.into());
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many things are wrong.
    #[must_use]
    pub fn len(&self) -> usize {
        self.general.len() + self.fields.len()
    }
}

macro_rules! field_templates {
    ($($name:ident = $path:literal;)*) => {$(
        #[derive(Template)]
        #[template(path = $path)]
        struct $name<'a> {
            field: &'a BoundField,
        }
    )*};
}

field_templates! {
    FieldTemplate = "form/field.html";
    ControlTemplate = "form/control.html";
    LabelTemplate = "form/label.html";
    NotesTemplate = "form/notes.html";
    AttributesTemplate = "form/attributes.html";
}

/// A whole form as HTML.
#[derive(Clone, Copy, Debug)]
pub struct RenderedForm<'a> {
    form: &'a FormState,
    token: Option<&'a str>,
}

impl fmt::Display for RenderedForm<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, &FormTemplate { form: self.form, token: self.token })
    }
}

macro_rules! rendered {
    ($($(#[$doc:meta])* $name:ident: $template:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name<'a>(Option<&'a BoundField>);

        impl fmt::Display for $name<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write(f, &$template { field: self.0.ok_or(fmt::Error)? })
            }
        }

        impl HtmlSafe for $name<'_> {}
    )*};
}

rendered! {
    /// A field with everything around it, as HTML.
    RenderedField: FieldTemplate;
    /// The control of a field, as HTML.
    RenderedControl: ControlTemplate;
    /// The label of a field, as HTML.
    RenderedLabel: LabelTemplate;
    /// The errors of a field and the sentence below it, as HTML.
    RenderedNotes: NotesTemplate;
    /// What a control of one's own must say of itself, as the attributes of an element.
    RenderedAttributes: AttributesTemplate;
}

impl HtmlSafe for RenderedForm<'_> {}
impl HtmlSafe for ErrorSummary {}

fn write(f: &mut fmt::Formatter<'_>, template: &impl Template) -> fmt::Result {
    template.render_into(f).map_err(|_| fmt::Error)
}

impl BoundField {
    /// The field with everything around it, for a loop over the fields in a template.
    #[must_use]
    pub const fn render(&self) -> RenderedField<'_> {
        RenderedField(Some(self))
    }

    /// What describes it, for the element of a control of one's own: ` aria-describedby="…" aria-invalid="true"`.
    #[must_use]
    pub const fn attributes(&self) -> RenderedAttributes<'_> {
        RenderedAttributes(Some(self))
    }

    /// The control that somebody else draws.
    pub(crate) fn own_control(&self) -> Option<RenderedOwn<'_>> {
        match &self.field.widget {
            Widget::Custom(own) => Some(RenderedOwn { field: self, control: &*own.0 }),
            _ => None,
        }
    }
}

/// A control that somebody else draws, as HTML.
pub(crate) struct RenderedOwn<'a> {
    field: &'a BoundField,
    control: &'a dyn DrawControl,
}

impl fmt::Display for RenderedOwn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.control.draw(self.field, f)
    }
}

impl HtmlSafe for RenderedOwn<'_> {}
