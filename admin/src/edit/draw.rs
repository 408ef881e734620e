//! The form as a page draws it.

use nuages::admin::Cell;
use nuages::form::Zone;
use nuages_schema::{ColumnKind, FieldSchema};

use super::errors::Errors;
use super::labels::{Labels, target};
use super::spec::{FieldSpec, FormSpec, Part};
use super::state::FormState;
use crate::page::field::{Choice, Combo, Control, Field, Line};
use crate::page::form::Group;
use crate::registry;
use crate::text;

/// What is needed to draw fields.
pub(crate) struct Drawing<'a> {
    pub(crate) state: &'a FormState,
    pub(crate) labels: &'a Labels,
    pub(crate) errors: &'a Errors,
    pub(crate) root: &'a str,
    pub(crate) zone: Zone,
    /// What stands before the names of the fields.
    pub(crate) prefix: &'a str,
}

impl Drawing<'_> {
    /// The groups of a form.
    pub(crate) fn groups(&self, form: &FormSpec) -> Vec<Group> {
        let groups = form.groups.iter().filter(|group| !group.fields.is_empty()).map(|group| {
            let lines: Vec<Vec<Field>> =
                group.fields.iter().map(|spec| vec![self.field(form, *spec)]).collect();
            let wrong = lines.iter().flatten().any(|field| !field.errors.is_empty());
            Group {
                title: group.title.to_owned(),
                about: group.about.to_owned(),
                folded: group.folded.then_some(wrong),
                lines,
            }
        });
        groups.collect()
    }

    /// One field.
    pub(crate) fn field(&self, form: &FormSpec, spec: FieldSpec) -> Field {
        let name = format!("{}{}", self.prefix, spec.part.name());
        let control =
            if spec.editable { self.control(form, spec.part) } else { Control::Static(self.cell(spec.part)) };
        Field {
            required: spec.editable && is_required(form, spec.part),
            help: if spec.editable { self.help(form, spec.part) } else { String::new() },
            errors: self.errors.of(&name),
            label: spec.part.label(),
            name,
            control,
        }
    }

    fn help(&self, form: &FormSpec, part: Part) -> String {
        let text = match part {
            Part::Column(_, field) => field.options.help_text,
            Part::Many(_, many) => many.help_text,
        };
        if !text.is_empty() {
            return text.to_owned();
        }
        match part {
            Part::Column(..) if part.is_password() && !form.adding => {
                "Leave this empty to keep the password.".to_owned()
            }
            Part::Column(_, field) if (field.kind)() == ColumnKind::DateTime => {
                format!("Time zone: {}.", self.zone.name())
            }
            _ => String::new(),
        }
    }

    fn control(&self, form: &FormSpec, part: Part) -> Control {
        if let Some(target) = target(part) {
            return self.combo(part, target);
        }
        match part {
            Part::Column(_, field) => self.column(form, part, field),
            // A relation to a model that is not linked has nothing to choose from.
            Part::Many(..) => Control::Static(Cell::Empty),
        }
    }

    fn combo(&self, part: Part, target: &'static nuages::model::ModelEntry) -> Control {
        let texts = self.state.all(part.name()).iter().filter(|text| !text.is_empty());
        let chosen = texts.map(|text| {
            let label = self.labels.get(target, text).unwrap_or("(does not exist)");
            Choice::new(text.clone(), label, true)
        });
        Control::Combo(Combo {
            chosen: chosen.collect(),
            options_url: format!("{}options", registry::list_url(self.root, target.schema)),
            many: matches!(part, Part::Many(..)),
            noun: target.schema.verbose_name.to_owned(),
        })
    }

    fn column(&self, form: &FormSpec, part: Part, field: &FieldSchema) -> Control {
        // A password that was typed is not sent back, not even to whom it came from.
        let value = if part.is_password() { String::new() } else { self.state.one(part.name()).to_owned() };
        let rules = form.rules(part);
        if let Some(choices) = rules.as_ref().and_then(|rules| rules.choices.as_deref()) {
            let optional = rules.as_ref().is_some_and(|rules| !rules.required);
            return Control::Select(select(choices, &value, optional));
        }
        match (field.kind)() {
            ColumnKind::Bool => Control::Checkbox(value == "on"),
            ColumnKind::Json => Control::Lines { value, mono: true, max_length: None },
            ColumnKind::Text if is_long(field) => {
                Control::Lines { value, mono: false, max_length: field.options.max_length }
            }
            _ => Control::Line(line(field, value)),
        }
    }

    /// A field that is only shown.
    fn cell(&self, part: Part) -> Cell {
        let texts = self.state.all(part.name());
        if let Some(target) = target(part) {
            let names: Vec<&str> = texts.iter().filter_map(|text| self.labels.get(target, text)).collect();
            return Cell::from(names.join(", "));
        }
        match part {
            Part::Column(..) if part.is_password() => Cell::Text("set".to_owned()),
            Part::Column(_, field) => {
                let value = text::value(field, self.state.one(part.name()), self.zone);
                let not = (field.kind)() == ColumnKind::Bool
                    && !field.nullable
                    && self.state.one(part.name()).is_empty();
                if not {
                    Cell::Bool(false)
                } else {
                    value.map_or(Cell::Empty, |value| text::cell(field, &value, self.zone))
                }
            }
            Part::Many(..) => Cell::Empty,
        }
    }
}

/// Whether the form insists on a value.
fn is_required(form: &FormSpec, part: Part) -> bool {
    if part.is_password() { form.adding } else { form.rules(part).is_some_and(|field| field.required) }
}

fn is_long(field: &FieldSchema) -> bool {
    match field.options.widget {
        "textarea" => true,
        "" => field.options.max_length.is_none_or(|most| most > 400),
        _ => false,
    }
}

fn select(choices: &[nuages::form::Choice], value: &str, empty: bool) -> Vec<Choice> {
    let known = choices.iter().any(|choice| choice.value == value);
    let none = (empty || !known).then(|| Choice::new("", if empty { "None" } else { "Choose…" }, !known));
    let choices =
        choices.iter().map(|choice| Choice::new(&*choice.value, &*choice.label, choice.value == value));
    none.into_iter().chain(choices).collect()
}

fn line(field: &FieldSchema, value: String) -> Line {
    let options = &field.options;
    let kind = (field.kind)();
    let input = match (kind, options.widget) {
        (ColumnKind::Text, "email") => "email",
        (ColumnKind::Text, "url") => "url",
        (ColumnKind::Text, _) if crate::registry::is_password(field) => "password",
        (ColumnKind::Date, _) => "date",
        (ColumnKind::Time, _) => "time",
        (ColumnKind::DateTime, _) => "datetime-local",
        _ => "text",
    };
    Line {
        max_length: options.max_length.filter(|_| kind == ColumnKind::Text && input != "password"),
        autocomplete: if input == "password" { "new-password" } else { "off" },
        mode: match kind {
            ColumnKind::Decimal | ColumnKind::Real | ColumnKind::Double => "decimal",
            kind if kind.is_integer() => "numeric",
            _ => "",
        },
        step: matches!(input, "time" | "datetime-local").then_some("any"),
        ..Line::new(input, value)
    }
}
