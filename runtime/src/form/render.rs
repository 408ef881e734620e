//! Forms as HTML: the whole form, one field, its label, its errors. Everything is escaped by the templates.

use std::fmt;

use askama::Template;
use askama::filters::HtmlSafe;

use super::bound::BoundField;
use super::formset::FormSet;
use super::state::FormState;
use super::widget::Widget;

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
    pub const fn error_summary(&self) -> RenderedErrors<'_> {
        RenderedErrors(self)
    }

    fn known(&self, name: &str) -> Option<&BoundField> {
        let field = self.bound_field(name);
        if field.is_none() {
            tracing::error!(field = ?name, "the form has no such field");
        }
        field
    }

    /// How many things are wrong.
    #[must_use]
    pub fn error_count(&self) -> usize {
        self.errors.len() + self.fields.iter().map(|field| field.errors.len()).sum::<usize>()
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

#[derive(Template)]
#[template(path = "form/summary.html")]
struct SummaryTemplate<'a> {
    form: &'a FormState,
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

/// What is wrong with a form, as HTML.
#[derive(Clone, Copy, Debug)]
pub struct RenderedErrors<'a>(&'a FormState);

impl fmt::Display for RenderedErrors<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, &SummaryTemplate { form: self.0 })
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
}

impl HtmlSafe for RenderedForm<'_> {}
impl HtmlSafe for RenderedErrors<'_> {}

fn write(f: &mut fmt::Formatter<'_>, template: &impl Template) -> fmt::Result {
    template.render_into(f).map_err(|_| fmt::Error)
}

impl BoundField {
    /// The field with everything around it, for a loop over the fields in a template.
    #[must_use]
    pub const fn render(&self) -> RenderedField<'_> {
        RenderedField(Some(self))
    }

    /// Whether it is a box with its label behind it.
    #[must_use]
    pub fn is_checkbox(&self) -> bool {
        self.field.widget == Widget::Checkbox
    }
}
