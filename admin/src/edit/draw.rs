//! From the fields of a form to what draws them: [`nuages::form`], as for every other form.

use nuages::admin::Cell;
use nuages::form::{FormField, FormState as DrawnForm, Widget, Zone};
use nuages::storage::Storages;
use nuages_schema::{ColumnKind, FieldOptions, FieldSchema, FileSchema};

use super::errors::Errors;
use super::labels::{Labels, target};
use super::spec::{FieldSpec, FormSpec, Part};
use super::state::FormState;
use crate::list::columns::or_word;
use crate::page::choice::{Choice, Combo};
use crate::page::control::{Lookup, Shown};
use crate::page::form::Group;
use crate::page::shell::Shell;
use crate::{registry, text};

/// What is needed to draw fields.
pub(crate) struct Drawing<'a> {
    pub(crate) state: &'a FormState,
    pub(crate) labels: &'a Labels,
    pub(crate) errors: &'a Errors,
    pub(crate) root: &'a str,
    pub(crate) zone: Zone,
    pub(crate) storages: &'a Storages,
    /// What stands before the names of the fields, and a hyphen; nothing in the form of the page.
    pub(crate) prefix: &'a str,
    /// What the row of a table is called, whose head says the labels; nothing outside of tables.
    pub(crate) row: Option<&'a str>,
}

impl Drawing<'_> {
    /// The groups of a form.
    pub(crate) fn groups(&self, form: &FormSpec) -> Vec<Group> {
        let groups = form.groups.iter().filter(|group| !group.fields.is_empty()).map(|group| {
            let fields = self.fields(form, &group.fields);
            Group {
                title: group.title.to_owned(),
                about: group.about.to_owned(),
                folded: group.folded.then(|| fields.has_errors()),
                fields,
            }
        });
        groups.collect()
    }

    /// Fields with what they hold and what is wrong with it.
    pub(crate) fn fields(&self, form: &FormSpec, specs: &[FieldSpec]) -> DrawnForm {
        let fields = specs.iter().map(|spec| self.field(form, *spec));
        let mut drawn = DrawnForm::new(fields).prefix(self.prefix).zone(self.zone);
        if self.row.is_some() {
            drawn = drawn.in_table();
        }
        for part in specs.iter().map(|spec| spec.part) {
            let name = part.name();
            match part {
                Part::Column(_, FieldSchema { options: FieldOptions { file: Some(file), .. }, .. }) => {
                    // A browser keeps no file that was chosen; what there is to show is the one that is stored.
                    let held = if self.state.file(name).is_some() { "" } else { self.state.one(name) };
                    drawn.show_file(name, held, self.file_url(file, held));
                }
                _ => drawn.show_typed(name, self.state.all(name).to_vec()),
            }
            let posted = drawn.bound_field(name).map(nuages::form::BoundField::html_name);
            for error in posted.iter().flat_map(|posted| self.errors.of(posted)) {
                drawn.add_error(name, error);
            }
        }
        drawn
    }

    fn field(&self, form: &FormSpec, spec: FieldSpec) -> FormField {
        let part = spec.part;
        let label = match self.row {
            // The column's head says it for those who see it; this is for those who hear it.
            Some(row) => format!("{} of {row}", part.label()),
            None => part.label(),
        };
        if !spec.editable {
            let cell = or_word(self.cell(part), form.entry);
            let control = Widget::custom(Shown { cell, shell: Shell::of_assets(self.root) });
            let field = FormField::new(part.name(), ColumnKind::Text).label(label).required(false);
            return FormField { widget: control, ..field };
        }
        let field = match form.rules(part) {
            Some(rules) => rules.autocomplete("off"),
            None => FormField::new(part.name(), ColumnKind::Text)
                .widget("password")
                .autocomplete("new-password")
                .required(form.adding),
        };
        let field = field.label(label).help_text(self.help(form, part));
        let field = if field.required { field.empty_label("Choose…") } else { field.empty_label("None") };
        let widget = match &field.widget {
            _ if target(part).is_some() => self.lookup(form, part),
            // A line takes numbers as people write them, and does not change them when the wheel is turned.
            Widget::Number | Widget::Hidden => Widget::Text,
            known => known.clone(),
        };
        FormField { widget, ..field }
    }

    fn help(&self, form: &FormSpec, part: Part) -> String {
        let text = match part {
            Part::Column(_, field) => field.options.help_text,
            Part::Many(_, many) => many.help_text,
        };
        match part {
            _ if self.row.is_some() => String::new(),
            _ if text.is_empty() && part.is_password() && !form.adding => {
                "Leave this empty to keep the password.".to_owned()
            }
            _ => text.to_owned(),
        }
    }

    fn lookup(&self, form: &FormSpec, part: Part) -> Widget {
        let shell = Shell::of_assets(self.root);
        // A relation to a model that is not linked has nothing to choose from.
        let Some(target) = target(part) else { return Widget::custom(Shown { cell: Cell::Empty, shell }) };
        let texts = self.state.all(part.name()).iter().filter(|text| !text.is_empty());
        let chosen = texts.map(|text| {
            let label = self.labels.get(target, text).unwrap_or("(does not exist)");
            Choice::new(text.clone(), label, true)
        });
        let mut options_url = format!("{}options", registry::list_url(self.root, target.schema));
        if (form.entry.limit_choices_to)(part.name()).is_some() {
            options_url.push_str(&format!("?for={}.{}", form.entry.schema.label(), part.name()));
        }
        let combo = Combo {
            chosen: chosen.collect(),
            options_url,
            many: matches!(part, Part::Many(..)),
            noun: target.schema.verbose_name.to_owned(),
        };
        Widget::custom(Lookup { combo, shell })
    }

    /// Where a browser finds a file, if its storage has addresses.
    fn file_url(&self, file: &FileSchema, name: &str) -> Option<String> {
        self.storages.get(file.storage).and_then(|storage| storage.url(name)).ok()
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
            Part::Column(_, FieldSchema { options: FieldOptions { file: Some(file), .. }, .. }) => {
                let name = self.state.one(part.name());
                self.file_url(file, name).map_or_else(|| Cell::from(name), |url| Cell::link(name, url))
            }
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
